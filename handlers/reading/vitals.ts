/** What is remembered of one patient's newest readings: recheck, lateness and the answer page's trend read it. */
import type { Severity } from '../clinical/severity.ts';

export type RecentReading = {
  readingId: string;
  measuredAt: string;
  arrivedAt: string;
  severity: Severity;
  systolicMmHg: number;
  diastolicMmHg: number;
};

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
