/** What becomes of a claimed reading: its own alert, a part of the open one, or the rescue of one that is stuck. */
import { isWorse } from '../clinical/severity.ts';
import { later, sooner } from '../time/instant.ts';
import { type Alert, isOpen, isOwned } from './alert.ts';
import type { UnfulfilledClaim } from './claim.ts';
import { dueNoLater, isOverdue } from './due.ts';
import { levelSeconds, stuckAfter } from './escalation-levels.ts';
import type { Happened, Sighting } from './event.ts';
import { isElsewhere, isInAnotherWard, movedTo } from './newest-place.ts';

export type Raise = {
  claim: UnfulfilledClaim;
  /** Carries what it opens or takes over. */
  executionName: string;
};

/** Enough of a hash that two alerts of a hospital never share an id. */
const ALERT_ID_CHARACTERS = 16;

export function raise(alert: Alert | undefined, { claim, executionName }: Raise, at: string): Happened {
  const { readingId, level, policy } = claim;
  const sighting: Sighting = { place: claim.place, at: claim.placedAt };
  const measuredAt = sooner(claim.measuredAt, claim.arrivedAt);
  if (!alert || !isOpen(alert)) {
    return {
      type: 'raised',
      alertKey: claim.alertKey,
      alertId: readingId.slice(0, ALERT_ID_CHARACTERS),
      executionName,
      patientId: claim.patientId,
      readingId,
      level,
      policy,
      sighting,
      arrivedAt: claim.arrivedAt,
      measuredAt,
      deadline: later(at, levelSeconds('nurse', level)),
      dueAt: stuckAfter(at),
    };
  }
  const { standing, announced, step } = alert;
  const stuck = isOverdue(standing, at);
  const worst = isWorse(level, alert.worst) ? level : alert.worst;
  const here = movedTo(alert, sighting);
  const moved = isOwned(alert) ? isInAnotherWard(here) : isElsewhere(here);
  const news = announced !== null && isWorse(level, announced) ? 'worse' : moved ? 'moved' : null;
  return {
    type: 'joined',
    readingId,
    level,
    policy,
    sighting,
    measuredAt,
    news,
    takenOverBy: stuck ? executionName : null,
    // Before anybody was told, no page announces the worse news: the first one has no more time than it grants.
    deadline:
      announced === null
        ? sooner(standing.deadline, later(at, levelSeconds(step.escalationLevel, worst)))
        : standing.deadline,
    dueAt: stuck ? stuckAfter(at) : news ? dueNoLater(standing, at) : standing.dueAt,
  };
}
