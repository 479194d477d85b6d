/** DynamoDB's queries of an index, as https://docs.aws.amazon.com/amazondynamodb/latest/ has them (pages named by each test). */
import { expect, test } from 'vitest';
import type { Payload } from '../../../../../infra/local/engine/service.ts';
import { aTable, n, s } from './table.ts';

const table = aTable();
const { call, due, get, put, update } = table;

const duePks = async () => (await due()).Items.map((item: Payload) => item.pk.S);
const settle = () => table.account.clock.run(table.account.clock.now() + 1000);

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
  await put({ pk: s('2') });
  await settle();
  const { Items } = await call('Query', {
    IndexName: 'due',
    KeyConditionExpression: 'dueOn = :on',
    ExpressionAttributeValues: { ':on': s('claim') },
    ExclusiveStartKey: { pk: s('2'), dueOn: s('claim'), dueAt: s('2') },
  });
  expect(Items.map((item: Payload) => item.pk.S)).toEqual(['3', '4']);
});

test.each([
  ['no hash key', 'dueAt <= :now', { ':now': s('5') }],
  ['a hash key that is not given whole', 'dueOn <= :on', { ':on': s('a') }],
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

test('Scan: the whole table page by page, each filtered behind its reading, so that an empty one may have more behind it', async () => {
  for (let index = 0; index < 120; index++) await put({ pk: s(`x-${index}`), kind: s('turn') });
  await put({ pk: s('last'), kind: s('alert') });
  const found: Payload[] = [];
  let ExclusiveStartKey: Payload | undefined;
  let pages = 0;
  do {
    const page = await call('Scan', {
      FilterExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': s('alert') },
      ...(ExclusiveStartKey && { ExclusiveStartKey }),
    });
    found.push(...page.Items);
    pages++;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  expect(found.map(({ pk }) => pk.S)).toEqual(['last']);
  expect(pages).toBeGreaterThan(2);
  await expect(call('Scan', { Limit: 1 })).rejects.toThrow('Limit');
});
