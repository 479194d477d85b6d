import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { choosePolicy } from '../../../handlers/clinical/choose-policy.ts';
import { judge } from '../../../handlers/clinical/judge.ts';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { bytesOf, hospital, origin } from '../reading/builders.ts';

type Row = {
  record: string;
  minute: number;
  systolic: number | null;
  diastolic: number | null;
  mean: number | null;
};

const rows: Row[] = readFileSync('test/data/physionet2012_sample60.csv', 'utf8')
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((line) => {
    const [record = '', , , , minute, ...values] = line.split(',');
    const [systolic = null, diastolic = null, mean = null] = values.map((value) =>
      value === '' ? null : Number(value),
    );
    return { record, minute: Number(minute), systolic, diastolic, mean };
  });

/** The adult table of the policies and suspect rule once more, from the words and not from the code under test. */
function counted({ systolic: s, diastolic: d, mean: m }: Row): string {
  const believable = s !== null && d !== null && d >= 20 && d <= 200 && s >= 40 && s <= 300;
  if (!believable || s - d < 10 || (m !== null && (m < d || m > s))) return 'suspect';
  if (s < 70 || s >= 220) return 'emergency';
  if (s < 90 || s >= 180 || d >= 120) return 'critical';
  return s < 101 || s >= 160 || d >= 100 ? 'warning' : 'normal';
}

test('sixty recorded patients are judged as an independent count says', () => {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    const measuredAt = new Date(Date.UTC(2026, 0, 5) + row.minute * 60_000).toISOString();
    const { systolic, diastolic, mean: meanArterial } = row;
    const deviceId = `bp-${row.record}`;
    const wire = { deviceId, patientId: row.record, measuredAt, systolic, diastolic, meanArterial };
    const [item] = parseRecord(bytesOf(wire), origin, hospital);
    if (!item || !('reading' in item)) throw new Error(`${row.record} at ${row.minute} was not readable`);
    const { severity } = judge(item.reading, choosePolicy(item.reading, hospital));
    expect(`${row.record} at ${row.minute}: ${severity}`).toBe(
      `${row.record} at ${row.minute}: ${counted(row)}`,
    );
    counts[severity] = (counts[severity] ?? 0) + 1;
  }
  expect(new Set(rows.map((row) => row.record)).size).toBe(60);
  expect(rows).toHaveLength(1865);
  expect(counts).toEqual({ normal: 1304, warning: 382, critical: 157, emergency: 10, suspect: 12 });
});
