/** Messages as real senders emit them, made after public reports of trouble, each with what Vigil must make of it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseRecord, type Readable, type Unreadable } from '../../../handlers/reading/parse-record.ts';
import { faultsOf } from '../../../handlers/reading/technical.ts';
import { hospital, origin } from './builders.ts';

type Case = {
  name: string;
  text?: string;
  base64?: string;
  expect: {
    readings?: number;
    refused?: number;
    systolic?: number;
    diastolic?: number;
    /** Of every reading. */
    level?: string | null;
    notLevel?: string[];
    /** False: somebody is paged, or a technical alert is raised. */
    silent?: false;
    /** One for each reading: systolic, diastolic, mean. */
    values?: (number | null)[][];
    /** What every reading says, or each its own. */
    reading?: object | object[];
    levels?: (string | null)[];
    assumed?: string[];
    technical?: string[];
    patientDiffersFrom?: string;
    patientLacks?: string;
  };
  why: string;
};

const cases = [
  'readings',
  'more-readings',
  'codes-and-units',
  'other-words',
  'whose',
  'pregnancies',
  'beside',
  'names',
].flatMap((name) =>
  readFileSync(`test/data/cases/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line): Case => JSON.parse(line)),
);

function itemsOf({ text, base64 = '' }: Case): (Readable | Unreadable)[] {
  const bytes = text === undefined ? Buffer.from(base64, 'base64') : Buffer.from(text);
  return parseRecord(bytes, origin, hospital);
}

const readingsOf = (items: (Readable | Unreadable)[]) =>
  items.flatMap((item) => ('reading' in item ? [item] : []));
const patientsOf = (of: Case) => readingsOf(itemsOf(of)).map(({ reading }) => reading.patientId);

describe.each(cases)('$name: $why', (of) => {
  const items = itemsOf(of);
  const readings = readingsOf(items);
  const technical = items.flatMap((item) => ('reading' in item ? faultsOf(item) : [item.technical]));
  const said = of.expect;

  test('is judged so', () => {
    const levels = readings.map(({ judgement }) => judgement.level);
    const values = readings.map(({ reading }) => [
      reading.systolicMmHg,
      reading.diastolicMmHg,
      reading.meanArterialMmHg,
    ]);
    if (said.readings !== undefined) expect(readings.length).toBe(said.readings);
    if (said.refused !== undefined) expect(items.length - readings.length).toBe(said.refused);
    if (said.values) expect(values).toEqual(said.values);
    const expected = Array.isArray(said.reading) ? said.reading : readings.map(() => said.reading ?? {});
    expect(readings.map(({ reading }) => reading)).toMatchObject(expected);
    for (const [systolic, diastolic] of values) {
      expect(systolic).toBe(said.systolic ?? systolic);
      expect(diastolic).toBe(said.diastolic ?? diastolic);
    }
    if (said.levels) expect(levels).toEqual(said.levels);
    if (said.level !== undefined) expect(new Set(levels)).toEqual(new Set([said.level]));
    for (const level of said.notLevel ?? []) expect(levels).not.toContain(level);
    if (said.technical) expect(new Set(technical)).toEqual(new Set(said.technical));
    const isSilent = levels.every((level) => level === null) && technical.length === 0;
    if (said.silent === false) expect(isSilent).toBe(false);
  });

  test('what was assumed is said, and makes it questionable', () => {
    const assumed = new Set(readings.flatMap(({ reading }) => reading.assumed));
    if (said.values) expect(assumed).toEqual(new Set(said.assumed));
    for (const { reading } of readings)
      if (reading.assumed.length > 0) expect(reading.quality).not.toBe('measured');
  });

  test('is its own patient, by no record number', () => {
    const other = cases.find(({ name }) => name === said.patientDiffersFrom);
    if (said.patientDiffersFrom) expect(other).toBeDefined();
    for (const patient of patientsOf(of)) {
      if (other) expect(patientsOf(other)).not.toContain(patient);
      if (said.patientLacks) expect(patient).not.toContain(said.patientLacks);
    }
  });
});
