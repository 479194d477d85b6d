/** What DynamoDB's items, reads and stream are, as https://docs.aws.amazon.com/amazondynamodb/latest/ has it (pages named by each test). */
import { expect, test } from 'vitest';
import { aTable, n, s } from './table.ts';

const table = aTable();
const { call, due, get, put, transaction, update } = table;

test('WorkingWithItems: a condition that fails changes nothing', async () => {
  await put({ pk: s('a'), n: n(1) });
  const again = put({ pk: s('a'), n: n(2) }, { ConditionExpression: 'attribute_not_exists(pk)' });
  await expect(again).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  expect(await get('a')).toEqual({ pk: s('a'), n: n(1) });
});

test('API_DeleteItem: what was there is gone, and given when asked for; deleting what is not there is no error', async () => {
  await put({ pk: s('a'), n: n(1) });
  const remove = (more = {}) => call('DeleteItem', { Key: { pk: s('a') }, ...more });
  expect(await remove({ ReturnValues: 'ALL_OLD' })).toEqual({ Attributes: { pk: s('a'), n: n(1) } });
  expect(await get('a')).toBeUndefined();
  expect([await remove(), await remove({ ReturnValues: 'ALL_OLD' })]).toEqual([{}, {}]);
  expect(table.stream.map(({ eventName }) => eventName)).toEqual(['INSERT', 'REMOVE']);
});

test('API_UpdateItem: an item that is not there is made; one whose condition fails is not changed', async () => {
  await update('SET n = :one', { ':one': n(1) });
  expect(await get('a')).toEqual({ pk: s('a'), n: n(1) });
  const outcome = update('SET n = :two', { ':two': n(2) }, { ConditionExpression: 'n = :two' });
  await expect(outcome).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  expect(await get('a')).toEqual({ pk: s('a'), n: n(1) });
});

test.each([
  [
    'API_UpdateItem',
    (more: object) => update('SET n = :two', { ':two': n(2) }, { ConditionExpression: 'n = :two', ...more }),
  ],
  [
    'API_PutItem',
    (more: object) => put({ pk: s('a') }, { ConditionExpression: 'attribute_not_exists(pk)', ...more }),
  ],
])('%s: a condition that fails tells what the item was, if asked', async (_page, fails) => {
  await put({ pk: s('a'), n: n(1) });
  await expect(fails({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    details: { Item: { pk: s('a'), n: n(1) } },
  });
  await expect(fails({})).rejects.toHaveProperty('details', {});
});

test.each([
  ['an empty key', { pk: s('') }, 'cannot contain an empty string value. Key: pk'],
  ['no key', { n: n(1) }, 'Missing the key pk in the item'],
  ['a key that is no text', { pk: n(1) }, 'Type mismatch for key pk expected: S actual: N'],
  ['a key of over 2,048 bytes', { pk: s('x'.repeat(2049)) }, 'Size of hashkey has exceeded'],
  [
    'an index key that is no text',
    { pk: s('a'), dueOn: n(1) },
    'Type mismatch for Index Key dueOn Expected: S Actual: N IndexName: due',
  ],
  [
    'an empty index key',
    { pk: s('a'), dueOn: s('') },
    'cannot contain an empty string value. IndexName: due, IndexKey: dueOn',
  ],
])('Constraints: %s is refused', async (_what, item, message) => {
  await expect(put(item)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(put(item)).rejects.toThrow(message);
});

test('Constraints: 400 KB an item, names and values counted in UTF-8', async () => {
  // 409,600 bytes: `pk` and `a` are 3, `big` is 3 more.
  const most = 400 * 1024 - 6;
  await put({ pk: s('a'), big: s('x'.repeat(most)) });
  for (const text of ['x'.repeat(most + 1), 'ü'.repeat(most / 2 + 1)])
    await expect(put({ pk: s('a'), big: s(text) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
});

test('API_GetItem: a key of other attributes is refused', async () => {
  const outcome = call('GetItem', { Key: { pk: s('a'), dueAt: s('1') } });
  await expect(outcome).rejects.toThrow('does not match the schema');
});

test.each([
  ['GetItem', { Key: { pk: s('a') }, ProjectionExpression: 'n' }, 'ProjectionExpression'],
  ['PutItem', { Item: { pk: s('a') }, ReturnValues: 'ALL_OLD' }, 'ReturnValues'],
  ['UpdateItem', { Key: { pk: s('a') }, AttributeUpdates: {} }, 'AttributeUpdates'],
  ['Query', { IndexName: 'due', FilterExpression: 'n = n' }, 'FilterExpression'],
])(
  'an option of %s that is not modelled is refused by name, never ignored',
  async (operation, input, name) => {
    await expect(call(operation, input)).rejects.toThrow(name);
  },
);

test('a table with a property that is not modelled is refused, at any depth', () => {
  const properties = (more: object) => ({
    TableName: 'other',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  });
  const create = (more: object) => () =>
    table.account.create('AWS::DynamoDB::Table', 'Other', properties(more));
  expect(create({ TableClass: 'STANDARD' })).toThrow('TableClass');
  expect(
    create({ StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES', ResourcePolicy: {} } }),
  ).toThrow('ResourcePolicy');
  const SSESpecification = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: 'key' };
  expect(create({ SSESpecification })).not.toThrow();
  expect(create({ SSESpecification: { ...SSESpecification, Rotation: 1 } })).toThrow('Rotation');
  const PointInTimeRecoveryEnabled = true;
  expect(
    create({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled, RecoveryPeriodInDays: 7 } }),
  ).toThrow('RecoveryPeriodInDays');
});

test('Service Authorization Reference: every call, and every part of a transaction, is asked for with its item’s key', async () => {
  table.account.asked.length = 0;
  await get('a');
  await update('SET n = :n', { ':n': n(1) });
  await transaction({ Item: { pk: s('a') } }, { Item: { pk: s('b') } });
  await due();
  const arn = 'arn:aws:dynamodb:eu-west-2:111122223333:table/t';
  expect(table.account.asked).toEqual([
    { action: 'dynamodb:GetItem', resource: arn, leadingKeys: ['a'] },
    { action: 'dynamodb:UpdateItem', resource: arn, leadingKeys: ['a'] },
    { action: 'dynamodb:PutItem', resource: arn, leadingKeys: ['a'] },
    { action: 'dynamodb:PutItem', resource: arn, leadingKeys: ['b'] },
    // Of an index, the partition key is the index's own.
    { action: 'dynamodb:Query', resource: `${arn}/index/due`, leadingKeys: ['claim'] },
  ]);
});

test('Streams: a record for each change in order with both images, and none for a write that changes nothing', async () => {
  await put({ pk: s('a'), n: n(1) });
  await put({ pk: s('a'), n: n(1) });
  await put({ pk: s('a'), n: n(2) });
  expect(table.stream.map((record) => [record.eventName, record.oldImage?.n, record.newImage?.n])).toEqual([
    ['INSERT', undefined, n(1)],
    ['MODIFY', n(1), n(2)],
  ]);
});

test('Streams: the order of the attributes is no change', async () => {
  await put({ pk: s('a'), n: n(1), map: { M: { x: n(1), y: n(2) } } });
  await put({ map: { M: { y: n(2), x: n(1) } }, n: n(1), pk: s('a') });
  expect(table.stream).toHaveLength(1);
});

test('Streams: a write that is refused leaves no record, and numbers rise', async () => {
  await put({ pk: s('a') });
  await put({ pk: s('a') }, { ConditionExpression: 'attribute_not_exists(pk)' }).catch(() => undefined);
  await put({ pk: s('b') });
  expect(table.stream.map((record) => record.keys.pk.S)).toEqual(['a', 'b']);
  expect((table.stream[0]?.sequenceNumber ?? '') < (table.stream[1]?.sequenceNumber ?? '')).toBe(true);
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
