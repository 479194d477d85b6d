/**
 * Shifts at both changes of the clock, against a count of minutes that knows nothing of offsets: a shift has begun when the
 * clock, as Intl shows it, has shown its start or passed it.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stretchesOf } from '../../../handlers/on-call/coverage.ts';
import type { Rotation } from '../../../handlers/on-call/dealing.ts';
import { whoIsOnCall } from '../../../handlers/on-call/on-call.ts';
import { aRoster, aRotation } from './builders.ts';

const zones = [
  'Europe/London',
  'Europe/Zurich',
  'America/St_Johns',
  'Pacific/Chatham',
  'Australia/Lord_Howe',
  'America/Nuuk',
];
const dayMs = 86_400_000;
const minuteMs = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

/** The UTC days within which a zone's clock changes. */
function changesOf(zone: string, years: readonly number[]): string[] {
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsetAt = (ms: number) =>
    offset.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value;
  return years.flatMap((year) =>
    Array.from({ length: 366 }, (_, day) => Date.UTC(year, 0, 1) + day * dayMs)
      .filter((ms) => offsetAt(ms) !== offsetAt(ms + dayMs))
      .map((ms) => iso(ms).slice(0, 10)),
  );
}

/** For each minute from two days before a change until two days after it: the latest that the clock has shown so far. */
function latestShown(zone: string, day: string): { at: number; date: string; time: string }[] {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  let latest = '';
  const minutes = Array.from({ length: 5 * 1440 }, (_, minute) => {
    const at = Date.parse(day) - 2 * dayMs + minute * minuteMs;
    const shown = clock.format(at);
    if (shown > latest) latest = shown;
    const [date = '', time = ''] = latest.split(' ');
    return { at, date, time };
  });
  // The first day only shows what is shown again.
  return minutes.slice(1440);
}

/** The place in the order, by counting starts that have been shown. */
function counted(rotation: Rotation, date: string, time: string): string | undefined {
  const { startsOn, shiftStarts, order, changes = [] } = rotation;
  const dealing = [
    { startsOn, shiftStarts, order },
    ...changes.map((one) => ({ shiftStarts, ...one })),
  ].findLast((one) => `${one.startsOn} ${one.shiftStarts[0]}` <= `${date} ${time}`);
  if (!dealing) return undefined;
  const days = (Date.parse(date) - Date.parse(dealing.startsOn)) / dayMs;
  const begun =
    days * dealing.shiftStarts.length + dealing.shiftStarts.filter((start) => start <= time).length;
  return dealing.order[(begun - 1) % dealing.order.length];
}

const changes = zones.flatMap((zone) =>
  changesOf(zone, [2024, 2025, 2026, 2027]).map((day) => ({ zone, day, minutes: latestShown(zone, day) })),
);

test('each of these zones changes its clock twice a year', () => {
  for (const zone of zones) expect(changes.filter((one) => one.zone === zone)).toHaveLength(8);
});

const quarter = fc
  .integer({ min: 0, max: 95 })
  .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);
/** More often than not in the hours in which clocks change. */
const time = fc.oneof(
  quarter,
  fc.constantFrom('00:00', '01:30', '02:00', '02:15', '02:45', '03:00', '23:30'),
);
const shiftStarts = fc.uniqueArray(time, { minLength: 1, maxLength: 4 }).map((starts) => starts.sort());

test('with two on call and orders of their dates, exactly those are who should be, at every minute', () => {
  const people = ['nurse-1', 'nurse-2', 'doctor-1', 'lead-1'];
  fc.assert(
    fc.property(
      fc.constantFrom(...changes),
      shiftStarts,
      shiftStarts,
      fc.option(shiftStarts),
      fc.integer({ min: -1, max: 1 }),
      ({ zone, day, minutes }, first, second, changed, daysAway) => {
        const startsOn = iso(Date.parse(day) - 10 * dayMs).slice(0, 10);
        const change = {
          startsOn: iso(Date.parse(day) + daysAway * dayMs).slice(0, 10),
          order: ['lead-1', 'nurse-2', 'nurse-1'],
          ...(changed && { shiftStarts: changed }),
        };
        const rotations = [
          aRotation({ order: people, shiftStarts: first, startsOn, changes: [change] }),
          aRotation({ order: people.toReversed(), shiftStarts: second, startsOn, zone }),
        ];
        const roster = aRoster({ zone, rotations });
        const until = (minutes.at(-1)?.at ?? 0) + minuteMs;
        const shown = { from: iso(minutes[0]?.at ?? 0), to: iso(until) };
        const stretches = stretchesOf(roster, 'ward-001', 'nurse', shown);

        // Each begins where the one before ends: no minute is nobody's, and none is in two.
        expect(stretches.map(({ from }) => from)).toEqual([
          shown.from,
          ...stretches.slice(0, -1).map(({ to }) => to),
        ]);
        expect(stretches.at(-1)?.to).toBe(shown.to);

        let present = 0;
        for (const [index, { at, date, time }] of minutes.entries()) {
          while (Date.parse(stretches[present]?.to ?? '') <= at) present++;
          const ids = stretches[present]?.people.map(({ id }) => id);
          const expected = [...new Set(rotations.map((rotation) => counted(rotation, date, time)))];
          if (String(ids) !== String(expected)) expect([iso(at), date, time, ids]).toEqual(expected);
          if (index % 97 > 0) continue;
          const asked = whoIsOnCall(roster, 'ward-001', 'nurse', iso(at)).map(({ id }) => id);
          if (String(asked) !== String(expected)) expect([iso(at), date, time, asked]).toEqual(expected);
        }
      },
    ),
    { seed: 20_260_329, numRuns: 200 },
  );
});

test('what begins within the skipped hour leaves no minute to nobody, Nuuk’s midnight included', () => {
  for (const { zone, day, minutes } of changes) {
    const startsOn = iso(Date.parse(day) - 10 * dayMs).slice(0, 10);
    const rotations = [aRotation({ shiftStarts: ['00:15', '02:15', '23:15'], startsOn })];
    const shown = { from: iso(minutes[0]?.at ?? 0), to: iso(minutes.at(-1)?.at ?? 0) };
    const stretches = stretchesOf(aRoster({ zone, rotations }), 'ward-001', 'nurse', shown);
    expect(stretches.filter(({ people }) => people.length !== 1)).toEqual([]);
  }
});
