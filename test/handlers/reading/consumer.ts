/** The consumer of a hospital's readings at noon, with all that it finds around it: registers its hooks, and gives what a story needs. */
import { afterEach, beforeEach, type Mock, vi } from 'vitest';
import { handler } from '../../../handlers/consume-readings.ts';
import { logger, metrics } from '../../../handlers/runtime/logger.ts';
import { LocalAws } from '../../local-aws.ts';
import { bytesOf, hospital, onTheWire } from './builders.ts';

export const critical = { systolic: 185, diastolic: 96 };
export const noon = Date.parse('2026-11-24T12:00:00.000Z');
export const named = (name: string) => Object.assign(new Error('refused'), { name });

/** A record that arrived now; `content` is what the device sent. */
export function record(sequenceNumber: string, content: unknown, arrivedAt = noon) {
  const bytes = content instanceof Uint8Array ? content : bytesOf(content);
  return {
    eventID: `shardId-000000000000:${sequenceNumber}`,
    kinesis: {
      sequenceNumber,
      partitionKey: 'bp-1',
      data: Buffer.from(bytes).toString('base64'),
      approximateArrivalTimestamp: arrivedAt / 1000,
    },
  };
}

/** Gives the sequence numbers that are to come again. */
export async function consume(...Records: ReturnType<typeof record>[]): Promise<string[]> {
  const { batchItemFailures } = await handler({ Records });
  return batchItemFailures.map((failure) => failure.itemIdentifier);
}

export const measured = (minutesAgo: number, said = {}) =>
  onTheWire({ measuredAt: new Date(noon - minutesAgo * 60_000).toISOString(), ...said });

/** What the operators are to know, beside that readings came. */
export const metricsCounted = () =>
  vi
    .mocked(metrics.addMetric)
    .mock.calls.map(([name]) => name)
    .filter((name) => name !== 'ReadingsReceived');

/** Roster and key are the test's own mocks, since a mock is its file's. */
export function aConsumer(mocks: { loadRoster: Mock; loadIdentityKey: Mock }) {
  const consumer = {
    aws: undefined as unknown as LocalAws,
    /** Of readings of patients. */
    claims: () =>
      consumer.aws.items.values().filter((item) => item.kind === 'claim' && item.level !== 'technical'),
    /** How many executions were started for patients. */
    started: () => [...consumer.aws.executions.values()].filter(({ level }) => level !== 'technical').length,
    /** Of faults of devices. */
    faultClaims: () => consumer.aws.items.values().filter((item) => item.level === 'technical'),
  };
  beforeEach(() => {
    vi.useFakeTimers({ now: noon, toFake: ['Date'] });
    vi.stubEnv('ROSTER_BUCKET', 'roster');
    vi.stubEnv('IDENTITY_SECRET_ARN', 'arn:identity');
    vi.stubEnv('TEST_MODE', 'off');
    mocks.loadRoster.mockReset().mockResolvedValue(hospital);
    mocks.loadIdentityKey.mockReset().mockResolvedValue(hospital.identityKey);
    consumer.aws = new LocalAws();
    for (const method of ['info', 'warn', 'error'] as const)
      vi.spyOn(logger, method).mockImplementation(() => {});
    vi.spyOn(metrics, 'addMetric');
    vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
      metrics.clearMetrics();
      return metrics;
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    vi.useRealTimers();
  });
  return consumer;
}
