/** Where the workflow saw the alert, and whether it still stands there. */
import { type Alert, isOwned } from './alert.ts';
import type { EscalationLevel } from './escalation-levels.ts';

/** As the assessment named it, and the execution that it was made for. */
export type Seen = {
  executionName: string;
  round: number;
  escalationLevel: EscalationLevel;
  attempt: number;
};

type NotMine = 'takenOver' | 'movedOn';

/** Why the alert is not this execution's to move in the round that it saw; undefined when it is. */
export function whyNotMine(alert: Alert, seen: Pick<Seen, 'executionName' | 'round'>): NotMine | undefined {
  if (alert.executionName !== seen.executionName) return 'takenOver';
  return alert.round.number === seen.round ? undefined : 'movedOn';
}

/** Why the alert does not stand where it was seen, waiting for an answer; undefined when it does. */
export function whyNotThere(alert: Alert, seen: Seen): NotMine | 'answered' | undefined {
  const gone = whyNotMine(alert, seen);
  if (gone) return gone;
  const { escalationLevel, attempt } = alert.step;
  if (escalationLevel !== seen.escalationLevel || attempt !== seen.attempt) return 'movedOn';
  return isOwned(alert) ? 'answered' : undefined;
}
