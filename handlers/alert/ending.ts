/** How an alert that is no patient's ends by itself. A patient's ends by its readings (recovery.ts), once somebody has accepted. */
import type { Fault } from '../reading/faults.ts';
import { isOwned, type OpenAlert } from './alert.ts';
import { alertKindOf } from './alert-key.ts';
import type { ClosingReason } from './closing-reasons.ts';
import { isFaultOver } from './fault-over.ts';

/**
 * A device's by what it sends, a drill's by an answer, or when all were asked for one. Undefined while it goes on. `now` is ISO
 * 8601 UTC.
 */
export function endingOf(alert: OpenAlert, fault: Fault | undefined, now: string): ClosingReason | undefined {
  switch (alertKindOf(alert.pk)) {
    case 'patient':
      return undefined;
    case 'device':
      return isFaultOver(alert, fault) ? 'recovered' : undefined;
    case 'drill':
      return isOwned(alert) ? 'drill' : isMissed(alert, now) ? 'missed' : undefined;
  }
}

/** Everyone has been asked, and the time for their answer is up, or none of them is left. */
function isMissed({ step, standing }: OpenAlert, now: string): boolean {
  return step.escalationLevel === 'everyone' && (standing.is === 'backingOff' || now >= standing.deadline);
}
