/** Files as people have them, from spreadsheets, studies and databases. */
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRecordedReadings } from '../../../../infra/local/replay/recorded-readings.ts';

const cases = 'test/data/cases/files';
const refused = ['minute-is-epoch-seconds.csv'];

function read(content: string | Uint8Array) {
  const name = join(mkdtempSync(join(tmpdir(), 'csv-')), 'readings.csv');
  writeFileSync(name, content);
  return readRecordedReadings(name);
}

/** Patient, minute, systolic, diastolic of each reading. */
function rows(content: string | Uint8Array) {
  return read(content).map((it) => [it.recordId, it.minute, it.systolic, it.diastolic]);
}

const header = 'record_id,minute,systolic,diastolic';
const one = [['A', 0, 205, 124]];

describe('the cases, each with one critical reading of patient A at minute 0', () => {
  const files = readdirSync(cases).filter((name) => !refused.includes(name));

  test('all of them are there', () => expect(files.length).toBeGreaterThanOrEqual(14));

  test.each(files)('%s', (name) => {
    const [first, ...others] = readRecordedReadings(`${cases}/${name}`);
    expect(first).toMatchObject({ recordId: 'A', minute: 0, diastolic: 124 });
    expect(first?.systolic).toBe(name === 'decimal-comma.csv' ? 205.5 : 205);
    expect(first?.ageYears).toBe(name === 'age-over-89.csv' ? 89 : null);
    for (const { minute, systolic, diastolic } of others)
      expect([minute > 0, [systolic, diastolic]]).toEqual([
        true,
        systolic === null ? [null, null] : [118, 76],
      ]);
  });

  test('minutes that are seconds since 1970 are refused with their line', () => {
    expect(() => readRecordedReadings(`${cases}/${refused[0]}`)).toThrow(
      /minute-is-epoch-seconds\.csv:2: minute is more than a year: perhaps not minutes/,
    );
  });
});

describe('one reading, however it is written', () => {
  test.each([
    ['quoted headers and cells', '"record_id","minute","systolic","diastolic"\n"A","0","205","124"\n'],
    [
      'spaces around cells, and quotes behind them',
      'record_id , minute, "systolic" ,diastolic\n A , 0, "205" , 124 \n',
    ],
    ['single quotes', `record_id,minute,systolic,diastolic\n'A','0','205','124'\n`],
    ['separators at the ends', 'record_id,minute,systolic,diastolic,,\nA,0,205,124,,\n'],
    ['separators at the ends of rows alone', `${header}\nA,0,205,124,,\n`],
    ['last cells that are left out', `${header},comment,age\nA,0,205,124\n`],
    ['a title above', `Export of ICU 3; 24 beds\n\n${header}\nA,0,205,124\n`],
    ['remarks', `# made by a monitor, version 2\n${header}\n# a remark, and one more\nA,0,205,124\n`],
    [
      'a byte order mark and Excel’s line',
      '\ufeffsep=;\r\nrecord_id;minute;systolic;diastolic\r\nA;0;205;124\r\n',
    ],
    ['a separator that nobody else has', 'sep=^\nrecord_id^minute^systolic^diastolic\nA^0^205^124\n'],
    ['bars', 'record_id|minute|systolic|diastolic\nA|0|205|124\n'],
    ['old line ends', `${header}\rA,0,205,124\r`],
    ['no last line end', `${header}\nA,0,205,124`],
    ['the header again', `${header}\nA,0,205,124\n${header}\n`],
    ['units in a row of their own', `${header}\n,min,mmHg,mmHg\nA,0,205,124\n`],
    ['units in the cells', `${header}\nA,0,205 mmHg,124 mmHg\n`],
    ['eICU', 'patientunitstayid,observationoffset,noninvasivesystolic,noninvasivediastolic\nA,0,205,124\n'],
    [
      'eICU, periodic',
      'patientunitstayid,observationoffset,systemicsystolic,systemicdiastolic,pasystolic\nA,0,205,124,40\n',
    ],
    ['MIMIC', 'subject_id,stay_id,charttime,sbp,dbp,sbp_ni\nA,7,2150-03-02 08:30:00,205,124,\n'],
    ['a home monitor', 'Patient,Date,Time,SYS(mmHg),DIA(mmHg)\nA,02.03.2026,08:30,205,124\n'],
    ['the pair once more', `${header},bp,blood_pressure_site\nA,0,205,124,205/124,arm\n`],
    ['German', 'Patient;Minute;Systolisch [mmHg];Diastolisch [mmHg]\nA;0;205;124\n'],
    ['PhysioNet', 'RecordID,Time,NISysABP,NIDiasABP\nA,00:07,205,124\n'],
    ['German, with the date apart', 'Fallnummer;Datum;Uhrzeit;RR sys;RR dia\nA;02.03.2026;08:30;205;124\n'],
    ['minutes with their unit', `${header}\nA,0 min,205,124\n`],
    ['a pair in a spreadsheet', 'Patient ID;Minute;Blood pressure\nA;0;205 / 124\n'],
    ['a pair with its mean', 'mrn,min,NIBP (mmHg)\nA,0,205/124 (151)\n'],
    ['a pair in kPa', 'mrn,min,NIBP (kPa)\nA,0,"27,331/16,532"\n', 0],
    ['kPa', 'mrn,min,sys [kPa],dia [kPa]\nA,0,27.331,16.532\n', 0],
    ['kPa in a column', 'mrn,min,sys,dia,unit\nA,0,27.331,16.532,kPa\n', 0],
    ['kPa in a row', 'mrn,min,sys,dia\n,,kPa,kPa\nA,0,27.331,16.532\n', 0],
  ])('%s', (_what, text, digits = 9) => {
    const [reading, ...others] = read(text);
    expect(others).toEqual([]);
    expect([reading?.recordId, reading?.minute]).toEqual(['A', 0]);
    expect(reading?.systolic).toBeCloseTo(205, digits);
    expect(reading?.diastolic).toBeCloseTo(124, digits);
  });

  test.each(['utf-16le', 'utf-16be'] as const)('%s, with its mark or without', (encoding) => {
    const bytes = (text: string) => {
      const encoded = Buffer.from(text, 'utf16le');
      return encoding === 'utf-16le' ? encoded : encoded.swap16();
    };
    for (const mark of ['\ufeff', ''])
      expect(rows(bytes(`${mark}${header}\r\nA,0,205,124\r\n`))).toEqual(one);
  });
});

describe('patients', () => {
  test('one byte apart in Latin-1 are two, and so they are in UTF-8', () => {
    const text = `${header}\nRené,0,205,124\nRenè,0,118,76\n`;
    expect(rows(Buffer.from(text, 'latin1'))).toEqual(rows(text));
    expect(new Set(rows(Buffer.from(text, 'latin1')).map(([patient]) => patient)).size).toBe(2);
  });

  test('zeros that Excel keeps as a formula belong to the name', () => {
    expect(rows(`${header}\n="007",0,205,124\n7,0,118,76\n`).map(([patient]) => patient)).toEqual([
      '007',
      '7',
    ]);
  });

  test.each([
    [
      'who lost a character',
      `${header}\nRen\ufffd,0,205,124\n`,
      /:2: record_id holds a character that was lost/,
    ],
    ['whom Excel rounded', `${header}\n1.32E+11,0,205,124\n`, /:2: record_id is a rounded number/],
    ['whom Excel rounded more', `${header}\n1E+12,0,205,124\n`, /:2: record_id is a rounded number/],
    [
      'who lost a letter',
      `${header}\nM?ller,0,205,124\n`,
      /:2: record_id is a rounded number or lacks a letter/,
    ],
    [
      'whom another column parts',
      'record_id,mrn,minute,systolic,diastolic\n1,A,0,205,124\n1,NA,5,205,124\n1,B,9,60,30\n',
      /:4: mrn is another patient's of the same record_id$/,
    ],
    ['who are missing', `${header}\nNA,0,205,124\n`, /:2: record_id is missing/],
    ['with very long names', `${header}\n${'A'.repeat(98)},0,205,124\n`, /:2: record_id has more than 97/],
  ])('%s are refused, and not named', (_what, text, message) => expect(() => read(text)).toThrow(message));
});

describe('minutes', () => {
  const at = (...cells: string[]) =>
    `patient;minute;sbp;dbp\n${cells.map((cell) => `A;${cell};205;124\n`).join('')}`;
  const minutes = (text: string) => read(text).map(({ minute }) => minute);

  test.each([
    ['that are not sorted', at('90', '0', '1.5', '2,25'), [0, 1.5, 2.25, 90]],
    ['thousands in a file that commas part', `${header}\nA,"1,440",205,124\n`, [1440]],
    ['hours', at('1.5').replace('minute', 'Time [h]'), [90]],
    ['seconds', at('90').replace('minute', 'time (s)'), [1.5]],
    ['before an admission', at('-30', '-1', '15').replace('minute', 'observationoffset'), [0, 29, 45]],
    ['by clocks', at('22:50', '23:50', '00:10'), [0, 60, 80]],
    ['by a clock of twelve hours', at('11:50 PM', '12:10 a.m.'), [0, 20]],
    ['by elapsed hours', at('00:07', '47:37'), [0, 2850]],
    [
      'ISO 8601',
      at('2026-03-02T08:30:00+01:00', '2026-03-02T08:00:00.500Z', '2026-03-02 09:00Z'),
      [0, 30 + 0.5 / 60, 90],
    ],
    ['days first', at('14/03/2026 08:30', '15/03/2026 08:30:30'), [0, 1440.5]],
    ['months first', at('3/14/26 8:30 AM', '3/15/26 8:30 AM'), [0, 1440]],
    ['either, the same', at('03/03/2026 08:30', '03/03/2026 09:30'), [0, 60]],
    ['months by name', at('02-MAR-2026 08:30', '02-Mar-2026 09:30:30'), [0, 60.5]],
    [
      'seconds since 1970, under a name that says so',
      at('1772409600', '1772409660').replace('minute', 'timestamp'),
      [0, 1],
    ],
  ])('%s', (_what, text, expected) => expect(minutes(text)).toEqual(expected));

  test.each([
    ['milliseconds since 1970', at('0', '1772409600000'), /:3: minute is more than a year/],
    [
      'a span of more than a year',
      at('2026-03-02 08:30', '2027-04-02 08:30'),
      /:3: minute is more than a year after/,
    ],
    ['a number below zero', at('-5'), /:2: minute is negative/],
    ['a code for nothing', at('-1'), /:2: minute is missing/],
    ['thousands or decimals', at('1.440'), /:2: minute is a number that may mean thousands or decimals/],
    [
      'a time of no offset among those of one',
      at('2026-03-02T08:30:00+01:00', '2026-03-02 09:00'),
      /:3: minute names no offset from UTC, and the first one one/,
    ],
    [
      'a time of an offset among those of none',
      at('2026-03-02 08:30', '2026-03-02T09:00Z'),
      /:3: minute names an offset from UTC, and the first one none/,
    ],
    ['a date alone', at('2026-03-02'), /:2: minute is a date, and neither/],
    ['words', at('0', 'noon'), /:3: minute is text, and the first one is not/],
    ['numbers among dates', at('2026-03-02 08:30', '5'), /:3: minute is a number, and the first one is not/],
    [
      'a month that may be a day',
      at('2/3/2026 08:30'),
      /:2: minute is a date whose day and month may be either/,
    ],
    ['a clock that goes back', at('08:30', '08:10'), /:3: minute is earlier than before/],
    ['a number of nothing', at('5').replace('minute', 'time'), /:2: time is a number of no known unit/],
  ])('%s: refused with line and column', (_what, text, message) => expect(() => read(text)).toThrow(message));
});

test.each([
  ['>89', 89],
  ['90+', 90],
  ['≥ 90', 90],
  ['78 years', 78],
  ['6 months', 0.5],
  ['[70-80)', 70],
  ['<13', 12.9],
  ['N/A', null],
  ['-1', null],
])('an age of %s is %s years', (cell, years) => {
  expect(read(`${header},age\nA,0,205,124,${cell}\n`)[0]?.ageYears).toBe(years);
});

test('an age in months is one of a child', () => {
  expect(read(`${header},age_months\nA,0,205,124,18\n`)[0]?.ageYears).toBe(1.5);
});

test('pressures: by palpation, beyond a bound, missing in many words', () => {
  const pairs = ['90/P', 'NA/NA', '-/-', '#N/A'].map((cell) => `A,0,${cell}\n`);
  expect(rows(`mrn,min,bp\n${pairs.join('')}`).map(([, , ...pressures]) => pressures)).toEqual([
    [90, null],
    ...Array(3).fill([null, null]),
  ]);
  const cells = ['<50,null', 'n.a.,*', '<NA>,-9', 'not measured,\\N', '-999,#VALUE!'].map(
    (cell) => `A,0,${cell}\n`,
  );
  expect(rows(`${header}\n${cells.join('')}`).map(([, , ...pressures]) => pressures)).toEqual([
    [49, null],
    ...Array(4).fill([null, null]),
  ]);
});

test('rows that repeat one are all read, in their order', () => {
  const text = `${header},pulse\nA,0,205,124,70\nA,0,205,124,70\nA,0,118,76,70 bpm\n`;
  expect(read(text).map(({ systolic, pulse }) => [systolic, pulse])).toEqual([
    [205, 70],
    [205, 70],
    [118, 70],
  ]);
});

test.each([
  [
    'a column twice',
    `${header},Systolic\nA,0,205,124,90\n`,
    /:1: two columns of one meaning: systolic \(column 3\) and Systolic \(column 5\)/,
  ],
  [
    'two names of one pressure',
    `${header},sbp\nA,0,205,124,90\n`,
    /systolic \(column 3\) and sbp \(column 5\)/,
  ],
  [
    'two columns of patients',
    `${header},Record ID\nA,0,205,124,B\n`,
    /record_id \(column 1\) and Record ID \(column 5\)/,
  ],
  [
    'a pair that contradicts the pressures beside it',
    `${header},bp\nA,0,205,124,205/124\nA,5,118,76,205/124\n`,
    /:3: bp says another pressure than systolic/,
  ],
  ['a pair where they are missing', `${header},bp\nA,0,,,205/124\n`, /:2: bp says another pressure/],
  ['a pressure beside a pair', 'mrn,min,bp,sbp\nA,0,118/76,205\n', /:2: sbp says another pressure than bp/],
  ...[
    'UNK',
    'unknown patient',
    'N/A',
    'Anonymous',
    'not assigned',
    'XXX',
    '99999',
    '{{patientId}}',
    'pending',
  ].map((id): [string, string, RegExp] => [
    `${id} as the patient`,
    `${header}\n${id},0,205,124\n`,
    /:2: record_id is /,
  ]),
  ['no time', 'mrn,sbp,dbp\nA,205,124\n', /:1: the header lacks the column minute \(or offset, datetime/],
  [
    'decimal commas that part cells',
    `${header}\nA,0,205,5,124,0\n`,
    /:2: has 6 cells, where the header has 4/,
  ],
  ['a quote that is not closed', `${header}\nA,0,205,"124\nA,5,118,76\n`, /:2: a quote is not closed/],
  [
    'a quote that is closed rows later',
    `${header},comment\nA,0,205,124,"ill\nA,5,205,124,\nA,9,118,76,"\n`,
    /:4: a cell holds a row/,
  ],
  ['text for two pressures', 'mrn,min,bp\nA,0,high\n', /:2: bp is not two pressures, but text/],
  ['a date for a pressure', `${header}\nA,0,2026-03-02,124\n`, /:2: systolic is not a number, but a date/],
  ['text for an age', `${header},age\nA,0,205,124,old\n`, /:2: age is not an age, but text/],
  ['bytes that are no text', Buffer.from('A\u0001\u0000\u0000B'), /is no text/],
  ['nothing', '', /holds no header/],
])('%s: refused', (_what, content, message) => {
  expect(() => read(content)).toThrow(message);
});
