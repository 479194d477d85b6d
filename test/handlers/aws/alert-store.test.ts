import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newPage } from '../../../handlers/alert/page.ts';
import { readAlert, readClaim, readPage, readStoredAlert } from '../../../handlers/aws/alert-store.ts';
import { ItemInvalid } from '../../../handlers/aws/item.ts';
import { aClaim, aClosedAlert, anAlert, aPagedAlert, nurse, START, stored } from '../alert/builders.ts';
import { type FakeAws, fakeAws } from '../alert/fake-aws.ts';

let aws: FakeAws;
beforeEach(() => {
  aws = fakeAws();
});
afterEach(() => vi.restoreAllMocks());

const { pk } = anAlert();

test('a page is found by the id in its link', async () => {
  const page = newPage(aPagedAlert(), 'abc', nurse.id, START);
  aws.put(page);
  expect(await readPage('table', 'abc')).toEqual(page);
  expect(await readPage('table', 'xyz')).toBeUndefined();
});

test.each([
  ['open', aPagedAlert()],
  ['closed', aClosedAlert()],
])('an alert that is %s is read as it was written, and the token beside it', async (_what, alert) => {
  aws.put(stored(alert, 'token-7'));
  expect(await readStoredAlert('table', pk)).toEqual({ alert, token: 'token-7' });
  expect(await readAlert('table', pk)).toEqual(alert);
  expect(await readAlert('table', 'PATIENT#another')).toBeUndefined();
});

test('what no longer parses is an error that names the item and its field, and nothing that stands in it', async () => {
  const { owner: _owner, ...alert } = stored(aPagedAlert({ reference: 'SECRET' }));
  aws.items.set(pk, alert);
  const read = readAlert('table', pk);
  await expect(read).rejects.toThrow(ItemInvalid);
  await expect(read).rejects.toThrow(`The item ${pk} does not parse: owner`);
  await expect(read).rejects.not.toThrow('SECRET');
  const claim = aClaim();
  aws.items.set(claim.pk, { ...claim, dueAt: undefined });
  await expect(readClaim('table', claim.readingId)).rejects.toThrow(/READING#3f9a0c21b7de4455aa.*dueAt/);
});
