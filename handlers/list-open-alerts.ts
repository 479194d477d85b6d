/** The nightly report's second step: archives which alerts the table has open now, also those that cannot be read, for the reconciliation with the events. */
import { z } from 'zod';
import { isOpen } from './alert/alert.ts';
import { StoredAlert } from './aws/dynamodb/alert-store.ts';
import { readDue } from './aws/dynamodb/due-store.ts';
import { parseOrForget } from './aws/dynamodb/item.ts';
import { putText } from './aws/s3/archive-store.ts';
import { wellFormed } from './reporting/malformed.ts';
import { openAlertLines, openAlertsKey } from './reporting/open-alerts.ts';
import { environment } from './runtime/environment.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  DUE_INDEX: z.string().min(1),
  ARCHIVE_BUCKET: z.string().min(1),
});

/** Every open alert is due at some time, whatever it says of it: this comes after every digit and letter. */
const END_OF_TIME = '~';

const ListInput = z.object({ dt: z.iso.date(), runId: z.string().min(1) });

export async function handler(event: unknown) {
  const now = new Date().toISOString();
  const { TABLE_NAME, DUE_INDEX, ARCHIVE_BUCKET } = settings();
  const list = wellFormed(ListInput, event);
  const due = await readDue({ tableName: TABLE_NAME, dueIndex: DUE_INDEX }, 'alert', END_OF_TIME);
  const read = due.map((item) => parseOrForget(StoredAlert, item)?.alert);
  const alerts = read.filter((alert) => alert !== undefined).filter(isOpen);
  const unreadable = due.filter((_, index) => !read[index]);
  const lines = openAlertLines(list.runId, now, alerts, unreadable);
  await putText(ARCHIVE_BUCKET, openAlertsKey(list), lines, 'application/json');
  return { open: alerts.length, unreadable: unreadable.length };
}
