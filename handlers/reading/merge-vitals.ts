/** Brings a patient's remembered readings up to date. The order and the number of deliveries make no difference. */
import { type Judgement, trustedSeverity } from '../clinical/judge.ts';
import type { Reading } from './reading.ts';
import type { RecentReading, Vitals } from './vitals.ts';

export type JudgedReading = { reading: Reading; judgement: Judgement };

/** Twenty: ten hours of half-hourly cuffs for the trend, and ample for the two that end an emergency. */
const REMEMBERED = 20;

export function vitalsKey(patientId: string): string {
  return `VITALS#${patientId}`;
}

/** The patient's vitals with these readings, one version on; the same object when they say nothing new. */
export function mergeVitals(
  known: Vitals | undefined,
  patientId: string,
  judged: readonly JudgedReading[],
): Vitals {
  const byId = new Map<string, RecentReading>();
  for (const entry of [...(known?.recent ?? []), ...judged.flatMap(recentOf)]) {
    const same = byId.get(entry.readingId);
    if (!same || inOrder(entry, same) < 0) byId.set(entry.readingId, entry);
  }
  const recent = [...byId.values()].sort(inOrder).slice(-REMEMBERED);
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
  };
  return known && isSame(known, merged) ? known : merged;
}

/** Only a trusted reading is remembered: a suspect, test or demo one says nothing about the patient's recovery. */
function recentOf({ reading, judgement }: JudgedReading): RecentReading[] {
  const { systolicMmHg, diastolicMmHg, arrivedAt } = reading;
  const severity = trustedSeverity(reading, judgement);
  if (severity === null || systolicMmHg === null || diastolicMmHg === null) return [];
  // A device's clock may run ahead: nothing is measured after it arrived, or one such reading would outlive all others.
  const measuredAt = reading.measuredAt < arrivedAt ? reading.measuredAt : arrivedAt;
  const { readingId } = reading;
  return [{ readingId, measuredAt, arrivedAt, severity, systolicMmHg, diastolicMmHg }];
}

function inOrder(a: RecentReading, b: RecentReading): number {
  return (
    compare(a.measuredAt, b.measuredAt) ||
    compare(a.arrivedAt, b.arrivedAt) ||
    compare(a.readingId, b.readingId) ||
    compare(a.severity, b.severity)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isSame(a: Vitals, b: Vitals): boolean {
  return (
    a.lastSpokeAt === b.lastSpokeAt &&
    a.recent.length === b.recent.length &&
    a.recent.every((entry, index) => inOrder(entry, b.recent[index] as RecentReading) === 0)
  );
}
