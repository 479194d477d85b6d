/** Raising again what has stopped: claims that nobody took, and alerts whose next step is overdue. */
import { z } from 'zod';
import type { Alert, Claim } from './alert.ts';
import { dueSoon, type Outcome, record, STUCK_AFTER_SECONDS } from './events.ts';
import { later } from './ladder.ts';
import { isOverdue } from './open.ts';

/** Why something is taken for stuck: the index says so, or its execution has ended badly. */
export type Stuck = { because: 'overdue' } | { because: 'execution ended'; executionName: string };

/** EventBridge's "Step Functions Execution Status Change"; the input is JSON text, and absent when it is too large. */
export const ExecutionEnded = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({ name: z.string(), status: z.string(), input: z.string().nullish() }),
});

/** What an execution was told, as far as the sweeper needs it: the alert that it resumed, or the reading that it raises. */
export const ExecutionInput = z.union([
  z.object({ resume: z.literal(true), alertKey: z.string() }),
  z.object({ readingId: z.string(), alertKey: z.string() }),
]);

/** The claim under its next name, due again in a minute; undefined when it is no longer this one's to raise. */
export function raiseAgain(claim: Claim, stuck: Stuck, now: string): Claim | undefined {
  if (claim.status !== 'unfulfilled' || !isStuck(claim, stuck, claim.attempt > 0, now)) return undefined;
  const attempt = claim.attempt + 1;
  const name = claim.executionName.replace(/-r\d+$/, '');
  return { ...claim, attempt, executionName: `${name}-r${attempt}`, dueAt: dueSoon(now) };
}

/** Another execution takes the alert over; it begins at Look, on the same rung, with the same deadline. */
export function resume(
  alert: Alert,
  stuck: Stuck,
  now: string,
  writeId: string,
): Outcome<'closed' | 'not stuck'> {
  if (alert.status === 'closed') return { refused: 'closed' };
  const resumedAt = alert.events.findLast(({ type }) => type === 'resumed')?.at;
  const justRaised = resumedAt !== undefined && now < later(resumedAt, STUCK_AFTER_SECONDS);
  if (!isStuck(alert, stuck, justRaised, now)) return { refused: 'not stuck' };
  const attempt = alert.attempt + 1;
  return record(
    alert,
    { attempt, executionName: `${alert.alertId}-a${attempt}`, dueAt: dueSoon(now) },
    { type: 'resumed', reason: stuck.because },
    now,
    writeId,
  );
}

/** What an execution that resumes is told: ids, level and place, as every other start. */
export function resumeInput({ pk, alertId, worst, ward, bed, arrivedAt }: Alert) {
  return { resume: true, alertKey: pk, alertId, level: worst, ward, bed, arrivedAt };
}

/**
 * An execution that ends badly is made good at once, except one that was itself just begun to make another good: that
 * waits for the sweeper's minute, or a fault that ends every execution would start them as fast as they end.
 */
function isStuck(
  item: { dueAt?: string; executionName: string },
  stuck: Stuck,
  justRaised: boolean,
  now: string,
): boolean {
  if (isOverdue(item, now)) return true;
  return stuck.because === 'execution ended' && stuck.executionName === item.executionName && !justRaised;
}
