import { expect, test } from 'vitest';
import { faultKinds } from '../../infra/local/faults.ts';
import { readRecordedReadings } from '../../infra/local/replay/recorded-readings.ts';
import { replay } from '../../infra/local/replay/replay.ts';

const readings = readRecordedReadings('test/data/physionet2012_sample60.csv').filter(
  (reading) => reading.minute < 900,
);
const injected = new Set<string>();

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
      if (Object.keys(calls).length > 0) injected.add(kind);
  },
);

test('between them the seeds injected every kind of fault', () => {
  expect(faultKinds.filter((kind) => !injected.has(kind))).toEqual([]);
});
