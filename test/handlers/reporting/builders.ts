/** Rows as Athena gives them, of a quiet night with one alert that was answered. */
import type { Check } from '../../../handlers/reporting/checks.ts';
import { checksOf } from '../../../handlers/reporting/checks.ts';
import { type Beside, type Summary, summarize } from '../../../handlers/reporting/summary.ts';
import { reportWindow } from '../../../handlers/reporting/window.ts';

export const window = reportWindow(
  { from: '2026-03-02T06:00:00.000Z', to: '2026-03-03T06:00:00.000Z' },
  'Europe/London',
);

export function aSummaryRow(changes: Record<string, string | null> = {}): Record<string, string | null> {
  return {
    readings: '1866',
    archived: '1865',
    quarantined: '0',
    suspect: '12',
    warning: '382',
    critical: '157',
    emergency: '10',
    alerts_opened: '115',
    readings_joined: '57',
    superseded: '0',
    technical_alerts: '0',
    technical_open_at_end: '0',
    pages_sent: '159',
    recheck_pages: '264',
    accepted: '252',
    declined: '18',
    escalated_to_doctor: '22',
    unanswered: '0',
    open_at_end: '0',
    superseded_worst: null,
    from_unknown_devices: '0',
    pages_failed: '0',
    seconds_to_first_page_p50: '0.581',
    seconds_to_first_page_p99: '1.114',
    seconds_to_first_page_max: '1.456',
    seconds_to_acceptance_p50: '58.375',
    seconds_to_acceptance_p99: '459.054',
    seconds_to_acceptance_max: '542.256',
    seconds_to_person_or_alarm_max: '507.168',
    seconds_to_person_or_alarm_emergency_max: '149.5',
    ...changes,
  };
}

export const checkNames = [
  'readingsInArchive',
  'openAlertsListed',
  'alarmingReadingsTaken',
  'alarmingReadingsTakenOnce',
  'takenReadingsInArchive',
  'oneOpenAlertPerPatient',
  'alertsRaisedOnce',
  'raisingsKnown',
  'needsPaged',
  'pagesHaveOutcome',
  'eventNumbersComplete',
  'openInTableOpenByEvents',
  'openByEventsOpenInTable',
  'openAlertsNotOverdue',
  'alertsReadable',
  'severitiesAsJudged',
];

type Row = Record<string, string | null>;

/** A row for each check, in order unless it is named with how many are missing. */
export function checkRows(missing: Record<string, number> = {}): Row[] {
  return checkNames.map((check_name) => {
    const gaps = missing[check_name] ?? 0;
    const [expected, found] = ['9', String(9 - gaps)];
    return { check_name, expected, found, missing: String(gaps), example: gaps ? 'PATIENT#p-7' : null };
  });
}

export const theChecks = (missing?: Record<string, number>): Check[] => checksOf(checkRows(missing));

/** Every ward was heard, and nothing was given up. */
export const allHeard: Beside = { silentWards: [], batchesGivenUp: 0 };

export function aSummary(
  { clocks_off = '0', ...changes }: Row = {},
  missing: Record<string, number> = {},
  beside: Partial<Beside> = {},
): Summary {
  const clocks = clocks_off === '0' ? [] : [{ device_id: 'bp-1', devices: clocks_off }];
  return summarize([aSummaryRow(changes)], clocks, theChecks(missing), { ...allHeard, ...beside });
}
