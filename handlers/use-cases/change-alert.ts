/** How executions, the sweeper and the answer page change an alert: whatever waits for it is woken when it has to hear of that. */
import { randomUUID } from 'node:crypto';
import type { Alert } from '../alert/alert.ts';
import type { AlertCommand } from '../alert/decide.ts';
import type { Refusal } from '../alert/decision.ts';
import { wakes } from '../alert/wakes.ts';
import { ItemMissing, persistently, readStoredAlert } from '../aws/dynamodb/alert-store.ts';
import { wake } from '../aws/workflow.ts';
import { type Written, writeChange } from './write-change.ts';

/** Which alert, and the token of the task that begins to wait with this write. */
type Changing = { alertKey: string; alertId: string; token?: string };

/** A command, or which one it is once the alert has been found as it stands. */
export type CommandWhenFound = AlertCommand | ((found: Alert) => AlertCommand);

/** The alert as written, or as it stood when the command was refused. */
export type Changed = { alert: Alert; refused?: Refusal };

/**
 * Carries out a command to the alert `alertId`, again and again until a write is certain or the command is refused: refused
 * as `closed` also when the patient has a newer alert by now. Throws AlertNotWritten when the table stays silent.
 */
export async function changeAlert(
  tableName: string,
  { alertKey, alertId, token }: Changing,
  command: CommandWhenFound,
  now: string,
): Promise<Changed> {
  const attempt = { at: now, writeId: randomUUID(), token };
  return persistently(alertKey, async () => {
    const before = await readStoredAlert(tableName, alertKey);
    if (!before) throw new ItemMissing(alertKey);
    const asked = typeof command === 'function' ? command(before.alert) : command;
    const written = await writeChange(tableName, before, { ...asked, alertId }, attempt);
    if ('refused' in written) return { alert: before.alert, refused: written.refused };
    await tellOf(written);
    return { alert: written.stored.alert };
  });
}

/** The write is certain, by its reply or by its event that was found: what waits is to hear of it. */
export async function tellOf({ stored, event }: Written): Promise<void> {
  if (stored.token !== null && wakes(event)) await wake(stored.token);
}
