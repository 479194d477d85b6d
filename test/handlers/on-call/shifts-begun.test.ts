/** Who has begun a shift in the last minutes. */
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { shiftsBegun } from '../../../handlers/on-call/shifts-begun.ts';
import { later } from '../../../handlers/time/instant.ts';
import { aRoster, aRotation } from './builders.ts';

const ward = { id: 'ward-001', name: 'Ward 1', checkIn: true };
const nurses = (changes: Partial<Roster['rotations'][number]> = {}) =>
  aRotation({ role: 'nurse', shiftStarts: ['07:00', '19:00'], order: ['nurse-1', 'nurse-2'], ...changes });
const rosterOf = (...rotations: Roster['rotations']) => aRoster({ wards: [ward], rotations });
const seven = DateTime.fromISO('2026-11-24T07:00', { zone: aRoster().zone }).toUTC().toISO() as string;
const began = (roster: Roster, now: string) =>
  shiftsBegun(roster, now).map(({ role, clinicianId, beganAt }) => [role, clinicianId, beganAt]);

const rotating = rosterOf(nurses());
const [first] = began(rotating, seven);

test.each([
  ['a minute before', -60, false],
  ['a millisecond before', -0.001, false],
  ['at once', 0, true],
  ['nine minutes later, when the runs between were missed', 599, true],
  ['when it is too late to ask', 660, false],
])('a shift that begins is found %s', (_when, seconds, isFound) => {
  const now = new Date(Date.parse(seven) + seconds * 1000).toISOString();
  expect(began(rotating, now)).toEqual(isFound ? [first] : []);
});

test('with the instant at which it began, on the second', () => expect(first?.[2]).toBe(seven));

describe('only who was not on call the minute before', () => {
  test.each([
    ['one person has every shift', rosterOf(nurses({ order: ['nurse-1'] })), []],
    [
      'whoever stands in goes on into the own shift',
      rosterOf(
        nurses({
          overrides: [{ from: later(seven, -7200), to: seven, clinicianId: String(first?.[1]) }],
        }),
      ),
      [],
    ],
    [
      'and whoever comes from another rotation of the level',
      rosterOf(
        nurses({ order: ['nurse-1'], startsOn: '2026-11-24' }),
        nurses({ order: ['nurse-1'], changes: [{ startsOn: '2026-11-24', order: ['nurse-2'] }] }),
      ),
      [['nurse', 'nurse-2', seven]],
    ],
  ])('%s', (_what, roster, expected) => {
    expect(began(roster, later(seven, 30))).toEqual(expected);
  });

  test('a break of a minute is one', () => {
    const overrides = [{ from: later(seven, 120), to: later(seven, 180), clinicianId: 'nurse-9' }];
    const found = began(rosterOf(nurses({ order: ['nurse-1'], overrides })), later(seven, 200));
    expect(found.filter(([, id]) => id === 'nurse-1')).toEqual([['nurse', 'nurse-1', later(seven, 180)]]);
  });

  test('whoever is swapped into the middle of a shift begins there, and who comes back begins again', () => {
    const swap = { ward: ward.id, role: 'nurse' as const, replaces: 'nurse-1', clinicianId: 'nurse-2' };
    const swaps = [{ ...swap, from: later(seven, 60), to: later(seven, 300) }];
    const roster = { ...rosterOf(nurses({ order: ['nurse-1'] })), swaps };
    expect(began(roster, later(seven, 400))).toEqual([
      ['nurse', 'nurse-2', later(seven, 60)],
      ['nurse', 'nurse-1', later(seven, 300)],
    ]);
  });
});

describe('whoever has beds of the ward', () => {
  const until = later(seven, 12 * 3600);
  const beds = (beds: string[], clinicianId: string, from = seven) => ({
    ward: 'ward-001',
    beds,
    clinicianId,
    from,
    to: until,
  });
  const withBeds = (...bedAssignments: NonNullable<Roster['bedAssignments']>) => ({
    ...rosterOf(nurses({ order: ['nurse-1'] })),
    bedAssignments,
  });

  test('checks in as well, since that nurse is asked first: once, however many beds', () => {
    const roster = withBeds(beds(['1', '2'], 'nurse-2'), beds(['3'], 'nurse-2'));
    expect(began(roster, seven)).toEqual([['nurse', 'nurse-2', seven]]);
    expect(began(roster, until)).toEqual([]);
  });

  test('and was on call for the ward before, does not; nor does whoever has none of them any more', () => {
    expect(began(withBeds(beds(['1'], 'nurse-1')), seven)).toEqual([]);
    expect(began(withBeds(beds(['1'], 'nurse-2'), beds(['1'], 'nurse-1')), seven)).toEqual([]);
  });
});

describe('a person begins once', () => {
  const ids = ['ward-001', 'ward-002', 'ward-003'];
  const roster = (checkIns: boolean[]) =>
    aRoster({
      wards: ids.map((id, index) => ({ id, name: id, checkIn: checkIns[index] })),
      rotations: ids.flatMap((id) => [
        nurses({ ward: id, role: 'doctor', order: ['doctor-1', 'doctor-2'] }),
        nurses({ ward: id, role: 'lead', order: ['doctor-1', 'doctor-2'] }),
      ]),
    });

  test.each([
    ['the first of its wards carries it', [true, true, true], 'ward-001'],
    ['of those that want check-ins', [false, true, true], 'ward-002'],
  ])('however many wards and levels: %s', (_which, checkIns, carries) => {
    const found = shiftsBegun(roster(checkIns), seven);
    expect(found.map(({ ward, role }) => [ward, role])).toEqual([[carries, 'doctor']]);
  });
});

test('each level has its own, and a ward that does not want them none', () => {
  const rotations = [nurses(), nurses({ role: 'lead', order: ['lead-1', 'lead-2'] })];
  const roles = began(rosterOf(...rotations), seven).map(([role]) => role);
  expect(roles).toEqual(['nurse', 'lead']);
  const { checkIn: _checkIn, ...quiet } = ward;
  expect(shiftsBegun(aRoster({ wards: [quiet], rotations }), seven)).toEqual([]);
});

test.each([
  ['Europe/London', '2026-03-29T01:30'],
  ['America/St_Johns', '2026-03-08T02:30'],
  ['Australia/Lord_Howe', '2026-10-04T02:10'],
])('in %s a shift at an hour that is skipped begins once', (zone, skipped) => {
  const time = skipped.slice(11);
  const roster = { ...rosterOf(nurses({ zone, shiftStarts: [time, '14:00'] })), zone };
  const noon = DateTime.fromISO(`${skipped.slice(0, 10)}T12:00`, { zone }).toUTC();
  const all = new Set<string>();
  for (let minute = -12 * 60; minute <= 0; minute += 3)
    for (const one of shiftsBegun(roster, noon.plus({ minutes: minute }).toISO() as string))
      all.add(one.beganAt);
  expect(all.size).toBe(1);
});
