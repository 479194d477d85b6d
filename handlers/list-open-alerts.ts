/** The nightly report's second step: archives which alerts the table has open now, for the reconciliation with the events. */
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Alert } from './alert/alert.ts';
import { putText } from './aws/archive-store.ts';
import { readDue } from './aws/due-store.ts';
import { environment } from './aws/environment.ts';
import { openAlertLines } from './reporting/open-alerts.ts';
import { literal } from './reporting/window.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  DUE_INDEX: z.string().min(1),
  ARCHIVE_BUCKET: z.string().min(1),
});

/** Every open alert is due at some time; this one is after all of them. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

const Asked = z.object({ executionName: z.string().min(1) });

export async function handler(event: unknown) {
  const now = DateTime.utc().toISO();
  const { TABLE_NAME, DUE_INDEX, ARCHIVE_BUCKET } = settings();
  const { executionName } = Asked.parse(event);
  const alerts = await readDue<Alert>({ tableName: TABLE_NAME, dueIndex: DUE_INDEX }, 'alert', END_OF_TIME);
  const today = DateTime.fromISO(now, { zone: 'utc' });
  const dt = today.toISODate() as string;
  await putText(
    ARCHIVE_BUCKET,
    `open-alerts/dt=${dt}/${executionName}.json`,
    openAlertLines(executionName, now, alerts),
    'application/json',
  );
  return {
    open: alerts.length,
    literals: {
      openAlertsDt: literal(dt),
      runId: literal(executionName),
      // Events still arrive while the queries wait for them, which may be past midnight.
      lastEventsDt: literal(today.plus({ days: 1 }).toISODate() as string),
    },
  };
}
