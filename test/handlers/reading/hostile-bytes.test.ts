/** No few bytes keep the consumer from what stands behind them: whatever they hold, they are read within seconds, and told. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { aggregated } from './aggregated.ts';
import { anObservation, bytesOf, hospital, onTheWire, origin } from './builders.ts';

const MANY = 300_000;
const many = (text: string, count = MANY) => text.repeat(count);
const each = (count: number, of: (index: number) => string) =>
  Array.from({ length: count }, (_, at) => of(at)).join();
const record = (bytes: Uint8Array | string) => parseRecord(Buffer.from(bytes), origin, hospital);

/** A batch of a hundred has sixty seconds. Of this process alone: what else the machine does is no matter. */
const GENEROUS_MS = 5000;

function isReadSoon(bytes: Uint8Array | string) {
  const begun = process.cpuUsage();
  const items = record(bytes);
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(GENEROUS_MS);
  expect(items.length).toBeGreaterThan(0);
  expect(items.length).toBeLessThan(600);
  return items;
}

const pressures = '"systolic":205,"diastolic":124';
const deep = (open: string, close: string) => many(open, 60) + many(close, 60);
const dotted = (index: number) => `"${many('a.', 36)}${index}":${index}`;
const resources = (count: number, of: (index: number) => object) =>
  Array.from({ length: count }, (_, at) => of(at));

describe('few or many bytes are read soon', () => {
  test.each<[string, string]>([
    ['lines that are empty', `x${many('\n')}`],
    ['lines that begin a value and are none', many('{x\n')],
    ['lines of lists that nobody closes', many('[\n')],
    ['lines of lists, each of all others', many('[[[["\n')],
    ['lines of spaces', `x${many('\n ')}`],
    ['escapes', `"${many('\\n')}"`],
    ['quotes that are escaped', `{"a":"${many('\\"')}`],
    ['a text that nobody closes', `"${many('a')}`],
    ['spaces', many(' ')],
    ['marks of order', many('\ufeff')],
    ['digits', many('9')],
    ['digits as the patient', `{"deviceId":"d","patientId":${many('9')},${pressures}}`],
    ['a name that is there often', `{"deviceId":"d",${each(40_000, (at) => `"systolic":${at}`)}}`],
    ['objects of one name', `{"deviceId":"d",${many('"a":{},', 20_000)}"b":1}`],
    [
      'names of one fact',
      `{${each(40_000, (at) => `"m${many('.', at % 40)}r${many('-', at / 1000)}n":"${at}"`)},${pressures}}`,
    ],
    ['names as long as any', `{${each(20_000, dotted)}}`],
    ['values of one pressure', `[${each(20_000, (at) => `{"systolic":${at}}`)}]`],
    ['lists in lists', `[${each(400, () => deep('[', ']'))}]`],
    ['objects in objects', `[${each(400, () => `${many('{"a":', 60)}1${many('}', 60)}`)}]`],
    [
      'halves of which each is refused',
      `{${each(10_000, (at) => `"a${at}":{"deviceId":"d","systolic":150}`)}}`,
    ],
    ['words where an age belongs', `{"deviceId":"d","ageYears":"${many(' ')}",${pressures}}`],
    ['readings in one list', `[${each(5000, (at) => `{"patientId":"p${at}",${pressures}}`)}]`],
  ])('%s', (_what, text) => {
    isReadSoon(text);
    isReadSoon(gzipSync(text));
    isReadSoon(JSON.stringify({ deviceId: 'd', message: text }));
    isReadSoon(JSON.stringify({ deviceId: 'd', message: gzipSync(text).toString('base64') }));
  });

  const names = [
    'deviceId',
    'patientId',
    'mrn',
    'patient',
    'measuredAt',
    'timestamp',
    'ward',
    'bed',
    'cohort',
    'unit',
  ];
  const fields = [...names, 'ageYears', 'quality', 'pulse', 'systolic', 'bp', 'code', 'subject', 'anything'];
  test.each(fields)('a text without end as %s', (name) => {
    for (const part of [' ', '0', 'a', '/', 'Patient/', '\ufeff', '1 ', '-', '"', '%7c', 'aA/'])
      isReadSoon(bytesOf({ ...onTheWire(), [name]: many(part, 100_000) }));
  });

  test.each(['reference', 'display'])('a %s without end', (name) => {
    for (const part of [' ', 'a', '/', 'Aa/', '?identifier=', '%', '|'])
      isReadSoon(bytesOf(anObservation({ subject: { [name]: many(part, 100_000) } })));
  });
});

describe('a FHIR message of many parts', () => {
  const entry = resources(4000, (at) => ({
    fullUrl: `urn:uuid:${at}`,
    resource: anObservation({
      id: `o${at}`,
      component: undefined,
      hasMember: [{ reference: `Observation/o${at + 1}` }],
    }),
  }));

  test.each<[string, object]>([
    ['Observations that lead to one another', { resourceType: 'Bundle', entry }],
    [
      'members that stand in it',
      anObservation({
        contained: resources(10_000, (at) => ({ id: `m${at}` })),
        hasMember: resources(10_000, (at) => ({ reference: `#m${at}` })),
      }),
    ],
    [
      'components',
      anObservation({ component: resources(6000, () => anObservation().component[0] as object) }),
    ],
    [
      'identifiers',
      anObservation({ subject: { identifier: resources(10_000, (at) => ({ value: `n${at}` })) } }),
    ],
  ])('%s', (_what, message) => {
    isReadSoon(gzipSync(JSON.stringify(message)));
  });
});

describe('what unpacks to more than it is', () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const damaged = Buffer.concat([gzipSync(Buffer.alloc(1_000_000)).subarray(0, -8), Buffer.alloc(8)]);
  const inText = (bytes: Uint8Array) =>
    JSON.stringify({ deviceId: 'd', a: Array(300).fill(Buffer.from(bytes).toString('base64')) });

  test.each<[string, Uint8Array | string]>([
    ['once', bomb],
    ['in each of many aggregated records', aggregated(...Array(300).fill(bomb.subarray(0, 20_000)))],
    ['and is damaged in the end', aggregated(...Array(1000).fill(damaged))],
    ['in each of many texts', inText(gzipSync(many('{}', 500_000)))],
    ['in many empty aggregated records', aggregated(...Array(60_000).fill(Buffer.alloc(0)))],
    [
      'in aggregated records of aggregated ones',
      aggregated(...Array(40).fill(aggregated(...Array(500).fill(Buffer.from('{}'))))),
    ],
  ])('%s', (_how, bytes) => {
    expect(isReadSoon(bytes).every((item) => 'reason' in item)).toBe(true);
  });
});

describe('what is more than is read', () => {
  const patients = (count: number, systolic = 118) =>
    Array.from({ length: count }, (_, at) => onTheWire({ patientId: `p${at}`, systolic }));

  test('is told, with the whole record, beside what was read', () => {
    const items = record(bytesOf(patients(501)));
    expect(items).toHaveLength(501);
    expect(items.at(-1)).toMatchObject({
      index: 501,
      reason: 'record: more than 500 readings',
      technical: 'unreadable',
    });
    expect(record(bytesOf(patients(500))).every((item) => 'reading' in item)).toBe(true);
  });

  test('is not what alarms', () => {
    const items = record(bytesOf([...patients(600), onTheWire({ patientId: 'q1', systolic: 225 })]));
    expect(items.some((item) => 'reading' in item && item.reading.patientId === 'q1')).toBe(true);
  });

  test('leaves the aggregated records before it as they are', () => {
    const [read, unread] = record(aggregated(bytesOf(onTheWire()), Buffer.from(`[${many('1,', 60_000)}1]`)));
    expect(read).toHaveProperty('reading');
    expect(unread).toMatchObject({ reason: 'record: more values than any message holds' });
  });
});
