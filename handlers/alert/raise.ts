/** What becomes of a claimed reading: its own alert, a part of the open one, or the rescue of one that is stuck. */

import { dangerOf, isClearlyFurther } from '../clinical/danger.ts';
import { isWorse } from '../clinical/severity.ts';
import { later, sooner } from '../time/instant.ts';
import { ladderOf } from '../timings/timings.ts';
import { type Alert, isOpen, isOwned, type OpenAlert, operationsWebhook } from './alert.ts';
import { checkInOf } from './check-in.ts';
import type { Claim, UnfulfilledClaim } from './claim.ts';
import type { Decision } from './decision.ts';
import { dueNoLater, isOverdue } from './due.ts';
import { levelSeconds, stuckAfter } from './escalation-levels.ts';
import type { Happened, Sighting } from './event.ts';
import { leftToPager } from './incidents.ts';
import { isElsewhere, isInAnotherWard, movedTo } from './newest-place.ts';

/** `executionName`: carries what the reading opens or takes over. */
export type Raise = { type: 'raise'; claim: Claim; executionName: string };

/** Enough of a hash that two alerts of a hospital never share an id. */
const ALERT_ID_CHARACTERS = 16;

export function raise(alert: Alert | undefined, { claim, executionName }: Raise, at: string): Decision {
  if (claim.status !== 'unfulfilled') return { refused: 'settled' };
  const { timings } = claim;
  const firstLevel = checkInOf(claim.alertKey)?.role;
  const told = toldBy(claim);
  return alert && isOpen(alert)
    ? joined(alert, told, executionName, at)
    : {
        type: 'raised',
        ...told,
        alertKey: claim.alertKey,
        alertId: claim.readingId.slice(0, ALERT_ID_CHARACTERS),
        executionName,
        patientId: claim.patientId,
        ...(firstLevel && { firstLevel }),
        ...(timings && { timings }),
        ...(alert?.called.whom.includes(operationsWebhook) && leftToPager(alert)),
        deadline: later(
          at,
          levelSeconds(ladderOf({ worst: claim.level, timings }), firstLevel ?? 'nurse', 0),
        ),
        dueAt: stuckAfter(at),
      };
}

function toldBy(claim: UnfulfilledClaim) {
  const { readingId, measurementId, level, policy, limits, place, placedAt, measuredAt, arrivedAt } = claim;
  const sighting: Sighting = { place, at: placedAt };
  const danger = dangerOf(claim, level, limits);
  const told = { readingId, measurementId, level, policy, sighting, danger, arrivedAt };
  return { ...told, measuredAt: sooner(measuredAt, arrivedAt) };
}

function joined(
  alert: OpenAlert,
  told: ReturnType<typeof toldBy>,
  executionName: string,
  at: string,
): Happened {
  const { standing, announced, step } = alert;
  const { level } = told;
  const stuck = isOverdue(standing, at);
  const worst = isWorse(level, alert.worst) ? level : alert.worst;
  const here = movedTo(alert, told.sighting);
  const moved = isOwned(here) ? isInAnotherWard(here) : isElsewhere(here);
  const isFurther =
    here.place.ward === alert.place.ward && isClearlyFurther(told.danger, alert.announcedDanger);
  const isAgain = alert.withdrawal === 'told';
  const isWorseNews = announced !== null && (isWorse(level, announced) || isFurther || isAgain);
  const news = isWorseNews ? 'worse' : moved ? 'moved' : null;
  return {
    type: 'joined',
    ...told,
    news,
    takenOverBy: stuck ? executionName : null,
    // Before anybody was told, no page announces the worse news: the first one has no more time than it grants.
    deadline:
      announced === null
        ? sooner(
            standing.deadline,
            later(
              at,
              levelSeconds(ladderOf({ worst, timings: alert.timings }), step.escalationLevel, step.attempt),
            ),
          )
        : standing.deadline,
    dueAt: stuck ? stuckAfter(at) : news ? dueNoLater(standing, at) : standing.dueAt,
  };
}
