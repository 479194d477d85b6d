import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { adult, type Limits } from '../../../handlers/clinical/policies.ts';
import { parseHospital, parseRoster, RosterError } from '../../../handlers/on-call/parse-roster.ts';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { aHospital, aRoster, aRotation } from './builders.ts';

const problemOf = (change: (hospital: Hospital) => unknown) => {
  const hospital = aHospital();
  change(hospital);
  try {
    parseHospital(JSON.stringify(hospital), 'ours.json');
  } catch (error) {
    expect(error).toBeInstanceOf(RosterError);
    return (error as Error).message;
  }
  return 'nothing';
};
// biome-ignore lint/suspicious/noExplicitAny: the tests put in what the types forbid
const any = (value: unknown) => value as any;

test('a hospital file and a published roster are read as they are', () => {
  expect(parseHospital(JSON.stringify(aHospital()), 'ours.json')).toEqual(aHospital());
  expect(parseRoster(JSON.stringify(aRoster()), 'roster')).toEqual(aRoster());
});

test('the demo hospital is right, and its addresses lead nowhere', () => {
  const file = 'infra/hospital/hospital.json';
  const { clinicians } = parseHospital(readFileSync(file, 'utf8'), file);
  for (const { email } of clinicians) expect(email).toMatch(/@example\.org$/);
  expect(new Set(clinicians.map(({ pin }) => pin)).size).toBe(clinicians.length);
});

describe('a problem names the file and the path of the field', () => {
  test.each<[string, (hospital: Hospital) => unknown, string]>([
    ['a PIN of letters', (h) => (any(h).clinicians[1].pin = 'secret'), 'clinicians[1].pin: not six digits'],
    ['a bad address', (h) => (any(h).clinicians[0].email = 'nowhere'), 'clinicians[0].email: '],
    ['an id that cannot name a topic', (h) => (any(h).clinicians[0].id = 'a b'), 'clinicians[0].id: '],
    ['an unknown role', (h) => (any(h).rotations[0].role = 'porter'), 'rotations[0].role: '],
    ['an unknown zone', (h) => (h.zone = 'Europe/Londn'), 'zone: not an IANA time zone'],
    ['an offset, which knows no summer time', (h) => (h.zone = '+01:00'), 'zone: not an IANA time zone'],
    ['a zone spelled otherwise', (h) => (h.zone = 'europe/london'), 'zone: not an IANA time zone'],
    [
      'an unknown zone of a rotation',
      (h) => (any(h).rotations[1].zone = 'Mars'),
      'rotations[1].zone: not an IANA time zone',
    ],
    [
      'a time that no clock shows',
      (h) => (any(h).rotations[0].shiftStarts = ['24:00']),
      'rotations[0].shiftStarts[0]',
    ],
    [
      'a day that no calendar has',
      (h) => (any(h).rotations[0].startsOn = '2026-02-30'),
      'rotations[0].startsOn',
    ],
    [
      'hours that end before they begin',
      (h) => (any(h).wards[0].technicalHours = { from: '18:00', to: '08:00' }),
      'wards[0].technicalHours.to: not after `from`',
    ],
    [
      'a device that never measures',
      (h) => (any(h).devices[0].measuresEveryMinutes = 0),
      'devices[0].measuresEveryMinutes: ',
    ],
    ['a mistyped field', (h) => (any(h).rotations[0].overides = []), 'rotations[0]: '],
  ])('%s', (_case, change, path) => {
    expect(problemOf(change)).toContain(`ours.json: ${path}`);
  });
});

/** The adult policy under another name. */
const aPolicy = (changes: Partial<Limits>) => ({
  name: 'ours',
  version: '1',
  limits: { ...adult.limits, ...changes },
});

const beds = {
  ward: 'ward-001',
  beds: ['4'],
  clinicianId: 'nurse-2',
  from: '2026-03-03T07:00',
  to: '2026-03-03T19:00',
};

describe('what is right for itself must also fit together', () => {
  const override = { from: '2026-07-01T10:00:00', to: '2026-07-01T12:00:00', clinicianId: 'nurse-2' };
  test.each<[string, (hospital: Hospital) => unknown, string]>([
    ['fallback ward', (h) => (h.fallbackWard = 'x'), 'fallbackWard: no ward has the id x'],
    [
      'ward of a clinician',
      (h) => h.clinicians[2]?.wards.push('x'),
      'clinicians[2].wards[1]: no ward has the id x',
    ],
    [
      'ward of a rotation',
      (h) => h.rotations.push(aRotation({ ward: 'x' })),
      'rotations[3].ward: no ward has the id x',
    ],
    [
      'ward of a device',
      (h) => h.devices.push({ id: 'd', ward: 'x', bed: '1' }),
      'devices[1].ward: no ward has the id x',
    ],
    [
      'clinician of a rotation',
      (h) => h.rotations[0]?.order.push('ghost'),
      'rotations[0].order[2]: no clinician has the id ghost',
    ],
    [
      'a stand-in',
      (h) => (any(h).rotations[0].overrides = [{ ...override, clinicianId: 'ghost' }]),
      'rotations[0].overrides[0].clinicianId: no clinician has the id ghost',
    ],
    [
      'a stand-in who ends before beginning',
      (h) => (any(h).rotations[0].overrides = [{ ...override, to: override.from }]),
      'rotations[0].overrides[0].to: not after `from`',
    ],
    [
      'who only does quality takes no shift',
      (h) => h.rotations[0]?.order.push('quality-1'),
      'rotations[0].order[2]: quality-1 does not take shifts',
    ],
    [
      'shifts out of order',
      (h) => (any(h).rotations[0].shiftStarts = ['19:00', '07:00']),
      'rotations[0].shiftStarts: not in the order of the day',
    ],
    [
      'a change that begins with the rotation',
      (h) => (any(h).rotations[0].changes = [{ startsOn: '2026-01-05', order: ['nurse-2'] }]),
      'rotations[0].changes[0].startsOn: not after 2026-01-05, when the one before begins',
    ],
    [
      'changes that are not in their order',
      (h) =>
        (any(h).rotations[0].changes = ['2026-03-02', '2026-02-02'].map((startsOn) => ({
          startsOn,
          order: ['nurse-2'],
        }))),
      'rotations[0].changes[1].startsOn: not after 2026-03-02, when the one before begins',
    ],
    [
      'a change for nobody',
      (h) => (any(h).rotations[0].changes = [{ startsOn: '2026-03-02', order: ['nurse-2', 'nobody'] }]),
      'rotations[0].changes[0].order[1]: no clinician has the id nobody',
    ],
    [
      'a change with its shifts out of order',
      (h) =>
        (any(h).rotations[0].changes = [
          { startsOn: '2026-03-02', order: ['nurse-2'], shiftStarts: ['19:00', '07:00'] },
        ]),
      'rotations[0].changes[0].shiftStarts: not in the order of the day',
    ],
    [
      'beds of a ward that is none',
      (h) => (h.bedAssignments = [{ ...beds, ward: 'ward-999' }]),
      'bedAssignments[0].ward: no ward has the id ward-999',
    ],
    [
      'beds of who only does quality',
      (h) => (h.bedAssignments = [{ ...beds, clinicianId: 'quality-1' }]),
      'bedAssignments[0].clinicianId: quality-1 does not take shifts',
    ],
    [
      'beds until before they are assigned',
      (h) => (h.bedAssignments = [{ ...beds, to: beds.from }]),
      'bedAssignments[0].to: not after `from`',
    ],
    [
      'a ward twice',
      (h) => h.wards.push({ id: 'ward-001', name: 'Again' }),
      'wards[1].id: ward-001 is given twice',
    ],
    [
      'a clinician twice',
      (h) => h.clinicians.push(any({ ...h.clinicians[0], pin: '508163' })),
      'clinicians[5].id: nurse-1 is given twice',
    ],
    [
      'a PIN that anybody guesses',
      (h) => (any(h).clinicians[1].pin = '123456'),
      'clinicians[1].pin: too easy to guess; draw one at random',
    ],
    [
      'a PIN that two people have',
      (h) => (any(h).clinicians[3].pin = h.clinicians[1]?.pin),
      'clinicians[3].pin: the same as clinicians[1].pin',
    ],
    ['a device twice', (h) => h.devices.push(any(h.devices[0])), 'devices[1].id: bp-001 is given twice'],
    [
      'a policy that nobody defines',
      (h) => (any(h).wards[0].policies = { obstetric: 'strict' }),
      'wards[0].policies.obstetric: no policy has the name strict',
    ],
    [
      'a ward that nobody answers for',
      (h) => h.wards.push({ id: 'ward-002', name: 'New' }),
      'wards[1]: nobody works there or is on call, so nobody would be paged',
    ],
    [
      'a ward where only quality works',
      (h) => {
        h.wards.push({ id: 'ward-002', name: 'New' });
        h.clinicians[4]?.wards.push('ward-002');
      },
      'wards[1]: nobody works there or is on call, so nobody would be paged',
    ],
    [
      'a limit in kilopascal',
      (h) => (h.policies = [aPolicy({ criticalSystolicHigh: 24 })]),
      'policies[0].limits.criticalSystolicHigh: not a systolic limit in mmHg, from 40 to 300; is it in kPa?',
    ],
    [
      'a diastolic limit in kilopascal',
      (h) => (h.policies = [aPolicy({ criticalDiastolicHigh: 16 })]),
      'policies[0].limits.criticalDiastolicHigh: not a diastolic limit in mmHg, from 27 to 200; is it in kPa?',
    ],
    [
      'a low limit that is not below the high ones: every reading would alarm',
      (h) => (h.policies = [aPolicy({ criticalSystolicLow: 180, warningSystolicLow: null })]),
      'policies[0].limits: criticalSystolicLow is not below warningSystolicHigh',
    ],
    [
      'an emergency before it is critical, at the low end',
      (h) => (h.policies = [aPolicy({ emergencySystolicLow: 95, criticalSystolicLow: 90 })]),
      'policies[0].limits: emergencySystolicLow is above criticalSystolicLow',
    ],
    [
      'an emergency before it is critical, at the high end',
      (h) => (h.policies = [aPolicy({ emergencySystolicHigh: 170 })]),
      'policies[0].limits: criticalSystolicHigh is above emergencySystolicHigh',
    ],
    [
      'critical before it is a warning',
      (h) => (h.policies = [aPolicy({ warningDiastolicHigh: 125 })]),
      'policies[0].limits: warningDiastolicHigh is above criticalDiastolicHigh',
    ],
  ])('%s', (_case, change, problem) => {
    expect(problemOf(change)).toBe(`ours.json: ${problem}`);
  });

  test('a ward with people needs no rotation, and one with a rotation no people of its own', () => {
    expect(
      problemOf((h) => {
        h.wards.push({ id: 'ward-002', name: 'Staffed' }, { id: 'ward-003', name: 'Visited' });
        h.clinicians[0]?.wards.push('ward-002');
        h.rotations.push(aRotation({ ward: 'ward-003' }));
      }),
    ).toBe('nothing');
  });

  test('a roster that was published before is still read, odd as it is: no roster pages nobody', () => {
    const odd = aRoster({
      zone: '+01:00',
      wards: [
        { id: 'ward-001', name: 'Old' },
        { id: 'ward-002', name: 'New' },
      ],
      policies: [aPolicy({ criticalSystolicHigh: 24 })],
    });
    expect(parseRoster(JSON.stringify(odd), 'published')).toEqual(odd);
  });

  test('default policies have names too, and every problem gets a line', () => {
    expect(problemOf((h) => (any(h).wards[0].policies = { adult: 'seed', child: 'adult' }))).toBe('nothing');
    expect(
      problemOf((h) => {
        h.fallbackWard = 'x';
        h.rotations[0]?.order.push('ghost');
      }).split('\n'),
    ).toHaveLength(2);
  });
});

describe('names that nobody can read, or tell apart, are refused in a file', () => {
  test.each<[string, (hospital: Hospital) => unknown, string]>([
    [
      'a mark of direction',
      (h) => (any(h).wards[0].name = 'Heron \u202edraW'),
      'wards[0].name: holds U+202E',
    ],
    ['a control', (h) => (any(h).clinicians[1].name = 'Tom\u0000asz'), 'clinicians[1].name: holds U+0000'],
    ['half a character', (h) => (any(h).devices[0].bed = '4\ud83d'), 'devices[0].bed: holds U+D83D'],
    ['a line break', (h) => (h.name = 'Two\nlines'), 'name: holds U+000A'],
    ['a line separator', (h) => (any(h).devices[0].id = 'bp\u2028001'), 'devices[0].id: holds U+2028'],
    [
      'a character of no width',
      (h) => (any(h).wards[0].beds = ['4', '5\u200b']),
      'wards[0].beds[1]: holds U+200B',
    ],
    [
      'a bed that would be cut',
      (h) => (any(h).wards[0].beds = ['Fensterplatz im Zimmer 304']),
      'wards[0].beds[0]: longer than 24 characters',
    ],
    [
      'two wards that a subject spells alike',
      (h) => h.wards.push({ id: 'Süd', name: 'S' }, { id: 'Sued', name: 'T' }),
      'wards[2].id: reads like Süd in the subject of a mail',
    ],
    [
      'two wards that differ in capitals and spaces',
      (h) => h.wards.push({ id: 'WARD-001', name: 'S' }),
      'wards[1].id: reads like ward-001 in the subject of a mail',
    ],
    [
      'two long wards that differ in their middle alone',
      (h) =>
        h.wards.push(
          { id: 'Inpatients, floor 1, west wing', name: 'S' },
          { id: 'Inpatients, floor 2, west wing', name: 'T' },
        ),
      'wards[2].id: reads like Inpatients, floor 1, west wing in',
    ],
    [
      'two beds of a ward that a subject spells alike',
      (h) => (any(h).wards[0].beds = ['١', '٢']),
      'wards[0].beds[1]: reads like ١ in the subject of a mail',
    ],
    [
      'a device with the name of all that are not registered',
      (h) => (any(h).devices[0].id = 'unregistered'),
      'devices[0].id: unregistered stands for every device that is not registered',
    ],
    [
      'a device with a name that stands for a patient’s',
      (h) => (any(h).devices[0].id = '#p-7'),
      'devices[0].id: begins with #',
    ],
    [
      'a silence of a minute',
      (h) => (any(h).wards[0].silentAfterMinutes = 1),
      'wards[0].silentAfterMinutes: ',
    ],
  ])('%s', (_case, change, problem) => {
    expect(problemOf(change)).toContain(`ours.json: ${problem}`);
  });

  test('an umlaut, an emoji, and two wards that differ at their end are as good as any', () => {
    expect(
      problemOf((h) => {
        h.wards.push(
          { id: 'Gynäkologie und Geburtshilfe 3. Obergeschoss Nord', name: 'North 🏥' },
          { id: 'Gynäkologie und Geburtshilfe 3. Obergeschoss Süd', name: 'South', beds: ['12b', '12c'] },
        );
        h.clinicians[0]?.wards.push(...h.wards.map(({ id }) => id));
      }),
    ).toBe('nothing');
  });

  test('a roster that was published before goes on paging', () => {
    const roster = aRoster({ wards: [{ id: 'ward-001', name: 'Heron \u202edraW' }] });
    expect(parseRoster(JSON.stringify(roster), 'roster').wards[0]?.name).toBe('Heron \u202edraW');
  });
});

test('000000 for everybody is a problem of every line, and none of them says the PIN', () => {
  const problems = problemOf((h) => {
    for (const clinician of h.clinicians) clinician.pin = '000000';
  });
  expect(problems.split('\n')).toHaveLength(5 + 4);
  expect(problems).not.toContain('000000');
});

test('text that is not JSON is refused without repeating it, as it may hold PINs', () => {
  expect(() => parseHospital('{"pin": "123456", oops', 'ours.json')).toThrow(/^ours\.json: not JSON$/);
});
