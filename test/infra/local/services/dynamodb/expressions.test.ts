/** DynamoDB's conditions and updates, as https://docs.aws.amazon.com/amazondynamodb/latest/ has them (pages named by each test). */
import { expect, test } from 'vitest';
import type { Payload } from '../../../../../infra/local/engine/service.ts';
import { aTable, n, s } from './table.ts';

const table = aTable();
const { get, put, update } = table;

test.each([
  ['n = :one AND #s = :open', true],
  ['n = :two OR #s = :open', true],
  ['n < :two AND n <= :one', true],
  ['n > :one', false],
  ['n = :two OR n = :one AND attribute_exists(#s)', true],
  ['n = :one OR n = :one AND attribute_not_exists(#s)', true],
  ['#s > :op', true],
  ['n = :open', false],
  ['attribute_not_exists(n)', false],
  ['tags = :tags', true],
  ['tags = :one', false],
  // An attribute that is not there is neither equal to anything, nor less, nor more.
  ['absent = :one', false],
  ['absent = absent', false],
  ['absent < :one', false],
  ['absent <= :one', false],
  ['absent > :one', false],
])('Expressions.OperatorsAndFunctions: %s is %s', async (ConditionExpression, holds) => {
  const tags = { L: [{ M: { n: n(1) } }] };
  await put({ pk: s('a'), n: n(1), status: s('open'), tags });
  const texts = { ':open': s('open'), ':op': s('op') };
  const all: Record<string, Payload> = { ':one': n(1), ':two': n(2), ':tags': tags, ...texts };
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

test.each([
  ['n <> n', '>'],
  ['n >= n', '='],
  ['NOT n = n', 'NOT'],
  ['n BETWEEN n AND n', 'BETWEEN'],
  ['n IN (n)', 'IN'],
  ['(n = n)', '('],
  ['begins_with(n, n)', 'begins_with'],
  ['contains(n, n)', 'contains'],
  ['size(n) = n', 'size'],
  ['nested.deep = n', '.'],
])('a condition that is not modelled is refused by name: %s', async (ConditionExpression, token) => {
  await expect(put({ pk: s('a') }, { ConditionExpression })).rejects.toThrow(token);
  expect(await get('a')).toBeUndefined();
});

test('Expressions.UpdateExpressions: SET, also of a sum, and ADD', async () => {
  await put({ pk: s('a'), n: n(1) });
  const { Attributes } = await update('SET n = n + :two, begun = :x ADD hits :two', {
    ':two': n(2),
    ':x': s('y'),
  });
  expect(Attributes).toEqual({ pk: s('a'), n: n(3), begun: s('y'), hits: n(2) });
});

test('Expressions.UpdateExpressions: REMOVE takes an attribute away, and is content when there is none', async () => {
  await put({ pk: s('a'), n: n(1), gone: n(2) });
  const { Attributes } = await update('SET n = :two REMOVE gone, absent', { ':two': n(2) });
  expect(Attributes).toEqual({ pk: s('a'), n: n(2) });
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

test.each([
  ['an attribute that is not there', 'SET n = absent', {}, 'does not exist in the item'],
  ['arithmetic with a text', 'SET n = n + :x', { ':x': s('x') }, 'incorrect data type'],
  ['a function', 'SET n = if_not_exists(n, n)', {}, 'not modelled; function: if_not_exists'],
  ['no expression', '', {}, 'Invalid UpdateExpression: The expression can not be empty'],
  ['a path into a map', 'SET absent.deep = :x', { ':x': s('x') }, 'not modelled; token: "."'],
  ['a difference', 'SET n = n - :x', { ':x': n(1) }, 'not modelled; token: "-"'],
  ['the key', 'SET pk = :x', { ':x': s('b') }, 'part of the key'],
  ['a clause given twice', 'SET n = :x SET m = :x', { ':x': n(1) }, 'can only be used once'],
  ['an attribute set twice', 'SET n = :x, n = :x', { ':x': n(1) }, 'overlap'],
  ['the same attribute in two clauses', 'SET n = :x ADD n :x', { ':x': n(1) }, 'overlap'],
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
    { ExpressionAttributeNames: { '#x': 'x' }, ConditionExpression: 'n < pk' },
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}',
  ],
  // `:xy` in the text is no use of `:x`.
  [
    'a value of which only a longer one is used',
    { ConditionExpression: 'n < :xy', ExpressionAttributeValues: { ':x': n(1), ':xy': n(2) } },
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
  ['a syntax error', { ConditionExpression: 'n = = n' }, 'token: "="'],
  ['an operand that is missing', { ConditionExpression: 'n =' }, 'token: "<EOF>"'],
  ['more than an expression', { ConditionExpression: 'n = n n' }, 'token: "n"'],
  ['a parenthesis that is not closed', { ConditionExpression: 'attribute_exists(n' }, 'token: "<EOF>"'],
  ['an operator for a name', { ConditionExpression: 'attribute_exists(=)' }, 'token: "="'],
  ['a sign that is none', { ConditionExpression: 'n ! n' }, 'token: "!"'],
  [
    'an unknown function',
    { ConditionExpression: 'is_well(n)' },
    'Invalid ConditionExpression: Invalid function name, or one that is not modelled; function: is_well',
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
