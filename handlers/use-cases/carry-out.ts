/** A command to the alert that stands in the table: read, decided and written, again and again until that is certain. */
import { randomUUID } from 'node:crypto';
import type { Alert } from '../alert/alert.ts';
import type { AlertCommand } from '../alert/decide.ts';
import type { Refusal } from '../alert/decision.ts';
import { ItemMissing, persistently, readStoredAlert } from '../aws/dynamodb/alert-store.ts';
import { type Written, writeChange } from './write-change.ts';

/** Which alert, and the token of the task that begins to wait with this write. */
export type WhichAlert = { alertKey: string; alertId: string; token?: string };

/** A command, or which one it is once the alert has been found as it stands. */
export type CommandWhenFound = AlertCommand | ((found: Alert) => AlertCommand);

/**
 * As written, or the alert as it stood when the command was refused: as `closed` also when the patient has a newer alert by
 * now. Wakes nobody. Throws AlertNotWritten when the table stays silent.
 */
export async function carryOut(
  tableName: string,
  { alertKey, alertId, token }: WhichAlert,
  command: CommandWhenFound,
  now: string,
): Promise<Written | { refused: Refusal; found: Alert }> {
  const attempt = { at: now, writeId: randomUUID(), token };
  return persistently(alertKey, async () => {
    const before = await readStoredAlert(tableName, alertKey);
    if (!before) throw new ItemMissing(alertKey);
    const asked = typeof command === 'function' ? command(before.alert) : command;
    const written = await writeChange(tableName, before, { ...asked, alertId }, attempt);
    return 'refused' in written ? { ...written, found: before.alert } : written;
  });
}
