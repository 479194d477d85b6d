import { spawnSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { readRecordedReadings } from '../../infra/local/replay/recorded-readings.ts';
import { replay } from '../../infra/local/replay/replay.ts';
import type { ReplaySummary } from '../../infra/local/replay/summary.ts';
import { compareFolds } from './folds.ts';
import { adultByHand } from './judged-by-hand.ts';

const sample = 'test/data/physionet2012_sample60.csv';
const startAt = '2026-03-02T00:00:00.000Z';

let summary: ReplaySummary;
let folds = 0;
/** Event log lines of calls that a policy denies or no model knows: handlers survive some of them, and must not have to. */
const refused: string[] = [];
beforeAll(async () => {
  const onEvent = (line: string) => {
    if (/"what":"denied"|"error":"(AccessDenied|UnsupportedOperation)/.test(line)) refused.push(line);
  };
  const readings = readRecordedReadings(sample);
  const options = { readings, policy: 'adult', seed: 1, startAt, onEvent };
  const replayed = await replay(options, async (vigil) => {
    folds = await compareFolds(vigil);
  });
  summary = replayed.summary;
});

test('no call was denied, and none was unknown to the local account', () => {
  expect(refused).toEqual([]);
});

test('every real reading is archived, and none is lost or raised twice', () => {
  expect(summary).toMatchObject({ readings: 1865, lost: 0, duplicated: 0, reconciled: true });
  expect(Number(summary.archived) + Number(summary.quarantined)).toBe(1865);
});

test('the events of each alert, folded by the rules, give the item of the table, field for field', () => {
  // A patient's later alert takes the place of the one before: as many items as patients who had any.
  expect(folds).toBeGreaterThanOrEqual(40);
});

test('severities agree with an independent count from the CSV', () => {
  const counts = Map.groupBy(readRecordedReadings(sample), adultByHand);
  const count = (severity: string) => counts.get(severity)?.length ?? 0;
  expect([count('critical'), count('emergency'), count('suspect')]).toEqual([157, 10, 12]);
  for (const severity of ['warning', 'critical', 'emergency', 'suspect'])
    expect([severity, summary[severity]]).toEqual([severity, count(severity)]);
});

test('every alert ended, and a person or an alarm was reached within the promised 15 minutes', () => {
  expect(summary.openAtEnd).toBe(0);
  expect(summary.secondsToPersonOrAlarm.max).toBeLessThanOrEqual(900);
  expect(summary.secondsToFirstPage.max).toBeLessThanOrEqual(60);
});

test('the simulated clinicians reached every kind of answer', () => {
  for (const field of ['accepted', 'declined', 'escalatedToDoctor', 'recheckPages', 'readingsJoined'])
    expect([field, Number(summary[field]) > 0]).toEqual([field, true]);
});

const digestOf = (seed: number, threads: number) => {
  const run = spawnSync('node', ['test/end-to-end/print-digest.ts', sample, String(seed)], {
    encoding: 'utf8',
    env: { ...process.env, UV_THREADPOOL_SIZE: String(threads) },
  });
  expect(run.stderr).toBe('');
  return run.stdout.trim();
};

test('the same seed gives the same event log in two processes, another seed another', () => {
  const once = digestOf(7, 1);
  expect(once).toMatch(/^[0-9a-f]{64}$/);
  expect(digestOf(7, 8)).toBe(once);
  expect(digestOf(8, 8)).not.toBe(once);
});
