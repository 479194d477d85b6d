/** What the consumer makes of readings that come late, and of those whose clock is doubted. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { logger } from '../../handlers/runtime/logger.ts';
import type { LocalAws } from '../local-aws.ts';
import { onTheWire } from './reading/builders.ts';
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
const { claims, started } = consumer;
let aws: LocalAws;
beforeEach(() => {
  aws = consumer.aws;
});

describe('a late alarming reading', () => {
  test('is superseded when the device delivers a newer one with it, also in one batch, and is counted', async () => {
    expect(await consume(record('1', measured(10, critical)), record('2', measured(0)))).toEqual([]);
    expect(claims()).toMatchObject([
      { status: 'superseded', measuredAt: '2026-11-24T11:50:00.000Z', claimedAt: '2026-11-24T12:00:00.000Z' },
    ]);
    expect(claims()[0]).not.toHaveProperty('dueOn');
    expect(started()).toBe(0);
    const { readingId } = claims()[0];
    expect(logger.warn).toHaveBeenCalledWith('reading-set-aside', { readingId });
    expect(metricsCounted()).toEqual(['ReadingsSetAside']);
  });

  test('is raised when the newer one is suspect, and when vitals cannot be read', async () => {
    await consume(record('1', measured(10, critical)), record('2', measured(0, { systolic: 20 })));
    expect(claims().map((claim) => claim.status)).toEqual(['unfulfilled', 'unfulfilled']);
    aws.before = (call) => (call.startsWith('Get VITALS#') ? named('InternalServerError') : undefined);
    const other = { ...critical, patientId: 'patient-2' };
    await consume(record('3', measured(10, other)), record('4', measured(0, { patientId: 'patient-2' })));
    expect(claims().map((claim) => claim.status)).toEqual(['unfulfilled', 'unfulfilled', 'unfulfilled']);
  });

  test('is raised when the contacts of its device cannot be read, and superseded when they can only not be written', async () => {
    aws.before = (call) => (call === 'Put CONTACTS#bp-1' ? named('InternalServerError') : undefined);
    await consume(record('1', measured(10, critical)), record('2', measured(0)));
    expect(claims()).toMatchObject([{ status: 'superseded' }]);
    expect(logger.error).toHaveBeenCalledWith('contacts-not-written', {
      readings: 2,
      error: 'InternalServerError',
    });
    aws.items.clear();
    aws.before = (call) => (call === 'Get CONTACTS#bp-1' ? named('InternalServerError') : undefined);
    await consume(record('1', measured(10, critical)), record('2', measured(0)));
    expect(claims()).toMatchObject([{ status: 'unfulfilled' }]);
  });

  test('is superseded when only the vitals could not be written: what they say was read', async () => {
    aws.before = (call) => (call.startsWith('Put VITALS#') ? named('InternalServerError') : undefined);
    await consume(record('1', measured(10, critical)), record('2', measured(0)));
    expect(claims()).toMatchObject([{ status: 'superseded' }]);
  });

  test('delivered again when a newer one is known by now, stays raised: the claim on record decides', async () => {
    await consume(record('1', measured(10, critical)));
    await consume(record('1', measured(10, critical)), record('2', measured(0)));
    expect(claims()).toMatchObject([{ status: 'unfulfilled' }]);
    expect(metricsCounted()).not.toContain('ReadingsSetAside');
  });
});

describe('a reading whose clock is doubted', () => {
  const minutesAgo = (minutes: number) => noon - minutes * 60_000;

  test('is raised by its arrival, and the device counted: its clock fell back an hour', async () => {
    await consume(record('1', measured(15), minutesAgo(15)), record('2', measured(60, critical)));
    expect(claims()).toMatchObject([
      {
        status: 'unfulfilled',
        measuredAt: '2026-11-24T12:00:00.000Z',
        placedAt: '2026-11-24T12:00:00.000Z',
        executionName: expect.stringContaining('20261124T1200Z'),
      },
    ]);
    expect(started()).toBe(1);
    const { readingId } = claims()[0];
    expect(logger.warn).toHaveBeenCalledWith('device-clock-off', { readingId, device: 'bp-1' });
    expect(metricsCounted()).toEqual(['DeviceClockOff']);
  });

  test('is doubted by what the device delivered of another patient', async () => {
    const other = measured(15, { patientId: 'patient-2' });
    await consume(record('1', other, minutesAgo(15)), record('2', measured(60, critical)));
    expect(claims()).toMatchObject([
      { measuredAt: '2026-11-24T12:00:00.000Z', placedAt: '2026-11-24T12:00:00.000Z' },
    ]);
  });

  test('is logged with the name of its device only if that is the roster’s own', async () => {
    await consume(record('1', measured(-6, { deviceId: 'Anna-Meier' })));
    expect(logger.warn).toHaveBeenCalledWith('device-clock-off', {
      readingId: expect.any(String),
      device: 'unregistered',
    });
  });

  test('also when it runs ahead, and when the reading itself is harmless', async () => {
    await consume(record('1', measured(-6, critical)), record('2', measured(-7)));
    expect(claims()).toMatchObject([{ status: 'unfulfilled', measuredAt: '2026-11-24T12:00:00.000Z' }]);
    expect(metricsCounted()).toEqual(['DeviceClockOff', 'DeviceClockOff']);
  });

  test('is not taken for an earlier one of the same time and values: its clock stands still', async () => {
    const stuck = onTheWire({ measuredAt: '2000-01-01T00:00:00Z', ...critical });
    await consume(record('1', stuck, minutesAgo(60)));
    await consume(record('2', stuck));
    expect(claims().map(({ status }) => status)).toEqual(['unfulfilled', 'unfulfilled']);
    expect(started()).toBe(2);
    await consume(record('2', stuck));
    expect(claims()).toHaveLength(2);
  });
});
