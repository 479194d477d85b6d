/** To whom a rotation deals its shifts: pure functions of the rotation and an instant, right across both changes of the clock. */
import { localDate, localTimeMs } from '../time/local-time.ts';
import type { Roster } from './roster.ts';

export type Rotation = Roster['rotations'][number];
type Dealing = Pick<Rotation, 'startsOn' | 'shiftStarts' | 'order'>;

const dayMs = 86_400_000;

/** The id of who has the shift at an instant (epoch milliseconds), or stands in; undefined before the first shift. */
export function dealtTo(rotation: Rotation, hospitalZone: string, atMs: number): string | undefined {
  const zone = rotation.zone ?? hospitalZone;
  const standIn = rotation.overrides?.findLast((override) => isWithin(override, zone, atMs));
  if (standIn) return standIn.clinicianId;
  const dealing = dealingsOf(rotation).findLast((candidate) => firstShiftMs(candidate, zone) <= atMs);
  const shift = dealing && shiftNumber(dealing, zone, atMs);
  return shift === undefined ? undefined : dealing?.order[shift % dealing.order.length];
}

/** Every instant from one up to another (epoch milliseconds) at which somebody else may get the shift, earliest first. */
export function handOvers(rotation: Rotation, hospitalZone: string, fromMs: number, toMs: number): number[] {
  const zone = rotation.zone ?? hospitalZone;
  const dates = datesBetween(fromMs, toMs, zone);
  const starts = dealingsOf(rotation).flatMap((dealing, index, dealings) => {
    const next = dealings[index + 1];
    const [begins, ends] = [firstShiftMs(dealing, zone), next ? firstShiftMs(next, zone) : toMs];
    return dates
      .flatMap((date) => dealing.shiftStarts.map((start) => localTimeMs(`${date}T${start}`, zone)))
      .filter((ms) => begins <= ms && ms < ends);
  });
  const standIns = (rotation.overrides ?? []).flatMap(({ from, to }) => [from, to]);
  const all = [...starts, ...standIns.map((end) => endMs(end, zone))];
  return [...new Set(all)].filter((ms) => fromMs <= ms && ms < toMs).sort((a, b) => a - b);
}

/** A rotation from its start on, then each of its changes. */
export function dealingsOf({ startsOn, shiftStarts, order, changes = [] }: Rotation): Dealing[] {
  return [{ startsOn, shiftStarts, order }, ...changes.map((change) => ({ shiftStarts, ...change }))];
}

/** True from the first end of a span up to its second. */
export function isWithin({ from, to }: { from: string; to: string }, zone: string, atMs: number): boolean {
  return endMs(from, zone) <= atMs && atMs < endMs(to, zone);
}

/** Epoch milliseconds of a span's end: in local time unless it says otherwise. */
export function endMs(instant: string, zone: string): number {
  return isLocal(instant) ? localTimeMs(instant, zone) : Date.parse(instant);
}

/** True for a time that says no offset. */
export function isLocal(instant: string): boolean {
  return !/(Z|[+-]\d\d:\d\d)$/.test(instant);
}

function firstShiftMs({ startsOn, shiftStarts }: Dealing, zone: string): number {
  return localTimeMs(`${startsOn}T${shiftStarts[0]}`, zone);
}

/** Shifts begun since the first, counting from 0; days are the calendar's, not 24 hours each. */
function shiftNumber({ startsOn, shiftStarts }: Dealing, zone: string, atMs: number): number | undefined {
  // A clock that is put back across midnight has shown a shift of tomorrow begin.
  for (const date of datesBetween(atMs, atMs, zone).reverse()) {
    const days = (Date.parse(date) - Date.parse(startsOn)) / dayMs;
    if (days < 0) return undefined;
    const last = shiftStarts.findLastIndex((start) => localTimeMs(`${date}T${start}`, zone) <= atMs);
    if (last >= 0) return days * shiftStarts.length + last;
  }
  return undefined;
}

/** Local dates, from the day before one instant to the day after another. */
function datesBetween(fromMs: number, toMs: number, zone: string): string[] {
  // Calendar days in UTC are all of 24 hours, so their difference is exact.
  const dayOf = (ms: number) => Date.parse(localDate(ms, zone));
  const from = dayOf(fromMs);
  const first = from - dayMs;
  const last = dayMs + (toMs === fromMs ? from : dayOf(toMs));
  return Array.from({ length: (last - first) / dayMs + 1 }, (_, day) =>
    new Date(first + day * dayMs).toISOString().slice(0, 10),
  );
}
