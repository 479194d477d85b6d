/** The verdict of a night: the row of sql/summary.sql and the checks of sql/reconciliation.sql, as one object. */
import { z } from 'zod';

/** Athena gives every value as text. */
const count = z.string().transform(Number).pipe(z.number().int().nonnegative());
const seconds = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : Number(text)));

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
  pages_sent: count,
  recheck_pages: count,
  accepted: count,
  declined: count,
  escalated_to_doctor: count,
  unanswered: count,
  open_at_end: count,
  seconds_to_first_page_p50: seconds,
  seconds_to_first_page_p99: seconds,
  seconds_to_first_page_max: seconds,
  seconds_to_acceptance_p50: seconds,
  seconds_to_acceptance_p99: seconds,
  seconds_to_acceptance_max: seconds,
  seconds_to_person_or_alarm_max: seconds,
});

const Gap = z.object({ check_name: z.string(), gap_count: count, example: z.string() });

/** One check that did not come out even: how many ids, and the least of them. */
export type Gap = { check: string; count: number; example: string };

const LOST = 'alarming reading with neither alert, join nor supersession';
const DUPLICATED = [
  'alarming reading taken more than once',
  'patient with two alerts open at once',
  'alert raised more than once',
];

export type Summary = ReturnType<typeof summarize>;

/** Field names are the contract of `npm run replay -- --json`. Throws when a query gave something else than its columns. */
export function summarize(summaryRows: readonly unknown[], reconciliationRows: readonly unknown[]) {
  const [row] = z.array(SummaryRow).length(1).parse(summaryRows) as [z.infer<typeof SummaryRow>];
  const gaps: Gap[] = z
    .array(Gap)
    .parse(reconciliationRows)
    .map((gap) => ({ check: gap.check_name, count: gap.gap_count, example: gap.example }));
  const countOf = (...checks: string[]) =>
    gaps.filter((gap) => checks.includes(gap.check)).reduce((sum, gap) => sum + gap.count, 0);
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
    pagesSent: row.pages_sent,
    recheckPages: row.recheck_pages,
    accepted: row.accepted,
    declined: row.declined,
    escalatedToDoctor: row.escalated_to_doctor,
    unanswered: row.unanswered,
    openAtEnd: row.open_at_end,
    lost: countOf(LOST),
    duplicated: countOf(...DUPLICATED),
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
    reconciled: gaps.length === 0,
    gaps,
  };
}
