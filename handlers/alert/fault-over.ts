/** Whether a device's fault is over, which ends its alert. Silence does not end it: only a reading does. */
import type { Fault } from '../reading/faults.ts';
import type { RecentReading } from '../reading/vitals.ts';
import type { Alert } from './alert.ts';

/** What has been heard since: of a patient the vitals, newest last; of a device how its fault is remembered. */
export type KnownSince = { recent: readonly RecentReading[]; fault?: Fault | undefined };

/**
 * The device has spoken well since the newest fault that this alert knows of, and somebody was told of the alert: who is, and
 * where even the operations could not be, hears of it in the report.
 */
export function isFaultOver(
  { worst, alarmedAt, announced, step }: Pick<Alert, 'worst' | 'alarmedAt' | 'announced' | 'step'>,
  fault: Fault | undefined,
): boolean {
  if (worst !== 'technical' || fault?.endedAt === undefined) return false;
  if (fault.since < alarmedAt && fault.endedAt <= alarmedAt) return false;
  return announced !== null || step.escalationLevel === 'everyone';
}
