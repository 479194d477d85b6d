/** What holds of each reading on the stream: one that alarms is promised to be raised, soon, and is part of one alert at most. */
import { minuteMs } from '../engine/clock.ts';
import type { Sent } from './devices.ts';
import type { AlertWrite, Tell, WeekRule } from './rule.ts';

/** What the stream delivers late and the consumer has to be asked for again, a reading of a thousand in a bad spell. */
const claimedWithinMs = 5 * minuteMs;
/** Two sweeps more, and what they have to be asked for again. */
const raisedWithinMs = 8 * minuteMs;
/** What came so shortly before an alert ended had perhaps not been read yet. */
const underWayMs = claimedWithinMs;

type Arrived = { atMs: number; alarms: boolean; isGood: boolean };

/** What the measurements show, as a person who saw them all would say. */
export type Heard = {
  /** So many good readings came since somebody attended, and none that alarms behind the last of them. */
  isRecovered(patientId: string, attendedAt: string, at: string, needed: number): boolean;
  /** The device of an alert's key has measured well since. */
  isWellSince(alertKey: string, since: string): boolean;
};

type Due = { patientId: string; what: string; atMs: number };

export function readingRules(
  tell: Tell,
): WeekRule & { heard: Heard; arrived: (sent: Sent, atMs: number) => void } {
  const byPatient = new Map<string, Arrived[]>();
  const heardWell = new Map<string, number>();
  const unclaimed = new Map<string, Due>();
  const unraised = new Map<string, Due>();
  const alertOf = new Map<string, string>();
  /** Each claim is of one reading, however often it is written. */
  const claims = new Set<string>();

  const keyOf = (patientId: string, systolic: number | null, diastolic: number | null, atMs: number) =>
    `${patientId} ${systolic}/${diastolic} ${atMs}`;

  function overdue(due: Map<string, Due>, withinMs: number, nowMs: number, rule: string): void {
    for (const [key, { patientId, what, atMs }] of due) {
      if (nowMs - atMs <= withinMs) break;
      due.delete(key);
      tell('lost', rule, `PATIENT#${patientId}`, what);
    }
  }

  function raised({ after, event }: AlertWrite): void {
    if ((event.type !== 'raised' && event.type !== 'joined') || event.readingId === null) return;
    const before = alertOf.get(event.readingId);
    if (before !== undefined)
      tell('duplicated', 'a reading is in one alert', after.pk, `reading in ${before} and ${after.alertId}`);
    alertOf.set(event.readingId, after.alertId);
    unraised.delete(event.readingId);
  }

  return {
    arrived({ patientId, says, record }, atMs) {
      if (!says) return;
      const { systolic, diastolic, alarms, isTrusted, corrects, statedMs } = says;
      // One that comes late, or states a time of its own, shows no recovery; what is corrected says how it was then.
      const isInTime = Math.abs(atMs - statedMs) < minuteMs;
      const all = byPatient.get(patientId) ?? [];
      byPatient.set(patientId, [
        ...all.slice(-40),
        { atMs: corrects ? statedMs : atMs, alarms, isGood: isTrusted && !alarms && isInTime },
      ]);
      if (isTrusted) heardWell.set(record.key, atMs);
      if (!alarms) return;
      const what = `${systolic}/${diastolic} of ${new Date(atMs).toISOString()}`;
      unclaimed.set(keyOf(patientId, systolic, diastolic, atMs), { patientId, what, atMs });
    },
    onClaim(claim) {
      const { patientId, systolicMmHg, diastolicMmHg, arrivedAt, readingId, status } = claim;
      if (patientId === null || claims.has(readingId)) return;
      const arrivedMs = Date.parse(arrivedAt);
      // Of one that came twice either may have been claimed.
      const [key, due] =
        [...unclaimed].find(
          ([one, { atMs }]) =>
            atMs <= arrivedMs && one === keyOf(patientId, systolicMmHg, diastolicMmHg, atMs),
        ) ?? [];
      if (key === undefined) return;
      claims.add(readingId);
      unclaimed.delete(key);
      if (due && status === 'unfulfilled') unraised.set(readingId, due);
    },
    onAlert: raised,
    onMinute(nowMs) {
      overdue(unclaimed, claimedWithinMs, nowMs, 'an alarming reading is claimed');
      overdue(unraised, raisedWithinMs, nowMs, 'a claimed reading is raised');
    },
    heard: {
      isRecovered(patientId, attendedAt, at, needed) {
        const since = (byPatient.get(patientId) ?? []).filter(({ atMs }) => atMs > Date.parse(attendedAt));
        const good = since.filter(({ isGood }) => isGood);
        const lastGoodMs = good.at(-1)?.atMs ?? 0;
        const knownMs = Date.parse(at) - underWayMs;
        const isWorse = since.some(({ alarms, atMs }) => alarms && atMs > lastGoodMs && atMs < knownMs);
        return good.length >= needed && !isWorse;
      },
      isWellSince(alertKey, since) {
        const [, device = ''] = alertKey.split('#');
        return (heardWell.get(device) ?? 0) >= Date.parse(since);
      },
    },
  };
}
