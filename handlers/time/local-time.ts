/** Instants of times on the wall, right across both changes of the clock. */
import { DateTime } from 'luxon';

const dayMs = 86_400_000;

/** Zones are slow to work out, and the same few times are asked for at each step of each alert. */
const firstShown = new Map<string, { atMs: number; shown: 'once' | 'never' | 'twice' }>();

/**
 * Epoch milliseconds at which a zone's clock first shows a local time (ISO 8601 without offset) or a later one: for a time
 * that the clock skips, when it jumps; for one that it shows twice, the first.
 */
export function localTimeMs(localTime: string, zone: string): number {
  return resolved(localTime, zone).atMs;
}

const dates = new Map<string, string>();

/** The date (ISO 8601) that a zone's clock shows. A day begins at a quarter of an hour of UTC everywhere, on days of a change too. */
export function localDate(atMs: number, zone: string): string {
  const quarterMs = Math.floor(atMs / 900_000) * 900_000;
  const key = `${quarterMs} ${zone}`;
  const known = dates.get(key) ?? (DateTime.fromMillis(quarterMs, { zone }).toISODate() as string);
  dates.set(key, known);
  return known;
}

/** How often a zone's clock shows a local time. */
export function timesShown(localTime: string, zone: string): 'once' | 'never' | 'twice' {
  return resolved(localTime, zone).shown;
}

/** The local dates on which a zone's clock changes within the year from an instant, and those beside them. */
export function clockChangeDates(zone: string, at: string): string[] {
  const days = Array.from({ length: 367 }, (_, day) =>
    DateTime.fromMillis(Date.parse(at) + day * dayMs, { zone }),
  );
  return days.flatMap((day, index) => {
    const next = days[index + 1];
    return next && next.offset !== day.offset ? [day.toISODate() as string, next.toISODate() as string] : [];
  });
}

function resolved(localTime: string, zone: string) {
  const key = `${localTime} ${zone}`;
  const known = firstShown.get(key) ?? resolve(Date.parse(`${localTime}Z`), zone);
  firstShown.set(key, known);
  return known;
}

/** `wall` is the local time as if it were UTC. */
function resolve(wall: number, zone: string): { atMs: number; shown: 'once' | 'never' | 'twice' } {
  const offsetMs = (ms: number) => DateTime.fromMillis(ms, { zone }).offset * 60_000;
  // By the offset of the day before, and by that of the day after: the clock changes at most once in between.
  const candidates = [wall - offsetMs(wall - dayMs), wall - offsetMs(wall + dayMs)] as const;
  const [before, after] = candidates;
  const [first, second] = candidates.filter((ms) => ms + offsetMs(ms) === wall);
  if (first !== undefined)
    return { atMs: first, shown: second === undefined || second === first ? 'once' : 'twice' };
  // The clock jumps over it somewhere after `after`, at `before` the latest.
  let [still, jumped] = [after, before];
  while (jumped - still > 1) {
    const middle = Math.floor((still + jumped) / 2);
    if (middle + offsetMs(middle) < wall) still = middle;
    else jumped = middle;
  }
  return { atMs: jumped, shown: 'never' };
}
