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
