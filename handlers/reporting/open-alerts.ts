/** The list of open alerts that a report is reconciled with: the rows of sql/tables/open_alerts.sql. */
import { z } from 'zod';
import type { OpenAlert } from '../alert/alert.ts';
import { sealedAlert, stateHash } from '../alert/event-rows.ts';
import { archiveTimestamp } from '../time/instant.ts';

/** Which list a report asks for: the partition that it stands in, and the run that it was made for. */
export type OpenAlertsList = { dt: string; runId: string };

/** Where it lies in the archive. */
export function openAlertsKey({ dt, runId }: OpenAlertsList): string {
  return `open-alerts/dt=${dt}/${runId}.json`;
}

/** What the list says of an item that does not parse: which one it is, and when it is due, if it is an instant. */
const RawAlert = z.object({
  pk: z.string(),
  alertId: z.string().min(1).optional().catch(undefined),
  dueAt: z.iso.datetime().optional().catch(undefined),
});

/**
 * JSON lines. Without an open alert, one row that names none: an empty list is something else than a missing one. An alert
 * that could not be read stands there without a number.
 */
export function openAlertLines(
  runId: string,
  asOf: string,
  alerts: readonly OpenAlert[],
  unreadable: readonly unknown[] = [],
): string {
  const run = { run_id: runId, as_of: archiveTimestamp(asOf) };
  const ofUnreadable = unreadable.map((item) => {
    const { pk, alertId = pk, dueAt } = RawAlert.parse(item);
    return {
      ...run,
      alert_id: alertId,
      alert_key: pk,
      due_at: dueAt === undefined ? null : archiveTimestamp(dueAt),
    };
  });
  const ofAlerts = alerts.map((alert) => ({
    ...run,
    alert_id: alert.alertId,
    alert_key: alert.pk,
    seq: alert.seq,
    ward: alert.place.ward,
    bed: alert.place.bed,
    level: alert.worst,
    deadline: archiveTimestamp(alert.standing.deadline),
    due_at: archiveTimestamp(alert.standing.dueAt),
    state_hash: stateHash(sealedAlert(alert)),
  }));
  const rows = [...ofAlerts, ...ofUnreadable];
  return (rows.length > 0 ? rows : [run]).map((row) => `${JSON.stringify(row)}\n`).join('');
}
