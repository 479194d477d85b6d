/**
 * Readings whose time and arrival differ. Such a one is raised like any other, unless it is certain that a newer
 * measurement has overtaken it: that it is old is only what a clock says.
 */

import type { Reading } from '../clinical/reading.ts';
import { type Contact, REMEMBERED_CONTACTS } from './contacts.ts';
import { isDoubted, type RecentReading } from './vitals.ts';

/** Beyond what a device buffers over a lost connection between two measurements (decisions/0019). */
const LATE_AFTER_MS = 5 * 60_000;
/** A monitor keeps a shift's readings while it has no connection. Older than a day is a clock that fell back. */
const HELD_BACK_AT_MOST_MS = 24 * 60 * 60_000;
/** Inflating, measuring and resting take a cuff half a minute: sooner after a measurement there is not another one. */
const TOGETHER_MS = 30_000;
/** Delays that differ by no more are the same: some devices state whole minutes. */
const SAME_DELAY_MS = 60_000;

/**
 * `clockDoubted`: the stated time cannot be true, so it counts as measured when it arrived, trusted for alarm only.
 * `overtaken`: the only one that is set aside.
 */
export type Timeliness = 'inTime' | 'late' | 'clockDoubted' | 'overtaken';

type Stated = Pick<Reading, 'measuredAt' | 'arrivedAt'>;
type Sent = Partial<Pick<Reading, 'replaces' | 'assumed'>>;
type Times = Stated & Sent & Pick<Reading, 'deviceId' | 'bothNamed'>;

/** False of what a person sends afterwards, a correction or what is re-driven: its arrival says nothing of the device. */
export function isLive({ replaces, assumed = [] }: Sent): boolean {
  return !replaces && !assumed.includes('redriven');
}

export function isLate(reading: Stated): boolean {
  return delayMs(reading) > LATE_AFTER_MS;
}

/**
 * `heard`, the contacts of its device, and `recent`, what is remembered of its patient, have the reading itself and what came
 * with it. What is undefined could not be read: then nothing is certain.
 */
export function timelinessOf(
  reading: Times,
  { heard, recent }: { heard: readonly Contact[] | undefined; recent: readonly RecentReading[] | undefined },
): Timeliness {
  if (isClockDoubted(reading, heard ?? [])) return 'clockDoubted';
  if (!isLate(reading)) return 'inTime';
  const isCertain =
    isLive(reading) && heard && recent && isAllKnown(reading, heard) && isOvertaken(reading, recent);
  return isCertain ? 'overtaken' : 'late';
}

/** Measured in the future, longer ago than anything is held back, or at a time that the device's own contacts contradict. */
export function isClockDoubted(reading: Stated & Sent, heard: readonly Contact[]): boolean {
  const delay = delayMs(reading);
  if (delay < -LATE_AFTER_MS) return true;
  if (!isLive(reading)) return false;
  if (delay > HELD_BACK_AT_MOST_MS) return true;
  return delay > LATE_AFTER_MS && (isContradicted(reading, heard) || isSteady(reading, heard));
}

/** Measured before something that the device delivered minutes ago: it had a connection, and would have delivered this too. */
function isContradicted({ measuredAt, arrivedAt }: Stated, heard: readonly Contact[]): boolean {
  const before = Date.parse(arrivedAt) - TOGETHER_MS;
  const measured = Date.parse(measuredAt) + LATE_AFTER_MS;
  return heard.some(({ from, to }) => Date.parse(from) < before && Date.parse(to) > measured);
}

/**
 * As late as everything that the device delivered with it, and when it was heard before: a connection that is lost twice
 * is not lost for the same time. So a clock is known by its second reading that measures more seldom than it is behind.
 */
function isSteady(reading: Stated, heard: readonly Contact[]): boolean {
  const present = heard.findIndex(({ from, to }) => from <= reading.arrivedAt && reading.arrivedAt <= to);
  const both = [heard[present - 1], heard[present]];
  return both.every(
    (contact) =>
      contact !== undefined &&
      contact.leastDelayMs > LATE_AFTER_MS &&
      Math.abs(contact.leastDelayMs - delayMs(reading)) <= SAME_DELAY_MS &&
      Math.abs(contact.mostDelayMs - delayMs(reading)) <= SAME_DELAY_MS,
  );
}

/** What was forgotten of the device's contacts may have spoken against its clock. */
function isAllKnown({ measuredAt }: Stated, heard: readonly Contact[]): boolean {
  const [oldest] = heard;
  if (!oldest || heard.length < REMEMBERED_CONTACTS) return true;
  return Date.parse(oldest.to) <= Date.parse(measuredAt) + LATE_AFTER_MS;
}

/**
 * The same device delivered with it a trusted reading that it had just measured. Within half a minute no cuff measures
 * twice, so the late one is the older of the two whatever its clock says, and how the patient is now is known: if both are
 * of one patient and one device for certain.
 */
function isOvertaken(reading: Times, recent: readonly RecentReading[]): boolean {
  const arrived = Date.parse(reading.arrivedAt);
  return (
    reading.bothNamed &&
    recent.some(
      (newer) =>
        newer.deviceId === reading.deviceId &&
        !isDoubted(newer) &&
        Date.parse(newer.measuredAt) >= arrived - TOGETHER_MS &&
        Math.abs(Date.parse(newer.arrivedAt) - arrived) <= TOGETHER_MS,
    )
  );
}

function delayMs({ measuredAt, arrivedAt }: Stated): number {
  return Date.parse(arrivedAt) - Date.parse(measuredAt);
}
