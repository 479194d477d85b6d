/** Everything that is said of a hospital's file: what it is refused for, and what is legal and may be meant otherwise. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { whoIsOnCall } from '../../../handlers/on-call/on-call.ts';
import { checkHospital, checkRoster, lineOf, parseHospital } from '../../../handlers/on-call/parse-roster.ts';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { aHospital, aRoster, aRotation } from './builders.ts';

const now = '2026-03-03T01:00:00.000Z';
// biome-ignore lint/suspicious/noExplicitAny: the tests put in what the types forbid
const any = (value: unknown) => value as any;

const findingsOf = (text: string) => {
  const lines = { refusal: [] as string[], warning: [] as string[] };
  for (const finding of checkHospital(text, 'ours.json', now).findings)
    lines[finding.level].push(lineOf(finding));
  return lines;
};
const findingsWith = (change: (hospital: Hospital) => unknown) => {
  const hospital = aHospital({
    clinicians: aHospital().clinicians.map((one, n) => ({ ...one, pin: `2048${n}7` })),
  });
  change(hospital);
  return findingsOf(JSON.stringify(hospital));
};
const nothing = { refusal: [], warning: [] };

test('of the sample hospital nothing is said', () => {
  expect(findingsOf(readFileSync('infra/hospital/hospital.json', 'utf8'))).toEqual(nothing);
  expect(findingsWith(() => undefined)).toEqual(nothing);
});

const standIn = (from: string, to: string) => (h: Hospital) =>
  (any(h).rotations[0].overrides = [{ from, to, clinicianId: 'nurse-2' }]);
const override = 'rotations[0].overrides[0]';

const second = aRotation({ order: ['nurse-2', 'nurse-1'] });
const beds = {
  ward: 'ward-001',
  beds: ['4'],
  clinicianId: 'nurse-2',
  from: '2026-03-02T07:00',
  to: '2026-03-03T19:00',
};

describe('legal, and perhaps not meant', () => {
  test.each<[string, (hospital: Hospital) => unknown, string[]]>([
    [
      'a telephone that two people carry',
      (h) => {
        for (const one of h.clinicians.slice(0, 2)) one.phone = '+447700900123';
      },
      ['clinicians[1].phone: the same as clinicians[0].phone'],
    ],
    [
      'who is on two levels of a ward',
      (h) => h.rotations[2]?.order.push('nurse-1'),
      ['rotations[2].order[1]: nurse-1 is also in rotations[0], and asked again when that page was in vain'],
    ],
    [
      'a stand-in who is on another level',
      (h) =>
        (any(h).rotations[1].overrides = [
          { from: '2026-07-01T10:00:00', to: '2026-07-01T12:00:00', clinicianId: 'nurse-2' },
        ]),
      [
        'rotations[1].overrides[0].clinicianId: nurse-2 is also in rotations[0], and asked again when that page was in vain',
      ],
    ],
    [
      'levels without a rotation',
      (h) => h.rotations.splice(1, 2),
      [
        'wards[0]: no rotation for doctor, lead: an alert goes on to the next level at once; outside of technicalHours nobody of the ward hears of a device',
      ],
    ],
    [
      'a rotation that has not begun',
      (h) => (any(h).rotations[1].startsOn = '2026-03-04'),
      ['rotations[1].startsOn: nobody is on call before 2026-03-04'],
    ],
    [
      'two people at one address, however it is spelled',
      (h) => (any(h).clinicians[3].email = ' Nurse-1@Example.org'),
      ['clinicians[3].email: the same as clinicians[0].email: one mailbox is asked for both'],
    ],
    [
      'an address that leads nowhere',
      (h) => (any(h).clinicians[0].email = 'amara@hospital.invalid'),
      ['clinicians[0].email: no mail server has this domain, so nobody is reached by it'],
    ],
    [
      'an umlaut before the @',
      (h) => (any(h).clinicians[0].email = 'müller@klinik-köln.example'),
      ['clinicians[0].email: AWS mails no letters beyond ASCII before the @, so nobody is reached by it'],
    ],
    [
      'an address that is too long for a mail server',
      (h) => (any(h).clinicians[0].email = `${'a'.repeat(65)}@example.org`),
      ['clinicians[0].email: longer than mail servers take, so nobody is reached by it'],
    ],
    [
      'somebody whom nobody calls',
      (h) =>
        h.clinicians.push(
          any({ ...h.clinicians[0], id: 'spare', email: 's@example.org', pin: '508163', wards: [] }),
        ),
      ['clinicians[5]: spare works in no ward and is in no rotation: never paged'],
    ],
    [
      'a stand-in from another ward',
      (h) => {
        h.wards.push({ id: 'ward-002', name: 'Kingfisher Ward' });
        for (const { role, order } of aHospital().rotations)
          h.rotations.push(aRotation({ ward: 'ward-002', role, order: [`${order[0]}`] }));
        for (const clinician of h.clinicians.filter(({ id }) => id !== 'nurse-2'))
          clinician.wards.push('ward-002');
        any(h).rotations[3].overrides = [
          { from: '2026-07-01T10:00:00', to: '2026-07-01T12:00:00', clinicianId: 'nurse-2' },
        ];
      },
      ['rotations[3].overrides[0].clinicianId: nurse-2 does not work in ward-002'],
    ],
    [
      'who is on two levels from a date on',
      (h) => (any(h).rotations[2].changes = [{ startsOn: '2026-04-01', order: ['nurse-1'] }]),
      [
        'rotations[2].changes[0].order[0]: nurse-1 is also in rotations[0], and asked again when that page was in vain',
      ],
    ],
    ['two rotations of a level that have other people at all times', (h) => h.rotations.push(second), []],
    [
      'two rotations of a level that one person has at once',
      (h) => h.rotations.push({ ...second, order: ['nurse-2', 'nurse-2'] }),
      [
        'wards[0]: 2 rotations for nurse, and only nurse-2 on call from 2026-03-03T01:00:00.000Z until 2026-03-03T07:00:00.000Z',
      ],
    ],
    [
      'beds that the ward does not have',
      (h) => (h.bedAssignments = [{ ...beds, beds: ['4', '5'] }]),
      ['bedAssignments[0].beds[1]: ward-001 has no bed 5'],
    ],
    [
      'beds of somebody who is no nurse',
      (h) => (h.bedAssignments = [{ ...beds, clinicianId: 'doctor-1' }]),
      ['bedAssignments[0].clinicianId: doctor-1 is a doctor, and asked as the nurse of these beds'],
    ],
    [
      'beds of a shift that is over, or of another year',
      (h) =>
        (h.bedAssignments = [
          { ...beds, to: '2026-03-02T19:00' },
          { ...beds, to: '2028-03-02T19:00' },
        ]),
      [
        'bedAssignments[0]: is over, and changes nothing any more',
        'bedAssignments[1].to: more than a year ahead: is the year right?',
      ],
    ],
    [
      'who is in no ward and no rotation, but has beds',
      (h) => {
        any(h).clinicians[1].wards = [];
        any(h).rotations[0].order = ['nurse-1'];
        h.bedAssignments = [beds];
      },
      ['bedAssignments[0].clinicianId: nurse-2 does not work in ward-001'],
    ],
    ['a stand-in of today', standIn('2026-03-03T00:00:00', '2026-03-03T12:00:00'), []],
    [
      'a stand-in who is over',
      standIn('2026-03-02T10:00:00', '2026-03-03T01:00:00'),
      [`${override}: is over, and changes nothing any more`],
    ],
    [
      'a stand-in of the year after next',
      standIn('2027-07-01T10:00:00', '2027-07-02T10:00:00'),
      [`${override}.from: more than a year ahead: is the year right?`],
    ],
    [
      'a stand-in without an end in sight',
      standIn('2026-07-01T10:00:00', '2062-07-01T10:00:00'),
      [`${override}.to: more than a year ahead: is the year right?`],
    ],
    [
      'a stand-in at an hour that the clock skips',
      standIn('2026-03-29T01:30:00', '2026-03-29T12:00:00'),
      [
        `${override}.from: the clock in Europe/London skips it: it is when the clock jumps. Write it with its offset`,
      ],
    ],
    [
      'a stand-in up to an hour that the clock shows twice',
      standIn('2026-10-24T10:00:00', '2026-10-25T01:30'),
      [
        `${override}.to: the clock in Europe/London shows it twice: it is the first time. Write it with its offset`,
      ],
    ],
    ['the same with its offset', standIn('2026-10-24T10:00:00', '2026-10-25T01:30:00+00:00'), []],
    [
      'a shift that begins at an hour that the clock skips, and later shows twice',
      (h) => (any(h).rotations[1].shiftStarts = ['01:30']),
      [
        'rotations[1].shiftStarts[0]: Europe/London skips 01:30 on 2026-03-29: the shift begins when the clock jumps over it',
        'rotations[1].shiftStarts[0]: Europe/London shows 01:30 twice on 2026-10-25: the shift begins the first time',
      ],
    ],
    [
      'shifts of a change that begin at an hour that the clock skips',
      (h) =>
        (any(h).rotations[1].changes = [
          { startsOn: '2026-03-20', order: ['doctor-1'], shiftStarts: ['01:15'] },
          { startsOn: '2026-04-20', order: ['doctor-1'] },
        ]),
      [
        'rotations[1].changes[0].shiftStarts[0]: Europe/London skips 01:15 on 2026-03-29: the shift begins when the clock jumps over it',
        'rotations[1].changes[0].shiftStarts[0]: Europe/London shows 01:15 twice on 2026-10-25: the shift begins the first time',
      ],
    ],
    [
      'the same in a zone that keeps its clocks',
      (h) => Object.assign(any(h).rotations[1], { shiftStarts: ['01:30'], zone: 'Asia/Tokyo' }),
      [],
    ],
  ])('%s', (_case, change, warnings) => {
    expect(findingsWith(change)).toEqual({ refusal: [], warning: warnings });
  });
});

describe('refused, as of now', () => {
  test('a ward whose first shift is to come, and where nobody works', () => {
    const { refusal, warning } = findingsWith((h) => {
      h.wards.push({ id: 'ward-002', name: 'New' });
      h.rotations.push(aRotation({ ward: 'ward-002', startsOn: '2026-03-04' }));
    });
    expect(refusal).toEqual([
      'wards[1]: nobody works there, and nobody would be paged before the first shift on 2026-03-04',
    ]);
    expect(warning).toContain('rotations[3].startsOn: nobody is on call before 2026-03-04');
  });

  test('what is broken in itself is said beside what is only odd, and all that a schema finds', () => {
    const broken = findingsWith((h) => {
      h.fallbackWard = 'x';
      h.rotations[0]?.order.push('ghost');
      h.rotations[2]?.order.push('nurse-1');
    });
    expect([broken.refusal.length, broken.warning.length]).toEqual([2, 1]);
    expect(findingsWith((h) => Object.assign(h, { zone: 7, wards: [] })).refusal).toHaveLength(2);
  });

  test('a published roster is looked at by the same rules', () => {
    const odd = aRoster({ zone: '+01:00', rotations: [] });
    const { roster, findings } = checkRoster(JSON.stringify(odd), 'published', now);
    expect(roster).toEqual(odd);
    expect(findings.map(({ level, path }) => [level, path])).toEqual([
      ['refusal', 'zone'],
      ['warning', 'wards[0]'],
    ]);
  });
});

describe('rosters after public reports', () => {
  const caseOf = (name: string) => readFileSync(`test/data/cases/rosters/${name}.json`, 'utf8');

  test('one person in three rotations of a ward is said, and legal', () => {
    const { refusal, warning } = findingsOf(caseOf('r-one-person-three-rotations'));
    expect(refusal).toEqual([]);
    expect(warning.filter((line) => line.includes('is also in rotations[0]'))).toHaveLength(2);
  });

  test('a ward without anybody is refused', () => {
    expect(findingsOf(caseOf('r-ward-without-anybody')).refusal).toEqual([
      'wards[2]: nobody works there or is on call, so nobody would be paged',
    ]);
  });

  test('a shift in the skipped hour is said, and begins when the clock jumps', () => {
    const text = caseOf('r-shift-in-the-skipped-hour');
    expect(findingsOf(text).warning[0]).toMatch(
      /^rotations\[0\]\.shiftStarts\[0\]: .* skips 01:30 on 2026-03-29/,
    );
    const hospital = parseHospital(text, 'case');
    const nurse = (at: string) => whoIsOnCall(hospital, 'ward-001', 'nurse', at)[0]?.id;
    const [before, after] = [nurse('2026-03-29T00:59:59Z'), nurse('2026-03-29T01:00:00Z')];
    expect(after).not.toBe(before);
    expect(after).toBe(nurse('2026-03-29T11:00:00Z'));
  });
});
