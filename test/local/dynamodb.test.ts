/** Conformance of the local DynamoDB with https://docs.aws.amazon.com/amazondynamodb/latest/ (pages named by each test). */
import { beforeEach, expect, test } from 'vitest';
import type { Payload } from '../../infra/local/service.ts';
import { type DynamoDbService, dynamodb, type StreamRecord } from '../../infra/local/services/dynamodb.ts';
import { type FakeAccount, fakeAccount, operator } from './fake-account.ts';

let account: FakeAccount;
let service: DynamoDbService;
let stream: StreamRecord[];

beforeEach(() => {
  account = fakeAccount();
  service = account.add(dynamodb);
  account.create('AWS::DynamoDB::Table', 'Table', {
    TableName: 't',
    AttributeDefinitions: ['pk', 'dueOn', 'dueAt'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'dueOn', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  stream = [];
  service.onStreamRecord('arn:aws:dynamodb:eu-west-2:111122223333:table/t/stream/1', (record) =>
    stream.push(record),
  );
});

const call = (operation: string, input: Payload) =>
  account.done(account.call(operator, 'dynamodb', operation, { TableName: 't', ...input }));
const put = (item: Payload, more: Payload = {}) => call('PutItem', { Item: item, ...more });
const get = async (pk: string) =>
  (await call('GetItem', { Key: { pk: { S: pk } }, ConsistentRead: true })).Item;
const s = (S: string) => ({ S });
const n = (N: number) => ({ N: String(N) });

test('WorkingWithItems: a condition that fails changes nothing, and gives the item when asked', async () => {
  await put({ pk: s('a'), n: n(1) });
  const again = put(
    { pk: s('a'), n: n(2) },
    { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
  );
  await expect(again).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    details: { Item: { n: n(1) } },
  });
  expect(await get('a')).toEqual({ pk: s('a'), n: n(1) });
});

test.each([
  ['n = :one AND #s = :open', true],
  ['n <> :one OR #s = :open', true],
  ['n < :two AND n >= :one AND NOT n > :one', true],
  ['n BETWEEN :one AND :two', true],
  ['(n = :two OR n = :one) AND attribute_exists(#s)', true],
  ['begins_with(#s, :op)', true],
  ['contains(list, :op)', true],
  ['missing = :one', false],
  ['n = :open', false],
  ['attribute_not_exists(n)', false],
  ['size(list) = :two', false],
])('Expressions.OperatorsAndFunctions: %s is %s', async (ConditionExpression, holds) => {
  await put({ pk: s('a'), n: n(1), status: s('open'), list: { L: [s('op')] } });
  const all: Record<string, Payload> = { ':one': n(1), ':two': n(2), ':open': s('open'), ':op': s('op') };
  const used = Object.entries(all).filter(([name]) => new RegExp(`${name}\\b`).test(ConditionExpression));
  const outcome = put(
    { pk: s('a') },
    {
      ConditionExpression,
      ...(used.length > 0 && { ExpressionAttributeValues: Object.fromEntries(used) }),
      ...(ConditionExpression.includes('#s') && { ExpressionAttributeNames: { '#s': 'status' } }),
    },
  );
  if (holds) await outcome;
  else await expect(outcome).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
});

test('Expressions.UpdateExpressions: SET with arithmetic and if_not_exists, REMOVE, ADD', async () => {
  await put({ pk: s('a'), n: n(1), gone: s('x') });
  const UpdateExpression = 'SET n = n + :two, first = if_not_exists(first, :x) REMOVE gone ADD hits :two';
  const input = { Key: { pk: s('a') }, UpdateExpression, ReturnValues: 'ALL_NEW' };
  const { Attributes } = await call('UpdateItem', {
    ...input,
    ExpressionAttributeValues: { ':two': n(2), ':x': s('y') },
  });
  expect(Attributes).toEqual({ pk: s('a'), n: n(3), first: s('y'), hits: n(2) });
});

test.each([
  ['an unused placeholder', { ExpressionAttributeValues: { ':x': s('x') } }, 'unused'],
  ['an undefined value', { ConditionExpression: 'n = :x' }, 'not defined'],
  ['a syntax error', { ConditionExpression: 'n = = n' }, 'Syntax error'],
  ['an unknown function', { ConditionExpression: 'attribute_type(n, n)' }, 'Syntax error'],
])('Expressions: %s is a ValidationException', async (_what, more, message) => {
  await put({ pk: s('a'), n: n(1) });
  const outcome = put({ pk: s('a') }, more);
  await expect(outcome).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(outcome).rejects.toThrow(message);
});

test('Constraints: an empty key, an item over 400 KB and an index key that is no text are refused', async () => {
  for (const item of [
    { pk: s('') },
    { pk: s('a'), big: s('x'.repeat(410 * 1024)) },
    { pk: s('a'), dueOn: n(1) },
  ])
    await expect(put(item)).rejects.toMatchObject({ name: 'ValidationException' });
});

const transaction = (first: Payload, second: Payload, more: Payload = {}) =>
  call('TransactWriteItems', {
    TransactItems: [{ Put: { TableName: 't', ...first } }, { Put: { TableName: 't', ...second } }],
    ...more,
  });

test('API_TransactWriteItems: all or nothing, with a reason for each item in order', async () => {
  await put({ pk: s('b') });
  const outcome = transaction(
    { Item: { pk: s('a') } },
    { Item: { pk: s('b'), n: n(1) }, ConditionExpression: 'attribute_not_exists(pk)' },
  );
  await expect(outcome).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    details: { CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }] },
  });
  expect(await get('a')).toBeUndefined();
});

test('API_TransactWriteItems: the same token and request is done once; another request under it is refused', async () => {
  const once = { Item: { pk: s('a') }, ConditionExpression: 'attribute_not_exists(pk)' };
  const token = { ClientRequestToken: 'token' };
  await transaction(once, { Item: { pk: s('b') } }, token);
  await transaction(once, { Item: { pk: s('b') } }, token);
  await expect(transaction(once, { Item: { pk: s('c') } }, token)).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  });
});

const due = () =>
  call('Query', {
    IndexName: 'due',
    KeyConditionExpression: 'dueOn = :on AND dueAt <= :now',
    ExpressionAttributeValues: { ':on': s('claim'), ':now': s('5') },
  });

test('GSI: sparse, ordered by the range key, and behind the table by up to a second', async () => {
  await put({ pk: s('later'), dueOn: s('claim'), dueAt: s('4') });
  await put({ pk: s('sooner'), dueOn: s('claim'), dueAt: s('2') });
  await put({ pk: s('not due'), dueOn: s('claim'), dueAt: s('6') });
  await put({ pk: s('not indexed') });
  await account.clock.run(account.clock.now() + 1000);
  expect((await due()).Items.map((item: Payload) => item.pk.S)).toEqual(['sooner', 'later']);
  await put({ pk: s('sooner') });
  await account.clock.run(account.clock.now() + 1000);
  expect((await due()).Items.map((item: Payload) => item.pk.S)).toEqual(['later']);
});

test('GSI: paged by Limit, and never consistent', async () => {
  for (const at of ['1', '2', '3']) await put({ pk: s(at), dueOn: s('claim'), dueAt: s(at) });
  await account.clock.run(account.clock.now() + 1000);
  const input = {
    IndexName: 'due',
    KeyConditionExpression: 'dueOn = :on',
    ExpressionAttributeValues: { ':on': s('claim') },
  };
  const first = await call('Query', { ...input, Limit: 2 });
  const second = await call('Query', { ...input, ExclusiveStartKey: first.LastEvaluatedKey });
  expect([
    first.Items.length,
    second.Items.map((item: Payload) => item.pk.S),
    second.LastEvaluatedKey,
  ]).toEqual([2, ['3'], undefined]);
  await expect(call('Query', { ...input, ConsistentRead: true })).rejects.toThrow('Consistent reads');
});

test('Streams: a record for each change in order with both images, and none for a write that changes nothing', async () => {
  await put({ pk: s('a'), n: n(1) });
  await put({ pk: s('a'), n: n(1) });
  await put({ pk: s('a'), n: n(2) });
  expect(stream.map((record) => [record.eventName, record.oldImage?.n, record.newImage?.n])).toEqual([
    ['INSERT', undefined, n(1)],
    ['MODIFY', n(1), n(2)],
  ]);
});

test('HowItWorks.ReadConsistency: a read that is not consistent may miss the last write, a consistent one never', async () => {
  let missed = 0;
  for (let round = 0; round < 30; round++) {
    await put({ pk: s('a'), n: n(round) });
    const { Item } = await call('GetItem', { Key: { pk: s('a') } });
    if (Item?.n?.N !== String(round)) missed++;
    expect((await get('a')).n).toEqual(n(round));
  }
  expect(missed).toBeGreaterThan(0);
});

test('a table that is not there is ResourceNotFoundException', async () => {
  await expect(call('GetItem', { TableName: 'nothing', Key: { pk: s('a') } })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
