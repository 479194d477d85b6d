import { beforeEach, expect, test, vi } from 'vitest';
import { rememberContacts } from '../../../../handlers/aws/dynamodb/contact-store.ts';
import { logger } from '../../../../handlers/runtime/logger.ts';
import { LocalAws } from '../../../local-aws.ts';
import { aReadingAt } from '../../alert/builders.ts';

const pk = 'CONTACTS#bp-1';
let aws: LocalAws;
beforeEach(() => {
  vi.restoreAllMocks();
  vi.spyOn(logger, 'error').mockReturnValue();
  aws = new LocalAws();
});

test.each([
  ['between two numbers', 2.5, 3],
  ['a text', '7', 8],
  ['no number at all', { is: 1 }, 1],
  ['missing', undefined, 1],
])('a version that is %s is left behind with the first write', async (_what, version, next) => {
  aws.items.set(pk, { kind: 'contacts', deviceId: 'bp-1', heard: [], version });
  for (const minutes of [0, 15]) await rememberContacts(aws.tableName, 'bp-1', [aReadingAt(minutes)]);
  expect(aws.items.get(pk)).toMatchObject({ version: next + 1, heard: [{}, {}] });
  expect(logger.error).toHaveBeenCalledOnce();
});

const heard = (minutes: number) => rememberContacts(aws.tableName, 'bp-1', [aReadingAt(minutes)]);
test('a contact that lasts is not written each minute', async () => {
  for (const minutes of [0, 1, 2, 3, 4, 5, 6]) {
    const contacts = await heard(minutes);
    expect(contacts?.heard).toMatchObject([
      { from: aReadingAt(0).arrivedAt, to: aReadingAt(minutes).arrivedAt },
    ]);
  }
  expect(aws.writes).toEqual([`Put ${pk}`, `Put ${pk}`, `Put ${pk}`]);
});

test('where a clock may be wrong, each delay is written', async () => {
  for (const minutes of [0, 1, 2]) {
    const { arrivedAt } = aReadingAt(minutes);
    await rememberContacts(aws.tableName, 'bp-1', [{ arrivedAt, measuredAt: aReadingAt(-10).arrivedAt }]);
  }
  expect(aws.writes).toHaveLength(3);
});
