/** What a replay prints: what the nightly report's SQL says of it, and how the run went. Field names are a contract. */
import { z } from 'zod';
import { faultKinds } from '../engine/fault-kinds.ts';
import { mailKinds } from './mail-kinds.ts';

const count = z.int().nonnegative();
/** Null where nothing was measured. */
const seconds = z.number().nullable();
const waits = z.object({ p50: seconds, p99: seconds, max: seconds });

/** As the nightly state machine stores it. */
export const NightSummary = z.looseObject({
  readings: count,
  archived: count,
  quarantined: count,
  suspect: count,
  warning: count,
  critical: count,
  emergency: count,
  alertsOpened: count,
  readingsJoined: count,
  superseded: count,
  technicalAlerts: count,
  technicalOpenAtEnd: count,
  pagesSent: count,
  recheckPages: count,
  pagesFailed: count,
  accepted: count,
  declined: count,
  escalatedToDoctor: count,
  unanswered: count,
  openAtEnd: count,
  supersededWorst: z.string().nullable(),
  fromUnknownDevices: count,
  clocksOff: count,
  silentWards: z.array(z.string()),
  batchesGivenUp: count,
  lost: count,
  duplicated: count,
  secondsToFirstPage: waits,
  secondsToAcceptance: waits,
  secondsToPersonOrAlarm: z.object({ max: seconds }),
  secondsToPersonOrAlarmEmergency: z.object({ max: seconds }),
  reconciled: z.boolean(),
  gaps: z.array(z.string()),
});
export type NightSummary = z.infer<typeof NightSummary>;

export const ReplaySummary = NightSummary.extend({
  virtualHours: z.number(),
  wallSeconds: z.number(),
  /** Readings sent that are neither archived nor quarantined; a row that repeats another one is the same reading. */
  notArchived: z.int(),
  /** Executions of the nightly report, at 06:15 of each day and at the end, that did not succeed. */
  reportsFailed: count,
  /** Mail subscriptions that got more mails a second than SNS allows, and nothing from then on. */
  subscriptionsSuspended: count,
  /** Null where all readings are of one minute. */
  perPatientDay: z
    .object({
      patientDays: z.number(),
      alarmingReadings: z.number(),
      alerts: z.number(),
      mails: z.number(),
    })
    .nullable(),
  /** Null where no alert was opened. */
  mailsPerAlert: z.partialRecord(z.enum(mailKinds), z.number()).nullable(),
  /** With --faults: how many were injected, by kind and call. */
  faults: z.record(z.enum(faultKinds), z.record(z.string(), count)).exactOptional(),
});
export type ReplaySummary = z.infer<typeof ReplaySummary>;
