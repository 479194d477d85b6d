/** What became of a step's mails: published, waiting for their turn, or not to be sent; and whether the operations know. */
import type { AlarmLevel } from '../clinical/severity.ts';
import { type MoveRefused, type Seen, whyNotThere } from './advance.ts';
import { type Alert, type AlertEvent, operationsMail, operationsWebhook } from './alert.ts';
import { dueNoLater } from './answers.ts';
import { dueSoon, type Outcome, record } from './events.ts';
import type { Request } from './page.ts';

/** The step whose mails went out: round, rung, pass, announced level and told places tell it from every other. */
export type Step = Pick<Alert, 'round' | 'rung' | 'pass' | 'told'> & { announced: AlarmLevel | null };

/**
 * Records whose mail was published, and when the others' turns are. It did happen, so it is recorded whatever has come in
 * between (an answer, say), under the step that it belongs to; only a closed alert takes no more events.
 */
export function paged(
  alert: Alert,
  step: Step,
  published: readonly Request[],
  turns: Record<string, string>,
  now: string,
  writeId: string,
): Outcome<'closed'> {
  if (alert.status === 'closed') return { refused: 'closed' };
  const ids = published.map(({ clinicianId }) => clinicianId);
  return record(
    alert,
    stillAt(alert, step, ids, turns, now),
    published.length > 0
      ? { type: 'paged', pages: [...published], round: step.round, rung: step.rung }
      : { type: 'waiting', reason: 'other mails to the same people go first' },
    now,
    writeId,
  );
}

/** Records that the operations were told, and by which channels: from here on somebody outside the ladder knows. */
export function operationsTold(
  alert: Alert,
  step: Step,
  by: readonly ('mail' | 'webhook')[],
  now: string,
  writeId: string,
): Outcome<'closed'> {
  if (alert.status === 'closed') return { refused: 'closed' };
  const marks = by.map((channel) => (channel === 'mail' ? operationsMail : operationsWebhook));
  return record(
    alert,
    stillAt(alert, step, marks, {}, now),
    { type: 'operations told', reason: by.join(', '), round: step.round, rung: step.rung },
    now,
    writeId,
  );
}

/** Records whose page could not be sent. When that leaves nobody, the workflow moves on at once. */
export function undeliverable(
  alert: Alert,
  seen: Seen,
  failed: readonly (Request & { reason: string })[],
  nobodyReached: boolean,
  now: string,
  writeId: string,
): Outcome<MoveRefused> {
  const refused = whyNotThere(alert, seen);
  if (refused) return { refused };
  const ids = failed.map(({ clinicianId }) => clinicianId);
  const pages: AlertEvent['pages'] = failed.map(({ reason: _reason, ...request }) => request);
  return record(
    alert,
    {
      unreachable: [...new Set([...alert.unreachable, ...ids])],
      ...(nobodyReached && { dueAt: dueSoon(now) }),
    },
    { type: 'undeliverable', pages, reason: [...new Set(failed.map(({ reason }) => reason))].join(', ') },
    now,
    writeId,
  );
}

/** What the step remembers of its mails; nothing once the alert has gone on to another one. */
function stillAt(
  alert: Alert,
  step: Step,
  mailed: readonly string[],
  turns: Record<string, string>,
  now: string,
): Partial<Alert> {
  const { round, rung, pass, announced, told } = alert;
  const same =
    round === step.round &&
    rung === step.rung &&
    pass === step.pass &&
    announced === step.announced &&
    told.length === step.told.length;
  if (!same) return {};
  return {
    mailed: [...new Set([...alert.mailed, ...mailed])],
    turns: { ...alert.turns, ...turns },
    ...(Object.keys(turns).length > 0 && { dueAt: dueNoLater(alert, now) }),
  };
}
