/** The sweeper's minute asks whoever has begun a shift, once, whatever fails and whichever minute is missed. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fulfilled, type UnfulfilledClaim } from '../../handlers/alert/claim.ts';
import { logger, metrics } from '../../handlers/runtime/logger.ts';
import { handler } from '../../handlers/sweep-overdue.ts';
import { silence } from '../local-aws.ts';
import { AlertingAws, first } from './alert/alerting-aws.ts';
import { aClaim, minute } from './alert/builders.ts';
import { aRoster, restore, settle } from './alert/function-settings.ts';

const shift = '2026-11-24T07:00:00.000Z';
const after = (seconds: number) => new Date(Date.parse(shift) + seconds * 1000).toISOString();

let aws: AlertingAws;
let counted: string[];
beforeEach(() => {
  aws = new AlertingAws();
  counted = [];
  vi.spyOn(metrics, 'addMetric').mockImplementation((name: string) => {
    counted.push(name);
    return metrics;
  });
  vi.spyOn(logger, 'error').mockImplementation(() => {});
});
afterEach(restore);

/** nurse-1 and nurse-2 take turns, a day each. */
const turns = aRoster({
  wards: [{ id: 'ward-001', name: 'Ward 1', checkIn: true }],
  rotations: aRoster().rotations.map((one) =>
    one.role === 'nurse' ? { ...one, order: ['nurse-1', 'nurse-2'] } : one,
  ),
});
const runAt = (seconds: number) => {
  vi.setSystemTime(Date.parse(after(seconds)));
  return handler({});
};
const asked = () => [...aws.executions.values()].map(({ alertKey }) => alertKey);

beforeEach(() => settle(aws, after(-30), turns));

test('whoever begins is claimed and started in the first minute, and in no other', async () => {
  await runAt(-1);
  expect(asked()).toEqual([]);
  expect(await runAt(20)).toEqual({ raised: 0, failed: 0 });
  expect(asked()).toEqual([expect.stringMatching(/^CHECKIN#ward-001#nurse#[0-9a-f]{32}$/)]);
  expect(counted).toEqual(['SweeperRan', 'SweeperRan']);
  const [claim] = aws.items.values().filter(({ kind }) => kind === 'claim');
  aws.put(fulfilled(claim as UnfulfilledClaim, 'alert-1'));
  for (let run = 1; run < 15; run++) await runAt(20 + run * 60);
  expect(asked()).toHaveLength(1);
});

test('missed minutes are made up, with the time at which the shift began', async () => {
  await runAt(560);
  expect([...aws.executions.values()]).toMatchObject([
    { level: 'check-in', ward: 'ward-001', bed: null, arrivedAt: shift },
  ]);
});

test('a crash between claim and start is made good by the claim itself', async () => {
  aws.before = first(silence, 'StartExecution ');
  await runAt(20);
  expect(asked()).toEqual([]);
  await runAt(80);
  expect(asked()).toHaveLength(1);
});

test('a claim that cannot be written is tried again in the next minute', async () => {
  aws.before = first(silence, 'Put READING#');
  expect(await runAt(20)).toEqual({ raised: 0, failed: 1 });
  expect(counted).toContain('NotRaisedAgain');
  expect(await runAt(80)).toEqual({ raised: 0, failed: 0 });
  expect(asked()).toHaveLength(1);
});

test('without a roster what is overdue is raised all the same', async () => {
  aws.put(aClaim());
  vi.stubEnv('ROSTER_BUCKET', 'nowhere');
  expect(await runAt(20)).toEqual({ raised: 1, failed: 1 });
  expect(asked()).toEqual(['PATIENT#p-7']);
  expect(counted).toEqual(expect.arrayContaining(['SweeperRan', 'NotRaisedAgain']));
});

test('an execution that ends badly asks nobody', async () => {
  vi.setSystemTime(Date.parse(minute(240.5)));
  await handler({
    'detail-type': 'Step Functions Execution Status Change',
    detail: {
      name: 'it',
      status: 'FAILED',
      input: JSON.stringify({ readingId: 'r', alertKey: 'PATIENT#p-1' }),
    },
  });
  expect(asked()).toEqual([]);
});
