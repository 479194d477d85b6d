/**
 * How a command changes an alert: decide, evolve, one fenced write that holds the event, together with what stands or falls
 * with it. Nothing else writes an alert. Who calls has read, and reads again when the write fails.
 */
import type { FulfilledClaim } from '../alert/claim.ts';
import { fulfilled } from '../alert/claim.ts';
import { type Command, decide } from '../alert/decide.ts';
import type { Refusal } from '../alert/decision.ts';
import { type AlertEvent, recorded } from '../alert/event.ts';
import { evolve } from '../alert/evolve.ts';
import type { SetAside } from '../alert/set-aside.ts';
import { putAlert, type StoredAlert } from '../aws/dynamodb/alert-store.ts';

/** The same `writeId` in each attempt; `token`: of the task that begins to wait with this write. */
type Attempt = { at: string; writeId: string; token?: string | undefined };
/** The item as written, with its event. */
export type Written = { stored: StoredAlert; event: AlertEvent };

/** `before` is the item as it was read, undefined where there is none that can be read. Throws when it is not certain to be written. */
export async function writeChange(
  tableName: string,
  before: StoredAlert | undefined,
  command: Command,
  { at, writeId, token }: Attempt,
): Promise<Written | { refused: Refusal }> {
  const own = before?.alert.events.find((event) => event.writeId === writeId);
  if (before && own) return { stored: before, event: own };
  const decided = decide(before?.alert, command, at);
  if ('refused' in decided) return decided;
  const { seq, replaced } = numbersOf(before, command);
  const event = recorded(decided, { seq: seq + 1, at, writeId });
  const alert = evolve(before?.alert, event);
  // A new alert has nothing that waits for it yet.
  const waiting = event.type === 'raised' ? null : (before?.token ?? null);
  const stored = { alert, token: token ?? waiting };
  await putAlert(tableName, stored, replaced, besideOf(command, alert.alertId));
  return { stored, event };
}

/** The number that the event's follows, and the one of the item that is replaced. */
function numbersOf(before: StoredAlert | undefined, command: Command): { seq: number; replaced: unknown } {
  if (command.type === 'raiseUnreadable')
    return { seq: command.aside.seq, replaced: command.aside.original.seq };
  return { seq: before?.alert.seq ?? 0, replaced: before?.alert.seq };
}

function besideOf(command: Command, alertId: string): FulfilledClaim | SetAside | undefined {
  if (command.type === 'raiseUnreadable') return command.aside;
  if (command.type === 'raise' && command.claim.status === 'unfulfilled')
    return fulfilled(command.claim, alertId);
  return undefined;
}
