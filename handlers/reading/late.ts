/**
 * Readings whose time and arrival differ. Such a one is raised like any other, unless it is certain that a newer
 * measurement has overtaken it: that it is old is only what a clock says.
 */
import { type Contact, REMEMBERED_CONTACTS } from './contacts.ts';
import type { Reading } from './reading.ts';
import { isDoubted, type RecentReading } from './vitals.ts';

/** Beyond what a device buffers over a lost connection between two measurements; DESIGN's "late", and its "clock off". */
const LATE_AFTER_MS = 5 * 60_000;
/** A monitor keeps a shift's readings while it has no connection. Older than a day is a clock that fell back. */
const HELD_BACK_AT_MOST_MS = 24 * 60 * 60_000;
/** Inflating, measuring and resting take a cuff half a minute: sooner after a measurement there is not another one. */
const TOGETHER_MS = 30_000;

/**
 * `clock doubted`: the stated time cannot be true, so it counts as measured when it arrived, trusted for alarm only.
 * `overtaken`: the only one that is set aside.
 */
export type Timeliness = 'in time' | 'late' | 'clock doubted' | 'overtaken';

type Times = Pick<Reading, 'deviceId' | 'bothNamed' | 'measuredAt' | 'arrivedAt'>;
type Known = { heard?: readonly Contact[]; recent: readonly RecentReading[] };

export function isLate(reading: Pick<Reading, 'measuredAt' | 'arrivedAt'>): boolean {
  return delayMs(reading) > LATE_AFTER_MS;
}

/** `known` has the reading itself and what came with it; undefined when it could not be read: then nothing is certain. */
export function timelinessOf(reading: Times, known: Known | undefined): Timeliness {
  if (isClockDoubted(reading, known?.heard ?? [])) return 'clock doubted';
  if (!isLate(reading)) return 'in time';
  return known && isOvertaken(reading, known) ? 'overtaken' : 'late';
}

/**
 * Measured in the future, longer ago than anything is held back, or before something that the same device delivered
 * minutes ago: then it had a connection, and would have delivered this one too.
 */
export function isClockDoubted(reading: Times, heard: readonly Contact[]): boolean {
  const delay = delayMs(reading);
  if (delay < -LATE_AFTER_MS || delay > HELD_BACK_AT_MOST_MS) return true;
  const before = Date.parse(reading.arrivedAt) - TOGETHER_MS;
  const measured = Date.parse(reading.measuredAt) + LATE_AFTER_MS;
  return (
    isLate(reading) &&
    heard.some(
      ({ deviceId, from, to }) =>
        deviceId === reading.deviceId && Date.parse(from) < before && Date.parse(to) > measured,
    )
  );
}

/**
 * The same device delivered with it a trusted reading that it had just measured. Within half a minute no cuff measures
 * twice, so the late one is the older of the two whatever its clock says, and how the patient is now is known: if both are
 * of one patient and one device for certain.
 */
function isOvertaken(reading: Times, { heard = [], recent }: Known): boolean {
  const arrived = Date.parse(reading.arrivedAt);
  // What was forgotten of the device's contacts may have spoken against its clock.
  const [oldest] = heard;
  const isAllKnown =
    heard.length < REMEMBERED_CONTACTS ||
    (oldest !== undefined && Date.parse(oldest.to) <= Date.parse(reading.measuredAt) + LATE_AFTER_MS);
  return (
    reading.bothNamed &&
    isAllKnown &&
    recent.some(
      (newer) =>
        newer.deviceId === reading.deviceId &&
        !isDoubted(newer) &&
        Date.parse(newer.measuredAt) >= arrived - TOGETHER_MS &&
        Math.abs(Date.parse(newer.arrivedAt) - arrived) <= TOGETHER_MS,
    )
  );
}

function delayMs({ measuredAt, arrivedAt }: Pick<Reading, 'measuredAt' | 'arrivedAt'>): number {
  return Date.parse(arrivedAt) - Date.parse(measuredAt);
}
