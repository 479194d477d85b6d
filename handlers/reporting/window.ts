/** The night that a report covers: from 06:00 to 06:00 on the hospital's clocks, 23 or 25 hours at a clock change. */
import { DateTime } from 'luxon';
import { Malformed } from './malformed.ts';

/** When the night ends; the day shift has taken over, and the report is there a quarter of an hour later. */
const ENDS_AT_HOUR = 6;

export type ReportWindow = {
  /** ISO 8601 UTC; `to` is not part of it. */
  from: string;
  to: string;
  /** The archive's partitions to read, a day either side: dt is the day of arrival, and a buffer may cross midnight. */
  firstDt: string;
  lastDt: string;
  zone: string;
};

/** The last whole night before `now` (ISO 8601 UTC). */
export function lastNight(now: string, zone: string): Pick<ReportWindow, 'from' | 'to'> {
  const local = DateTime.fromISO(now, { zone });
  const today = local.startOf('day').set({ hour: ENDS_AT_HOUR });
  const to = today <= local ? today : today.minus({ days: 1 });
  return { from: utc(to.minus({ days: 1 })), to: utc(to) };
}

/**
 * What the execution of its report is called, e.g. `night-to-2026-03-03`; and, where another night has that name, since two
 * end on that day when the zone is changed, `night-to-2026-03-03-Europe.Zurich`.
 */
export function namesOfNight({ to }: Pick<ReportWindow, 'to'>, zone: string): [string, string] {
  const name = `night-to-${DateTime.fromISO(to, { zone }).toISODate()}`;
  return [name, `${name}-${zone.replaceAll(/[^\w-]/g, '.')}`];
}

/** A window with the partitions that it needs; throws when it ends before it begins. */
export function reportWindow({ from, to }: { from: string; to: string }, zone: string): ReportWindow {
  const begin = DateTime.fromISO(from, { zone: 'utc' });
  const end = DateTime.fromISO(to, { zone: 'utc' });
  if (!begin.isValid || !end.isValid || end <= begin)
    throw new Malformed('The window of a report is two ISO 8601 instants, the first before the second');
  return {
    from: utc(begin),
    to: utc(end),
    firstDt: begin.minus({ days: 1 }).toISODate() as string,
    lastDt: end.plus({ days: 1 }).toISODate() as string,
    zone,
  };
}

function utc(at: DateTime): string {
  return at.toUTC().toISO() as string;
}
