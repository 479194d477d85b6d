import { expect, test } from 'vitest';
import { faultKinds } from '../../infra/local/faults.ts';
import { readRecordedReadings } from '../../infra/local/replay/recorded-readings.ts';
import { replay } from '../../infra/local/replay/replay.ts';

const readings = readRecordedReadings('test/data/physionet2012_sample60.csv').filter(
  (reading) => reading.minute < 900,
);
const injected = new Set<string>();
const ofOneCall = [
  'throttled',
  'server error',
  'effect then timeout',
  'crash before the call',
  'crash after the call',
];
/** Every write that the night makes through the SDK; each has to survive each kind. */
const writes = [
  ...['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:TransactWriteItems', 'sns:Publish'],
  ...['sfn:StartExecution', 'sfn:SendTaskSuccess', 'firehose:PutRecordBatch'],
];

test.each([1, 2, 3])(
  'fault seed %i: nothing is lost, nothing is raised twice, and the night is proved',
  async (faultSeed) => {
    const { summary } = await replay({
      readings,
      policy: 'adult',
      seed: 1,
      faultSeed,
      startAt: '2026-03-02T00:00:00.000Z',
    });
    expect(summary).toMatchObject({
      archived: readings.length,
      lost: 0,
      duplicated: 0,
      openAtEnd: 0,
      gaps: [],
      reconciled: true,
    });
    expect((summary.secondsToPersonOrAlarm as { max: number }).max).toBeLessThanOrEqual(900);
    for (const [kind, calls] of Object.entries(summary.faults ?? {}))
      for (const call of Object.keys(calls)) injected.add(kind).add(`${kind} ${call}`);
  },
);

test('between them the seeds injected every kind of fault, and into every write', () => {
  expect(faultKinds.filter((kind) => !injected.has(kind))).toEqual([]);
  const pairs = ofOneCall.flatMap((kind) => writes.map((call) => `${kind} ${call}`));
  expect(pairs.filter((pair) => !injected.has(pair))).toEqual([]);
});
