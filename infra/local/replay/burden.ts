/** How much a ward is asked: alerts and mails for each day that a patient was monitored, which is how others publish it. */
import { type MailKind, mailKindOf, mailKinds } from './mail-kinds.ts';
import type { RecordedReading } from './recorded-readings.ts';
import type { NightSummary } from './summary.ts';

const MINUTES_A_DAY = 24 * 60;

const rounded = (value: number) => Math.round(value * 100) / 100;

export type Burden = {
  /** From each patient's first reading to the last. */
  patientDays: number;
  /** What there would be to answer if each alarming reading were an alert of its own. */
  alarmingReadings: number;
  alerts: number;
  /** To clinicians: pages, reminders, and requests to measure again. */
  mails: number;
};

/** All but `patientDays` by the patient-day; of readings that are all of one minute nothing can be said. */
export function burdenOf(
  readings: readonly RecordedReading[],
  { alertsOpened, readingsJoined, superseded }: NightSummary,
  mails: number,
): Burden | null {
  const minutes = [...Map.groupBy(readings, ({ recordId }) => recordId).values()].map((ofPatient) => {
    const [first, last] = [ofPatient[0], ofPatient.at(-1)];
    return (last?.minute ?? 0) - (first?.minute ?? 0);
  });
  const patientDays = minutes.reduce((sum, one) => sum + one, 0) / MINUTES_A_DAY;
  if (patientDays === 0) return null;
  const aDay = (count: number) => rounded(count / patientDays);
  return {
    patientDays: Math.round(patientDays * 10) / 10,
    alarmingReadings: aDay(alertsOpened + readingsJoined + superseded),
    alerts: aDay(alertsOpened),
    mails: aDay(mails),
  };
}

/** Mails to clinicians of each kind that there was, by the alert; what is of no patient by all alerts as well. */
export function mailsPerAlertOf(
  subjects: readonly string[],
  { alertsOpened }: NightSummary,
): Partial<Record<MailKind, number>> | null {
  if (alertsOpened === 0) return null;
  const ofKind = Map.groupBy(subjects, mailKindOf);
  const counted = mailKinds.flatMap((kind) => {
    const mails = ofKind.get(kind);
    return mails ? [[kind, rounded(mails.length / alertsOpened)] as const] : [];
  });
  return Object.fromEntries(counted);
}
