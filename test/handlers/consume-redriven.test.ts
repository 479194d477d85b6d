/** What the consumer makes of records that are put into the stream again, days after they first came. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { recheck } from '../../handlers/alert/recovery.ts';
import { asRedriven } from '../../handlers/reading/redriven.ts';
import type { Vitals } from '../../handlers/reading/vitals.ts';
import type { LocalAws } from '../local-aws.ts';
import { anOwnedAlert } from './alert/builders.ts';
import { bytesOf, hospital } from './reading/builders.ts';
import { aConsumer, consume, critical, measured, metricsCounted, noon, record } from './reading/consumer.ts';

const { loadRoster, loadIdentityKey } = vi.hoisted(() => ({ loadRoster: vi.fn(), loadIdentityKey: vi.fn() }));
vi.mock('../../handlers/aws/s3/roster-store.ts', () => ({ loadRoster }));
vi.mock('../../handlers/aws/secrets.ts', () => ({ loadIdentityKey }));

const consumer = aConsumer({ loadRoster, loadIdentityKey });
const { claims } = consumer;
let aws: LocalAws;
beforeEach(() => {
  aws = consumer.aws;
  const devices = hospital.devices.map((device) => ({ ...device, fixed: true }));
  loadRoster.mockResolvedValue({ ...hospital, devices });
});

const WEEK_MINUTES = 7 * 24 * 60;
const minute = (minutes: number) => new Date(noon + minutes * 60_000).toISOString();
const aWeekAgo = minute(-WEEK_MINUTES);
/** It first came a week ago, and again now. */
const redriven = (sequenceNumber: string, content: unknown) => {
  const bytes = content instanceof Uint8Array ? content : bytesOf(content);
  return record(sequenceNumber, asRedriven(bytes, aWeekAgo));
};
const vitals = (patientId: string) => aws.items.get(`VITALS#${patientId}`) as unknown as Vitals;

describe('a week-old reading', () => {
  const owner = { acceptedAt: minute(-15), attendedAt: minute(-15) };
  const owned = anOwnedAlert({ alarmedAt: minute(-20), owner });

  test.each([
    ['that says no time', { id: 'bp-1', systolic: 120, diastolic: 80 }, '#bp-1'],
    ['that says its time', measured(WEEK_MINUTES), 'patient-1'],
    ['whose time is wrong', measured(5), 'patient-1'],
  ])('%s, and does not alarm, shows no recovery', async (_what, content, patientId) => {
    await consume(redriven('1', content));
    expect(vitals(patientId).recent).toMatchObject([{ severity: 'normal', questionable: true }]);
    expect(recheck(owned, vitals(patientId).recent)).toBe('noGoodMeasurement');
  });

  test('as the same would that comes now', async () => {
    await consume(record('1', { id: 'bp-1', systolic: 120, diastolic: 80 }));
    expect(recheck(owned, vitals('#bp-1').recent)).toBe('recovered');
  });

  test('that alarms is raised, and moves nobody to where it was taken a week ago', async () => {
    await consume(redriven('1', { id: 'bp-1', ...critical }));
    expect(claims()).toMatchObject([{ level: 'critical', arrivedAt: minute(0), placedAt: aWeekAgo }]);
    expect(vitals('#bp-1').recent).toMatchObject([{ measuredAt: aWeekAgo, arrivedAt: minute(0) }]);
  });
});

test('what still cannot be read is kept with when it first came, however often it is sent', async () => {
  await consume(redriven('1', Buffer.from('{"deviceId": "bp-1", "systolic":')));
  const kept = [...aws.objects]
    .filter(([key]) => key.startsWith('quarantine/'))
    .map(([, body]) => String(body));
  const bytes = kept.map((body) => Buffer.from(JSON.parse(body).bytes_base64, 'base64').toString());
  expect(bytes).toEqual([`vigil-redriven ${aWeekAgo}\n{"deviceId": "bp-1", "systolic":`]);
  expect(Buffer.from(asRedriven(Buffer.from(bytes.join('')), minute(0))).toString()).toBe(bytes.join(''));
});

describe('of its device', () => {
  const faults = () => aws.items.get('CONTACTS#bp-1')?.faults;

  test('it says nothing: it ends no silence and no fault, contradicts no clock, and its ward is not heard', async () => {
    await consume(record('1', { id: 'bp-1', systolic: 118, diastolic: 76 }, noon - 3 * 86_400_000));
    const lasting = { silent: { since: minute(-60) }, unreadable: { since: minute(-50) } };
    const known = { ...aws.items.get('CONTACTS#bp-1'), faults: lasting };
    const ward = aws.items.get('FEED#ward-001');
    aws.items.set('CONTACTS#bp-1', known as never);
    expect(await consume(redriven('2', measured(WEEK_MINUTES)), redriven('3', measured(5)))).toEqual([]);
    await consume(redriven('4', measured(WEEK_MINUTES, { quality: 'demo' })));
    expect(aws.items.get('CONTACTS#bp-1')).toEqual(known);
    expect(aws.items.get('FEED#ward-001')).toEqual(ward);
    expect(consumer.faultClaims()).toEqual([]);
    expect(metricsCounted()).toEqual([]);
  });

  test('nor does it when it cannot be read, still: it is kept and counted', async () => {
    await consume(
      redriven('1', Buffer.from('{"deviceId": "bp-1"')),
      redriven('2', { id: 'bp-1', systolic: 255, diastolic: 255 }),
    );
    expect([faults(), consumer.faultClaims()]).toEqual([undefined, []]);
    expect(metricsCounted()).toEqual(['ReadingsQuarantined', 'ReadingsRefused']);
  });
});
