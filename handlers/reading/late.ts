/** Readings that arrive long after they were measured: raised like any other, unless a newer trusted one is known. */
import type { Reading } from './reading.ts';
import type { RecentReading } from './vitals.ts';

/** Beyond what a device buffers over a lost connection between two measurements; DESIGN's "late". */
const LATE_AFTER_MS = 5 * 60_000;

export function isLate(reading: Pick<Reading, 'measuredAt' | 'arrivedAt'>): boolean {
  return Date.parse(reading.arrivedAt) - Date.parse(reading.measuredAt) > LATE_AFTER_MS;
}

/** Late, and older than the newest trusted reading: it tells of a past that a newer measurement has overtaken. */
export function isSuperseded(
  reading: Pick<Reading, 'measuredAt' | 'arrivedAt'>,
  recent: readonly Pick<RecentReading, 'measuredAt'>[],
): boolean {
  return isLate(reading) && recent.some((newer) => newer.measuredAt > reading.measuredAt);
}
