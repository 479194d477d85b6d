/** What is remembered of one patient's newest readings: recheck, lateness, the place of an alert and the answer page's trend read it. */

import type { Severity } from '../clinical/severity.ts';
import type { Place } from '../naming/place.ts';

export type RecentReading = {
  readingId: string;
  /** Absent from what was remembered before it was kept. */
  deviceId?: string;
  /** Its arrival when its clock is doubted. */
  measuredAt: string;
  arrivedAt: string;
  severity: Severity;
  systolicMmHg: number;
  diastolicMmHg: number;
  /** It can alarm, but shows no recovery, and overtakes no other. */
  clockDoubted?: true;
  /** Its own device vouches for it only half: the same. */
  questionable?: true;
  /** Where the patient lay; absent where nobody knows, and in what was remembered before places were. */
  place?: Place;
};

/** What is doubted can alarm, and no more: it neither shows how the patient is now, nor that an older one is overtaken. */
export function isDoubted({ clockDoubted, questionable }: RecentReading): boolean {
  return clockDoubted === true || questionable === true;
}

export type Vitals = {
  /** `VITALS#<patientId>`. */
  pk: string;
  kind: 'vitals';
  patientId: string;
  /** Optimistic lock: adds 1 with every write. */
  version: number;
  /** When any reading, trusted or not, last arrived. */
  lastSpokeAt: string;
  /** The last 20 trusted readings, by `measuredAt`, newest last. */
  recent: RecentReading[];
};
