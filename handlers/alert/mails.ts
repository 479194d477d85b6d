/** What became of a step's mails: published, waiting for their turn, or not to be sent; and whether the operations know. */
import type { Alert, OpenAlert } from './alert.ts';
import type { Decision } from './decision.ts';
import { dueNoLater } from './due.ts';
import { stuckAfter } from './escalation-levels.ts';
import type { Request, StepOf } from './event.ts';
import { type Seen, whyNotThere } from './seen.ts';

/**
 * Mails did go out, whatever has come in between (an answer, say): recorded under the step that they belong to, as
 * `stepOf` gave it.
 */
export type RecordMails = {
  type: 'recordMails';
  step: StepOf;
  published: readonly Request[];
  /** The others' turns, by whom they are for. */
  turns: Record<string, string>;
};
export type RecordOperationsTold = {
  type: 'recordOperationsTold';
  step: StepOf;
  by: readonly ('mail' | 'webhook')[];
};
export type RecordUndeliverable = {
  type: 'recordUndeliverable';
  seen: Seen;
  failed: readonly (Request & { reason: string })[];
  nobodyReached: boolean;
};

export function stepOf({ round, step }: Alert): StepOf {
  const { id, escalationLevel, attempt } = step;
  return { id, round: round.number, escalationLevel, attempt };
}

export function recordMails(alert: Alert, { step, published, turns }: RecordMails, at: string): Decision {
  const waits = step.id === alert.step.id && Object.keys(turns).length > 0;
  const due = standingDue(alert, at);
  const dueAt = waits ? dueNoLater({ dueAt: due }, at) : due;
  return published.length > 0
    ? { type: 'paged', step, pages: [...published], turns, dueAt }
    : { type: 'deferred', step, turns, dueAt };
}

/** From here on somebody outside the escalation knows. */
export function recordOperationsTold(alert: Alert, { step, by }: RecordOperationsTold, at: string): Decision {
  return { type: 'operationsTold', step, by: [...by], dueAt: standingDue(alert, at) };
}

/** As it stands; whoever is mailed although it is over is to hear of that within a minute. */
function standingDue({ standing }: Alert, at: string): string {
  return standing.dueAt ?? stuckAfter(at);
}

/** When that leaves nobody, the workflow moves on at once. */
export function recordUndeliverable(
  alert: OpenAlert,
  { seen, failed, nobodyReached }: RecordUndeliverable,
  at: string,
): Decision {
  const refused = whyNotThere(alert, seen);
  if (refused) return { refused };
  return {
    type: 'undeliverable',
    pages: failed.map(({ reason: _reason, ...request }) => request),
    reason: [...new Set(failed.map(({ reason }) => reason))].join(', '),
    dueAt: nobodyReached ? stuckAfter(at) : alert.standing.dueAt,
  };
}
