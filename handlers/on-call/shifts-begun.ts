/** Who has begun a shift just now, in the wards that want to hear from them. */
import { later } from '../time/instant.ts';
import { LEVELS, type Level, onCallOnLevel } from './on-call.ts';
import type { Roster } from './roster.ts';

/** Shifts change at whole minutes; so many are looked at, in case some runs were missed. */
const LOOKS_BACK_MINUTES = 10;

type BegunShift = { ward: string; role: Level; clinicianId: string; beganAt: string };

/**
 * Each who is on call on a level of a ward, or has beds of it, since one of the last minutes, and was not the minute before:
 * neither by another rotation nor in the shift before. Of the wards and levels that somebody begins in the same minute, the
 * first. The same minutes whenever it is asked. `now` is ISO 8601 UTC.
 */
export function shiftsBegun(roster: Roster, now: string): BegunShift[] {
  const wards = roster.wards.filter(({ checkIn }) => checkIn);
  const lastMinute = `${now.slice(0, 16)}:00.000Z`;
  const minutes = Array.from({ length: LOOKS_BACK_MINUTES + 1 }, (_, back) =>
    later(lastMinute, -60 * back),
  ).reverse();
  const begun = wards.flatMap(({ id: ward }) =>
    LEVELS.flatMap((role) => {
      const onCall = minutes.map((at) => onCallOnLevel(roster, ward, role, at).map(({ id }) => id));
      return minutes
        .slice(1)
        .flatMap((beganAt, index) =>
          (onCall[index + 1] ?? [])
            .filter((id) => !onCall[index]?.includes(id))
            .map((clinicianId) => ({ ward, role, clinicianId, beganAt })),
        );
    }),
  );
  const isSame = (one: BegunShift) => (other: BegunShift) =>
    other.clinicianId === one.clinicianId && other.beganAt === one.beganAt;
  return begun.filter((one, index) => begun.findIndex(isSame(one)) === index);
}
