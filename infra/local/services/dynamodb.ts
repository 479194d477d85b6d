/**
 * Amazon DynamoDB: one table with a single string key, one sparse index, and a stream.
 *
 * - Conditions are checked and writes made at one instant; a condition that fails is ConditionalCheckFailedException.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
 * - A read without ConsistentRead may miss the last writes. An index is always eventually consistent.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 * - TransactWriteItems is all or nothing, gives a reason an item, and for ten minutes answers the same ClientRequestToken
 *   without doing it again. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 * - The stream has a record for each write that changed an item, in the item's order.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 * - An item is 400 KB at most. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 *
 * Items are never changed in place, so that they need no copies on the way in and out: the document client makes its own.
 * Items past their time to live stay: AWS deletes them "within a few days", and no reader may rely on it.
 */
import { z } from 'zod';
import { type Account, AwsError, type Payload, type Service } from '../service.ts';
import { checkPlaceholders, compare, conditionOf, type Item, updateOf } from './dynamodb-expressions.ts';

const maximumItemBytes = 400 * 1024;
const tokenLifeMs = 10 * 60_000;
/** How far an eventually consistent read lags: replicas follow within a second, most within milliseconds. */
const lag = { readMs: 20, indexMs: 800 };

export type StreamRecord = {
  sequenceNumber: string;
  at: number;
  eventName: string;
  keys: Item;
  newImage?: Item;
  oldImage?: Item;
};

type Versions = { item: Item | undefined; before: Item | undefined; visibleAt: number; indexedAt: number };
type Table = {
  name: string;
  arn: string;
  streamArn: string;
  items: Map<string, Versions>;
  indexes: Map<string, { hash: string; range: string }>;
  /** Keys of the items that an index holds, or held a moment ago: what a query has to look at. */
  indexed: Set<string>;
  tokens: Map<string, { at: number; request: string }>;
  listeners: ((record: StreamRecord) => void)[];
};

export type DynamoDbService = Service & {
  /** Every stream record from now on, in order. */
  onStreamRecord(streamArn: string, listener: (record: StreamRecord) => void): void;
  /** A table's items as they stand. */
  items(tableName: string): Item[];
};

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const tableProperties = z.strictObject({
  TableName: z.string(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.literal('S') })),
  KeySchema: keySchema.length(1),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema: keySchema.length(2),
        Projection: z.strictObject({ ProjectionType: z.literal('ALL') }),
      }),
    )
    .optional(),
  StreamSpecification: z.strictObject({ StreamViewType: z.literal('NEW_AND_OLD_IMAGES') }).optional(),
  // Back-ups, encryption at rest and deletion of expired items: see above.
  PointInTimeRecoverySpecification: z.unknown().optional(),
  SSESpecification: z.unknown().optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
});

const invalid = (message: string) => new AwsError('ValidationException', message);
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

  const keyOf = (key: Item): string => {
    if (typeof key.pk?.S !== 'string' || key.pk.S === '')
      throw invalid(
        'One or more parameter values are not valid: the key attribute pk must be a non-empty string',
      );
    return key.pk.S;
  };

  function current(table: Table, key: string): Item | undefined {
    return table.items.get(key)?.item;
  }

  /** What an eventually consistent reader sees now. */
  function visible(table: Table, key: string): Item | undefined {
    const versions = table.items.get(key);
    return versions && account.clock.now() < versions.visibleAt ? versions.before : versions?.item;
  }

  function checkItem(table: Table, item: Item): void {
    if (Buffer.byteLength(JSON.stringify(item)) > maximumItemBytes)
      throw invalid('Item size has exceeded the maximum allowed size');
    for (const { hash, range } of table.indexes.values())
      for (const attribute of [hash, range])
        if (item[attribute] !== undefined && typeof item[attribute].S !== 'string')
          throw invalid(
            `One or more parameter values were invalid: Type mismatch for Index Key ${attribute}`,
          );
  }

  function store(table: Table, key: string, item: Item | undefined): void {
    const before = current(table, key);
    if (JSON.stringify(before) === JSON.stringify(item)) return;
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

  type Write = { table: Table; key: string; item: Item | undefined; changes: boolean };

  /** What one write would do; throws when its condition fails. */
  function prepare(kind: 'Put' | 'Update' | 'ConditionCheck', input: Payload): Write {
    const table = tableOf(input.TableName);
    const key = keyOf(kind === 'Put' ? input.Item : input.Key);
    const given = checkPlaceholders(input, [input.ConditionExpression, input.UpdateExpression]);
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
    checkItem(table, item);
    return { table, key, item, changes: true };
  }

  function apply({ table, key, item, changes }: Write): void {
    if (changes) store(table, key, item);
  }

  function transact(input: Payload): Payload {
    const entries = input.TransactItems.map((entry: Payload) => Object.entries(entry)[0]) as [
      'Put' | 'Update' | 'ConditionCheck',
      Payload,
    ][];
    const table = tableOf(entries[0]?.[1].TableName);
    const request = JSON.stringify(input.TransactItems);
    const earlier = input.ClientRequestToken && table.tokens.get(input.ClientRequestToken);
    if (earlier && account.clock.now() - earlier.at < tokenLifeMs) {
      if (earlier.request === request) return {};
      throw new AwsError('IdempotentParameterMismatchException', 'The token was used for another request');
    }
    const reasons: Payload[] = [];
    const writes: Write[] = [];
    for (const [kind, write] of entries) {
      try {
        writes.push(prepare(kind, write));
        reasons.push({ Code: 'None' });
      } catch (error) {
        if (!(error instanceof AwsError) || error.name !== 'ConditionalCheckFailedException') throw error;
        reasons.push({ Code: 'ConditionalCheckFailed', Message: error.message, ...error.details });
      }
    }
    if (writes.length < entries.length) {
      const codes = reasons.map((reason) => reason.Code).join(', ');
      throw new AwsError(
        'TransactionCanceledException',
        `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
        { CancellationReasons: reasons },
      );
    }
    if (new Set(writes.map(({ key }) => key)).size < writes.length)
      throw invalid('Transaction request cannot include multiple operations on one item');
    for (const write of writes) apply(write);
    if (input.ClientRequestToken)
      table.tokens.set(input.ClientRequestToken, { at: account.clock.now(), request });
    return {};
  }

  function query(input: Payload): Payload {
    const table = tableOf(input.TableName);
    const index = table.indexes.get(input.IndexName);
    if (!index) throw invalid(`The table does not have the specified index: ${input.IndexName}`);
    if (input.ConsistentRead) throw invalid('Consistent reads are not supported on global secondary indexes');
    const given = checkPlaceholders(input, [input.KeyConditionExpression, input.FilterExpression]);
    const condition = conditionOf(input.KeyConditionExpression);
    const filter = input.FilterExpression ? conditionOf(input.FilterExpression) : () => true;
    const now = account.clock.now();
    const matching = [...table.indexed]
      .map((key) => {
        const versions = table.items.get(key) as Versions;
        if (now >= versions.indexedAt && !versions.item?.[index.hash]) table.indexed.delete(key);
        return now < versions.indexedAt ? versions.before : versions.item;
      })
      .filter((item) => item !== undefined)
      .filter((item) => item[index.hash] && item[index.range] && condition(item, given))
      .sort((a, b) => compare(a[index.range], b[index.range]) || compare(a.pk, b.pk) || 0);
    if (input.ScanIndexForward === false) matching.reverse();
    const start = input.ExclusiveStartKey
      ? matching.findIndex((item) => item.pk.S === input.ExclusiveStartKey.pk.S) + 1
      : 0;
    const page = matching.slice(start, start + (input.Limit ?? 1000));
    const last = page.at(-1);
    const more = last !== undefined && start + page.length < matching.length;
    const Items = page.filter((item) => filter(item, given));
    return {
      Items,
      Count: Items.length,
      ScannedCount: page.length,
      ...(more && {
        LastEvaluatedKey: { pk: last.pk, [index.hash]: last[index.hash], [index.range]: last[index.range] },
      }),
    };
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
          const table = tableOf(input.TableName);
          const read = input.ConsistentRead ? current : visible;
          const item = read(table, keyOf(input.Key));
          return item ? { Item: item } : {};
        },
      },
      PutItem: {
        permissions: onTable('PutItem'),
        run(input) {
          apply(prepare('Put', input));
          return {};
        },
      },
      UpdateItem: {
        permissions: onTable('UpdateItem'),
        run(input) {
          const write = prepare('Update', input);
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
        run: query,
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
