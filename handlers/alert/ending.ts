/** How an alert that is no patient's ends by itself. A patient's ends by its readings (recovery.ts), once somebody has accepted. */
import type { Fault } from '../reading/faults.ts';
import { type Alert, isOwned, type OpenAlert } from './alert.ts';
import { alertKindOf } from './alert-key.ts';
import { checkInAnswered } from './check-in.ts';
import type { ClosingReason } from './closing-reasons.ts';
import { isFaultOver } from './fault-over.ts';

/**
 * A device's by what it sends, a drill's or a check-in's by an answer, or when all were asked for one. Undefined while it goes on. `now` is ISO
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
    case 'checkIn':
      if (isOwned(alert)) return checkInAnswered(alert.pk, alert.standing.owner.clinicianId);
      // The ward has been asked: what is left is to tell the operations.
      return alert.step.escalationLevel === 'everyone' ? 'missed' : undefined;
  }
}

/** Everyone has been asked, and the time for their answer is up, or none of them is left. */
function isMissed({ step, standing }: OpenAlert, now: string): boolean {
  return step.escalationLevel === 'everyone' && (standing.is === 'backingOff' || now >= standing.deadline);
}

/** It ended so: which is news, and the operations' alone. */
export function wasMissed({ standing }: Alert): boolean {
  return standing.is === 'closed' && standing.reason === 'missed';
}
