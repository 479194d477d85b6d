/** Another execution takes an alert over that is stuck; it begins by assessing it, at the same step, with the same deadline. */

import { later } from '../time/instant.ts';
import type { OpenAlert } from './alert.ts';
import type { Decision } from './decision.ts';
import { isStuck, type Stuck } from './due.ts';
import { STUCK_AFTER_SECONDS, stuckAfter } from './escalation-levels.ts';

export type Resume = { type: 'resume'; stuck: Stuck };

export function resume(alert: OpenAlert, { stuck }: Resume, at: string): Decision {
  const { alertId, executionName, raisedAgain, events, standing } = alert;
  const resumedAt = events.findLast(({ type }) => type === 'resumed')?.at;
  const justRaised = resumedAt !== undefined && at < later(resumedAt, STUCK_AFTER_SECONDS);
  if (!isStuck({ dueAt: standing.dueAt, executionName }, stuck, justRaised, at))
    return { refused: 'notStuck' };
  return {
    type: 'resumed',
    because: stuck.because,
    executionName: `${alertId}-a${raisedAgain + 1}`,
    dueAt: stuckAfter(at),
  };
}
