import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecordedReadings } from '../../../../infra/local/replay/recorded-readings.ts';

function file(text: string): string {
  const name = join(mkdtempSync(join(tmpdir(), 'csv-')), 'readings.csv');
  writeFileSync(name, text);
  return name;
}

test('columns are found by name, others ignored, empty means not recorded, minutes are sorted', () => {
  const readings = readRecordedReadings(
    file(
      'gender,attendance,minute,systolic,diastolic,age,map,heart_rate\n1,a,60,120,,78,,99\n0,b,0,110,70,,80.5,\n',
    ),
  );
  expect(readings).toEqual([
    {
      recordId: 'b',
      minute: 0,
      systolic: 110,
      diastolic: 70,
      ageYears: null,
      meanArterial: 80.5,
      pulse: null,
    },
    {
      recordId: 'a',
      minute: 60,
      systolic: 120,
      diastolic: null,
      ageYears: 78,
      meanArterial: null,
      pulse: 99,
    },
  ]);
});

test.each([
  [
    'no needed column',
    'record_id,minute,systolic\nx,1,2\n',
    /readings\.csv:1: the header lacks the column diastolic/,
  ],
  [
    'no patient column',
    'id,minute,systolic,diastolic\nx,1,2,3\n',
    /lacks the column record_id or attendance or patient_id/,
  ],
  [
    'text for a number',
    'record_id,minute,systolic,diastolic\nx,1,2,3\nx,2,high,3\n',
    /readings\.csv:3: systolic is not a number/,
  ],
  ['no minute', 'record_id,minute,systolic,diastolic\nx,,2,3\n', /readings\.csv:2: minute is missing/],
  ['no patient', 'record_id,minute,systolic,diastolic\n,1,2,3\n', /readings\.csv:2: record_id is missing/],
  [
    'a ragged row',
    'record_id,minute,systolic,diastolic\nx,1,2\n',
    /readings\.csv:2: has 3 cells, and lacks diastolic/,
  ],
  ['no rows', 'record_id,minute,systolic,diastolic\n', /holds no readings/],
])('a file with %s names file, line and field', (_what, text, message) => {
  expect(() => readRecordedReadings(file(text))).toThrow(message);
});

test('a file that is not there is named', () => {
  expect(() => readRecordedReadings('/nowhere/x.csv')).toThrow('/nowhere/x.csv: cannot be read (ENOENT)');
});
