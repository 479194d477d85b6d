import { beforeEach, expect, test, vi } from 'vitest';
import { newPage } from '../../../handlers/alert/page.ts';
import { countFailure, putPageOnce, signOut } from '../../../handlers/aws/page-store.ts';
import { aPagedAlert, at, minute, nurse } from '../alert/builders.ts';
import { aRoster } from '../on-call/builders.ts';
import { type FakeAws, fakeAws } from './fake-aws.ts';

const page = newPage(aPagedAlert(), 'p'.repeat(22), nurse.id, at(0));
const conditionFailed = { name: 'ConditionalCheckFailedException' };
let aws: FakeAws;
beforeEach(() => {
  vi.restoreAllMocks();
  aws = fakeAws(aRoster());
});

test('a page that is put again, for a reminder, keeps the wrong PINs and the sign-out that happened on it', async () => {
  await putPageOnce('table', page);
  await countFailure('table', page.pk);
  await signOut('table', page.pk, nurse.id, minute(1));
  const before = structuredClone(aws.items.get(page.pk));
  expect(before).toMatchObject({ wrongPins: 1, [`signedOut ${nurse.id}`]: minute(1) });
  await putPageOnce('table', page);
  expect(aws.items.get(page.pk)).toEqual(before);
});

test('failures are counted one by one', async () => {
  await putPageOnce('table', page);
  expect(await countFailure('table', page.pk)).toBe(1);
  expect(await countFailure('table', page.pk)).toBe(2);
});

test('a page that expired meanwhile is not brought back as a stump, which would never expire', async () => {
  await expect(countFailure('table', page.pk)).rejects.toMatchObject(conditionFailed);
  await expect(signOut('table', page.pk, nurse.id, minute(1))).rejects.toMatchObject(conditionFailed);
  expect(aws.items.get(page.pk)).toBeUndefined();
});
