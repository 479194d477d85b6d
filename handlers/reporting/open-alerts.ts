/** The list of open alerts that a report is reconciled with: the rows of sql/tables/open_alerts.sql. */
import type { Alert } from '../alert/alert.ts';
import { archiveTimestamp } from '../reading/archive-row.ts';

type Listed = Pick<Alert, 'alertId' | 'pk' | 'seq' | 'ward' | 'bed' | 'worst' | 'deadline'> & {
  dueAt?: string;
};

/** Which list a report asks for: the partition that it stands in, and the run that it was made for. */
export type OpenAlertsList = { dt: string; runId: string };

/** Where it lies in the archive. */
export function openAlertsKey({ dt, runId }: OpenAlertsList): string {
  return `open-alerts/dt=${dt}/${runId}.json`;
}

/** JSON lines. Without an open alert, one row that names none: an empty list is something else than a missing one. */
export function openAlertLines(runId: string, asOf: string, alerts: readonly Listed[]): string {
  const run = { run_id: runId, as_of: archiveTimestamp(asOf) };
  const rows = alerts.map((alert) => ({
    ...run,
    alert_id: alert.alertId,
    alert_key: alert.pk,
    seq: alert.seq,
    ward: alert.ward,
    bed: alert.bed,
    level: alert.worst,
    deadline: archiveTimestamp(alert.deadline),
    due_at: alert.dueAt ? archiveTimestamp(alert.dueAt) : null,
  }));
  return (rows.length > 0 ? rows : [run]).map((row) => `${JSON.stringify(row)}\n`).join('');
}
