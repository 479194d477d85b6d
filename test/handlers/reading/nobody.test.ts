/** What Vigil understands and still does not judge: a record that is certain to be nobody’s. */
import { describe, expect, test } from 'vitest';
import { mergeVitals } from '../../../handlers/reading/merge-vitals.ts';
import { parseRecord, type Readable } from '../../../handlers/reading/parse-record.ts';
import { isDoubted } from '../../../handlers/reading/vitals.ts';
import { anObservation, bytesOf, hospital, only, onTheWire, origin } from './builders.ts';

function patientOf(content: unknown): string {
  const item = only(content);
  if (!('reading' in item)) throw new Error(`unreadable: ${item.reason}`);
  return item.reading.patientId;
}

describe('an id that is not certain is nobody’s', () => {
  const half = String.fromCharCode(0xd800);

  test.each([
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
    ['the code of HL7 for unknown', 'UNK'],
    ['a code of HL7 for asked but unknown', 'ASKU'],
    ['a word for later', 'pending'],
    ['a word for an attempt', 'TEST'],
    ['such a word with a number', 'test 1'],
    ['a word of another language', 'unbekannt'],
    ['a name in small letters', 'john smith'],
    ['a name, which two may have', 'Smith'],
    ['nines', '9999999'],
    ['nines with marks', '999-99-9999'],
    ['one digit alone', '111111'],
    ['digits in their order', '12345'],
    ['the greatest number of 32 bits', 4294967295],
    ['all ones', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['zero in another notation', '0x0'],
    ['a placeholder that was never filled in', '{{patient1}}'],
    ['a placeholder of a shell', '$1'],
    ['a placeholder of Windows', '%PATIENT1%'],
    ['a list of two', ['p1', 'p2']],
    ['an object', { name: 'p1' }],
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
    ['the first beyond it, by its digits', 2 ** 53, '9007199254740992'],
    ['a number written with an exponent', 1e3, '1000'],
    ['a number in a text, however long', '1234567890123456789', '1234567890123456789'],
    ['a name that holds a word for nobody', 'unknown-4711', 'unknown-4711'],
    ['an emoji', 'p\u{1f600}7', 'p\u{1f600}7'],
    ['a small number', '9', '9'],
    ['a number of nines that a study may reach', '999', '999'],
    ['a list of one', ['p1'], 'p1'],
    ['a name padded with what nobody sees', '\u3164p1\u2800', 'p1'],
  ])('%s is an id', (_what, patientId, expected) => {
    expect(patientOf(onTheWire({ patientId }))).toBe(expected);
  });

  test.each<[string, unknown, string[]]>([
    ['not certain', 4711.5, ['deviceId']],
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

  const nobody = { deviceId: 4711.5, patientId: 4711.5 };
  test.each([
    [
      "Vigil's own shape",
      onTheWire({ deviceId: null, patientId: [] }),
      'deviceId, patientId: neither names anybody for certain',
    ],
    ['the legacy shape', { id: null, systolic: 205, diastolic: 124 }, 'id: names nobody for certain'],
    ["Vigil's own shape", onTheWire(nobody), 'deviceId, patientId: neither names anybody for certain'],
    ['the legacy shape', { id: 4711.5, systolic: 205, diastolic: 124 }, 'id: names nobody for certain'],
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

describe('a reading that names no patient', () => {
  const monitors = ['bp-1', 'bp-fixed'].map((id) => ({
    id,
    ward: 'ward-001',
    bed: '4',
    fixed: id !== 'bp-1',
  }));
  const read = (content: object) =>
    parseRecord(bytesOf(content), origin, { ...hospital, devices: monitors })[0] as Readable;
  const recent = (item: Readable) => mergeVitals(undefined, item.reading.patientId, [item]).recent;

  test.each([
    ['of a monitor that goes from bed to bed may be another patient’s', 'bp-1', null, false],
    ['of one that nobody registered as well', 'bp-9', null, false],
    ['of one that stays at its bed is the same patient’s', 'bp-fixed', null, true],
    ['says whose it is when it does', 'bp-1', 'patient-1', true],
  ])('%s', (_whose, deviceId, patientId, patientKnown) => {
    const item = read(onTheWire({ deviceId, patientId }));
    expect(item.reading.patientKnown).toBe(patientKnown);
    expect(recent(item).map(isDoubted)).toEqual([!patientKnown]);
  });

  test('is of whom the Observation names, whichever device measured it', () => {
    expect(read(anObservation({ device: undefined })).reading).toMatchObject({
      bothNamed: false,
      patientKnown: true,
    });
  });
});
