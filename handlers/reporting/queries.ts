/** The queries of a report, one for each file of sql/, ready to be asked of the archive. */
import abnormalReadings from '../../sql/abnormal-readings.sql';
import alerts from '../../sql/alerts.sql';
import answersByWard from '../../sql/answers-by-ward.sql';
import attention from '../../sql/attention.sql';
import clocks from '../../sql/clocks.sql';
import devicesHeard from '../../sql/devices-heard.sql';
import drills from '../../sql/drills.sql';
import histories from '../../sql/histories.sql';
import reconciliation from '../../sql/reconciliation.sql';
import silence from '../../sql/silence.sql';
import summary from '../../sql/summary.sql';
import suspect from '../../sql/suspect.sql';
import technical from '../../sql/technical.sql';
import { archiveTimestamp } from '../time/instant.ts';
import { fillQueries } from './fill-query.ts';
import type { OpenAlertsList } from './open-alerts.ts';
import type { ReportWindow } from './window.ts';

const queries = {
  summary,
  reconciliation,
  histories,
  alerts,
  answers_by_ward: answersByWard,
  attention,
  clocks,
  suspect,
  technical,
  drills,
  silence,
  abnormal_readings: abnormalReadings,
  devices_heard: devicesHeard,
};
export type QueryName = keyof typeof queries;

/** Each with its name, by which its result is known; throws when a value does not fit into a literal. */
export function queriesOf(window: ReportWindow, list: OpenAlertsList): { name: string; sql: string }[] {
  return fillQueries(queries, {
    from: archiveTimestamp(window.from),
    to: archiveTimestamp(window.to),
    first_dt: window.firstDt,
    last_dt: window.lastDt,
    zone: window.zone,
    open_alerts_dt: list.dt,
    run_id: list.runId,
  });
}
