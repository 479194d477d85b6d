/**
 * Amazon DynamoDB: one table with a single string key, one sparse index, and a stream.
 *
 * - A read without ConsistentRead may miss the last writes. An index is always eventually consistent.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 * - The stream has a record for each write that changed an item, in the item's order.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 *
 * Items are never changed in place, so that they need no copies on the way in and out: the document client makes its own.
 * Writes are in dynamodb-writes.ts and dynamodb-transactions.ts, queries in dynamodb-query.ts. Items past their time to live
 * stay: AWS deletes them "within a few days", and no reader may rely on it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
import type { z } from 'zod';
import { AwsError } from '../../engine/aws-error.ts';
import type { Account, Payload, Service } from '../../engine/service.ts';
import { type Item, invalid, onlyKeyOf, sameItem } from './items.ts';
import { hashKeyOf, query, queryOptions } from './query.ts';
import { scan, scanOptions } from './scan.ts';
import { type Table, type TableChange, tableProperties } from './table.ts';
import { transactions } from './transactions.ts';
import { prepare, type Write, type WriteKind, writeOptions, writeRequest } from './writes.ts';

/** How far an eventually consistent read lags: replicas follow within a second, most within milliseconds. */
const lag = { readMs: 20, indexMs: 800 };

export type DynamoDbService = Service & {
  /** Every stream record from now on, in order. */
  onStreamRecord(streamArn: string, listener: (record: TableChange) => void): void;
  /** A table's items as they stand. */
  items(tableName: string): Item[];
};

export function dynamodb(account: Account): DynamoDbService {
  const tables = new Map<string, Table>();
  const random = account.random('dynamodb');
  let sequence = 0;

  function tableOf(name: string): Table {
    const found = tables.get(name.replace(/^.*:table\//, ''));
    if (!found) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    return found;
  }

  function current(table: Table, key: string): Item | undefined {
    return table.items.get(key)?.item;
  }

  /** What an eventually consistent reader sees now. */
  function visible(table: Table, key: string): Item | undefined {
    const versions = table.items.get(key);
    return versions && account.clock.now() < versions.visibleAt ? versions.before : versions?.item;
  }

  function items(tableName: string): Item[] {
    return [...tableOf(tableName).items.values()].flatMap(({ item }) => item ?? []);
  }

  function apply({ table, key, item }: Write): void {
    const before = current(table, key);
    if (sameItem(before, item)) return;
    const now = account.clock.now();
    table.items.set(key, {
      item,
      before,
      visibleAt: now + random.below(lag.readMs),
      indexedAt: now + random.below(lag.indexMs),
    });
    for (const { hash } of table.indexes.values()) if (item?.[hash] || before?.[hash]) table.indexed.add(key);
    const record: TableChange = {
      sequenceNumber: String(++sequence).padStart(21, '0'),
      at: now,
      eventName: before === undefined ? 'INSERT' : item === undefined ? 'REMOVE' : 'MODIFY',
      keys: { pk: { S: key } },
      ...(item && { newImage: item }),
      ...(before && { oldImage: before }),
    };
    for (const listener of table.listeners) listener(record);
  }

  const transact = transactions(account, tableOf, apply);

  function write(kind: WriteKind, input: Payload): Item | undefined {
    const prepared = prepare(writeRequest(kind, input, tableOf(input.TableName)));
    apply(prepared);
    return prepared.item;
  }

  const onItem = (action: string) => (input: Payload) => ({
    action: `dynamodb:${action}`,
    resource: tableOf(input.TableName).arn,
    leadingKeys: [String((input.Key ?? input.Item)?.pk?.S)],
  });
  const onTable = (action: string) => (input: Payload) => [onItem(action)(input)];

  return {
    id: 'dynamodb',
    onStreamRecord(streamArn, listener) {
      [...tables.values()].find((table) => table.streamArn === streamArn)?.listeners.push(listener);
    },
    items,
    operations: {
      GetItem: {
        options: ['TableName', 'Key', 'ConsistentRead'],
        permissions: onTable('GetItem'),
        run(input) {
          const table = tableOf(input.TableName);
          const read = input.ConsistentRead ? current : visible;
          const item = read(table, onlyKeyOf(input.Key));
          return item ? { Item: item } : {};
        },
      },
      PutItem: {
        options: [...writeOptions.Put, 'ReturnValuesOnConditionCheckFailure'],
        permissions: onTable('PutItem'),
        run(input) {
          write('Put', input);
          return {};
        },
      },
      DeleteItem: {
        options: writeOptions.Delete,
        permissions: onTable('DeleteItem'),
        run(input) {
          if (!['NONE', 'ALL_OLD'].includes(input.ReturnValues ?? 'NONE'))
            throw invalid(`ReturnValues ${input.ReturnValues} is not modelled`);
          const before = current(tableOf(input.TableName), onlyKeyOf(input.Key));
          write('Delete', input);
          return input.ReturnValues === 'ALL_OLD' && before ? { Attributes: before } : {};
        },
      },
      UpdateItem: {
        options: writeOptions.Update,
        permissions: onTable('UpdateItem'),
        run(input) {
          if (!['NONE', 'ALL_NEW'].includes(input.ReturnValues ?? 'NONE'))
            throw invalid(`ReturnValues ${input.ReturnValues} is not modelled`);
          const item = write('Update', input);
          return input.ReturnValues === 'ALL_NEW' ? { Attributes: item } : {};
        },
      },
      TransactWriteItems: {
        options: ['TransactItems', 'ClientRequestToken'],
        permissions: (input) =>
          input.TransactItems.flatMap(({ Put }: Payload) => (Put ? [onItem('PutItem')(Put)] : [])),
        run: transact,
      },
      Scan: {
        options: scanOptions,
        permissions: (input) => [{ action: 'dynamodb:Scan', resource: tableOf(input.TableName).arn }],
        run: (input) => scan(items(input.TableName), input),
      },
      Query: {
        options: queryOptions,
        permissions: (input) => [
          {
            action: 'dynamodb:Query',
            resource: `${tableOf(input.TableName).arn}/index/${input.IndexName}`,
            leadingKeys: [hashKeyOf(input)],
          },
        ],
        run: (input) => query(tableOf(input.TableName), input, account.clock.now()),
      },
    },
    resources: {
      'AWS::DynamoDB::Table': {
        properties: tableProperties,
        create({ properties }: { properties: z.infer<typeof tableProperties> }) {
          const name = properties.TableName;
          const arn = `arn:aws:dynamodb:${account.region}:${account.accountId}:table/${name}`;
          const streamArn = `${arn}/stream/1`;
          const indexes = new Map(
            (properties.GlobalSecondaryIndexes ?? []).map((index) => {
              const attribute = (type: string) =>
                index.KeySchema.find((key) => key.KeyType === type)?.AttributeName as string;
              return [index.IndexName, { hash: attribute('HASH'), range: attribute('RANGE') }];
            }),
          );
          tables.set(name, {
            name,
            arn,
            streamArn,
            items: new Map(),
            indexes,
            indexed: new Set(),
            held: new Set(),
            listeners: [],
          });
          return { ref: name, attributes: { Arn: arn, StreamArn: streamArn } };
        },
      },
    },
  };
}
