/** The one shape of a write: the changed alert carries the event that the write records, numbered by `seq`. */
import type { Alert, AlertEvent } from './alert.ts';
import { later } from './ladder.ts';

/** What a rule gives: the alert to write, or why there is nothing to write. */
export type Outcome<Refusal extends string> = { changed: Alert } | { refused: Refusal };

/** When a step follows at once, the sweeper takes it for stuck after a minute: far longer than retries take. */
export const STUCK_AFTER_SECONDS = 60;
/** The reason of an event that came with another place than people were told. */
export const MOVED = 'moved';
/** As many as an item comfortably holds and a retried writer may have to look back. */
const REMEMBERED_EVENTS = 20;

/** What a rule says of its event; number and level are the alert's own, and so are round and rung unless it looks back. */
export type Said = Pick<AlertEvent, 'type'> &
  Partial<Pick<AlertEvent, 'readingId' | 'clinicianId' | 'role' | 'pages' | 'reason' | 'round' | 'rung'>>;

/** The alert with `changes`, one `seq` on, and its event last. Closing takes it off the due index; nothing else does. */
export function record(
  alert: Alert,
  changes: Partial<Alert>,
  said: Said,
  now: string,
  writeId: string,
): { changed: Alert } {
  const { dueOn: _dueOn, dueAt, ...next } = { ...alert, ...changes, seq: alert.seq + 1 };
  const { seq, round, rung, worst: level, executionName } = next;
  const event: AlertEvent = { round, rung, ...said, seq, at: now, writeId, level, executionName };
  const events = [...alert.events, event].slice(-REMEMBERED_EVENTS);
  if (next.status === 'closed') return { changed: { ...next, events } };
  return {
    changed: { ...next, events, dueOn: 'alert', dueAt: dueAt ?? later(now, STUCK_AFTER_SECONDS) },
  };
}

/** When the sweeper takes an alert for stuck whose next step follows at once. */
export function dueSoon(now: string): string {
  return later(now, STUCK_AFTER_SECONDS);
}

/** When the sweeper takes a wait for stuck that should have ended at `deadline`. */
export function dueAfter(deadline: string): string {
  return later(deadline, STUCK_AFTER_SECONDS);
}
