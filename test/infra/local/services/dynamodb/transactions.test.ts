/** DynamoDB's transactions, as https://docs.aws.amazon.com/amazondynamodb/latest/ has them (pages named by each test). */
import { expect, test } from 'vitest';
import type { Payload } from '../../../../../infra/local/engine/service.ts';
import { operator } from '../../fake-account.ts';
import { aTable, n, s } from './table.ts';

const table = aTable();
const { call, get, put, transaction } = table;

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

test('API_TransactWriteItems: an item that could not be stored cancels all, as ValidationError', async () => {
  const outcome = transaction(
    { Item: { pk: s('a') } },
    { Item: { pk: s('b'), big: s('x'.repeat(410 * 1024)) } },
  );
  await expect(outcome).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    details: { CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }] },
  });
  expect(await get('a')).toBeUndefined();
});

test.each([
  ['the same item twice', [{ Put: { Item: { pk: { S: 'a' } } } }, { Put: { Item: { pk: { S: 'a' } } } }]],
  ['no item', []],
  [
    'more than 100 items',
    Array.from({ length: 101 }, (_, index) => ({ Put: { Item: { pk: { S: `a${index}` } } } })),
  ],
  ['a syntax error', [{ Put: { Item: { pk: { S: 'a' } }, ConditionExpression: '=' } }]],
])('API_TransactWriteItems: %s is refused', async (_what, entries) => {
  const TransactItems = entries.map((entry) =>
    Object.fromEntries(Object.entries(entry).map(([kind, write]) => [kind, { TableName: 't', ...write }])),
  );
  await expect(call('TransactWriteItems', { TransactItems })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  expect(table.service.items('t')).toEqual([]);
});

test.each(['ConditionCheck', 'Update', 'Delete'])(
  'API_TransactWriteItems: %s is refused by name',
  async (kind) => {
    const TransactItems = [{ [kind]: { TableName: 't', Key: { pk: s('a') } } }];
    await expect(call('TransactWriteItems', { TransactItems })).rejects.toThrow(kind);
  },
);

test('API_TransactWriteItems: the same token and request is done once; another request under it is refused', async () => {
  const once = { Item: { pk: s('a') }, ConditionExpression: 'attribute_not_exists(pk)' };
  const token = { ClientRequestToken: 'token' };
  await transaction(once, { Item: { pk: s('b') } }, token);
  await transaction(once, { Item: { pk: s('b') } }, token);
  expect(table.stream).toHaveLength(2);
  await expect(transaction(once, { Item: { pk: s('c') } }, token)).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  });
});

test('API_TransactWriteItems: after ten minutes the token is forgotten; one that failed may be tried again', async () => {
  const once = { Item: { pk: s('a') }, ConditionExpression: 'attribute_not_exists(pk)' };
  const token = { ClientRequestToken: 'token' };
  await put({ pk: s('b') });
  const refused = { Item: { pk: s('b') }, ConditionExpression: 'attribute_not_exists(pk)' };
  await expect(transaction(once, refused, token)).rejects.toThrow('ConditionalCheckFailed');
  await transaction(once, { Item: { pk: s('c') } }, token);
  await table.account.clock.run(table.account.clock.now() + 10 * 60_000 + 1);
  await expect(transaction(once, { Item: { pk: s('c') } }, token)).rejects.toThrow('ConditionalCheckFailed');
});

/** A transaction on `a` and `b` that is under way, and how it ends. */
async function underWay() {
  await put({ pk: s('a'), n: n(1) });
  const ended = table.account.call(operator, 'dynamodb', 'TransactWriteItems', {
    TransactItems: [
      { Put: { TableName: 't', Item: { pk: s('a'), n: n(2) } } },
      { Put: { TableName: 't', Item: { pk: s('b') }, ConditionExpression: 'attribute_not_exists(pk)' } },
    ],
  });
  // The call takes a millisecond in this account, the transaction at least one more.
  await table.account.clock.run(table.account.clock.now() + 1);
  const direct = (operation: string, input: Payload) =>
    table.service.operations[operation]?.run({ TableName: 't', ...input }, operator);
  return { ended, direct };
}

test('transaction-conflict-handling: a single write of an item in a transaction under way is refused; reads are not', async () => {
  const { ended, direct } = await underWay();
  const conflict = expect.objectContaining({ name: 'TransactionConflictException' });
  expect(() => direct('PutItem', { Item: { pk: s('a') } })).toThrow(conflict);
  expect(() =>
    direct('UpdateItem', {
      Key: { pk: s('b') },
      UpdateExpression: 'SET n = :n',
      ExpressionAttributeValues: { ':n': n(1) },
    }),
  ).toThrow(conflict);
  expect(() => direct('DeleteItem', { Key: { pk: s('b') } })).toThrow(conflict);
  expect(direct('GetItem', { Key: { pk: s('a') }, ConsistentRead: true })).toEqual({
    Item: { pk: s('a'), n: n(1) },
  });
  expect(direct('PutItem', { Item: { pk: s('another') } })).toEqual({});
  await table.account.done(ended);
  expect(await get('a')).toEqual({ pk: s('a'), n: n(2) });
  await put({ pk: s('a'), n: n(3) });
});

test('transaction-conflict-handling: a second transaction on an item is cancelled, and the first one carried out', async () => {
  const { ended, direct } = await underWay();
  const second = direct('TransactWriteItems', {
    TableName: undefined,
    TransactItems: [
      { Put: { TableName: 't', Item: { pk: s('c') } } },
      { Put: { TableName: 't', Item: { pk: s('a'), n: n(9) } } },
    ],
  });
  await expect(second).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    message: expect.stringContaining('[None, TransactionConflict]'),
    details: { CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }] },
  });
  await table.account.done(ended);
  expect([(await get('a')).n, await get('c')]).toEqual([n(2), undefined]);
});
