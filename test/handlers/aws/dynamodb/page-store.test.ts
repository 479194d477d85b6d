import { beforeEach, expect, test, vi } from 'vitest';
import { newPage } from '../../../../handlers/alert/page.ts';
import { countFailure, putPageOnce, signOut } from '../../../../handlers/aws/dynamodb/page-store.ts';
import { LocalAws } from '../../../local-aws.ts';
import { aPagedAlert, at, minute, nurse } from '../../alert/builders.ts';

const page = newPage(aPagedAlert(), 'p'.repeat(22), nurse.id, at(0));
const conditionFailed = { name: 'ConditionalCheckFailedException' };
let aws: LocalAws;
beforeEach(() => {
  vi.restoreAllMocks();
  aws = new LocalAws();
});

test('a page that is put again, for a reminder, keeps the wrong PINs and the sign-out that happened on it', async () => {
  await putPageOnce(aws.tableName, page);
  await countFailure(aws.tableName, page.pk);
  await signOut(aws.tableName, page.pk, nurse.id, minute(1));
  const before = structuredClone(aws.items.get(page.pk));
  expect(before).toMatchObject({ wrongPins: 1, [`signedOut ${nurse.id}`]: minute(1) });
  await putPageOnce(aws.tableName, page);
  expect(aws.items.get(page.pk)).toEqual(before);
});

test.each([
  ['whose alert it asks about', { alertKey: 7 }, 1],
  ['how many PINs failed', { wrongPins: 'many' }, 0],
])(
  'a page that cannot say %s is put in order by the reminder that sends its link again',
  async (_what, broken, wrongPins) => {
    await putPageOnce(aws.tableName, page);
    await countFailure(aws.tableName, page.pk);
    await signOut(aws.tableName, page.pk, nurse.id, minute(1));
    const before = aws.items.get(page.pk);
    aws.items.set(page.pk, { ...before, ...broken });
    await putPageOnce(aws.tableName, page);
    expect(aws.items.get(page.pk)).toEqual({ ...before, wrongPins });
  },
);

test('a PIN that fails on it meanwhile is counted: the page is put in order by the next reminder', async () => {
  aws.items.set(page.pk, { ...page, alertKey: 7 });
  let puts = 0;
  aws.before = (call) => {
    if (call.startsWith('Put') && ++puts === 2)
      aws.items.set(page.pk, { ...page, alertKey: 7, wrongPins: 1 });
    return undefined;
  };
  await putPageOnce(aws.tableName, page);
  await putPageOnce(aws.tableName, page);
  expect(aws.items.get(page.pk)).toEqual({ ...page, wrongPins: 1 });
});

test('failures are counted one by one', async () => {
  await putPageOnce(aws.tableName, page);
  expect(await countFailure(aws.tableName, page.pk)).toBe(1);
  expect(await countFailure(aws.tableName, page.pk)).toBe(2);
});

test('a page that expired meanwhile is not brought back as a stump, which would never expire', async () => {
  await expect(countFailure(aws.tableName, page.pk)).rejects.toMatchObject(conditionFailed);
  await expect(signOut(aws.tableName, page.pk, nurse.id, minute(1))).rejects.toMatchObject(conditionFailed);
  expect(aws.items.get(page.pk)).toBeUndefined();
});
