/** Who has begun a shift just now, in the wards that want to hear from them. */
import { endMs, handOvers } from './dealing.ts';
import { LEVELS, type Level, onCallOnLevel } from './on-call.ts';
import type { Roster } from './roster.ts';

/** Shifts change at whole minutes; so many are looked at, in case some runs were missed. */
const LOOKS_BACK_MINUTES = 10;
const minuteMs = 60_000;

type BegunShift = { ward: string; role: Level; clinicianId: string; beganAt: string };

/**
 * Each who is on call on a level of a ward, or has beds of it, since one of the last minutes, and was not the minute before:
 * neither by another rotation nor in the shift before. Of the wards and levels that somebody begins in the same minute, the
 * first. The same minutes whenever it is asked. `now` is ISO 8601 UTC.
 */
export function shiftsBegun(roster: Roster, now: string): BegunShift[] {
  const wards = roster.wards.filter(({ checkIn }) => checkIn);
  const lastMs = Math.floor(Date.parse(now) / minuteMs) * minuteMs;
  const begun = wards.flatMap(({ id: ward }) =>
    LEVELS.flatMap((role) => {
      const onCall = (atMs: number) =>
        onCallOnLevel(roster, ward, role, new Date(atMs).toISOString()).map(({ id }) => id);
      return minutesOfChange(roster, { ward, role }, lastMs).flatMap((beganMs) => {
        const before = onCall(beganMs - minuteMs);
        return onCall(beganMs)
          .filter((id) => !before.includes(id))
          .map((clinicianId) => ({ ward, role, clinicianId, beganAt: new Date(beganMs).toISOString() }));
      });
    }),
  );
  const isSame = (one: BegunShift) => (other: BegunShift) =>
    other.clinicianId === one.clinicianId && other.beganAt === one.beganAt;
  return begun.filter((one, index) => begun.findIndex(isSame(one)) === index);
}

/** The minutes by which a level may have somebody else, earliest first: most have none, and whoever is on call is slow to work out. */
function minutesOfChange(
  { zone, rotations, bedAssignments = [], swaps = [] }: Roster,
  { ward, role }: Pick<BegunShift, 'ward' | 'role'>,
  lastMs: number,
): number[] {
  const isOfLevel = (one: { ward: string; role: Level }) => one.ward === ward && one.role === role;
  const [fromMs, toMs] = [lastMs - LOOKS_BACK_MINUTES * minuteMs + 1, lastMs + 1];
  const ofBeds = bedAssignments.filter((beds) => beds.ward === ward && role === 'nurse');
  const changes = [
    ...rotations.filter(isOfLevel).flatMap((rotation) => handOvers(rotation, zone, fromMs, toMs)),
    ...[...swaps.filter(isOfLevel), ...ofBeds].flatMap(({ from, to }) => [
      endMs(from, zone),
      endMs(to, zone),
    ]),
  ].filter((ms) => fromMs <= ms && ms < toMs);
  return [...new Set(changes.map((ms) => Math.ceil(ms / minuteMs) * minuteMs))].sort((a, b) => a - b);
}
