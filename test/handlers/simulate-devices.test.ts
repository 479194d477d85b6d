import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handler } from '../../handlers/simulate-devices.ts';
import { LocalAws } from '../local-aws.ts';
import { hospital } from './reading/builders.ts';

const { devices } = vi.hoisted(() => ({ devices: [] as { id: string; ward: string; bed: string }[] }));
vi.mock('../../handlers/aws/s3/roster-store.ts', () => ({
  loadRoster: async () => ({ ...hospital, devices }),
}));
/** Everybody is measured in every minute, so that a test can say how many there are. */
vi.mock(import('../../handlers/reading/simulated-patient.ts'), async (original) => ({
  ...(await original()),
  isMeasured: () => true,
}));

let aws: LocalAws;

const bedsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `bp-${index}`, ward: 'ward-001', bed: `${index}` }));

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-24T10:00:42.000Z'), toFake: ['Date', 'setTimeout'] });
  aws = new LocalAws();
  vi.stubEnv('ROSTER_BUCKET', 'roster');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** The handler's answer, or its error; its pauses take no time. */
async function run() {
  const answer = handler().catch((error: Error) => error);
  await vi.runAllTimersAsync();
  return answer;
}

const keysOf = (input: { Records: { PartitionKey: string }[] }) =>
  input.Records.map(({ PartitionKey }) => PartitionKey);

test('every patient is measured at the full minute, at most 500 records a call, by device', async () => {
  devices.splice(0, Infinity, ...bedsOf(501));
  expect(await run()).toEqual({ sent: 501 });
  expect(aws.calls).toHaveLength(2);
  const records = aws.done.flatMap(({ input }) => input.Records);
  expect(records[0].PartitionKey).toBe('bp-0');
  const contents = records.map(({ Data }) => JSON.parse(Buffer.from(Data).toString()));
  const vigil = contents.filter(({ measuredAt }) => measuredAt);
  expect(vigil.length).toBeGreaterThan(200);
  expect(new Set(vigil.map(({ measuredAt }) => measuredAt))).toEqual(new Set(['2026-11-24T10:00:00.000Z']));
});

test('nobody to measure makes no call', async () => {
  devices.splice(0);
  expect(await run()).toEqual({ sent: 0 });
  expect(aws.calls).toEqual([]);
});

test('what a shard has no room for is sent again a moment later, and nothing else', async () => {
  devices.splice(0, Infinity, ...bedsOf(4500));
  const taken: string[] = [];
  const answer = aws.answer.bind(aws);
  aws.answer = async (command, send) => {
    const { Records } = await answer(command, send);
    taken.push(...keysOf(command.input).filter((_, index) => Records[index].ErrorCode === undefined));
    return { Records };
  };
  expect(await run()).toEqual({ sent: 4500 });
  expect(aws.calls.length).toBeGreaterThan(9);
  expect([taken.length, new Set(taken).size]).toEqual([4500, 4500]);
});

test('what the stream takes at no attempt is an error that says how much of it', async () => {
  devices.splice(0, Infinity, ...bedsOf(3));
  const sent: string[][] = [];
  const times: number[] = [];
  aws.answer = async ({ input }) => {
    sent.push(keysOf(input));
    times.push(Date.now());
    const throttled = { ErrorCode: 'ProvisionedThroughputExceededException' };
    return { Records: keysOf(input).map((key) => (key === 'bp-0' ? { SequenceNumber: '1' } : throttled)) };
  };
  const error = await run();
  expect(String(error)).toBe('NotStreamed: 2 of 3 readings were not taken by the stream in 4 attempts');
  expect(sent).toEqual([['bp-0', 'bp-1', 'bp-2'], ...Array(3).fill(['bp-1', 'bp-2'])]);
  expect(times.slice(1).map((time, index) => time - (times[index] as number))).toEqual([300, 600, 1200]);
});
