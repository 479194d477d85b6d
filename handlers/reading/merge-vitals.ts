/**
 * Brings a patient's remembered readings up to date. How they are cut into batches and how often they are delivered makes no
 * difference; nor does their order, but for a clock that is off: only what came before speaks against it.
 */

import { type Judgement, trustedSeverity } from '../clinical/judge.ts';
import type { Reading } from '../clinical/reading.ts';
import { deviceName } from '../naming/place.ts';
import { sooner } from '../time/instant.ts';
import type { ContactsByDevice } from './contacts.ts';
import { isClockDoubted } from './late.ts';
import { isNewestVersion, isSameVersions, measurementIdOf, mergeVersions } from './versions.ts';
import type { RecentReading, Vitals } from './vitals.ts';

export type JudgedReading = { reading: Reading; judgement: Judgement };

/** Twenty: ten hours of half-hourly cuffs for the trend, and ample for the two that end an emergency. */
const REMEMBERED = 20;

export function vitalsKey(patientId: string): string {
  return `VITALS#${patientId}`;
}

/**
 * The patient's vitals with these readings, one version on; the same object when they say nothing new. `contacts`: those of
 * their devices, these readings included.
 */
export function mergeVitals(
  known: Vitals | undefined,
  patientId: string,
  judged: readonly JudgedReading[],
  contacts: ContactsByDevice = new Map(),
): Vitals {
  const byId = new Map<string, RecentReading>();
  for (const entry of [...(known?.recent ?? []), ...judged.flatMap((one) => recentOf(one, contacts))]) {
    const same = byId.get(entry.readingId);
    if (!same || entry.arrivedAt < same.arrivedAt) byId.set(entry.readingId, entry);
  }
  const versions = mergeVersions(known?.versions ?? [], judged);
  const newest = [...byId.values()].filter((entry) =>
    isNewestVersion({ ...entry, measurementId: measurementOf(entry) }, versions),
  );
  const recent = newest.sort(inOrder).slice(-REMEMBERED);
  const lastSpokeAt = [known?.lastSpokeAt ?? '', ...judged.map(({ reading }) => reading.arrivedAt)]
    .sort()
    .at(-1);
  const merged: Vitals = {
    pk: vitalsKey(patientId),
    kind: 'vitals',
    patientId,
    version: (known?.version ?? 0) + 1,
    lastSpokeAt: lastSpokeAt ?? '',
    recent,
    ...(versions.length > 0 && { versions }),
  };
  return known && isSame(known, merged) ? known : merged;
}

/** Only a trusted reading is remembered: a suspect, test or demo one says nothing about the patient's recovery. */
function recentOf({ reading, judgement }: JudgedReading, contacts: ContactsByDevice): RecentReading[] {
  const { readingId, measurementId, deviceId, arrivedAt, systolicMmHg, diastolicMmHg } = reading;
  const severity = trustedSeverity(reading, judgement);
  if (severity === null || systolicMmHg === null || diastolicMmHg === null) return [];
  const { ward, bed, deviceRegistered } = reading;
  const remembered = {
    readingId,
    deviceId,
    arrivedAt,
    severity,
    systolicMmHg,
    diastolicMmHg,
    ...(reading.placeKnown && {
      place: { ward, bed, device: deviceName(deviceId, deviceRegistered), deviceRegistered },
    }),
    ...(reading.quality === 'questionable' && { questionable: true as const }),
    ...(reading.replaces && { replaces: true as const }),
    ...(!reading.patientKnown && { patientUnknown: true as const }),
  };
  const clockDoubted = isClockDoubted(reading, contacts.get(deviceId) ?? []);
  // A device's clock may run ahead: nothing is measured after it arrived, or one such reading would outlive all others.
  const measuredAt = clockDoubted ? arrivedAt : sooner(reading.measuredAt, arrivedAt);
  return [
    {
      ...remembered,
      measuredAt,
      ...(clockDoubted && { clockDoubted }),
      ...(measurementId !== measurementIdOf(deviceId, measuredAt) && { measurementId }),
    },
  ];
}

/** The measurement of a remembered reading. */
function measurementOf({ measurementId, deviceId = '', measuredAt }: RecentReading): string {
  return measurementId ?? measurementIdOf(deviceId, measuredAt);
}

function inOrder(a: RecentReading, b: RecentReading): number {
  return (
    compare(a.measuredAt, b.measuredAt) ||
    compare(a.arrivedAt, b.arrivedAt) ||
    compare(a.readingId, b.readingId)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isSame(a: Vitals, b: Vitals): boolean {
  return (
    a.lastSpokeAt === b.lastSpokeAt &&
    a.recent.length === b.recent.length &&
    isSameVersions(a.versions ?? [], b.versions ?? []) &&
    a.recent.every((entry, index) => inOrder(entry, b.recent[index] as RecentReading) === 0)
  );
}
