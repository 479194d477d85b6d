import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newPage } from '../../../../handlers/alert/page.ts';
import { readAlert, readStoredAlert } from '../../../../handlers/aws/dynamodb/alert-store.ts';
import { readClaim } from '../../../../handlers/aws/dynamodb/claim-store.ts';
import { rememberContacts } from '../../../../handlers/aws/dynamodb/contact-store.ts';
import { ItemInvalid } from '../../../../handlers/aws/dynamodb/item.ts';
import { readPage } from '../../../../handlers/aws/dynamodb/page-store.ts';
import { logger } from '../../../../handlers/runtime/logger.ts';
import { AlertingAws } from '../../alert/alerting-aws.ts';
import {
  aClaim,
  aClosedAlert,
  anAlert,
  aPagedAlert,
  aReadingAt,
  nurse,
  START,
  stored,
} from '../../alert/builders.ts';

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

test('a key that is a secret, or anybody’s text, stands in logs and messages as its hash', async () => {
  const link = 's'.repeat(22);
  const error = vi.spyOn(logger, 'error').mockReturnValue();
  aws.items.set(`PAGE#${link}`, { pageId: 7 });
  await expect(readPage(aws.tableName, link)).rejects.toThrow(/The item PAGE#[0-9a-f]{32} does not parse/);
  aws.items.set('CONTACTS#Ada Lovelace\n', { version: 1 });
  await rememberContacts(aws.tableName, 'Ada Lovelace\n', [aReadingAt(0)]);
  expect(error.mock.calls).toEqual([
    ['item-invalid', { item: expect.stringMatching(/^PAGE#[0-9a-f]{32}$/), fields: expect.anything() }],
    ['item-invalid', { item: expect.stringMatching(/^CONTACTS#[0-9a-f]{32}$/), fields: expect.anything() }],
  ]);
  expect(JSON.stringify(error.mock.calls)).not.toMatch(/sss|Lovelace/);
});
