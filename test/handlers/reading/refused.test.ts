/** What Vigil understands and still does not judge: a record without any pressure, and one that is certain to be nobody's. */
import { describe, expect, test } from 'vitest';
import { parseRecord, type Readable, type Unreadable } from '../../../handlers/reading/parse-record.ts';
import { bytesOf, hospital, onTheWire, origin } from './builders.ts';

const parse = (content: unknown) => parseRecord(bytesOf(content), origin, hospital);
const only = (content: unknown) => parse(content)[0] as Readable | Unreadable;

function patientOf(content: unknown): string {
  const item = only(content);
  if (!('reading' in item)) throw new Error(`unreadable: ${item.reason}`);
  return item.reading.patientId;
}

const quantity = (value: number) => ({ value, code: 'mm[Hg]' });
const component = (code: string, value: number) => ({
  code: { coding: [{ code }] },
  valueQuantity: quantity(value),
});

function anObservation(said: Record<string, unknown> = {}) {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ code: '85354-9' }] },
    subject: { reference: 'Patient/p1' },
    device: { reference: 'Device/bp-1' },
    effectiveDateTime: '2026-11-24T10:00:00Z',
    component: [component('8480-6', 205), component('8462-4', 124)],
    ...said,
  };
}

describe('without any pressure a record is refused', () => {
  const { systolic: _systolic, diastolic: _diastolic, ...bare } = onTheWire();

  test.each([
    ['under other names', { ...bare, Systolic: 205, Diastolic: 124 }],
    ['under short names', { ...bare, sys: 205, dia: 124 }],
    ['as one text', { ...bare, bp: '205/124' }],
    ['nested', { ...bare, bp: { systolic: 205, diastolic: 124 } }],
    ['absent', bare],
    ['null', { ...bare, systolic: null, diastolic: null, meanArterial: null }],
    ['negative, as an error code', { ...bare, systolic: -1, diastolic: -1 }],
    ['negative or absent', { ...bare, diastolic: -1 }],
    ['a mean that is no number', { ...bare, meanArterial: '45' }],
    ['a negative mean', { ...bare, meanArterial: -1 }],
    ['of the legacy shape', { id: 'bp-1', SYS: 205 }],
    ['of the legacy shape, negative', { id: 'bp-1', systolic: -1, diastolic: -1 }],
    ['a demonstration of nothing', { ...bare, quality: 'demo' }],
    ['FHIR, in SNOMED', anObservation({ component: [component('271649006', 205)] })],
    [
      'FHIR, as texts',
      anObservation({ component: [{ ...component('8480-6', 0), valueQuantity: undefined }] }),
    ],
    [
      'FHIR, in its members',
      anObservation({ component: undefined, hasMember: [{ reference: 'Observation/1' }] }),
    ],
  ])('pressures %s', (_how, content) => {
    expect(only(content)).toEqual({
      index: 0,
      refused: true,
      reason: 'no pressure: each is absent or negative',
      bytes: bytesOf(content),
    });
  });

  test.each([
    ['a zero', { systolic: 0 }],
    ['a mean alone', { meanArterial: 45 }],
    ['one of two', { diastolic: 124 }],
    ['one beside an error code', { systolic: -1, diastolic: 78 }],
  ])('%s is one', (_what, said) => {
    expect(only({ ...bare, ...said })).toHaveProperty('reading');
  });

  test('what cannot be read at all is not refused, but unreadable', () => {
    expect(only('neither')).toMatchObject({ refused: false });
  });
});

describe('an id that is not certain is nobody’s', () => {
  const half = String.fromCharCode(0xd800);

  test.each([
    ['beyond 2^53', Number('1234567890123456789')],
    ['the first that is not certain', 2 ** 53],
    ['a fraction', 4711.5],
    ['an exponent', 1e21],
    ['negative', -4711],
    ['zero', 0],
    ['half a character', `p${half}`],
    ['a character that was lost before', 'p\ufffd'],
    ['zeros', '0000'],
    ['minus one', '-1'],
    ['marks only', '---'],
    ['a word for nobody', ' Unknown '],
    ['another', 'N/A'],
    ['what a program says', 'undefined'],
  ])('%s: the device stands for the patient, and that is said', (_how, patientId) => {
    expect(only(onTheWire({ patientId }))).toMatchObject({
      reading: { patientId: 'bp-1', deviceId: 'bp-1' },
      ignored: ['patientId'],
    });
  });

  test.each([
    ['the last whole number that is certain', 2 ** 53 - 1, '9007199254740991'],
    ['a number written with an exponent', 1e3, '1000'],
    ['a number in a text, however long', '1234567890123456789', '1234567890123456789'],
    ['a name that holds a word for nobody', 'unknown-4711', 'unknown-4711'],
    ['an emoji', 'p\u{1f600}', 'p\u{1f600}'],
  ])('%s is an id', (_what, patientId, expected) => {
    expect(patientOf(onTheWire({ patientId }))).toBe(expected);
  });

  test('a device that is nobody’s: its patient stands for it', () => {
    expect(only(onTheWire({ deviceId: 2 ** 53 }))).toMatchObject({
      reading: { patientId: 'patient-1', deviceId: 'patient-1' },
      ignored: ['deviceId'],
    });
  });

  test.each([0, 'unknown'])('a device that calls itself %j is one: somebody has to look', (id) => {
    expect(patientOf({ id, systolic: 205, diastolic: 124 })).toBe(String(id));
    const observation = anObservation({ subject: undefined, device: { reference: `Device/${id}` } });
    expect(patientOf(observation)).toBe(String(id));
  });

  const nobody = { deviceId: 2 ** 53, patientId: 2 ** 53 };
  test.each([
    ["Vigil's own shape", onTheWire(nobody), 'deviceId, patientId: neither names anybody for certain'],
    ['the legacy shape', { id: 2 ** 53, systolic: 205, diastolic: 124 }, 'id: names nobody for certain'],
    [
      'FHIR',
      anObservation({ subject: { reference: '#pat' }, device: { reference: '#dev' } }),
      'subject, device: neither names anybody for certain',
    ],
  ])('with neither, %s is refused', (_shape, content, reason) => {
    expect(only(content)).toMatchObject({ refused: true, reason });
  });

  test.each([
    ['contained', '#pat'],
    ['contained, with its type', 'Patient/#pat'],
    ['a type without an id', 'Patient/'],
    ['a type alone', 'https://hospital.example/fhir/Patient'],
    ['a group', 'Group/ward-1'],
    ['a place', 'https://hospital.example/fhir/Location/4'],
    ['what a program says', 'Patient/undefined'],
    ['a word for nobody', 'Patient/unknown'],
    ['empty', ''],
  ])('FHIR, a reference that is %s', (_how, reference) => {
    expect(patientOf(anObservation({ subject: { reference } }))).toBe('bp-1');
  });

  test('FHIR, a contained patient or device that is known by an identifier beside it', () => {
    const subject = { reference: '#pat', identifier: { value: 'MRN-4711' } };
    expect(patientOf(anObservation({ subject }))).toBe(
      patientOf(anObservation({ subject: { identifier: { value: 'MRN-4711' } } })),
    );
    expect(only(anObservation({ device: { reference: '#dev' } }))).toMatchObject({
      reading: { deviceId: 'p1' },
      ignored: ['device'],
    });
  });

  test.each(['', ' ', 'unknown', '0'])('FHIR, the identifier %j', (value) => {
    expect(patientOf(anObservation({ subject: { identifier: { value } } }))).toBe('bp-1');
  });
});
