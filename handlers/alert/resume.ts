/** Another execution takes an alert over that is stuck; it begins by assessing it, at the same step, with the same deadline. */

import { later } from '../time/instant.ts';
import type { Alert } from './alert.ts';
import { toStandDown } from './called.ts';
import type { Decision } from './decision.ts';
import { isStuck, type Stuck } from './due.ts';
import { STUCK_AFTER_SECONDS, stuckAfter } from './escalation-levels.ts';
import { letGo } from './stand-down.ts';

export type Resume = { type: 'resume'; stuck: Stuck };

/** What is over is carried on only for those who have yet to hear of it, and once it is too late for them, let go. */
export function resume(alert: Alert, { stuck }: Resume, at: string): Decision {
  const { alertId, executionName, raisedAgain, events, standing } = alert;
  const { dueAt } = standing;
  if (dueAt === null) return { refused: 'closed' };
  if (standing.is === 'closed' && toStandDown(alert, at).length === 0) return letGo(at);
  const resumedAt = events.findLast(({ type }) => type === 'resumed')?.at;
  const justRaised = resumedAt !== undefined && at < later(resumedAt, STUCK_AFTER_SECONDS);
  if (!isStuck({ dueAt, executionName }, stuck, justRaised, at)) return { refused: 'notStuck' };
  return {
    type: 'resumed',
    because: stuck.because,
    executionName: `${alertId}-a${raisedAgain + 1}`,
    dueAt: stuckAfter(at),
  };
}
