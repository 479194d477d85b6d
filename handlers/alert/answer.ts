/** What a clinician's answer does. One write decides who has it; whoever loses the race is told why. */
import { type AlarmLevel, isWorse } from '../clinical/severity.ts';
import { later } from '../time/instant.ts';
import { ladderOf } from '../timings/timings.ts';
import { isOwned, type OpenAlert } from './alert.ts';
import type { ChosenReason, Usefulness } from './closing-reasons.ts';
import type { Decision } from './decision.ts';
import { dueNoLater } from './due.ts';
import { stuckAfter } from './escalation-levels.ts';
import type { DeclineReason } from './event.ts';

/** `shownLevel` is what the form showed: nobody accepts, or closes, what they have not read. */
export type Accept = {
  type: 'accept';
  clinicianId: string;
  role: string;
  round: number;
  shownLevel: AlarmLevel;
};
export type Decline = { type: 'decline'; clinicianId: string; round: number; reason: DeclineReason };
export type Close = {
  type: 'close';
  clinicianId: string;
  reason: ChosenReason;
  usefulness?: Usefulness | undefined;
  shownLevel: AlarmLevel;
};

/**
 * The clinician takes the alert: for this round, once. The recheck is due after the interval of the worst level. A link of
 * an earlier level of this round accepts too: mail is slow.
 */
export function accept(alert: OpenAlert, command: Accept, at: string): Decision {
  const refused = whyNotAnswerable(alert, command.round);
  if (refused) return { refused };
  if (isWorse(alert.worst, command.shownLevel)) return { refused: 'worseSince' };
  return {
    type: 'accepted',
    clinicianId: command.clinicianId,
    role: command.role,
    deadline: later(at, ladderOf(alert).recheckSeconds),
    dueAt: stuckAfter(at),
  };
}

/** The clinician cannot come; when nobody is left on the level, the workflow moves on at once. Sent twice, it declines once. */
export function decline(alert: OpenAlert, command: Decline, at: string): Decision {
  const refused = whyNotAnswerable(alert, command.round);
  if (refused) return { refused };
  if (alert.round.declined.includes(command.clinicianId)) return { refused: 'declinedBefore' };
  return {
    type: 'declined',
    clinicianId: command.clinicianId,
    reason: command.reason,
    dueAt: dueNoLater(alert.standing, at),
  };
}

/** The clinician ends the alert, for one of the reasons. The next alarming reading opens a new one. */
export function close(alert: OpenAlert, { clinicianId, reason, usefulness, shownLevel }: Close): Decision {
  if (isWorse(alert.worst, shownLevel)) return { refused: 'worseSince' };
  return { type: 'closed', clinicianId, reason, ...(usefulness && { usefulness }) };
}

function whyNotAnswerable(alert: OpenAlert, round: number): 'earlierRound' | 'answered' | undefined {
  if (round !== alert.round.number) return 'earlierRound';
  return isOwned(alert) ? 'answered' : undefined;
}
