/** The list of open alerts that a report is reconciled with: the rows of sql/tables/open_alerts.sql. */
import type { OpenAlert } from '../alert/alert.ts';
import { sealedAlert, stateHash } from '../alert/event-rows.ts';
import { archiveTimestamp } from '../reading/archive-row.ts';

/** Which list a report asks for: the partition that it stands in, and the run that it was made for. */
export type OpenAlertsList = { dt: string; runId: string };

/** Where it lies in the archive. */
export function openAlertsKey({ dt, runId }: OpenAlertsList): string {
  return `open-alerts/dt=${dt}/${runId}.json`;
}

/** JSON lines. Without an open alert, one row that names none: an empty list is something else than a missing one. */
export function openAlertLines(runId: string, asOf: string, alerts: readonly OpenAlert[]): string {
  const run = { run_id: runId, as_of: archiveTimestamp(asOf) };
  const rows = alerts.map((alert) => ({
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
  return (rows.length > 0 ? rows : [run]).map((row) => `${JSON.stringify(row)}\n`).join('');
}
