/** The patient's alert for whoever raises: one that no longer parses must not stay silent, nor keep readings from being raised. */
import { randomUUID } from 'node:crypto';
import { isOver, setAside } from '../alert/set-aside.ts';
import { persistently, StoredAlert } from '../aws/dynamodb/alert-store.ts';
import { getItem, parseOrForget } from '../aws/dynamodb/item.ts';
import { logger } from '../runtime/logger.ts';
import { writeChange } from './write-change.ts';

/**
 * The alert with its token, read consistently; undefined when there is none. An item that does not parse is set aside in one
 * write with the patient's next alert, which is then given: overdue, so whoever asks takes it over. `ifOpen`: one that is over
 * is left, and counts as none.
 */
export function readableAlert(
  tableName: string,
  pk: string,
  at: string,
  ifOpen?: 'ifOpen',
): Promise<StoredAlert | undefined> {
  return persistently(pk, async () => {
    const item = await getItem(tableName, pk);
    const stored = parseOrForget(StoredAlert, item);
    if (!item || stored) return stored;
    if (ifOpen && isOver(item)) return undefined;
    const aside = setAside(item, at);
    const command = { type: 'raiseUnreadable', aside } as const;
    const written = await writeChange(tableName, undefined, command, { at, writeId: randomUUID() });
    if ('refused' in written) return undefined;
    const { alert } = written.stored;
    logger.error('alert-set-aside', {
      item: aside.pk,
      alertId: aside.alertId,
      raisedAgainAs: alert.alertId,
    });
    return written.stored;
  });
}
