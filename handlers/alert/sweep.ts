/** Raising again what has stopped: claims that nobody took, and alerts whose next step is overdue. */
import { z } from 'zod';
import type { Alert } from './alert.ts';
import type { Claim, UnfulfilledClaim } from './claim.ts';
import { isStuck, type Stuck } from './due.ts';
import { stuckAfter } from './escalation-levels.ts';

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
export function raiseAgain(claim: Claim, stuck: Stuck, now: string): UnfulfilledClaim | undefined {
  if (claim.status !== 'unfulfilled' || !isStuck(claim, stuck, claim.raisedAgain > 0, now)) return undefined;
  const raisedAgain = claim.raisedAgain + 1;
  const name = claim.executionName.replace(/-r\d+$/, '');
  return { ...claim, raisedAgain, executionName: `${name}-r${raisedAgain}`, dueAt: stuckAfter(now) };
}

/** What an execution that resumes is told: ids, level and place, as every other start. */
export function resumeInput({ pk, alertId, worst, place, arrivedAt }: Alert) {
  return { resume: true, alertKey: pk, alertId, level: worst, ward: place.ward, bed: place.bed, arrivedAt };
}
