/** When something that has stopped is taken for stuck. */

import { sooner } from '../time/instant.ts';
import { stuckAfter } from './escalation-levels.ts';

/** True when its next step should have happened a minute ago: whatever carried it is stuck or gone. */
export function isOverdue({ dueAt }: { dueAt: string }, now: string): boolean {
  return dueAt <= now;
}

/** Due at once, but never later than before: a wake repeated again and again must not put the sweeper off. */
export function dueNoLater({ dueAt }: { dueAt: string }, now: string): string {
  return sooner(dueAt, stuckAfter(now));
}

/** Why something is taken for stuck: the index says so, or its execution has ended badly. */
export type Stuck = { because: 'overdue' } | { because: 'executionEnded'; executionName: string };

/**
 * An execution that ends badly is made good at once, except one that was itself just begun to make another good: that
 * waits for the sweeper's minute, or a fault that ends every execution would start them as fast as they end.
 */
export function isStuck(
  item: { dueAt: string; executionName: string },
  stuck: Stuck,
  justRaised: boolean,
  now: string,
): boolean {
  if (isOverdue(item, now)) return true;
  return stuck.because === 'executionEnded' && stuck.executionName === item.executionName && !justRaised;
}
