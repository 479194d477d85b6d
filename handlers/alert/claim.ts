/** The promise, on record, that an alarming reading, a device's fault, a drill or a check-in will be raised: one item in the table for each. */
import { z } from 'zod';
import { alarmLevels } from '../clinical/severity.ts';
import { Place } from '../naming/place.ts';
import { Timings } from '../timings/timings.ts';
import { ALERT_KEY, isLevelOf } from './alert-key.ts';

const Instant = z.iso.datetime();
const Id = z.string().min(1);

const claimed = {
  /** `READING#<readingId>`. */
  pk: Id,
  kind: z.literal('claim'),
  /** Of a fault, a drill or a check-in: what stands for what it began with. */
  readingId: Id,
  /** The measurement that it is a version of; of a fault what it began with. */
  measurementId: Id,
  /** The alert that it belongs to. */
  alertKey: z.string().regex(ALERT_KEY),
  /** Null: no patient's. */
  patientId: Id.nullable(),
  executionName: Id,
  /** How often the sweeper has raised it again. */
  raisedAgain: z.int(),
  level: z.enum(alarmLevels),
  place: Place,
  policy: Id,
  policyVersion: Id,
  /** Of an alert that it opens; none: the defaults. */
  timings: Timings.exactOptional(),
  /** The limits that it was judged by, by name. */
  limits: z.record(z.string(), z.number().nullable()),
  systolicMmHg: z.number().nullable(),
  diastolicMmHg: z.number().nullable(),
  /** When it counts as measured: when it arrived, unless its own time is to be believed. */
  measuredAt: Instant,
  arrivedAt: Instant,
  /** When the patient lay there: by the reading's own time, and never after its arrival. Null: nobody knows where. */
  placedAt: Instant.nullable(),
  /** When it was put aside or claimed. */
  claimedAt: Instant,
  /** Epoch seconds: the table's time to live. */
  expiresAt: z.int(),
  /** The item that it stands in place of, as it was: that one did not parse. */
  original: z.record(z.string(), z.unknown()).exactOptional(),
};

const AnyClaim = z.discriminatedUnion('status', [
  /** Due at `dueAt`, when the sweeper raises it again. */
  z.strictObject({ status: z.literal('unfulfilled'), dueOn: z.literal('claim'), dueAt: Instant, ...claimed }),
  /** Part of that alert. */
  z.strictObject({ status: z.literal('fulfilled'), alertId: Id, ...claimed }),
  /** Overtaken by a newer trusted reading: on record, and raised no more. */
  z.strictObject({ status: z.literal('superseded'), ...claimed }),
]);
/** A device's is technical, and no other; likewise a check-in's. */
export const Claim = AnyClaim.refine(({ alertKey, level }) => isLevelOf(alertKey, level), {
  path: ['level'],
});
export type Claim = z.infer<typeof Claim>;
export type UnfulfilledClaim = Extract<Claim, { status: 'unfulfilled' }>;
export type FulfilledClaim = Extract<Claim, { status: 'fulfilled' }>;

/** The claim once its reading is a part of that alert: due no more. */
export function fulfilled(
  { dueOn: _dueOn, dueAt: _dueAt, ...claim }: UnfulfilledClaim,
  alertId: string,
): FulfilledClaim {
  return { ...claim, status: 'fulfilled', alertId };
}
