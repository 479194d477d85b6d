/**
 * Amazon DynamoDB: one table with a single string key, one sparse index, and a stream.
 *
 * - Conditions are checked and writes made at one instant; a condition that fails is ConditionalCheckFailedException.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
 * - A read without ConsistentRead may miss the last writes. An index is always eventually consistent.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 * - TransactWriteItems is all or nothing, 100 items at most, gives a reason an item, and for ten minutes answers the same
 *   ClientRequestToken without doing it again.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 * - The stream has a record for each write that changed an item, in the item's order.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 *
 * Items are never changed in place, so that they need no copies on the way in and out: the document client makes its own.
 * Items past their time to live stay: AWS deletes them "within a few days", and no reader may rely on it.
 */
import type { z } from 'zod';
import { onlyOptions } from '../options.ts';
import { type Account, AwsError, type Payload, type Service } from '../service.ts';
import {
  checkPlaceholders,
  conditionOf,
  type Item,
  type Placeholders,
  updateOf,
} from './dynamodb-expressions.ts';
import { checkItem, invalid, keyOf, onlyKeyOf, sameItem } from './dynamodb-items.ts';
import { query } from './dynamodb-query.ts';
import { type StreamRecord, type Table, tableProperties } from './dynamodb-table.ts';

const tokenLifeMs = 10 * 60_000;
const maximumTransactItems = 100;
/** How far an eventually consistent read lags: replicas follow within a second, most within milliseconds. */
const lag = { readMs: 20, indexMs: 800 };

export type DynamoDbService = Service & {
  /** Every stream record from now on, in order. */
  onStreamRecord(streamArn: string, listener: (record: StreamRecord) => void): void;
  /** A table's items as they stand. */
  items(tableName: string): Item[];
};

const placeholders = ['ExpressionAttributeNames', 'ExpressionAttributeValues'];
const condition = [
  'TableName',
  'ConditionExpression',
  'ReturnValuesOnConditionCheckFailure',
  ...placeholders,
];
/** What callers may ask for, by call. */
const options = {
  GetItem: ['TableName', 'Key', 'ConsistentRead'],
  Put: ['Item', ...condition],
  Update: ['Key', 'UpdateExpression', 'ReturnValues', ...condition],
  ConditionCheck: ['Key', ...condition],
  TransactWriteItems: ['TransactItems', 'ClientRequestToken'],
};
type Kind = 'Put' | 'Update' | 'ConditionCheck';

const conditionFailed = (item: Item | undefined, wanted: boolean) =>
  new AwsError(
    'ConditionalCheckFailedException',
    'The conditional request failed',
    wanted && item ? { Item: item } : {},
  );

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

  function store(table: Table, key: string, item: Item | undefined): void {
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
    const record: StreamRecord = {
      sequenceNumber: String(++sequence).padStart(21, '0'),
      at: now,
      eventName: before === undefined ? 'INSERT' : item === undefined ? 'REMOVE' : 'MODIFY',
      keys: { pk: { S: key } },
      ...(item && { newImage: item }),
      ...(before && { oldImage: before }),
    };
    for (const listener of table.listeners) listener(record);
  }

  /** A write whose form is right. */
  type Request = { kind: Kind; input: Payload; table: Table; key: string; given: Placeholders };
  type Write = { table: Table; key: string; item: Item | undefined; changes: boolean };

  function requestOf(kind: Kind, input: Payload): Request {
    onlyOptions(`dynamodb:${kind}`, input, options[kind]);
    const table = tableOf(input.TableName);
    const key = kind === 'Put' ? keyOf(input.Item) : onlyKeyOf(input.Key);
    if (kind === 'ConditionCheck' && !input.ConditionExpression)
      throw invalid('The expression can not be empty');
    if (kind === 'Update') updateOf(input.UpdateExpression ?? '');
    if (input.ConditionExpression) conditionOf(input.ConditionExpression);
    const given = checkPlaceholders(input, [input.ConditionExpression, input.UpdateExpression]);
    return { kind, input, table, key, given };
  }

  /** What the write would do; throws when its condition fails or the item cannot be stored. */
  function prepare({ kind, input, table, key, given }: Request): Write {
    const known = current(table, key);
    if (input.ConditionExpression && !conditionOf(input.ConditionExpression)(known ?? {}, given))
      throw conditionFailed(known, input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD');
    if (kind === 'ConditionCheck') return { table, key, item: known, changes: false };
    let item: Item = input.Item;
    if (kind === 'Update') {
      item = structuredClone(known ?? input.Key);
      updateOf(input.UpdateExpression)(item, given);
      if (item.pk?.S !== key) throw invalid('Cannot update attribute pk. This attribute is part of the key');
    }
    checkItem(
      item,
      [...table.indexes.values()].flatMap(({ hash, range }) => [hash, range]),
    );
    return { table, key, item, changes: true };
  }

  function apply({ table, key, item, changes }: Write): void {
    if (changes) store(table, key, item);
  }

  function requestsOf(input: Payload): Request[] {
    onlyOptions('dynamodb:TransactWriteItems', input, options.TransactWriteItems);
    const requests = input.TransactItems.map((entry: Payload) => {
      onlyOptions('dynamodb:TransactWriteItems', entry, Object.keys(actionOf));
      const [kind, write] = Object.entries(entry)[0] as [Kind, Payload];
      return requestOf(kind, write);
    }) as Request[];
    if (requests.length < 1 || requests.length > maximumTransactItems)
      throw invalid('TransactItems: 1 to 100 items');
    if (new Set(requests.map(({ table, key }) => `${table.name}/${key}`)).size < requests.length)
      throw invalid('Transaction request cannot include multiple operations on one item');
    return requests;
  }

  function transact(input: Payload): Payload {
    const requests = requestsOf(input);
    const table = (requests[0] as Request).table;
    const request = JSON.stringify(input.TransactItems);
    const earlier = input.ClientRequestToken && table.tokens.get(input.ClientRequestToken);
    if (earlier && account.clock.now() - earlier.at < tokenLifeMs) {
      if (earlier.request === request) return {};
      throw new AwsError('IdempotentParameterMismatchException', 'The token was used for another request');
    }
    const reasons: Payload[] = [];
    const writes: Write[] = [];
    for (const one of requests) {
      try {
        writes.push(prepare(one));
        reasons.push({ Code: 'None' });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const Code =
          error.name === 'ConditionalCheckFailedException' ? 'ConditionalCheckFailed' : 'ValidationError';
        reasons.push({ Code, Message: error.message, ...error.details });
      }
    }
    if (writes.length < requests.length) {
      const codes = reasons.map((reason) => reason.Code).join(', ');
      throw new AwsError(
        'TransactionCanceledException',
        `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
        { CancellationReasons: reasons },
      );
    }
    for (const write of writes) apply(write);
    if (input.ClientRequestToken)
      table.tokens.set(input.ClientRequestToken, { at: account.clock.now(), request });
    return {};
  }

  const onTable = (action: string) => (input: Payload) => [
    { action: `dynamodb:${action}`, resource: tableOf(input.TableName).arn },
  ];
  const actionOf = { Put: 'PutItem', Update: 'UpdateItem', ConditionCheck: 'ConditionCheckItem' } as const;

  return {
    id: 'dynamodb',
    onStreamRecord(streamArn, listener) {
      [...tables.values()].find((table) => table.streamArn === streamArn)?.listeners.push(listener);
    },
    items: (tableName) =>
      [...tableOf(tableName).items.values()]
        .map((versions) => versions.item)
        .filter((item) => item !== undefined),
    operations: {
      GetItem: {
        permissions: onTable('GetItem'),
        run(input) {
          onlyOptions('dynamodb:GetItem', input, options.GetItem);
          const table = tableOf(input.TableName);
          const read = input.ConsistentRead ? current : visible;
          const item = read(table, onlyKeyOf(input.Key));
          return item ? { Item: item } : {};
        },
      },
      PutItem: {
        permissions: onTable('PutItem'),
        run(input) {
          apply(prepare(requestOf('Put', input)));
          return {};
        },
      },
      UpdateItem: {
        permissions: onTable('UpdateItem'),
        run(input) {
          if (!['NONE', 'ALL_NEW'].includes(input.ReturnValues ?? 'NONE'))
            throw invalid(`ReturnValues ${input.ReturnValues} is not modelled`);
          const write = prepare(requestOf('Update', input));
          apply(write);
          return input.ReturnValues === 'ALL_NEW' ? { Attributes: write.item } : {};
        },
      },
      TransactWriteItems: {
        permissions: (input) =>
          input.TransactItems.map((entry: Payload) => {
            const [kind, write] = Object.entries(entry)[0] as [keyof typeof actionOf, Payload];
            return { action: `dynamodb:${actionOf[kind]}`, resource: tableOf(write.TableName).arn };
          }),
        run: transact,
      },
      Query: {
        permissions: (input) => [
          { action: 'dynamodb:Query', resource: `${tableOf(input.TableName).arn}/index/${input.IndexName}` },
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
            tokens: new Map(),
            listeners: [],
          });
          return { ref: name, attributes: { Arn: arn, StreamArn: streamArn } };
        },
      },
    },
  };
}
