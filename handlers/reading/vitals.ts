/** What is remembered of one patient's newest readings: recheck, lateness, the place of an alert and the answer page's trend read it. */

import { z } from 'zod';
import { severities } from '../clinical/severity.ts';
import { Place } from '../naming/place.ts';
import { Version } from './versions.ts';

const Instant = z.iso.datetime();

const RecentReading = z.object({
  readingId: z.string(),
  /** Absent where device and time are what it is known by. */
  measurementId: z.string().exactOptional(),
  /** Absent from what was remembered before it was kept. */
  deviceId: z.string().exactOptional(),
  /** Its arrival when its clock is doubted. */
  measuredAt: Instant,
  arrivedAt: Instant,
  severity: z.enum(severities),
  systolicMmHg: z.number(),
  diastolicMmHg: z.number(),
  /** It can alarm, but shows no recovery, and overtakes no other. */
  clockDoubted: z.literal(true).exactOptional(),
  /** Its own device vouches for it only half: the same. */
  questionable: z.literal(true).exactOptional(),
  /** It may be another patient's: the same. */
  patientUnknown: z.literal(true).exactOptional(),
  /** It corrects an earlier version of its measurement: nothing was measured when it arrived. */
  replaces: z.literal(true).exactOptional(),
  /** Where the patient lay; absent where nobody knows, and in what was remembered before places were. */
  place: Place.exactOptional(),
});
export type RecentReading = z.infer<typeof RecentReading>;

/** What is doubted can alarm, and no more: it neither shows how the patient is now, nor that an older one is overtaken. */
export function isDoubted({ clockDoubted, questionable, patientUnknown }: RecentReading): boolean {
  return clockDoubted === true || questionable === true || patientUnknown === true;
}

export const Vitals = z.object({
  /** `VITALS#<patientId>`. */
  pk: z.string(),
  kind: z.literal('vitals'),
  patientId: z.string(),
  /** Optimistic lock: adds 1 with every write. */
  version: z.int(),
  /** When any reading, trusted or not, last arrived. */
  lastSpokeAt: Instant,
  /** The last 20 trusted readings, by `measuredAt`, newest last. */
  recent: z.array(RecentReading),
  /** The last 20 later versions; absent while there is none. What they took the place of is not among the recent. */
  versions: z.array(Version).exactOptional(),
});
export type Vitals = z.infer<typeof Vitals>;
