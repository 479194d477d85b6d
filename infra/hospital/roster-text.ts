/** Shifts in words, at the local time. */
import { DateTime } from 'luxon';
import type { DealtAnew } from '../../handlers/on-call/dealt-anew.ts';

/** e.g. `Thu 26 Nov 2026 07:00 +00:00`: with its offset, since a clock shows an hour of autumn twice. */
export function localClock(instant: string, zone: string): string {
  return DateTime.fromISO(instant, { zone, locale: 'en-GB' }).toFormat('ccc d LLL yyyy HH:mm ZZ');
}

export function dealtAnewText({ ward, level, from, before, after }: DealtAnew, zone: string): string {
  const [was, is] = [before, after].map((ids) => ids.join(', ') || 'nobody');
  return `Dealt anew: ${ward} ${level}, ${localClock(from, zone)}: ${is}, not ${was}. To keep the shifts that people know, leave
startsOn and order, and add a dated order under \`changes\`.`;
}
