/** Whatever a message says beside an id may part two patients: alike in one of their names, they are still two. */
import { expect, test } from 'vitest';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { anObservation, bytesOf, hospital, only, onTheWire, origin } from './builders.ts';

const wire = (said: object) => onTheWire({ patientId: undefined, ...said });
const about = (subject: object, said: object = {}) => anObservation({ subject, ...said });
const inBundle = (resource: object, fullUrl?: string) => ({
  resourceType: 'Bundle',
  entry: [
    { ...(fullUrl && { fullUrl }), resource },
    { resource: about({ reference: fullUrl ?? 'Patient/pat1' }) },
  ],
});
const pat1 = (...identifier: object[]) => ({ resourceType: 'Patient', id: 'pat1', identifier });

function patientOf(content: unknown): string {
  const [item] = parseRecord(bytesOf(content), origin, hospital);
  if (!item || !('reading' in item)) throw new Error(item?.reason);
  return item.reading.patientId;
}

test.each<[string, object, object]>([
  [
    'another number beside the same',
    wire({ patient: '1', mrn: '4711' }),
    wire({ patient: '1', mrn: '4712' }),
  ],
  ['a number beside the same, and none', wire({ patient: '1', mrn: '4711' }), wire({ patient: '1' })],
  [
    'the same number of another house',
    wire({ mrn: { value: '4711', assigningAuthority: 'N' } }),
    wire({ mrn: { value: '4711', assigningAuthority: 'S' } }),
  ],
  [
    'another house, said beside the number',
    wire({ mrn: '4711', facility: 'N' }),
    wire({ mrn: '4711', facility: 'S' }),
  ],
  [
    'another system',
    wire({ patient: { system: 'a', value: 1 } }),
    wire({ patient: { system: 'b', value: 1 } }),
  ],
  ['another kind', wire({ patient: { type: 'a', value: 1 } }), wire({ patient: { type: 'b', value: 1 } })],
  [
    'another number in the same object',
    wire({ patient: { id: '1', mrn: '4711' } }),
    wire({ patient: { id: '1', mrn: '4712' } }),
  ],
  [
    'an entry of the same id in two Bundles, with another record number',
    inBundle(pat1({ system: 'urn:mrn', value: '4711' })),
    inBundle(pat1({ system: 'urn:mrn', value: '4712' })),
  ],
  [
    'the same on a server that is an example’s',
    inBundle(pat1({ value: '4711' }), 'http://example.org/fhir/Patient/pat1'),
    inBundle(pat1({ value: '4712' }), 'http://example.org/fhir/Patient/pat1'),
  ],
  [
    'another identifier beside the same reference',
    about({ reference: 'Patient/1', identifier: { value: '4711' } }),
    about({ reference: 'Patient/1', identifier: { value: '4712' } }),
  ],
  [
    'another identifier beside a part of the message',
    about({ reference: '#pat1', identifier: { value: '4711' } }, { contained: [pat1({ value: '9' })] }),
    about({ reference: '#pat1', identifier: { value: '4712' } }, { contained: [pat1({ value: '9' })] }),
  ],
])('%s is another patient', (_what, one, other) => {
  expect(patientOf(one)).toMatch(/^id-[0-9a-f]{32}$/);
  expect(patientOf(other)).not.toBe(patientOf(one));
});

test('one patient is the same in whatever order it is said, and where it is said twice', () => {
  const record = { system: 'urn:mrn', value: '4711' };
  const insurance = { system: 'urn:insurer', value: '7' };
  const people = [
    [wire({ patient: '1', mrn: '4711' }), wire({ mrn: '4711', patient: '1' })],
    [inBundle(pat1(record)), about({ identifier: record }), about({ reference: '#7', identifier: record })],
    [inBundle(pat1(record, insurance)), about({ identifier: [insurance, record] })],
    [
      about({ reference: '#pat1', identifier: record }, { contained: [pat1(record)] }),
      about({ identifier: record }),
    ],
  ];
  for (const forms of people) expect(new Set(forms.map(patientOf)).size).toBe(1);
});

test('an identifier that is nobody’s leaves the id that it stands beside', () => {
  expect(patientOf(inBundle(pat1({ system: 'urn:mrn', value: 'UNK' })))).toBe('pat1');
  expect(patientOf(about({ reference: 'Patient/p1', identifier: { value: 'n/a' } }))).toBe('p1');
  expect(only(wire({ patient: 'unknown', mrn: '4711' }))).toMatchObject({
    reading: { patientId: patientOf(wire({ mrn: '4711' })) },
  });
});

test('a device that is carried stands for whoever lies in the stated bed; one that is fixed, or where it is registered, for one', () => {
  const standIn = (bed: string | undefined, fixed: boolean) => {
    const registry = { ...hospital, devices: [{ id: 'bp-1', ward: 'ward-001', bed: '4', fixed }] };
    const [item] = parseRecord(bytesOf(wire({ bed })), origin, registry);
    return item && 'reading' in item ? item.reading.patientId : undefined;
  };
  for (const bed of [undefined, '4', '5']) expect(standIn(bed, true)).toBe('#bp-1');
  for (const bed of [undefined, '4', ' 4 ']) expect(standIn(bed, false)).toBe('#bp-1');
  expect(standIn('5', false)).toMatch(/^#id-[0-9a-f]{32}$/);
  expect(standIn('6', false)).not.toBe(standIn('5', false));
});

test('a registered device keeps its id, however it is written', () => {
  const registry = { ...hospital, devices: [{ id: 'Monitor 7', ward: 'ward-001', bed: '4' }] };
  const said = bytesOf({ id: 'Monitor 7', systolic: 205, diastolic: 124 });
  expect(parseRecord(said, origin, registry)).toMatchObject([{ reading: { patientId: '#Monitor 7' } }]);
  expect(parseRecord(said, origin, hospital)).toMatchObject([
    { reading: { patientId: expect.stringMatching(/^#id-[0-9a-f]{32}$/) } },
  ]);
});
