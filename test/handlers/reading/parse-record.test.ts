import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRecord, type Readable, type Unreadable } from '../../../handlers/reading/parse-record.ts';
import { bytesOf, hospital, onTheWire, origin } from './builders.ts';

function parse(content: unknown): (Readable | Unreadable)[] {
  return parseRecord(bytesOf(content), origin, hospital);
}

function readingOf(content: unknown): Readable {
  const [item] = parse(content);
  if (!item || !('reading' in item)) throw new Error(`unreadable: ${item?.reason}`);
  return item;
}

function reasonOf(content: unknown): string | undefined {
  const [item] = parse(content);
  return item && 'reason' in item ? item.reason : undefined;
}

const noPressure = 'no pressure: each is absent or negative';

describe("Vigil's own shape", () => {
  test('becomes a reading, in UTC', () => {
    const said = {
      meanArterial: 93.5,
      pulse: 70,
      ageYears: 31,
      cohort: 'obstetric',
      quality: 'questionable',
    };
    expect(readingOf(onTheWire(said))).toEqual({
      index: 0,
      ignored: [],
      unknown: { device: false, ward: false, bed: false },
      judgement: expect.objectContaining({ severity: 'normal', level: null, policy: 'obstetric' }),
      reading: {
        readingId: expect.stringMatching(/^[0-9a-f]{32}$/),
        measurementId: 'bp-1@2026-11-24T10:00:00.000Z',
        replaces: false,
        deviceId: 'bp-1',
        patientId: 'patient-1',
        bothNamed: true,
        patientKnown: true,
        ward: 'ward-001',
        bed: '4',
        deviceRegistered: true,
        placeKnown: true,
        cohort: 'obstetric',
        ageYears: 31,
        measuredAt: '2026-11-24T10:00:00.000Z',
        arrivedAt: origin.arrivedAt,
        systolicMmHg: 124,
        diastolicMmHg: 78,
        meanArterialMmHg: 93.5,
        pulseBpm: 70,
        quality: 'questionable',
        assumed: [],
        source: 'vigil',
      },
    });
  });

  test.each([
    [{}, 'adult'],
    [{ ageYears: 12.9 }, 'child'],
    [{ ageYears: 13 }, 'adult'],
    [{ ageYears: 12, cohort: 'obstetric' }, 'obstetric'],
    [{ ageYears: 40, cohort: 'child' }, 'child'],
  ])('%j is of the cohort %s', (said, cohort) => {
    expect(readingOf(onTheWire(said)).reading.cohort).toBe(cohort);
  });

  test.each([
    ['zero', { systolic: 0, diastolic: 0 }, 0, 0],
    ['negative', { systolic: -5 }, -5, 78],
    ['null', { systolic: null }, null, 78],
    ['absent beside one that alarms', { systolic: 184, diastolic: undefined }, 184, null],
    ['absurd', { systolic: 1e20 }, 1e20, 78],
  ])('a pressure that is %s is still a reading', (_, said, systolicMmHg, diastolicMmHg) => {
    expect(readingOf(onTheWire(said)).reading).toMatchObject({ systolicMmHg, diastolicMmHg });
  });

  test('a detail of the wrong kind is left out and named; the reading counts', () => {
    const said = { ward: {}, bed: 7, pulse: 'fast', ageYears: -1, cohort: 'cat', quality: 'splendid' };
    const { reading, ignored, unknown } = readingOf(onTheWire(said));
    expect(ignored).toEqual(['ward', 'pulse', 'ageYears', 'cohort', 'quality']);
    // The bed is one of a ward that nobody can name: the registry's ward counts, and its bed is not the one that was said.
    expect(reading).toMatchObject({ ward: 'ward-001', bed: null, pulseBpm: null, ageYears: null });
    expect(unknown).toMatchObject({ ward: true });
    expect(reading).toMatchObject({ cohort: 'adult', quality: 'questionable' });
  });

  test('the roster says where it stands, and what of its place is not in the roster', () => {
    expect(readingOf(onTheWire({ ward: 'Ward-003', bed: '9' }))).toMatchObject({
      reading: { ward: 'ward-001', bed: null, deviceRegistered: true },
      unknown: { device: false, ward: true, bed: false },
    });
  });

  test.each([{ patientId: undefined }, { patientId: null }, { patientId: '' }, { patientId: '  ' }])(
    'without a patient (%j), the device stands for the patient',
    (said) => {
      const { reading, ignored } = readingOf(onTheWire(said));
      expect([reading.patientId, ignored]).toEqual(['#bp-1', []]);
    },
  );

  test('an id that is longer than any name is none: device and patient stand for each other', () => {
    const [deviceId, patientId] = ['d'.repeat(129), 'p'.repeat(129)];
    expect(readingOf(onTheWire({ deviceId }))).toMatchObject({
      reading: { deviceId: '#patient-1', patientId: 'patient-1' },
      ignored: ['deviceId'],
    });
    expect(readingOf(onTheWire({ patientId })).reading.patientId).toBe('#bp-1');
    expect(reasonOf(onTheWire({ deviceId, patientId }))).toContain('neither names anybody for certain');
  });

  test('an id is read without what pads it; with an unseen character inside it is none', () => {
    const padded = readingOf(onTheWire({ deviceId: 'bp-1\u0000\u0000', patientId: '\u200bp-1 \r\n' }));
    expect(padded.reading).toMatchObject({ deviceId: 'bp-1', patientId: 'p-1', deviceRegistered: true });
    for (const patientId of ['p\u0000-1', 'p\n-1', 'p\u202e-1'])
      expect(readingOf(onTheWire({ patientId })).reading.patientId).toBe('#bp-1');
    expect(readingOf(onTheWire({ patientId: `p${' '.repeat(1e6)}p` })).reading.patientId).toBe('#bp-1');
  });

  const half = (name: string) => `${name}: not found as a number, and what is there does not alarm`;
  test.each([
    [{ systolic: true, diastolic: [95] }, half('systolic')],
    [{ systolic: 'high' }, half('systolic')],
    [{ diastolic: {} }, half('diastolic')],
    [{ systolic: [60, 70, 80, 90, 100] }, 'systolic: more than 4 values'],
  ])('%j is refused: %s', (said, reason) => {
    expect(reasonOf(onTheWire(said))).toBe(reason);
  });
});

test.each([
  '2026-11-24T10:00:00Z',
  '2026-11-24T10:00:00.000000+00:00',
  '2026-11-24T11:00+01:00',
  '2026-11-24T15:30:00+0530',
])('%s is the same instant and the same reading', (measuredAt) => {
  const { reading } = readingOf(onTheWire({ measuredAt }));
  expect(reading.measuredAt).toBe('2026-11-24T10:00:00.000Z');
  expect(reading.readingId).toBe(readingOf(onTheWire()).reading.readingId);
});

describe('the legacy shape', () => {
  test('has neither patient nor time: device and arrival stand for them', () => {
    expect(readingOf({ id: 'bp-1', systolic: 124, diastolic: 78 }).reading).toMatchObject({
      deviceId: 'bp-1',
      patientId: '#bp-1',
      ward: 'ward-001',
      bed: '4',
      measuredAt: origin.arrivedAt,
      source: 'legacy',
    });
  });

  test('a device that nobody registered belongs to the fallback ward, and is reported', () => {
    const { reading, unknown } = readingOf({ id: 17, systolic: 124, diastolic: 78 });
    expect(reading).toMatchObject({ deviceId: '17', ward: 'ward-fallback', bed: null });
    expect(unknown.device).toBe(true);
  });

  test('is unreadable without the name of an id', () => {
    expect(reasonOf({ systolic: 124, diastolic: 78 })).toBe('record: of no known shape');
  });
});

describe('a FHIR blood-pressure observation', () => {
  const quantity = (value: number) => ({
    value,
    unit: 'mmHg',
    system: 'http://unitsofmeasure.org',
    code: 'mm[Hg]',
  });
  const coded = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
  const component = (code: string, value: Record<string, unknown>) => ({ code: coded(code), ...value });
  const anObservation = (said: Record<string, unknown> = {}) => ({
    resourceType: 'Observation',
    status: 'final',
    code: coded('85354-9'),
    subject: { reference: 'Patient/patient-1' },
    device: { reference: 'https://hospital.example/fhir/Device/bp-1/_history/2' },
    effectiveDateTime: '2026-11-24T11:00:00+01:00',
    component: [
      component('8480-6', { valueQuantity: quantity(186) }),
      component('8462-4', { valueQuantity: quantity(96) }),
      component('8478-0', { valueQuantity: quantity(126) }),
      component('8867-4', { valueQuantity: { value: 88, unit: '/min' } }),
    ],
    ...said,
  });

  test('becomes a reading; the registry knows where the device stands', () => {
    expect(readingOf(anObservation()).reading).toMatchObject({
      deviceId: 'bp-1',
      patientId: 'patient-1',
      ward: 'ward-001',
      bed: '4',
      measuredAt: '2026-11-24T10:00:00.000Z',
      systolicMmHg: 186,
      diastolicMmHg: 96,
      meanArterialMmHg: 126,
      pulseBpm: 88,
      quality: 'measured',
      source: 'fhir',
    });
  });

  test('a component that is absent with a reason is a missing pressure, not an unreadable record', () => {
    const dataAbsentReason = { coding: [{ code: 'not-performed' }] };
    const half = [
      component('8480-6', { valueQuantity: quantity(186) }),
      component('8462-4', { dataAbsentReason }),
    ];
    expect(readingOf(anObservation({ component: half })).reading).toMatchObject({
      systolicMmHg: 186,
      diastolicMmHg: null,
    });
    expect(reasonOf(anObservation({ component: undefined, dataAbsentReason }))).toBe(noPressure);
  });

  test.each([
    ['final', 'measured'],
    ['amended', 'measured'],
    ['corrected', 'measured'],
    ['preliminary', 'questionable'],
    ['entered-in-error', 'withdrawn'],
    ['cancelled', 'withdrawn'],
    [undefined, 'questionable'],
  ])('of status %s is %s', (status, quality) => {
    expect(readingOf(anObservation({ status })).reading.quality).toBe(quality);
  });

  test('a period is measured at its end; patient and device stand for each other', () => {
    const period = { start: '2026-11-24T09:59:00Z', end: '2026-11-24T10:00:00Z' };
    const said = { effectiveDateTime: undefined, effectivePeriod: period, device: undefined };
    expect(readingOf(anObservation(said)).reading).toMatchObject({
      measuredAt: '2026-11-24T10:00:00.000Z',
      deviceId: '#patient-1',
    });
    const { patientId } = readingOf(anObservation({ subject: undefined })).reading;
    expect(patientId).toMatch(/^#id-[0-9a-f]{32}$/);
    expect(
      readingOf(anObservation({ subject: undefined, device: { reference: 'Device/bp-1' } })).reading,
    ).toMatchObject({
      patientId: '#bp-1',
    });
  });

  test('a device that is not called Device/bp-1 is another one, with another patient', () => {
    const devices = [
      { reference: 'Device/bp-1' },
      { reference: 'DeviceMetric/bp-1' },
      { identifier: { value: 'bp-1' } },
      { type: 'Device', identifier: { value: 'bp-1' } },
    ];
    const patients = devices.map(
      (device) => readingOf(anObservation({ subject: undefined, device })).reading.patientId,
    );
    expect(new Set(patients).size).toBe(devices.length);
  });

  test('known by a record number only: its hash stands for it, the same one each time', () => {
    const { patientId } = readingOf(
      anObservation({ subject: { identifier: { value: 'MRN-4711' } } }),
    ).reading;
    expect(patientId).toMatch(/^id-[0-9a-f]{32}$/);
    const again = anObservation({ subject: { identifier: { value: 'MRN-4711' } }, device: undefined });
    expect(readingOf(again).reading).toMatchObject({ patientId, deviceId: `#${patientId}` });
  });

  const inBeats = { value: 124, unit: '/min', code: '/min' };
  test.each([
    [{ code: coded('8867-4'), component: undefined }, noPressure],
    [{ subject: undefined, device: undefined }, 'subject: missing'],
    [
      {
        component: [
          component('8480-6', { valueQuantity: inBeats }),
          component('8462-4', { valueQuantity: quantity(76) }),
        ],
      },
      'systolic: not found as a number, and what is there does not alarm',
    ],
    [{ resourceType: 'Bundle' }, 'resourceType: not Observation'],
  ])('%j is unreadable: %s', (said, reason) => {
    expect(reasonOf(anObservation(said))).toBe(reason);
  });
});

describe('a record', () => {
  test('may be a list: each element by its index, the unreadable ones with their own bytes as sent', () => {
    const broken = '{ "deviceId": "bp-1",  "measuredAt": "\\"], {", "systolic": 1e2 }';
    const text = `[ ${JSON.stringify(onTheWire())} , ${broken},{"id":"bp-1","systolic":90.50,"diastolic":60}, 1e999 ]`;
    const items = parseRecord(new TextEncoder().encode(text), origin, hospital);
    expect(items.map((item) => [item.index, 'reading' in item ? item.reading.source : item.reason])).toEqual([
      [0, 'vigil'],
      [1, 'diastolic: not found as a number, and what is there does not alarm'],
      [2, 'legacy'],
      [3, 'record: not an object'],
    ]);
    const kept = items.map((item) => ('bytes' in item ? Buffer.from(item.bytes).toString() : null));
    expect(kept).toEqual([null, broken, null, '1e999']);
  });

  test('that lists thousands of unreadable elements is kept once, as a whole, and its readings count', () => {
    const bytes = bytesOf([0, onTheWire(), ...Array.from({ length: 5000 }, () => 7)]);
    const items = parseRecord(bytes, origin, hospital);
    expect(items).toMatchObject([
      { index: 0, reason: '5001 elements of the list, the first of them: record: not an object', bytes },
      { index: 1, reading: { source: 'vigil' } },
    ]);
  });

  test('that lists twenty of them keeps each by itself', () => {
    expect(parse(Array.from({ length: 20 }, () => 7))).toHaveLength(20);
    expect(parse(Array.from({ length: 21 }, () => 7))).toHaveLength(1);
  });

  test.each([
    ['not JSON', '{"deviceId"', 'record: not JSON'],
    ['empty', '', 'record: not JSON'],
    ['an empty list', '[]', 'record: an empty list'],
    ['a number', '182', 'record: not an object'],
    ['a list in a list', '[[]]', 'record: not an object'],
  ])('that is %s is unreadable, with its bytes', (_, text, reason) => {
    const bytes = new TextEncoder().encode(text);
    const [item] = parseRecord(bytes, origin, hospital);
    expect(item).toMatchObject({ index: 0, reason, refused: false });
    if (reason !== 'record: not an object' || text === '182') expect(item).toMatchObject({ bytes });
  });

  test('that is not UTF-8 keeps its bytes', () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0x00);
    const unreadable = {
      index: 0,
      reason: 'record: not UTF-8',
      refused: false,
      technical: 'unreadable',
      bytes,
    };
    expect(parseRecord(bytes, origin, hospital)).toEqual([unreadable]);
  });

  test('is always something, whatever it holds, and a reason never holds a value', () => {
    const anything = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc
        .record(
          {
            deviceId: fc.anything(),
            id: fc.anything(),
            resourceType: fc.oneof(fc.constant('Observation'), fc.anything()),
            patientId: fc.constant(['secret']),
            measuredAt: fc.oneof(fc.anything(), fc.constant('secret')),
            systolic: fc.oneof(fc.anything(), fc.constant('secret')),
          },
          { requiredKeys: [] },
        )
        .map((record) => {
          try {
            return bytesOf(record);
          } catch {
            return bytesOf('not every JavaScript value is JSON');
          }
        }),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        const items = parseRecord(bytes, origin, hospital);
        expect(items.length).toBeGreaterThan(0);
        for (const item of items) if ('reason' in item) expect(item.reason).not.toContain('secret');
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
