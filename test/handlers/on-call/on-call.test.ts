import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressees, everyoneOfWard, whoIsOnCall } from '../../../handlers/on-call/on-call.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { aRoster, aRotation } from './builders.ts';

const rosterWith = (rotation: Partial<Roster['rotations'][number]>, zone = 'Europe/London') =>
  aRoster({ zone, rotations: [aRotation(rotation)] });
const nurseAt = (roster: Roster, at: string) => whoIsOnCall(roster, 'ward-001', 'nurse', at)[0]?.id;

describe('shifts alternate through the order', () => {
  const roster = rosterWith({ order: ['nurse-1', 'nurse-2'], shiftStarts: ['07:00', '15:00', '23:00'] });
  test.each([
    ['before the first shift nobody is', '2026-01-05T06:59:59.999Z', undefined],
    ['the first shift', '2026-01-05T07:00:00.000Z', 'nurse-1'],
    ['its last moment', '2026-01-05T14:59:59.999Z', 'nurse-1'],
    ['the second', '2026-01-05T15:00:00.000Z', 'nurse-2'],
    ['the third, and on past midnight', '2026-01-06T02:00:00.000Z', 'nurse-1'],
    ['the fourth', '2026-01-06T07:00:00.000Z', 'nurse-2'],
  ])('%s', (_case, at, nurse) => {
    expect(nurseAt(roster, at)).toBe(nurse);
  });
});

describe('London changes its clocks: shifts begin at the time on the wall', () => {
  // 29 March 2026, 01:00 UTC: 01:00 becomes 02:00. 25 October 2026, 01:00 UTC: 02:00 becomes 01:00.
  const day = (at: string) => nurseAt(rosterWith({ startsOn: '2026-03-28' }), at);
  const autumn = (at: string) => nurseAt(rosterWith({ startsOn: '2026-10-24' }), at);
  test.each([
    ['the night shift of 11 hours', day, '2026-03-28T19:00:00.000Z', 'nurse-2'],
    ['ends at 07:00 summer time', day, '2026-03-29T05:59:59.999Z', 'nurse-2'],
    ['which is 06:00 UTC', day, '2026-03-29T06:00:00.000Z', 'nurse-1'],
    ['the next evening at 19:00 summer time', day, '2026-03-29T18:00:00.000Z', 'nurse-2'],
    ['the night shift of 13 hours', autumn, '2026-10-24T18:00:00.000Z', 'nurse-2'],
    ['ends at 07:00 winter time', autumn, '2026-10-25T06:59:59.999Z', 'nurse-2'],
    ['which is 07:00 UTC', autumn, '2026-10-25T07:00:00.000Z', 'nurse-1'],
  ])('%s', (_case, who, at, nurse) => {
    expect(who(at)).toBe(nurse);
  });

  test('a start that the clock skips is when the clock jumps', () => {
    const roster = rosterWith({ shiftStarts: ['01:30', '13:30'], startsOn: '2026-03-29' });
    expect(nurseAt(roster, '2026-03-29T00:59:59.999Z')).toBeUndefined();
    expect(nurseAt(roster, '2026-03-29T01:00:00.000Z')).toBe('nurse-1');
  });

  test('a start that the clock shows twice is the first of them', () => {
    const roster = rosterWith({ shiftStarts: ['01:30', '13:30'], startsOn: '2026-10-25' });
    expect(nurseAt(roster, '2026-10-25T00:29:59.999Z')).toBeUndefined();
    for (const at of ['2026-10-25T00:30:00.000Z', '2026-10-25T01:15:00.000Z', '2026-10-25T01:45:00.000Z']) {
      expect(nurseAt(roster, at)).toBe('nurse-1');
    }
  });
});

test('in every zone, whoever is on call stays so until a shift begins, and then the next in the order follows', () => {
  const seed = 20_260_329;
  const quarter = 15 * 60_000;
  fc.assert(
    fc.property(
      fc.constantFrom('Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
      fc.integer({ min: 0, max: 2 * 365 * 96 }),
      (zone, quarters) => {
        const order = ['nurse-1', 'nurse-2', 'doctor-1'];
        const roster = rosterWith({ order }, zone);
        const at = Date.parse('2026-01-07T00:00:00Z') + quarters * quarter;
        const [before, after] = [at, at + quarter].map((ms) => nurseAt(roster, new Date(ms).toISOString()));
        const wall = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
        const begins = ['07:00', '19:00'].includes(wall.format(at + quarter));
        const next = order[(order.indexOf(before as string) + 1) % order.length];
        expect(after).toBe(begins ? next : before);
      },
    ),
    { seed, numRuns: 500 },
  );
});

/** Zones with the UTC date of a change of their clock: by an hour, half of one, two, a day; at midnight; across it. */
const changes = [
  ['Europe/London', '2026-03-29'],
  ['Europe/London', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-04'],
  ['Australia/Lord_Howe', '2026-10-03'],
  ['Antarctica/Troll', '2026-03-29'],
  ['Antarctica/Troll', '2026-10-25'],
  ['Africa/Cairo', '2026-04-23'],
  ['Africa/Cairo', '2026-10-29'],
  ['Asia/Beirut', '2026-03-28'],
  ['Asia/Beirut', '2026-10-24'],
  ['America/Nuuk', '2026-03-29'],
  ['America/Nuuk', '2026-10-25'],
  ['America/Havana', '2026-03-08'],
  ['America/Havana', '2026-11-01'],
  ['Africa/Casablanca', '2026-02-15'],
  ['Africa/Casablanca', '2026-03-22'],
  ['America/St_Johns', '2010-11-07'],
  ['Pacific/Apia', '2011-12-30'],
] as const;

/** For each minute of the two days before a change and of the two after it: the latest that the clock has shown so far. */
function latestShown(zone: string, day: string): { at: number; shown: string }[] {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const from = Date.parse(day) - 2 * 86_400_000;
  let latest = '';
  return Array.from({ length: 5 * 1440 }, (_, minute) => {
    const at = from + minute * 60_000;
    const shown = clock.format(at);
    if (shown > latest) latest = shown;
    return { at, shown: latest };
  });
}

test('at every change of a clock, a shift has begun when the clock has shown its start or passed it', () => {
  const minutes = changes.map(([zone, day]) => ({ zone, day, minutes: latestShown(zone, day) }));
  const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
    const hour = String(Math.floor(quarter / 4)).padStart(2, '0');
    return `${hour}:${String((quarter % 4) * 15).padStart(2, '0')}`;
  });
  const order = ['nurse-1', 'nurse-2', 'doctor-1', 'lead-1', 'quality-1'];
  fc.assert(
    fc.property(
      fc.constantFrom(...minutes),
      fc.uniqueArray(time, { minLength: 1, maxLength: 4 }).map((starts) => starts.sort()),
      ({ zone, day, minutes }, shiftStarts) => {
        const startsOn = new Date(Date.parse(day) - 10 * 86_400_000).toISOString().slice(0, 10);
        const roster = rosterWith({ order, shiftStarts, startsOn }, zone);
        // Every seventh minute meets each minute of an hour.
        for (const { at, shown } of minutes.slice(1440).filter((_, index) => index % 7 === 0)) {
          const [date = '', now = ''] = shown.split(' ');
          const days = (Date.parse(date) - Date.parse(startsOn)) / 86_400_000;
          const begun = days * shiftStarts.length + shiftStarts.filter((start) => start <= now).length;
          const expected = order[(begun - 1) % order.length];
          const found = nurseAt(roster, new Date(at).toISOString());
          if (found !== expected) expect([new Date(at).toISOString(), shown, found]).toBe(expected);
        }
      },
    ),
    { seed: 20_260_329, numRuns: 100 },
  );
});

test('a rotation can have a zone of its own', () => {
  const roster = rosterWith({ zone: 'America/New_York' });
  expect(nurseAt(roster, '2026-01-05T11:59:00.000Z')).toBeUndefined();
  expect(nurseAt(roster, '2026-01-05T12:00:00.000Z')).toBe('nurse-1');
});

test('a stand-in has the shift from one instant up to another, in local time unless it says otherwise', () => {
  const roster = rosterWith({
    order: ['nurse-1'],
    overrides: [
      { from: '2026-07-01T10:00:00', to: '2026-07-01T12:00:00', clinicianId: 'nurse-2' },
      { from: '2026-07-01T10:30:00Z', to: '2026-07-01T10:45:00Z', clinicianId: 'doctor-1' },
    ],
  });
  const at = (time: string) => nurseAt(roster, `2026-07-01T${time}.000Z`);
  expect([at('08:59:59'), at('09:00:00'), at('10:29:59')]).toEqual(['nurse-1', 'nurse-2', 'nurse-2']);
  expect([at('10:30:00'), at('10:45:00'), at('11:00:00')]).toEqual(['doctor-1', 'nurse-2', 'nurse-1']);
});

test('a stand-in begins when the clock jumps over the time, or shows it first', () => {
  const roster = rosterWith({
    order: ['nurse-1'],
    overrides: [
      { from: '2026-03-29T01:30', to: '2026-03-29T12:00:00', clinicianId: 'nurse-2' },
      { from: '2026-10-25T01:30:00', to: '2026-10-25T12:00:00', clinicianId: 'nurse-2' },
    ],
  });
  const at = (time: string) => nurseAt(roster, `2026-${time}.000Z`);
  expect([at('03-29T00:59:59'), at('03-29T01:00:00')]).toEqual(['nurse-1', 'nurse-2']);
  expect([at('10-25T00:29:59'), at('10-25T00:30:00')]).toEqual(['nurse-1', 'nurse-2']);
});

describe('whom an alert can address', () => {
  const at = '2026-11-24T03:00:00.000Z';
  const anywhere = { ward: 'ward-001', bed: null };
  const ids = (clinicians: { id: string }[]) => clinicians.map(({ id }) => id);

  test('who is on call in each of the roles, each person once', () => {
    expect(ids(addressees(aRoster(), anywhere, ['nurse', 'doctor'], at))).toHaveLength(2);
    const both = aRoster({
      rotations: [
        aRotation({ role: 'doctor', order: ['doctor-1'] }),
        aRotation({ role: 'lead', order: ['doctor-1'] }),
      ],
    });
    expect(ids(addressees(both, anywhere, ['nurse', 'doctor', 'lead'], at))).toEqual(['doctor-1']);
  });

  test('everyone of the ward, but not who only does quality', () => {
    expect(ids(everyoneOfWard(aRoster(), 'ward-001', at))).toEqual([
      'nurse-1',
      'nurse-2',
      'doctor-1',
      'lead-1',
    ]);
  });

  test('everyone includes whoever is on call for the ward, though of another', () => {
    const roster = aRoster();
    const visiting = roster.clinicians.map((clinician) =>
      clinician.id === 'doctor-1' ? { ...clinician, wards: [] } : clinician,
    );
    expect(ids(everyoneOfWard({ ...roster, clinicians: visiting }, 'ward-001', at))).toContain('doctor-1');
  });

  test('a ward that the roster does not know is answered for by the fallback ward', () => {
    expect(ids(everyoneOfWard(aRoster(), 'ward-999', at))).toHaveLength(4);
    expect(ids(whoIsOnCall(aRoster(), 'ward-999', 'doctor', at))).toEqual(['doctor-1']);
  });
});
