/** Conformance of the local DynamoDB with https://docs.aws.amazon.com/amazondynamodb/latest/ (pages named by each test). */
import { beforeEach, expect, test } from 'vitest';
import type { Payload } from '../../../../infra/local/engine/service.ts';
import { type DynamoDbService, dynamodb } from '../../../../infra/local/services/dynamodb/service.ts';
import type { StreamRecord } from '../../../../infra/local/services/dynamodb/table.ts';
import { type FakeAccount, fakeAccount, operator } from '../fake-account.ts';

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
  account.done(
    account.call(operator, 'dynamodb', operation, {
      ...(operation !== 'TransactWriteItems' && { TableName: 't' }),
      ...input,
    }),
  );
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
  ['contains(tags, :op)', true],
  ['absent = :one', false],
  ['n = :open', false],
  ['attribute_not_exists(n)', false],
  ['size(tags) = :two', false],
  ['size(#s) > :two', true],
  // An attribute that is not there is unequal to everything, and neither less nor more than anything.
  ['absent <> :one', true],
  ['absent < :one', false],
  ['absent >= :one', false],
  ['absent BETWEEN :one AND :two', false],
  ['begins_with(absent, :op)', false],
  ['begins_with(n, :op)', false],
  ['contains(#s, :one)', false],
  ['n IN (:two, :one)', true],
  ['#s IN (:op, :two) OR absent IN (:one)', false],
  ['nested.deep = :one', true],
  ['nested.absent = :one', false],
  ['NOT (n = :one AND #s = :open)', false],
])('Expressions.OperatorsAndFunctions: %s is %s', async (ConditionExpression, holds) => {
  await put({
    pk: s('a'),
    n: n(1),
    status: s('open'),
    tags: { L: [s('op')] },
    nested: { M: { deep: n(1) } },
  });
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

const update = (UpdateExpression: string, values: Payload = {}, more: Payload = {}) =>
  call('UpdateItem', {
    Key: { pk: s('a') },
    UpdateExpression,
    ReturnValues: 'ALL_NEW',
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    ...more,
  });

test('Expressions.UpdateExpressions: SET with arithmetic and if_not_exists, REMOVE, ADD', async () => {
  await put({ pk: s('a'), n: n(1), gone: s('x') });
  const { Attributes } = await update(
    'SET n = n + :two, begun = if_not_exists(begun, :x) REMOVE gone ADD hits :two',
    { ':two': n(2), ':x': s('y') },
  );
  expect(Attributes).toEqual({ pk: s('a'), n: n(3), begun: s('y'), hits: n(2) });
});

test('Expressions.UpdateExpressions: list_append puts one list behind the other', async () => {
  await put({ pk: s('a'), list: { L: [s('x')] } });
  const { Attributes } = await update(
    'SET #l = list_append(#l, :more), made = list_append(if_not_exists(made, :none), :more)',
    { ':more': { L: [s('y')] }, ':none': { L: [] } },
    { ExpressionAttributeNames: { '#l': 'list' } },
  );
  expect(Attributes).toEqual({ pk: s('a'), list: { L: [s('x'), s('y')] }, made: { L: [s('y')] } });
});

test('Expressions.UpdateExpressions: every operand is the value from before the update', async () => {
  await put({ pk: s('a'), left: n(1), n: n(2) });
  const { Attributes } = await update(
    'SET #l = n, n = #l',
    {},
    { ExpressionAttributeNames: { '#l': 'left' } },
  );
  expect(Attributes).toEqual({ pk: s('a'), left: n(2), n: n(1) });
});

test('API_UpdateItem: an item that is not there is made; one whose condition fails is not changed', async () => {
  await update('SET n = :one', { ':one': n(1) });
  expect(await get('a')).toEqual({ pk: s('a'), n: n(1) });
  const outcome = update('SET n = :two', { ':two': n(2) }, { ConditionExpression: 'n = :two' });
  await expect(outcome).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  expect(await get('a')).toEqual({ pk: s('a'), n: n(1) });
});

test.each([
  ['an attribute that is not there', 'SET n = absent', {}, 'does not exist in the item'],
  ['arithmetic with a text', 'SET n = n + :x', { ':x': s('x') }, 'incorrect data type'],
  ['a text behind a list', 'SET n = list_append(:l, :x)', { ':l': { L: [] }, ':x': s('x') }, 'data type'],
  ['a function of conditions', 'SET n = size(n)', {}, 'not allowed in an update expression; function: size'],
  ['no expression', '', {}, 'Invalid UpdateExpression: The expression can not be empty'],
  ['a path into nothing', 'SET absent.deep = :x', { ':x': s('x') }, 'document path'],
  ['the key', 'SET pk = :x', { ':x': s('b') }, 'part of the key'],
  ['a clause given twice', 'SET n = :x SET m = :x', { ':x': n(1) }, 'can only be used once'],
  ['an attribute set twice', 'SET n = :x, n = :x', { ':x': n(1) }, 'overlap'],
  ['the same attribute in two clauses', 'SET n = :x REMOVE n', { ':x': n(1) }, 'overlap'],
  ['another action', 'DELETE n :x', { ':x': n(1) }, 'Syntax error'],
  ['a literal', 'SET n = 1', {}, 'Syntax error'],
  ['nothing after SET', 'SET', {}, 'Syntax error'],
  ['a text over 400 KB', 'SET big = :x', { ':x': s('x'.repeat(410 * 1024)) }, 'maximum allowed size'],
  ['an index key that is no text', 'SET dueOn = :x', { ':x': n(1) }, 'Type mismatch'],
])(
  'Expressions.UpdateExpressions: %s is refused, and nothing changes',
  async (_what, expression, values, message) => {
    await put({ pk: s('a'), n: n(1) });
    const outcome = update(expression, values);
    await expect(outcome).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(outcome).rejects.toThrow(message);
    expect(await get('a')).toEqual({ pk: s('a'), n: n(1) });
  },
);

test.each([
  [
    'unused values',
    { ConditionExpression: 'n = :x', ExpressionAttributeValues: { ':x': n(1), ':y': n(1), ':z': n(1) } },
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:y, :z}',
  ],
  [
    'an unused name',
    { ExpressionAttributeNames: { '#x': 'x' }, ConditionExpression: 'n <> pk' },
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}',
  ],
  // `:xy` in the text is no use of `:x`.
  [
    'a value of which only a longer one is used',
    { ConditionExpression: 'n <> :xy', ExpressionAttributeValues: { ':x': n(1), ':xy': n(2) } },
    'unused in expressions: keys: {:x}',
  ],
  [
    'an undefined value',
    { ConditionExpression: 'n = :x' },
    'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :x',
  ],
  // DynamoDB reads the whole expression first; that its left side already decides helps nothing.
  [
    'an undefined value that never comes into play',
    { ConditionExpression: 'n = n OR n = :x' },
    'not defined',
  ],
  [
    'an undefined name',
    { ConditionExpression: 'attribute_exists(#x)' },
    'Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #x',
  ],
  [
    'no values in the map of values',
    { ConditionExpression: 'n = n', ExpressionAttributeValues: {} },
    'ExpressionAttributeValues must not be empty',
  ],
  ['an empty expression', { ConditionExpression: '' }, 'The expression can not be empty'],
  ['a syntax error', { ConditionExpression: 'n = = n' }, 'Syntax error; token: "="'],
  ['an operand that is missing', { ConditionExpression: 'n =' }, 'Syntax error; token: "<EOF>"'],
  ['more than an expression', { ConditionExpression: 'n = n n' }, 'Syntax error; token: "n"'],
  ['a parenthesis that is not closed', { ConditionExpression: '(n = n' }, 'Syntax error; token: "<EOF>"'],
  ['an operator for a name', { ConditionExpression: 'attribute_exists(=)' }, 'Syntax error; token: "="'],
  ['a sign that is none', { ConditionExpression: 'n ! n' }, 'Syntax error; token: "!"'],
  [
    'an unknown function',
    { ConditionExpression: 'is_well(n)' },
    'Invalid ConditionExpression: Invalid function name; function: is_well',
  ],
  [
    'a function of updates',
    { ConditionExpression: 'n = if_not_exists(n, n)' },
    'not allowed in a condition expression; function: if_not_exists',
  ],
  [
    'more than 100 choices',
    { ConditionExpression: `n IN (${Array.from({ length: 101 }, () => 'n').join(', ')})` },
    'too many operands; number of operands: 101',
  ],
])('Expressions: %s is a ValidationException', async (_what, more, message) => {
  await put({ pk: s('a'), n: n(1) });
  const outcome = put({ pk: s('a') }, more);
  await expect(outcome).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(outcome).rejects.toThrow(message);
});

test.each(['status', 'Value', 'ttl', 'name'])(
  'ReservedWords: %s stands in an expression only behind a placeholder',
  async (word) => {
    const plain = put({ pk: s('a') }, { ConditionExpression: `attribute_not_exists(${word})` });
    await expect(plain).rejects.toThrow('reserved keyword');
    await put(
      { pk: s('a') },
      { ConditionExpression: 'attribute_not_exists(#w)', ExpressionAttributeNames: { '#w': word } },
    );
  },
);

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
])(
  'an option of %s that is not modelled is refused by name, never ignored',
  async (operation, input, name) => {
    await expect(call(operation, input)).rejects.toThrow(name);
  },
);

test('a table with a property that is not modelled is refused, at any depth', () => {
  const table = (more: object) => ({
    TableName: 'other',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  });
  const create = (more: object) => () => account.create('AWS::DynamoDB::Table', 'Other', table(more));
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

test('API_TransactWriteItems: a condition check writes nothing; an update and a put go together', async () => {
  await put({ pk: s('claim'), n: n(1) });
  const check = { TableName: 't', Key: { pk: s('claim') }, ConditionExpression: 'attribute_exists(pk)' };
  const change = {
    TableName: 't',
    Key: { pk: s('a') },
    UpdateExpression: 'SET n = :n',
    ExpressionAttributeValues: { ':n': n(5) },
  };
  const made = { TableName: 't', Item: { pk: s('b') } };
  stream.length = 0;
  await call('TransactWriteItems', {
    TransactItems: [{ ConditionCheck: check }, { Update: change }, { Put: made }],
  });
  expect([await get('a'), await get('b')]).toEqual([{ pk: s('a'), n: n(5) }, { pk: s('b') }]);
  expect(stream.map((record) => record.keys.pk.S)).toEqual(['a', 'b']);
});

test('API_TransactWriteItems: a reason holds the item when it is asked for', async () => {
  await put({ pk: s('b'), n: n(1) });
  const refused = { Item: { pk: s('b') }, ConditionExpression: 'attribute_not_exists(pk)' };
  const reasons = async (more: Payload) => {
    const error = await transaction({ ...refused, ...more }, { Item: { pk: s('a') } }).catch((it) => it);
    return error.details.CancellationReasons[0].Item;
  };
  expect(await reasons({})).toBeUndefined();
  expect(await reasons({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).toEqual({ pk: s('b'), n: n(1) });
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
  ['a check without a condition', [{ ConditionCheck: { Key: { pk: { S: 'a' } } } }]],
])('API_TransactWriteItems: %s is refused', async (_what, entries) => {
  const TransactItems = entries.map((entry) =>
    Object.fromEntries(Object.entries(entry).map(([kind, write]) => [kind, { TableName: 't', ...write }])),
  );
  await expect(call('TransactWriteItems', { TransactItems })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  expect(service.items('t')).toEqual([]);
});

test('API_TransactWriteItems: an action that is not modelled is refused by name', async () => {
  const TransactItems = [{ Delete: { TableName: 't', Key: { pk: s('a') } } }];
  await expect(call('TransactWriteItems', { TransactItems })).rejects.toThrow('Delete');
});

test('API_TransactWriteItems: the same token and request is done once; another request under it is refused', async () => {
  const once = { Item: { pk: s('a') }, ConditionExpression: 'attribute_not_exists(pk)' };
  const token = { ClientRequestToken: 'token' };
  await transaction(once, { Item: { pk: s('b') } }, token);
  await transaction(once, { Item: { pk: s('b') } }, token);
  expect(stream).toHaveLength(2);
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
  await account.clock.run(account.clock.now() + 10 * 60_000 + 1);
  await expect(transaction(once, { Item: { pk: s('c') } }, token)).rejects.toThrow('ConditionalCheckFailed');
});

/** A transaction on `a` and `b` that is under way, and how it ends. */
async function underWay() {
  await put({ pk: s('a'), n: n(1) });
  const ended = account.call(operator, 'dynamodb', 'TransactWriteItems', {
    TransactItems: [
      { Put: { TableName: 't', Item: { pk: s('a'), n: n(2) } } },
      {
        ConditionCheck: {
          TableName: 't',
          Key: { pk: s('b') },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ],
  });
  // The call takes a millisecond in this account, the transaction at least one more.
  await account.clock.run(account.clock.now() + 1);
  const direct = (operation: string, input: Payload) =>
    service.operations[operation]?.run({ TableName: 't', ...input }, operator);
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
  expect(direct('GetItem', { Key: { pk: s('a') }, ConsistentRead: true })).toEqual({
    Item: { pk: s('a'), n: n(1) },
  });
  expect(direct('PutItem', { Item: { pk: s('another') } })).toEqual({});
  await account.done(ended);
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
  await account.done(ended);
  expect([(await get('a')).n, await get('c')]).toEqual([n(2), undefined]);
});

test('Service Authorization Reference: every call, and every part of a transaction, is asked for with its item’s key', async () => {
  account.asked.length = 0;
  await get('a');
  await update('SET n = :n', { ':n': n(1) });
  await transaction({ Item: { pk: s('a') } }, { Item: { pk: s('b') } });
  await due();
  const arn = 'arn:aws:dynamodb:eu-west-2:111122223333:table/t';
  expect(account.asked).toEqual([
    { action: 'dynamodb:GetItem', resource: arn, leadingKeys: ['a'] },
    { action: 'dynamodb:UpdateItem', resource: arn, leadingKeys: ['a'] },
    { action: 'dynamodb:PutItem', resource: arn, leadingKeys: ['a'] },
    { action: 'dynamodb:PutItem', resource: arn, leadingKeys: ['b'] },
    // Of an index, the partition key is the index's own.
    { action: 'dynamodb:Query', resource: `${arn}/index/due`, leadingKeys: ['claim'] },
  ]);
});

const due = () =>
  call('Query', {
    IndexName: 'due',
    KeyConditionExpression: 'dueOn = :on AND dueAt <= :now',
    ExpressionAttributeValues: { ':on': s('claim'), ':now': s('5') },
  });
const duePks = async () => (await due()).Items.map((item: Payload) => item.pk.S);
const settle = () => account.clock.run(account.clock.now() + 1000);

test('GSI: sparse, ordered by the range key, and items appear and disappear', async () => {
  await put({ pk: s('later'), dueOn: s('claim'), dueAt: s('4') });
  await put({ pk: s('sooner'), dueOn: s('claim'), dueAt: s('2') });
  await put({ pk: s('not due'), dueOn: s('claim'), dueAt: s('6') });
  await put({ pk: s('another'), dueOn: s('alert'), dueAt: s('1') });
  await put({ pk: s('without the range key'), dueOn: s('claim') });
  await put({ pk: s('not indexed') });
  await settle();
  expect(await duePks()).toEqual(['sooner', 'later']);
  await put({ pk: s('sooner') });
  await settle();
  expect(await duePks()).toEqual(['later']);
  await update('SET dueOn = :on, dueAt = :at', { ':on': s('claim'), ':at': s('3') });
  await settle();
  expect(await duePks()).toEqual(['a', 'later']);
});

test('GSI: lags behind the table by up to a second, both ways, when the table itself is read consistently', async () => {
  let missing = 0;
  let left = 0;
  for (let round = 0; round < 20; round++) {
    await put({ pk: s('a'), dueOn: s('claim'), dueAt: s('1') });
    if (!(await duePks()).includes('a')) missing++;
    await settle();
    expect(await duePks()).toEqual(['a']);
    await put({ pk: s('a') });
    if ((await duePks()).includes('a')) left++;
    expect(await get('a')).toEqual({ pk: s('a') });
    await settle();
    expect(await duePks()).toEqual([]);
  }
  expect([missing > 0, left > 0]).toEqual([true, true]);
});

test('Query.Pagination: the next page begins behind the last key, also when that item has left the index', async () => {
  for (const at of ['1', '2', '3', '4']) await put({ pk: s(at), dueOn: s('claim'), dueAt: s(at) });
  await settle();
  const input = {
    IndexName: 'due',
    KeyConditionExpression: 'dueOn = :on',
    ExpressionAttributeValues: { ':on': s('claim') },
  };
  for (const [ScanIndexForward, rest] of [
    [true, ['3', '4']],
    [false, ['2', '1']],
  ] as const) {
    const first = await call('Query', { ...input, ScanIndexForward, Limit: 2 });
    const last = first.LastEvaluatedKey.pk.S;
    await put({ pk: s(last) });
    await settle();
    const second = await call('Query', {
      ...input,
      ScanIndexForward,
      ExclusiveStartKey: first.LastEvaluatedKey,
    });
    expect(second.Items.map((item: Payload) => item.pk.S)).toEqual(rest);
    await put({ pk: s(last), dueOn: s('claim'), dueAt: s(last) });
    await settle();
  }
});

test.each([
  ['no hash key', 'dueAt <= :now', { ':now': s('5') }],
  ['a hash key that is not given whole', 'dueOn >= :on', { ':on': s('a') }],
  ['another attribute', 'dueOn = :on AND n = :n', { ':on': s('a'), ':n': n(1) }],
  ['an alternative', 'dueOn = :on OR dueAt = :on', { ':on': s('a') }],
])('Query.KeyConditionExpressions: %s is refused', async (_what, KeyConditionExpression, values) => {
  const input = { IndexName: 'due', KeyConditionExpression, ExpressionAttributeValues: values };
  await expect(call('Query', input)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('Query.Pagination: a page is 1 MB; the pages together hold every item once', async () => {
  for (let index = 0; index < 8; index++)
    await put({
      pk: s(`${index}`),
      dueOn: s('claim'),
      dueAt: s(`${index}`),
      big: s('x'.repeat(300 * 1024)),
    });
  await settle();
  const pages: string[][] = [];
  for (let ExclusiveStartKey: Payload; ; ) {
    const page = await call('Query', {
      IndexName: 'due',
      KeyConditionExpression: 'dueOn = :on',
      ExpressionAttributeValues: { ':on': s('claim') },
      ...(ExclusiveStartKey && { ExclusiveStartKey }),
    });
    pages.push(page.Items.map((item: Payload) => item.pk.S));
    ExclusiveStartKey = page.LastEvaluatedKey;
    if (!ExclusiveStartKey) break;
  }
  expect(pages.map((page) => page.length)).toEqual([4, 4]);
  expect(pages.flat()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
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

test('Streams: the order of the attributes is no change', async () => {
  await put({ pk: s('a'), n: n(1), map: { M: { x: n(1), y: n(2) } } });
  await put({ map: { M: { y: n(2), x: n(1) } }, n: n(1), pk: s('a') });
  expect(stream).toHaveLength(1);
});

test('Streams: a write that is refused leaves no record, and numbers rise', async () => {
  await put({ pk: s('a') });
  await put({ pk: s('a') }, { ConditionExpression: 'attribute_not_exists(pk)' }).catch(() => undefined);
  await put({ pk: s('b') });
  expect(stream.map((record) => record.keys.pk.S)).toEqual(['a', 'b']);
  expect((stream[0]?.sequenceNumber ?? '') < (stream[1]?.sequenceNumber ?? '')).toBe(true);
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
