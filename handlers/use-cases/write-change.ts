/**
 * How a command changes an alert: read, decide, evolve, one fenced write that holds the event. It wakes nobody: executions
 * and the answer page come by way of change-alert.ts; what the sweeper resumes has nobody left to wake.
 */
import { randomUUID } from 'node:crypto';
import { type Command, decide } from '../alert/decide.ts';
import type { Refusal } from '../alert/decision.ts';
import type { AlertEvent, Happened } from '../alert/event.ts';
import { evolve } from '../alert/evolve.ts';
import {
  ItemMissing,
  persistently,
  putAlert,
  readStoredAlert,
  type StoredAlert,
} from '../aws/dynamodb/alert-store.ts';

/** Which alert, and the token of the task that begins to wait with this write. */
export type Changing = { alertKey: string; alertId: string; token?: string };

/** The item as written, and the event; or as it stood when the command was refused. */
export type Written = { stored: StoredAlert } & ({ event: AlertEvent } | { refused: Refusal });

/**
 * Carries out a command to the alert `alertId`, again and again until a write is certain or the command is refused: refused
 * as `closed` also when the patient has a newer alert by now. Throws AlertNotWritten when the table stays silent.
 */
export async function writeChange(
  tableName: string,
  { alertKey, alertId, token }: Changing,
  command: Command,
  now: string,
): Promise<Written> {
  const writeId = randomUUID();
  return persistently(alertKey, async () => {
    const before = await readStoredAlert(tableName, alertKey);
    if (!before) throw new ItemMissing(alertKey);
    const own = before.alert.events.find((event) => event.writeId === writeId);
    if (own) return { stored: before, event: own };
    const decided = decide(before.alert, alertId, command, now);
    if ('refused' in decided) return { stored: before, refused: decided.refused };
    const { next, event } = after(before, decided, { at: now, writeId, token });
    await putAlert(tableName, next, before);
    return { stored: next, event };
  });
}

/** The item after what was decided, and the event that it records. */
export function after(
  before: StoredAlert | undefined,
  happened: Happened,
  { at, writeId, token }: { at: string; writeId: string; token?: string | undefined },
): { next: StoredAlert; event: AlertEvent } {
  const event = { ...happened, seq: (before?.alert.seq ?? 0) + 1, at, writeId } as AlertEvent;
  const alert = evolve(before?.alert, event);
  // A new alert has nothing that waits for it yet.
  const waiting = event.type === 'raised' ? null : (before?.token ?? null);
  return { next: { alert, token: token ?? waiting }, event };
}
