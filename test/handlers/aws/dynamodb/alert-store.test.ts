import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newPage } from '../../../../handlers/alert/page.ts';
import { readAlert, readStoredAlert } from '../../../../handlers/aws/dynamodb/alert-store.ts';
import { readClaim } from '../../../../handlers/aws/dynamodb/claim-store.ts';
import { ItemInvalid } from '../../../../handlers/aws/dynamodb/item.ts';
import { readPage } from '../../../../handlers/aws/dynamodb/page-store.ts';
import { AlertingAws } from '../../alert/alerting-aws.ts';
import { aClaim, aClosedAlert, anAlert, aPagedAlert, nurse, START, stored } from '../../alert/builders.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
});
afterEach(() => vi.restoreAllMocks());

const { pk } = anAlert();

test('a page is found by the id in its link', async () => {
  const page = newPage(aPagedAlert(), 'abc', nurse.id, START);
  aws.put(page);
  expect(await readPage(aws.tableName, 'abc')).toEqual(page);
  expect(await readPage(aws.tableName, 'xyz')).toBeUndefined();
});

test.each([
  ['open', aPagedAlert()],
  ['closed', aClosedAlert()],
])('an alert that is %s is read as it was written, and the token beside it', async (_what, alert) => {
  aws.put(stored(alert, 'token-7'));
  expect(await readStoredAlert(aws.tableName, pk)).toEqual({ alert, token: 'token-7' });
  expect(await readAlert(aws.tableName, pk)).toEqual(alert);
  expect(await readAlert(aws.tableName, 'PATIENT#another')).toBeUndefined();
});

test('what no longer parses is an error that names the item and its field, and nothing that stands in it', async () => {
  const { worst: _worst, ...alert } = stored(aPagedAlert({ reference: 'SECRET' }));
  aws.items.set(pk, alert);
  const read = readAlert(aws.tableName, pk);
  await expect(read).rejects.toThrow(ItemInvalid);
  await expect(read).rejects.toThrow(`The item ${pk} does not parse: worst`);
  await expect(read).rejects.not.toThrow('SECRET');
  const claim = aClaim();
  aws.items.set(claim.pk, { ...claim, dueAt: undefined });
  await expect(readClaim(aws.tableName, claim.readingId)).rejects.toThrow(
    /READING#3f9a0c21b7de4455aa.*dueAt/,
  );
});
