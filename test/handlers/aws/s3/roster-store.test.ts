import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { s3Client } from '../../../../handlers/aws/clients.ts';
import { loadRoster } from '../../../../handlers/aws/s3/roster-store.ts';
import { ROSTER_KEY } from '../../../../handlers/on-call/roster.ts';
import { logger, metrics } from '../../../../handlers/runtime/logger.ts';
import { LocalAws, silence } from '../../../local-aws.ts';
import { aRoster } from '../../on-call/builders.ts';

const roster = aRoster();
let aws: LocalAws;
let counted: string[];
beforeEach(() => {
  aws = new LocalAws(roster);
  counted = [];
  vi.spyOn(logger, 'error').mockReturnValue();
  const single = { addMetric: (name: string) => counted.push(name) };
  vi.spyOn(metrics, 'singleMetric').mockReturnValue(single as never);
});
afterEach(() => vi.restoreAllMocks());

const bucket = () => process.env.ROSTER_BUCKET ?? '';
const publish = (Body: string) =>
  s3Client().send(new PutObjectCommand({ Bucket: bucket(), Key: ROSTER_KEY, Body }));
const [first] = roster.clinicians;
const broken = { ...roster, clinicians: [{ ...first, email: 'Amara Whitlock', pin: 204817 }] };

test.each([
  [
    'no longer parses',
    JSON.stringify(broken),
    { error: 'RosterError', fields: ['clinicians[0].email', 'clinicians[0]'] },
  ],
  ['is no JSON', '{"pin": 204817', { error: 'RosterError', fields: [] }],
])(
  'a published roster that %s: the one that is known stays, and the log names fields, and nothing that stands in them',
  async (_what, text, logged) => {
    const known = await loadRoster(bucket(), 0);
    await publish(text);
    expect(await loadRoster(bucket(), 60_000)).toEqual(known);
    expect(logger.error).toHaveBeenCalledExactlyOnceWith('roster-not-renewed', logged);
    expect(JSON.stringify(vi.mocked(logger.error).mock.calls)).not.toMatch(/204817|Whitlock/);
    expect(counted).toEqual(['RosterNotRenewed']);
    await publish(JSON.stringify(roster));
    await loadRoster(bucket(), 65_000);
    expect(counted).toHaveLength(1);
  },
);

test('the first roster that a function reads is an error that it fails with, and is told of in the same way', async () => {
  await publish('none');
  await expect(loadRoster(bucket(), 0)).rejects.toThrow('not JSON');
  expect(counted).toEqual(['RosterNotRenewed']);
});

test('a roster that cannot be renewed is asked for again five seconds later, not by everything in between', async () => {
  const known = await loadRoster(bucket(), 0);
  aws.before = () => silence();
  const asked = () => aws.calls.filter((call) => call.startsWith('GetObject')).length;
  for (const at of [60_000, 60_001, 64_999]) expect(await loadRoster(bucket(), at)).toEqual(known);
  expect(asked()).toBe(2);
  await loadRoster(bucket(), 65_000);
  expect(asked()).toBe(3);
  aws.before = () => undefined;
  const changed = { ...roster, zone: 'Europe/Paris' };
  await publish(JSON.stringify(changed));
  expect(await loadRoster(bucket(), 70_000)).toMatchObject({ zone: 'Europe/Paris' });
});

test('what S3 does not give is told by its name', async () => {
  await loadRoster(bucket(), 0);
  aws.before = () => silence();
  await loadRoster(bucket(), 60_000);
  expect(logger.error).toHaveBeenCalledExactlyOnceWith('roster-not-renewed', {
    error: 'InternalServerError',
  });
});
