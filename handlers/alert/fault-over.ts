/** Whether a device's fault is over, which ends its alert. Silence does not end it: only a reading does. */
import type { Fault } from '../reading/faults.ts';
import type { RecentReading } from '../reading/vitals.ts';
import { type Alert, responsible } from './alert.ts';

/** What has been heard since: of a patient the vitals, newest last; of a device how its fault is remembered. */
export type KnownSince = { recent: readonly RecentReading[]; fault?: Fault | undefined };

/**
 * The device has spoken well since the newest fault that this alert knows of, and somebody was told of it first: a mail that
 * waits for its turn, or could not be sent, has told nobody.
 */
export function isFaultOver(alert: Alert, fault: Fault | undefined): boolean {
  const { worst, alarmedAt } = alert;
  if (worst !== 'technical' || fault?.endedAt === undefined) return false;
  if (fault.since < alarmedAt && fault.endedAt <= alarmedAt) return false;
  return isTold(alert);
}

/** A mail was published, to clinicians or to the operations, or somebody has answered. */
function isTold(alert: Alert): boolean {
  const { called, step, round } = alert;
  return (
    [called.whom, step.mailed, round.declined].some((whom) => whom.length > 0) || responsible(alert) !== null
  );
}
