/** Faults of devices in the consumer: one claim for each device and kind while it lasts, and what ends it. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { isFaultOver } from '../../handlers/alert/fault-over.ts';
import type { Contacts } from '../../handlers/reading/contacts.ts';
import { silenceOf } from '../../handlers/reading/silent-devices.ts';
import type { LocalAws } from '../local-aws.ts';
import { aDeviceAlert, stored } from './alert/builders.ts';
import { anObservation } from './reading/builders.ts';
import {
  aConsumer,
  consume,
  critical,
  measured,
  metricsCounted,
  named,
  noon,
  record,
} from './reading/consumer.ts';

const { loadRoster, loadIdentityKey } = vi.hoisted(() => ({ loadRoster: vi.fn(), loadIdentityKey: vi.fn() }));
vi.mock('../../handlers/aws/s3/roster-store.ts', () => ({ loadRoster }));
vi.mock('../../handlers/aws/secrets.ts', () => ({ loadIdentityKey }));

const consumer = aConsumer({ loadRoster, loadIdentityKey });
const { claims, faultClaims } = consumer;
let aws: LocalAws;
beforeEach(() => {
  aws = consumer.aws;
});

const broken = Buffer.from('{"deviceId": "bp-1", "systolic": 185');
const minute = (minutes: number) => noon + minutes * 60_000;
const at = (minutes: number) => new Date(minute(minutes)).toISOString();
/** A good reading, measured when it arrives. */
const good = (sequenceNumber: string, minutes: number, said = {}) =>
  record(sequenceNumber, measured(-minutes, said), minute(minutes));
const bad = (sequenceNumber: string, minutes: number) => record(sequenceNumber, broken, minute(minutes));

const withdrawn = (minutes: number) =>
  anObservation({ status: 'entered-in-error', effectiveDateTime: at(minutes) });

const alertKeys = () => faultClaims().map(({ alertKey }) => alertKey);
const faults = (device = 'bp-1') => aws.items.get(`CONTACTS#${device}`)?.faults;
/** What bp-1's silence shows, if it counts as silent by then. */
const silence = (minutes: number) => {
  const contacts = aws.items.get('CONTACTS#bp-1') as unknown as Contacts;
  return silenceOf({ id: 'bp-1', silentAfterMinutes: 15 }, contacts, at(minutes))?.shows;
};

test('what cannot be read is claimed as the device’s that its key names, started, and then remembered', async () => {
  expect(await consume(bad('1', 0))).toEqual([]);
  const [claim] = faultClaims();
  expect(claim).toMatchObject({
    alertKey: 'DEVICE#bp-1#unreadable',
    patientId: null,
    place: { ward: 'ward-001', bed: '4', device: 'bp-1', deviceRegistered: true },
    placedAt: null,
    arrivedAt: at(0),
    executionName: expect.stringMatching(/^technical-ward-001-4-20261124T1200Z-[0-9a-f]{12}$/),
  });
  expect(aws.calls.slice(1)).toEqual([
    'Get CONTACTS#bp-1',
    `Put ${claim.pk}`,
    `StartExecution ${claim.executionName}`,
    'Get CONTACTS#bp-1',
    'Put CONTACTS#bp-1',
  ]);
  expect(faults()).toEqual({ unreadable: { since: at(0) } });
});

test.each([
  ['error codes in both values', { systolic: 255, diastolic: 255 }, 'errorCode'],
  ['no pressure', { systolic: null, diastolic: null }, 'unreadable'],
  ['demo mode', { ...critical, quality: 'demo' }, 'demoMode'],
  ['what the device calls invalid', { quality: 'invalid' }, 'invalid'],
  ['a clock that runs ahead', { measuredAt: at(7) }, 'clockOff'],
])('%s: a fault of its kind, and nobody is asked for the patient', async (_what, said, kind) => {
  await consume(record('1', measured(0, said)));
  expect(alertKeys()).toEqual([`DEVICE#bp-1#${kind}`]);
  expect(claims()).toEqual([]);
});

test.each([
  ['an invalid one that would be critical', { ...critical, quality: 'invalid' }],
  ['a suspect one', { systolic: 0, diastolic: 0 }],
  ['a test', { ...critical, quality: 'test' }],
])('%s is no fault', async (_what, said) => {
  await consume(record('1', measured(0, said)));
  expect(faultClaims()).toEqual([]);
});

test('a measurement that is withdrawn a day after it says nothing of the clock', async () => {
  await consume(record('1', withdrawn(-1500)));
  expect(faultClaims()).toEqual([]);
});

test('a critical reading of the same device has its own alert beside it, and comes first', async () => {
  await consume(bad('1', 0), record('2', measured(0, critical)));
  expect([...aws.executions.values()].map(({ alertKey }) => alertKey)).toEqual([
    'PATIENT#patient-1',
    'DEVICE#bp-1#unreadable',
  ]);
});

describe('while it lasts', () => {
  test('a flood of them costs one claim, and nothing is written any more', async () => {
    await consume(...Array.from({ length: 50 }, (_, n) => bad(`${n}`, 0)));
    aws.calls.length = 0;
    await consume(...Array.from({ length: 50 }, (_, n) => bad(`${100 + n}`, 1)));
    expect(faultClaims()).toHaveLength(1);
    expect(aws.calls.filter((call) => !call.startsWith('PutObject '))).toEqual(['Get CONTACTS#bp-1']);
  });

  test('the device is no silent one, until it does not even send that', async () => {
    const codes = (minutes: number) =>
      record(`${minutes}`, { deviceId: 'bp-1', systolic: 255, diastolic: 255 }, minute(minutes));
    await consume(good('0', 0));
    for (let minutes = 1; minutes <= 40; minutes++) await consume(codes(minutes));
    expect([silence(40), silence(54)]).toEqual([undefined, undefined]);
    expect(silence(58)).toEqual(['silent']);
    expect(faultClaims()).toHaveLength(1);
    await consume(good('41', 41));
    expect([silence(56), silence(60)]).toEqual([undefined, ['silent']]);
  });

  test('nor is one that never sent anything else', async () => {
    await consume(bad('1', 0));
    await consume(bad('2', 20));
    expect([silence(30), silence(40)]).toEqual([undefined, ['silent']]);
  });

  test('each kind has its own', async () => {
    await consume(bad('1', 0), record('2', measured(0, { quality: 'demo' })));
    expect(alertKeys().sort()).toEqual(['DEVICE#bp-1#demoMode', 'DEVICE#bp-1#unreadable']);
  });

  test('a day later it is raised anew, for whoever closed its alert and left the device as it was', async () => {
    await consume(bad('1', 0));
    await consume(bad('2', 24 * 60));
    expect(faultClaims()).toHaveLength(1);
    await consume(bad('3', 24 * 60 + 1));
    expect(faultClaims()).toHaveLength(2);
  });
});

describe('a device that the roster does not know', () => {
  test('any number of them share one alert for each kind, and no name of theirs stands anywhere', async () => {
    const flood = Array.from({ length: 30 }, (_, n) =>
      record(`${n}`, { deviceId: `Anna-Meier-${n}`, systolic: 255, diastolic: 255 }),
    );
    await consume(...flood);
    await consume(...flood);
    expect(faultClaims()).toMatchObject([
      {
        alertKey: 'DEVICE#unregistered#errorCode',
        place: { ward: 'ward-fallback', bed: null, device: '', deviceRegistered: false },
      },
    ]);
    expect(JSON.stringify([faultClaims(), ...aws.executions])).not.toContain('Anna');
  });

  test('no reading ends it: whose fault it was nobody knows', async () => {
    await consume(record('1', { deviceId: 'bp-9', systolic: 255, diastolic: 255 }));
    await consume(good('2', 1, { deviceId: 'bp-9' }));
    expect(faults('unregistered')).toEqual({ errorCode: { since: at(0) } });
  });

  test('an hour after a person has closed their alert the next one is heard; before, and while it is open, none', async () => {
    const unknown = (sequenceNumber: string, minutes: number) =>
      record(sequenceNumber, { deviceId: `x${minutes}`, systolic: 255, diastolic: 255 }, minute(minutes));
    await consume(unknown('1', 0));
    const alert = aDeviceAlert({ pk: 'DEVICE#unregistered#errorCode' });
    aws.items.set(alert.pk, stored(alert));
    await consume(unknown('2', 100));
    aws.items.set(alert.pk, { ...stored(alert), standing: 'no such' });
    expect(await consume(unknown('2', 100))).toEqual([]);
    const closed = {
      is: 'closed',
      at: at(120),
      reason: 'transferred',
      clinicianId: 'lead-1',
      dueAt: null,
    } as const;
    aws.items.set(alert.pk, stored({ ...alert, standing: { ...closed, formerOwner: null } }));
    await consume(unknown('3', 180));
    expect(faultClaims()).toHaveLength(1);
    await consume(unknown('3', 180), unknown('4', 181));
    await consume(unknown('5', 182));
    expect(faultClaims().map(({ arrivedAt }) => arrivedAt)).toEqual([at(0), at(181)]);
    expect(faults('unregistered')).toEqual({ errorCode: { since: at(181) } });
  });

  test('what names one is not of the device whose key it has', async () => {
    await consume(record('1', { deviceId: 'bp-9', patientId: 'p', systolic: null, diastolic: null }));
    expect(alertKeys()).toEqual(['DEVICE#unregistered#unreadable']);
  });
});

describe('the next good reading', () => {
  beforeEach(() => consume(bad('1', 0)));

  test.each([
    ['a trusted one', {}, at(1)],
    ['a critical one', critical, at(1)],
    ['a suspect one', { systolic: 0, diastolic: 0 }, undefined],
    ['a test', { quality: 'test' }, undefined],
  ])('%s', async (_what, said, endedAt) => {
    await consume(good('2', 1, said));
    expect(faults().unreadable.endedAt).toBe(endedAt);
  });

  test('none that is withdrawn', async () => {
    await consume(record('2', withdrawn(1), minute(1)));
    expect(faults().unreadable.endedAt).toBeUndefined();
  });

  test('of the same batch ends it too, and what follows begins another one', async () => {
    await consume(good('2', 1), bad('3', 2), good('4', 3), bad('5', 4));
    expect(faults()).toEqual({ unreadable: { since: at(4) } });
    expect(faultClaims()).toHaveLength(2);
  });

  test('wakes the alert, which ends by it', async () => {
    const alert = aDeviceAlert({ alarmedAt: at(0) });
    aws.items.set(alert.pk, stored(alert, 'token-1'));
    aws.waiting.add('token-1');
    expect(isFaultOver(alert, faults().unreadable)).toBe(false);
    await consume(good('2', 1));
    expect(aws.wakes).toEqual(['token-1']);
    expect(isFaultOver(alert, faults().unreadable)).toBe(true);
  });

  test('that the alert cannot be woken holds nothing up', async () => {
    aws.before = (call) => (call.startsWith('Get DEVICE#') ? named('InternalServerError') : undefined);
    expect(await consume(good('2', 1))).toEqual([]);
    expect(faults().unreadable.endedAt).toBe(at(1));
  });

  test('ends no clock that it shows to be wrong', async () => {
    await consume(record('2', measured(-8), minute(1)));
    await consume(record('3', measured(-9), minute(2)));
    expect(faults()).toEqual({
      unreadable: { since: at(0), endedAt: at(1) },
      clockOff: { since: at(1) },
    });
    await consume(good('4', 3));
    expect(faults().clockOff.endedAt).toBe(at(3));
  });

  test('that does not name its device ends it by its key', async () => {
    const { deviceId: _, ...unnamed } = measured(-1);
    await consume(record('2', unnamed, minute(1)));
    expect(faults().unreadable.endedAt).toBe(at(1));
    // And it was heard: what waits for it counts from then.
    expect(aws.items.get('CONTACTS#bp-1')?.heard).toMatchObject([{ to: at(1) }]);
  });

  test('is none that corrects an earlier one: somebody wrote it, and the device measured nothing', async () => {
    await consume(record('2', anObservation({ status: 'amended', effectiveDateTime: at(-1) }), minute(1)));
    const { device: _, ...unnamed } = anObservation({ status: 'amended', effectiveDateTime: at(-1) });
    await consume(record('3', unnamed, minute(2)));
    expect(faults().unreadable.endedAt).toBeUndefined();
  });
});

describe('delivered again', () => {
  test('the same, twice: one claim, one execution', async () => {
    await consume(bad('1', 0));
    await consume(bad('1', 0));
    expect([faultClaims().length, aws.executions.size]).toEqual([1, 1]);
  });

  test('with what came after it, cut otherwise: no other claim, and the end is the same', async () => {
    const all = [bad('1', 0), bad('2', 1), good('3', 2), bad('4', 3), good('5', 4)];
    await consume(...all.slice(0, 2));
    await consume(...all.slice(2, 4));
    await consume(...all.slice(4));
    const before = [faultClaims(), faults()];
    for (const size of [5, 1, 3])
      for (let from = 0; from < all.length; from += size) await consume(...all.slice(from, from + size));
    expect([faultClaims(), faults()]).toEqual(before);
  });

  test('an older good reading does not end the fault that began after it', async () => {
    await consume(bad('1', 0), good('2', 1));
    await consume(bad('3', 2));
    await consume(good('2', 1));
    expect(faults()).toEqual({ unreadable: { since: at(2) } });
  });

  test.each([
    ['the claim', 'Put READING#'],
    ['the start', 'StartExecution'],
    ['the memory', 'Put CONTACTS#'],
  ])('after a crash behind %s: one', async (_what, last) => {
    let isDead = false;
    aws.after = (call) => {
      isDead ||= call.startsWith(last);
      return undefined;
    };
    aws.before = () => (isDead ? named('Crash') : undefined);
    await consume(bad('1', 0));
    aws.after = aws.before = () => undefined;
    expect(await consume(bad('1', 0), bad('2', 0))).toEqual([]);
    expect([faultClaims().length, aws.executions.size]).toEqual([1, 1]);
    expect(faults()).toEqual({ unreadable: { since: at(0) } });
  });
});

test('what cannot be claimed, or remembered, comes again; the others do not', async () => {
  const other = record('2', measured(0, { patientId: 'patient-2', deviceId: 'bp-2' }));
  for (const lost of ['Put READING#', 'Put CONTACTS#bp-1']) {
    aws.before = (call) => (call.startsWith(lost) ? named('InternalServerError') : undefined);
    expect(await consume(bad('1', 0), other)).toEqual(['1']);
  }
  expect(metricsCounted()).toContain('ContactsNotWritten');
  aws.before = () => undefined;
  expect(await consume(bad('1', 0), other)).toEqual([]);
  expect([faultClaims().length, aws.executions.size]).toEqual([1, 1]);
});

test('what is known of a device cannot be read: a good reading does not come again for that', async () => {
  aws.before = (call) => (call === 'Get CONTACTS#bp-1' ? named('InternalServerError') : undefined);
  expect(await consume(good('1', 0))).toEqual([]);
});
