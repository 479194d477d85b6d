/** What the consumer makes of an Observation that is withdrawn, or amended, after an alert has been raised for it. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { logger } from '../../handlers/runtime/logger.ts';
import { raiseReading } from '../../handlers/use-cases/raise-reading.ts';
import type { LocalAws } from '../local-aws.ts';
import { anObservation, component } from './reading/builders.ts';
import { aConsumer, consume, metricsCounted, named, noon, record } from './reading/consumer.ts';

const { loadRoster, loadIdentityKey } = vi.hoisted(() => ({ loadRoster: vi.fn(), loadIdentityKey: vi.fn() }));
vi.mock('../../handlers/aws/s3/roster-store.ts', () => ({ loadRoster }));
vi.mock('../../handlers/aws/secrets.ts', () => ({ loadIdentityKey }));

const consumer = aConsumer({ loadRoster, loadIdentityKey });
const { claims } = consumer;
let aws: LocalAws;
beforeEach(() => {
  aws = consumer.aws;
});

const effectiveDateTime = new Date(noon).toISOString();
const values = (systolic: number, diastolic: number) => ({
  component: [component('8480-6', systolic), component('8462-4', diastolic)],
});
let count = 0;
const sent = (status: string, said: object = {}, minutes = 0) =>
  record(String(++count), anObservation({ status, effectiveDateTime, ...said }), noon + minutes * 60_000);
const alert = () => aws.items.values().find(({ kind }) => kind === 'alert') as Record<string, unknown>;
const now = new Date(noon).toISOString();
const open = () => raiseReading(aws.tableName, claims()[0].readingId, 'exec-1', now);

describe('an open alert that stands on it alone', () => {
  beforeEach(async () => {
    await consume(sent('final'));
    await open();
    aws.items.set(String(alert().pk), { ...alert(), token: 'token-1' });
    aws.waiting.add('token-1');
  });

  test.each([
    ['withdrawn', sent('entered-in-error', {}, 10)],
    ['withdrawn without its values', sent('cancelled', { component: undefined }, 10)],
    ['corrected to a harmless one', sent('corrected', values(118, 76), 10)],
  ])('is told when it is %s, once', async (_how, taken) => {
    expect(await consume(taken, taken)).toEqual([]);
    expect(alert()).toMatchObject({ standsOn: [], withdrawal: 'news', seq: 2, standing: { is: 'waiting' } });
    expect(aws.waiting.has('token-1')).toBe(false);
    expect(claims()).toHaveLength(1);
    expect(metricsCounted()).toEqual([]);
  });

  test('is joined when it is corrected to a worse one', async () => {
    await consume(sent('amended', values(232, 133), 10));
    const { measurementId } = claims()[0];
    expect(alert()).toMatchObject({ standsOn: [{ measurementId }], withdrawal: null, seq: 1 });
    expect(claims().map(({ level, status }) => [level, status])).toEqual([
      ['critical', 'fulfilled'],
      ['emergency', 'unfulfilled'],
    ]);
  });

  test.each([
    ['the same id', { id: 'blood-pressure' }],
    ['the identifier of the same order', { identifier: [{ system: 'urn:order', value: '7' }] }],
  ])('is not told when another measurement of %s is withdrawn', async (_what, called) => {
    const later = { ...called, effectiveDateTime: new Date(noon + 600_000).toISOString() };
    await consume(
      sent('final', { ...called, ...values(118, 76) }),
      sent('final', { ...later, ...values(225, 130) }, 10),
    );
    const raised = claims().find(({ systolicMmHg }) => systolicMmHg === 225);
    await raiseReading(aws.tableName, raised?.readingId as string, 'exec-1', now);
    await consume(sent('entered-in-error', { ...called, ...values(118, 76) }, 12));
    expect(alert()).toMatchObject({
      withdrawal: null,
      standsOn: expect.arrayContaining([expect.objectContaining({ measurementId: raised?.measurementId })]),
    });
  });

  test('is told by the next delivery when the vitals could not be written', async () => {
    const taken = sent('entered-in-error', {}, 10);
    aws.before = (call) => (call.startsWith('Put VITALS#') ? named('InternalServerError') : undefined);
    expect(await consume(taken)).toEqual([taken.kinesis.sequenceNumber]);
    aws.before = () => undefined;
    expect(await consume(taken)).toEqual([]);
    expect(alert()).toMatchObject({ withdrawal: 'news' });
  });

  test('holds up no other record when it cannot be read, or written, and is told by the next delivery', async () => {
    aws.before = (call) => (call.startsWith('Get PATIENT#') ? named('ValidationException') : undefined);
    const taken = sent('entered-in-error', {}, 10);
    const other = sent('final', { subject: { identifier: { value: 'p-2' } } }, 10);
    expect(await consume(other, taken)).toEqual([taken.kinesis.sequenceNumber]);
    expect(claims()).toHaveLength(2);
    expect(logger.error).toHaveBeenCalledWith(
      'withdrawal-not-told',
      expect.objectContaining({ error: 'ValidationException' }),
    );
    aws.before = () => undefined;
    expect(await consume(taken)).toEqual([]);
    expect(alert()).toMatchObject({ withdrawal: 'news' });
  });
});

test('of an alert that cannot be read it is not delivered for ever', async () => {
  await consume(sent('final'));
  await open();
  aws.items.set(String(alert().pk), { ...alert(), standing: 'odd' });
  expect(await consume(sent('entered-in-error', {}, 10))).toEqual([]);
});

test('withdrawn before its alert is open: whoever opens it finds that', async () => {
  await consume(sent('final'), sent('entered-in-error'));
  await open();
  expect(alert()).toMatchObject({ withdrawal: 'news', standing: { is: 'waiting' } });
});

test('withdrawn before it comes: it is raised all the same, and said to be withdrawn', async () => {
  await consume(sent('entered-in-error'), sent('final', {}, 1));
  await open();
  expect(alert()).toMatchObject({ withdrawal: 'news', standing: { is: 'waiting' } });
});

test('a withdrawal of nothing that is known changes nothing, and is no contact of the device', async () => {
  expect(await consume(sent('entered-in-error'))).toEqual([]);
  expect(aws.items.values().map(({ kind }) => kind)).toEqual(['vitals']);
});
