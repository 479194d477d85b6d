/** The verdict of a night: the row of sql/summary.sql, the devices of sql/clocks.sql, and what sql/reconciliation.sql proved, as one object. */
import { z } from 'zod';
import { alarmLevels } from '../clinical/severity.ts';
import { type Check, type CheckName, gapInWords, isClean } from './checks.ts';
import { count, seconds } from './columns.ts';
import { wellFormed } from './malformed.ts';

const SummaryRow = z.object({
  readings: count,
  archived: count,
  quarantined: count,
  suspect: count,
  warning: count,
  critical: count,
  emergency: count,
  alerts_opened: count,
  readings_joined: count,
  superseded: count,
  technical_alerts: count,
  technical_open_at_end: count,
  pages_sent: count,
  recheck_pages: count,
  pages_failed: count,
  accepted: count,
  declined: count,
  escalated_to_doctor: count,
  unanswered: count,
  open_at_end: count,
  superseded_worst: z.enum(alarmLevels).nullable(),
  from_unknown_devices: count,
  seconds_to_first_page_p50: seconds,
  seconds_to_first_page_p99: seconds,
  seconds_to_first_page_max: seconds,
  seconds_to_acceptance_p50: seconds,
  seconds_to_acceptance_p99: seconds,
  seconds_to_acceptance_max: seconds,
  seconds_to_person_or_alarm_max: seconds,
  seconds_to_person_or_alarm_emergency_max: seconds,
});

/** Of sql/clocks.sql: each row says how many devices there are, also beyond its limit. */
const ClockRow = z.object({ devices: count });

const LOST: CheckName = 'alarmingReadingsTaken';
const DUPLICATED: CheckName[] = ['alarmingReadingsTakenOnce', 'oneOpenAlertPerPatient', 'alertsRaisedOnce'];

/** What the archive's tables cannot tell of a night. */
export type Beside = {
  /** Wards with devices that should speak, and of which nothing was heard; empty where no roster is known. */
  silentWards: string[];
  /** Batches of records that an event source mapping gave up, and left in its destination. */
  batchesGivenUp: number;
};

export type Summary = ReturnType<typeof summarize>;

/** Field names are the contract of `npm run replay -- --json`. Throws when the query gave something else than its columns. */
export function summarize(
  summaryRows: readonly unknown[],
  clockRows: readonly unknown[],
  checks: readonly Check[],
  beside: Beside,
) {
  const [row] = wellFormed(z.array(SummaryRow).length(1), summaryRows) as [z.infer<typeof SummaryRow>];
  const [clock] = wellFormed(z.array(ClockRow), clockRows);
  const missing = (...names: CheckName[]) =>
    checks.reduce((sum, check) => sum + (names.includes(check.name) ? check.missing : 0), 0);
  return {
    readings: row.readings,
    archived: row.archived,
    quarantined: row.quarantined,
    suspect: row.suspect,
    warning: row.warning,
    critical: row.critical,
    emergency: row.emergency,
    alertsOpened: row.alerts_opened,
    readingsJoined: row.readings_joined,
    superseded: row.superseded,
    technicalAlerts: row.technical_alerts,
    technicalOpenAtEnd: row.technical_open_at_end,
    pagesSent: row.pages_sent,
    recheckPages: row.recheck_pages,
    pagesFailed: row.pages_failed,
    accepted: row.accepted,
    declined: row.declined,
    escalatedToDoctor: row.escalated_to_doctor,
    unanswered: row.unanswered,
    openAtEnd: row.open_at_end,
    supersededWorst: row.superseded_worst,
    fromUnknownDevices: row.from_unknown_devices,
    clocksOff: clock?.devices ?? 0,
    ...beside,
    lost: missing(LOST),
    duplicated: missing(...DUPLICATED),
    secondsToFirstPage: {
      p50: row.seconds_to_first_page_p50,
      p99: row.seconds_to_first_page_p99,
      max: row.seconds_to_first_page_max,
    },
    secondsToAcceptance: {
      p50: row.seconds_to_acceptance_p50,
      p99: row.seconds_to_acceptance_p99,
      max: row.seconds_to_acceptance_max,
    },
    secondsToPersonOrAlarm: { max: row.seconds_to_person_or_alarm_max },
    secondsToPersonOrAlarmEmergency: { max: row.seconds_to_person_or_alarm_emergency_max },
    reconciled: checks.every(isClean),
    gaps: checks.filter((check) => !isClean(check)).map(gapInWords),
  };
}
