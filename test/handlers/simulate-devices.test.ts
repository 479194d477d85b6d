import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { logger, metrics } from '../../handlers/runtime/logger.ts';
import { handler } from '../../handlers/simulate-devices.ts';
import { LocalAws } from '../local-aws.ts';
import { hospital } from './reading/builders.ts';

const { devices } = vi.hoisted(() => ({ devices: [] as unknown[] }));
vi.mock('../../handlers/aws/s3/roster-store.ts', () => ({
  loadRoster: async () => ({ ...hospital, devices }),
}));

let aws: LocalAws;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-24T10:00:42.000Z'), toFake: ['Date'] });
  vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    metrics.clearMetrics();
    return metrics;
  });
  aws = new LocalAws();
  vi.stubEnv('ROSTER_BUCKET', 'roster');
  const bed = (index: number) => ({ id: `bp-${index}`, ward: 'ward-001', bed: `${index}` });
  devices.splice(0, Infinity, ...Array.from({ length: 501 }, (_, index) => bed(index)));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

test('every patient is measured at the full minute, at most 500 records a call, by device', async () => {
  expect(await handler()).toEqual({ sent: 501 });
  expect(aws.calls).toHaveLength(2);
  const [first] = aws.done.flatMap(({ input }) => input.Records);
  expect(first.PartitionKey).toBe('bp-0');
  expect(JSON.parse(Buffer.from(first.Data).toString())).toMatchObject({
    deviceId: 'bp-0',
    patientId: 'bp-0',
    measuredAt: '2026-11-24T10:00:00.000Z',
  });
});

test('what the stream would not take is sent again, and reported when it never does', async () => {
  devices.splice(3);
  const sent: string[][] = [];
  aws.answer = async ({ input }) => {
    const keys: string[] = input.Records.map(({ PartitionKey }: { PartitionKey: string }) => PartitionKey);
    sent.push(keys);
    const throttled = { ErrorCode: 'ProvisionedThroughputExceededException' };
    return { Records: keys.map((key) => (key === 'bp-0' ? { SequenceNumber: '1' } : throttled)) };
  };
  const error = vi.spyOn(logger, 'error').mockImplementation(() => {});
  expect(await handler()).toEqual({ sent: 1 });
  expect(sent).toEqual([
    ['bp-0', 'bp-1', 'bp-2'],
    ['bp-1', 'bp-2'],
    ['bp-1', 'bp-2'],
  ]);
  expect(error).toHaveBeenCalledWith('readings-not-sent', { count: 2 });
});
