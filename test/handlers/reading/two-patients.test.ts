/** Two patients never share an alert: whoever is known in another way is somebody else, in every form in which it is said. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { anObservation, hospital, onTheWire, origin } from './builders.ts';

const seed = 17;

/** `content`: JSON text of a message of this person. */
type Form = (device: string) => string;
/** `key`: what tells the person from all others, in words that the code under test does not know. `isSecret`: hashed. */
type Person = { key: string; forms: Form[]; isSecret?: true };

const wire =
  (patient: string): Form =>
  (deviceId) =>
    JSON.stringify(onTheWire({ deviceId, patientId: undefined })).replace(/\}$/, `,${patient}}`);
const fhir =
  (said: Record<string, unknown>, wrap: (observation: object) => unknown = (it) => it): Form =>
  (id) =>
    JSON.stringify(wrap(anObservation({ device: { reference: `Device/${id}` }, ...said })));
const json = JSON.stringify;

/** What is alike and not the same: other capitals, zeros, marks that part a system from a value or an id from a server. */
const tricky = fc
  .array(fc.constantFrom('1', '01', '4711', 'a', 'A', 'urn:a', 'urn:b', ':', '-', '.', 'p', 'é'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(''))
  .filter((text) => /^[^-]*[1-9]/.test(text));
const plain = tricky.filter((text) => /^[\w.:-]+$/.test(text));
const server = fc.constantFrom('https://a/fhir', 'https://b/fhir', 'https://a/FHIR', 'https://a:1/fhir');

const pseudonym = plain.map(
  (id): Person => ({
    key: `ours ${id}`,
    forms: [
      wire(`"patientId":${json(id)}`),
      wire(`"patient_id":${json(` ${id}\u0000`)}`),
      wire(`"meta":{"patientId":${json(id)}}`),
      wire(`"PatientID":${json(`Patient/${id}`)}`),
      fhir({ subject: { reference: `Patient/${id}` } }),
      fhir({ subject: { reference: `Patient/${id}/_history/3` } }),
      fhir({ subject: { reference: `Patient/${id}` } }, (resource) => ({
        resourceType: 'Bundle',
        entry: [{ resource }],
      })),
    ],
  }),
);

/** A number may be longer than any that JavaScript holds. */
const number = fc.bigInt({ min: 10n ** 15n, max: 10n ** 15n + 40n }).chain((small) =>
  fc.constantFrom(small, small * 10n ** 4n, small * 10n ** 4n + 1n, small * 10n ** 9n).map(
    (digits): Person => ({
      key: `ours ${digits}`,
      forms: [
        wire(`"patientId":${digits}`),
        wire(`"patientId":"${digits}"`),
        fhir({ subject: { reference: `Patient/${digits}` } }),
      ],
    }),
  ),
);

const ofServer = fc.tuple(server, plain).map(
  ([at, id]): Person => ({
    key: `server ${at} ${id}`,
    forms: [
      fhir({ subject: { reference: `${at}/Patient/${id}` } }),
      fhir({ subject: { reference: `Patient/${id}` } }, (resource) => ({
        resourceType: 'Bundle',
        entry: [{ fullUrl: `${at}/Observation/5`, resource }],
      })),
    ],
  }),
);

const ofSystem = fc.tuple(fc.option(tricky, { nil: '' }), tricky).map(([system, value]): Person => {
  const identifier = { ...(system && { system }), value };
  const patient = { resourceType: 'Patient', identifier: [identifier] };
  const searched = `${system && `${encodeURIComponent(system)}|`}${encodeURIComponent(value)}`;
  return {
    key: `system ${json([system, value])}`,
    isSecret: true,
    forms: [
      fhir({ subject: { identifier } }),
      fhir({ subject: { reference: '#pat' }, contained: [{ ...patient, id: 'pat' }] }),
      fhir({ subject: { reference: `Patient?identifier=${searched}` } }),
      wire(`"patientId":${json(`Patient?identifier=${searched}`)}`),
      fhir({ subject: { reference: 'urn:uuid:7' } }, (resource) => ({
        resourceType: 'Bundle',
        entry: [{ fullUrl: 'urn:uuid:7', resource: patient }, { resource }],
      })),
    ],
  };
});

/** A family has one insurance number, and each of it a record number. */
const ofFamily = fc.tuple(tricky, tricky).map(
  ([insured, value]): Person => ({
    key: `family ${json([insured, value])}`,
    isSecret: true,
    forms: [
      [insured, value],
      [value, insured],
    ].map(([first, second]) => {
      const of = (it: unknown) => ({ system: it === insured ? 'urn:insurer' : 'urn:record', value: it });
      const identifier =
        first === second
          ? [
              { system: 'urn:insurer', value: first },
              { system: 'urn:record', value: first },
            ]
          : [of(first), of(second)];
      return fhir({
        subject: { reference: '#p' },
        contained: [{ resourceType: 'Patient', id: 'p', identifier }],
      });
    }),
  }),
);

const ofRecordNumber = tricky
  .filter((value) => /\d/.test(value))
  .map(
    (value): Person => ({
      key: `field ${value}`,
      isSecret: true,
      forms: [
        wire(`"mrn":${json(value)}`),
        wire(`"patient":{"MRN":${json(value)}}`),
        wire(`"demographics":{"mrn":${json(value)}}`),
      ],
    }),
  );

const nobody = fc
  .constantFrom(
    '"unknown"',
    '0',
    '""',
    '"n/a"',
    '"---"',
    'null',
    '"000"',
    '4711.5',
    '"John Smith"',
    '["p1","p2"]',
    '"p\\ufffd"',
    'NaN',
    '"UNK"',
    '"Smith"',
    '"9999999"',
    '"{{patient_1}}"',
  )
  .map(
    (said): Person => ({
      key: '',
      forms: [wire(`"patientId":${said}`), wire(`"patient":${said}`), wire(`"x":${said}`)],
    }),
  );
const nobodyOfFhir = fc
  .constantFrom(
    {},
    { reference: '#pat' },
    { reference: 'Group/1' },
    { reference: 'Patient/' },
    { display: 'John Smith' },
    { reference: 'Patient?name=Smith' },
    { reference: 'Patient/UNK' },
    { identifier: { system: 'urn:mrn', value: 'ASKU' } },
  )
  .map(
    (subject): Person => ({
      key: '',
      forms: [
        fhir({ subject }),
        fhir({ subject, contained: [{ resourceType: 'Patient', id: 'pat', name: [{ family: 'Smith' }] }] }),
      ],
    }),
  );

const person = fc.oneof(
  pseudonym,
  number,
  ofServer,
  ofSystem,
  ofFamily,
  ofRecordNumber,
  nobody,
  nobodyOfFhir,
);

function patientOf(form: Form, device: string): string {
  const [item] = parseRecord(Buffer.from(form(device)), origin, hospital);
  if (!item || !('reading' in item)) throw new Error(`${item?.reason}: ${form(device)}`);
  return item.reading.patientId;
}

test(`a person has one key in every form, and no two persons the same (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.array(person, { minLength: 2, maxLength: 12 }), (people) => {
      const persons = new Map<string, string>();
      people.forEach(({ key, forms, isSecret }, index) => {
        const device = `bp-${index}`;
        const keys = new Set(forms.map((form) => patientOf(form, device)));
        expect([forms[0]?.(device), [...keys]]).toEqual([forms[0]?.(device), [expect.any(String)]]);
        for (const patient of keys) {
          const known = key === '' ? `device ${device}` : key;
          expect(persons.get(patient) ?? known).toBe(known);
          persons.set(patient, known);
          expect(patient.startsWith('#')).toBe(key === '');
          if (isSecret) expect(patient).toMatch(/^id-[0-9a-f]{32}$/);
        }
      });
    }),
    { seed, numRuns: 1000 },
  );
}, 60_000);
