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
    ['a mean of shock alone', { meanArterial: 45 }],
    ['one of two that alarms', { diastolic: 124 }],
    ['one of two where the other is said to be none', { systolic: null, diastolic: 78 }],
    ['one beside an error code', { systolic: -1, diastolic: 78 }],
  ])('%s is one', (_what, said) => {
    expect(only({ ...bare, ...said })).toHaveProperty('reading');
  });

  test('what cannot be read at all is not refused, but unreadable', () => {
    expect(only('neither')).toMatchObject({ refused: false });
  });
});

/** The pressure that would have alarmed may stand under the name that was not understood. */
describe('a pressure that was not found, beside what does not alarm, is no reading', () => {
  const { systolic: _systolic, diastolic: _diastolic, ...bare } = onTheWire();
  const systolic = 'systolic: not found as a number, and what is there does not alarm';
  const diastolic = 'diastolic: not found as a number, and what is there does not alarm';
  const onlyMean = 'no pressure but a mean, which does not alarm';
  const text = (code: string, valueString: string) => ({ code: { coding: [{ code }] }, valueString });
  const absent = (code: string, said: object = {}) => ({
    code: { coding: [{ code }] },
    dataAbsentReason: { coding: [{ code: 'error' }] },
    ...said,
  });

  test.each([
    ['short names beside a mean', { ...bare, sys: 232, dia: 133, meanArterial: 166 }, onlyMean],
    ['a mean beside nulls', { ...bare, systolic: null, diastolic: null, meanArterial: 166 }, onlyMean],
    ['a mean beside error codes', { ...bare, systolic: -1, diastolic: -1, meanArterial: 65 }, onlyMean],
    ['one with a capital', { ...bare, Systolic: 62, diastolic: 40 }, systolic],
    ['the other with a capital', { ...bare, systolic: 150, Diastolic: 133 }, diastolic],
    ['a demonstration', { ...bare, systolic: 232, dia: 133, quality: 'demo' }, diastolic],
    ['the legacy shape', { id: 'bp-1', SYS: 232, diastolic: 95 }, systolic],
    [
      'FHIR, one in SNOMED',
      anObservation({ component: [component('271649006', 232), component('8462-4', 95)] }),
      systolic,
    ],
    [
      'FHIR, one as a text',
      anObservation({ component: [text('8480-6', '232'), component('8462-4', 95)] }),
      systolic,
    ],
    [
      'FHIR, one without its number',
      anObservation({
        component: [
          component('8480-6', 150),
          { ...component('8462-4', 0), valueQuantity: { code: 'mm[Hg]' } },
        ],
      }),
      diastolic,
    ],
    [
      'FHIR, less than a number that does not alarm',
      anObservation({
        component: [
          { ...component('8480-6', 0), valueQuantity: { ...quantity(90), comparator: '<' } },
          component('8462-4', 60),
        ],
      }),
      systolic,
    ],
    [
      'FHIR, one that is called absent and is there as a text',
      anObservation({ component: [absent('8480-6', { valueString: '232' }), component('8462-4', 95)] }),
      systolic,
    ],
  ])('%s', (_how, content, reason) => {
    expect(only(content)).toEqual({ index: 0, refused: true, reason, bytes: bytesOf(content) });
  });

  test.each([
    ['what is there alarms', { ...bare, Systolic: 150, diastolic: 125 }, 'suspect-critical'],
    ['an emergency', { ...bare, systolic: 232, Diastolic: 95 }, 'suspect-emergency'],
    ['absent with a reason', anObservation({ component: [absent('8480-6'), component('8462-4', 95)] }), null],
  ])('but %s: it is judged', (_how, content, level) => {
    expect(only(content)).toMatchObject({ reading: {}, judgement: { severity: 'suspect', level } });
  });
});

describe('FHIR, several values of one pressure', () => {
  const several = (...values: [string, number][]) =>
    only(anObservation({ component: values.map(([code, value]) => component(code, value)) }));

  test.each<[string, [string, number][], number, number, string | null]>([
    [
      'the higher one alarms',
      [
        ['8480-6', 118],
        ['8480-6', 232],
        ['8462-4', 76],
      ],
      232,
      76,
      'emergency',
    ],
    [
      'the lower one alarms',
      [
        ['8480-6', 118],
        ['8480-6', 62],
        ['8462-4', 40],
      ],
      62,
      40,
      'emergency',
    ],
    [
      'of the other pressure',
      [
        ['8480-6', 150],
        ['8462-4', 76],
        ['8462-4', 125],
      ],
      150,
      125,
      'critical',
    ],
    [
      'of both',
      [
        ['8480-6', 118],
        ['8462-4', 76],
        ['8480-6', 185],
        ['8462-4', 125],
      ],
      185,
      76,
      'critical',
    ],
    [
      'neither alarms, one warns',
      [
        ['8480-6', 118],
        ['8480-6', 165],
        ['8462-4', 76],
      ],
      165,
      76,
      null,
    ],
    [
      'an error code is none',
      [
        ['8480-6', -1],
        ['8480-6', 118],
        ['8462-4', 76],
      ],
      118,
      76,
      null,
    ],
  ])('the worse counts: %s', (_how, values, systolicMmHg, diastolicMmHg, level) => {
    expect(several(...values)).toMatchObject({
      reading: { systolicMmHg, diastolicMmHg },
      judgement: { level },
    });
  });

  test('that more than one was said is told; the same one twice is one', () => {
    expect(several(['8480-6', 118], ['8480-6', 232], ['8462-4', 76])).toMatchObject({
      ignored: ['systolic'],
    });
    expect(several(['8480-6', 118], ['8480-6', 118], ['8462-4', 76])).toMatchObject({ ignored: [] });
  });

  test('the measurement is known by all of them', () => {
    const idOf = (item: Readable | Unreadable) => 'reading' in item && item.reading.readingId;
    const [a, b] = [118, 120].map((other) => several(['8480-6', 232], ['8480-6', other], ['8462-4', 76]));
    expect(a && b && idOf(a) === idOf(b)).toBe(false);
  });

  test('of more than four nobody can say which was meant: refused', () => {
    const many = [60, 70, 80, 90, 100].map((value): [string, number] => ['8480-6', value]);
    expect(several(...many, ['8462-4', 40])).toMatchObject({
      refused: true,
      reason: 'component 8480-6: more than 4 values',
    });
  });

  test('of several means the least counts, of several rates none', () => {
    const means = several(['8480-6', 118], ['8462-4', 76], ['8478-0', 90], ['8478-0', 70]);
    expect(means).toMatchObject({ reading: { meanArterialMmHg: 70 }, ignored: ['meanArterial'] });
    const rates = several(['8480-6', 118], ['8462-4', 76], ['8867-4', 90], ['8867-4', 70]);
    expect(rates).toMatchObject({ reading: { pulseBpm: null }, ignored: ['pulse'] });
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
    ['two words', 'unknown patient'],
    ['two words in capitals', 'NOT ASSIGNED'],
    ['two words of a program', 'Not_Assigned'],
    ['words with a mark', 'No-Patient'],
    ['words with more space', 'patient   unknown'],
    ['letters of another width', 'ＵＮＫＮＯＷＮ'],
    ['zeros of another width', '００'],
    ['a name for the nameless', 'John Doe'],
    ['a list', ['p1']],
    ['an object', { id: 'p1' }],
    ['true', true],
    ['a letter that nobody sees', 'p\u3164'.repeat(2)],
    ['an empty cell of Braille', 'p\u2800p'],
    ['what joins letters', 'p\u034fp'],
  ])('%s: the device stands for the patient, and that is said', (_how, patientId) => {
    expect(only(onTheWire({ patientId }))).toMatchObject({
      reading: { patientId: '#bp-1', deviceId: 'bp-1' },
      ignored: ['patientId'],
    });
  });

  test.each([
    ['the last whole number that is certain', 2 ** 53 - 1, '9007199254740991'],
    ['a number written with an exponent', 1e3, '1000'],
    ['a number in a text, however long', '1234567890123456789', '1234567890123456789'],
    ['a name that holds a word for nobody', 'unknown-4711', 'unknown-4711'],
    ['an emoji', 'p\u{1f600}', 'p\u{1f600}'],
    ['a name padded with what nobody sees', '\u3164p1\u2800', 'p1'],
  ])('%s is an id', (_what, patientId, expected) => {
    expect(patientOf(onTheWire({ patientId }))).toBe(expected);
  });

  test.each<[string, unknown, string[]]>([
    ['not certain', 2 ** 53, ['deviceId']],
    ['empty', '', []],
    ['blank', ' ', []],
    ['null', null, []],
    ['absent', undefined, []],
    ['a list', ['bp-1'], ['deviceId']],
    ['true', true, ['deviceId']],
  ])('a device whose id is %s: its patient stands for it', (_how, deviceId, ignored) => {
    expect(only(onTheWire({ deviceId, systolic: 205 }))).toMatchObject({
      reading: { patientId: 'patient-1', deviceId: '#patient-1', deviceRegistered: false },
      judgement: { level: 'critical' },
      ignored,
    });
  });

  test('a patient of the same text as a device is another one, whichever stands for the other', () => {
    expect(patientOf({ id: 7, systolic: 205, diastolic: 124 })).not.toBe(
      patientOf(onTheWire({ patientId: '7' })),
    );
    const registry = { ...hospital, devices: [{ id: '#7', ward: 'ward-001', bed: '4' }] };
    const [item] = parseRecord(bytesOf(onTheWire({ deviceId: null, patientId: '7' })), origin, registry);
    expect(item).toMatchObject({ reading: { deviceRegistered: false } });
  });

  test.each([0, 'unknown'])('a device that calls itself %j is one: somebody has to look', (id) => {
    expect(patientOf({ id, systolic: 205, diastolic: 124 })).toBe(`#${id}`);
    const observation = anObservation({ subject: undefined, device: { reference: `Device/${id}` } });
    expect(patientOf(observation)).toBe(`#${id}`);
  });

  const nobody = { deviceId: 2 ** 53, patientId: 2 ** 53 };
  test.each([
    [
      "Vigil's own shape",
      onTheWire({ deviceId: null, patientId: [] }),
      'deviceId, patientId: neither names anybody for certain',
    ],
    ['the legacy shape', { id: null, systolic: 205, diastolic: 124 }, 'id: names nobody for certain'],
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
    ['a visit', 'Encounter/5'],
    ['a relative', 'https://hospital.example/fhir/RelatedPerson/5/_history/1'],
    ['a device', 'Device/5'],
    ['a search that may find several', 'Patient?name=Smith'],
    ['a search for a word for nobody', 'Patient?identifier=urn:mrn|unknown'],
  ])('FHIR, a reference that is %s', (_how, reference) => {
    expect(patientOf(anObservation({ subject: { reference } }))).toBe('#bp-1');
    // Its identifier is not the patient's either.
    const subject = { reference, identifier: { value: 'E-5' } };
    if (/^[A-Z](?!atient)/.test(reference)) expect(patientOf(anObservation({ subject }))).toBe('#bp-1');
  });

  test.each([
    { type: 'Group', identifier: { value: '5' } },
    { type: 'Encounter', reference: '5' },
    'Patient/',
    7,
  ])('FHIR, the subject %j', (subject) => {
    expect(patientOf(anObservation({ subject }))).toBe('#bp-1');
  });

  test('FHIR, a patient in the place of the device is no device, and its id no name of one', () => {
    expect(only(anObservation({ device: { reference: 'Patient/Jane-Smith' } }))).toMatchObject({
      reading: { deviceId: '#p1', patientId: 'p1' },
      ignored: ['device'],
    });
  });

  test('FHIR, a device in the place of the patient stands for the patient, and for itself', () => {
    const content = anObservation({ subject: { reference: 'Device/bp-1' }, device: undefined });
    expect(only(content)).toMatchObject({ reading: { deviceId: 'bp-1', patientId: '#bp-1' } });
  });

  test('FHIR, a contained patient or device that is known by an identifier beside it', () => {
    const subject = { reference: '#pat', identifier: { value: 'MRN-4711' } };
    expect(patientOf(anObservation({ subject }))).toBe(
      patientOf(anObservation({ subject: { identifier: { value: 'MRN-4711' } } })),
    );
    expect(only(anObservation({ device: { reference: '#dev' } }))).toMatchObject({
      reading: { deviceId: '#p1' },
      ignored: ['device'],
    });
  });

  test.each(['', ' ', 'unknown', '0'])('FHIR, the identifier %j', (value) => {
    expect(patientOf(anObservation({ subject: { identifier: { value } } }))).toBe('#bp-1');
  });

  /** Each line names one person; no two lines the same one. */
  test('FHIR, whoever is known by another system or another server is another patient', () => {
    const people: object[][] = [
      [{ reference: 'Patient/123' }, { reference: 'Patient/123/_history/2' }, { reference: ' Patient/123 ' }],
      [{ reference: 'https://a/fhir/Patient/123' }, { reference: 'https://a/fhir/Patient/123/_history/2' }],
      [{ reference: 'https://b/FHIR/Patient/123' }],
      [{ reference: 'https://a/fhir/Patient/124' }],
      [{ identifier: { value: '123' } }, { reference: '#pat', identifier: { value: 123 } }],
      [
        { identifier: { system: 'urn:a', value: '123' } },
        { reference: 'Patient?identifier=urn:a|123' },
        { type: 'Patient', reference: ['?'], identifier: { system: 'urn:a', value: ' 123 ' } },
      ],
      [{ identifier: { system: 'urn:b', value: '123' } }],
      [{ reference: 'urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7' }],
    ];
    const ids = people.map((ofOne) => new Set(ofOne.map((subject) => patientOf(anObservation({ subject })))));
    expect(ids.map(({ size }) => size)).toEqual(people.map(() => 1));
    expect(new Set(ids.flatMap((one) => [...one])).size).toBe(people.length);
    expect([...(ids[0] ?? [])]).toEqual(['123']);
    // A record number and an address stand nowhere.
    for (const [id] of ids.slice(1)) expect(id).toMatch(/^id-[0-9a-f]{32}$/);
  });

  test('FHIR, devices of two systems or servers do not stand for one patient', () => {
    const devices = [
      { reference: 'Device/7' },
      { reference: 'https://a/fhir/Device/7' },
      { reference: 'https://b/fhir/Device/7' },
      { identifier: { system: 'urn:a', value: '7' } },
      { identifier: { system: 'urn:b', value: '7' } },
    ];
    const items = devices.map((device) => only(anObservation({ subject: undefined, device })));
    expect(items).toMatchObject(devices.map(() => ({ reading: { deviceId: '7' } })));
    const patients = items.map((item) => 'reading' in item && item.reading.patientId);
    expect(new Set(patients).size).toBe(devices.length);
    expect(patients[0]).toBe('#7');
  });
});
