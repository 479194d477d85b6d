/** What stands beside pressures: whose they are by the wrappers of messages alone, and no measurement is thrown away. */
import { expect, test } from 'vitest';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { bytesOf, hospital, origin } from './builders.ts';

const read = (said: object, at = origin) =>
  parseRecord(bytesOf({ systolic: 205, diastolic: 124, ...said }), at, hospital).map((item) =>
    'reading' in item ? { ...item.reading, ...item.judgement } : item,
  );
const patientOf = (said: object) => read(said).map((one) => 'patientId' in one && one.patientId);

test.each([
  ['a gateway’s id is no device’s', { id: 'm-1', gateway: { deviceId: 'gw-1' } }, { patientId: '#m-1' }],
  ['a spouse’s is no patient’s', { deviceId: 'm-1', spouse: { patientId: 'p-9' } }, { patientId: '#m-1' }],
  ['a process’s number is none', { deviceId: 'm-1', pid: 1 }, { patientId: '#m-1' }],
  ['a description is none', { deviceId: 'm-1', patientInfo: '65 M' }, { patientId: '#m-1' }],
  ['a hospital’s number is none', { deviceId: 'm-1', hospitalNo: 3 }, { patientId: '#m-1' }],
  ['how many patients there are is none', { deviceId: 'm-1', patientsNum: 2 }, { patientId: '#m-1' }],
  [
    'hexadecimal digits are',
    { deviceId: 'm-1', patientId: '12e45', x: 1 },
    { patientId: '12e45', quality: 'questionable' },
  ],
  [
    'a newborn’s age is not its mother’s',
    { deviceId: 'm-1', patientId: 'p-1', systolic: 85, diastolic: 50, newborn: { ageYears: 0 } },
    { cohort: 'adult', level: 'critical' },
  ],
  [
    'where a patient is to go is not where it is',
    { deviceId: 'bp-1', patientId: 'p-1', pendingTransfer: { ward: 'ward-002', bed: '9' } },
    { ward: 'ward-001' },
  ],
  [
    'a battery’s time is not the measurement’s',
    { deviceId: 'm-1', patientId: 'p-1', battery: { timestamp: '2026-11-24T06:00:00Z' } },
    { measuredAt: origin.arrivedAt },
  ],
  [
    'a header’s time is',
    { deviceId: 'm-1', patientId: 'p-1', header: { timestamp: '2026-11-24T06:00:00Z' } },
    { measuredAt: '2026-11-24T06:00:00.000Z' },
  ],
])('%s', (_what, said, expected) => expect(read(said)).toMatchObject([expected]));

test('a place in a list of patients is one of its device’s', () => {
  const patients = [1, 2].map((no) => ({ no, systolic: 200 + no, diastolic: 124 }));
  const list = (deviceId: string) =>
    parseRecord(bytesOf({ deviceId, patients }), origin, hospital).map(
      (one) => 'reading' in one && one.reading.patientId,
    );
  expect(new Set([...list('gw-1'), ...list('gw-2')]).size).toBe(4);
});

test('Observations of several beds of one device are nobody’s, and told', () => {
  const observation = (value: number) => ({
    resourceType: 'Observation',
    code: { coding: [{ code: '8480-6' }] },
    valueQuantity: { value, unit: 'mmHg' },
  });
  const beds = [1, 2].map((id) => ({ id, observation: observation(204 + id) }));
  const items = parseRecord(bytesOf({ deviceId: 'gw-1', beds }), origin, hospital);
  expect(items.map((item) => 'reason' in item)).toEqual([true, true]);
});

test.each([
  [30, 15],
  [310, 150],
  [0, 0],
])('a second measurement beside a good one counts, though it is %d/%d', (systolic, diastolic) => {
  const said = {
    deviceId: 'm-1',
    patientId: 'p-1',
    systolic: 120,
    diastolic: 80,
    manual: { systolic, diastolic },
  };
  expect(read(said).map((one) => 'level' in one && one.level)).toContainEqual(
    expect.stringMatching(/^suspect/),
  );
});

test.each([
  'systolicNews',
  'sbpPoints',
  'ecgAsystole',
  'sbpCentile',
  'systolicIndex',
  'isSystolicOk',
  'systolicSnomed',
])('%s beside both pressures is none', (name) => {
  const said = { deviceId: 'm-1', patientId: 'p-1', systolic: 120, diastolic: 80, [name]: 1 };
  expect(read(said)).toMatchObject([{ systolicMmHg: 120, level: null }]);
});

test('a bed is one, however it is written', () => {
  expect(new Set(['4', 'bed 4', 'Bed 4'].flatMap((bed) => patientOf({ deviceId: 'new-9', bed }))).size).toBe(
    1,
  );
});

test('thousands of times and wrappers around forty readings are read soon', () => {
  const beside = Object.fromEntries(Array.from({ length: 4000 }, (_, at) => [`k${at}`, { time: `x${at}` }]));
  const headers = Object.fromEntries(
    Array.from({ length: 35 }, (_, at) => [`t_i_m_e${'_'.repeat(at)}`, `y${at}`]),
  );
  const items = Array.from({ length: 40 }, (_, at) => ({ systolic: 120 + at, diastolic: 80 }));
  const begun = process.cpuUsage();
  const found = parseRecord(
    bytesOf({ deviceId: 'm-1', ...beside, header: headers, items }),
    origin,
    hospital,
  );
  expect(found.length).toBe(40);
  // Half a minute, where every object beside counted.
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5000);
});

test.each([[{ pregnancyWeeks: 32 }], [{ trimester: 2 }]])('%j says that the patient is pregnant', (said) => {
  expect(read({ deviceId: 'm-1', patientId: 'p-1', systolic: 165, ...said })).toMatchObject([
    { cohort: 'obstetric', assumed: ['timeOfArrival'] },
  ]);
});
