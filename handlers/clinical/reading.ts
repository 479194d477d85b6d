/** A reading: one blood-pressure measurement of one patient, as Vigil understands it after parsing. */

export type Cohort = 'adult' | 'obstetric' | 'child';

/**
 * How the device itself vouches for the measurement; `test` and `demo` never concern a patient, and what its sender calls
 * entered in error or cancelled is `withdrawn`.
 */
export type Quality = 'measured' | 'questionable' | 'invalid' | 'test' | 'demo' | 'withdrawn';

/**
 * What was taken for true though the message does not say it: the arrival for the time; the hospital's clocks for a missing
 * offset; mmHg for a missing unit; of a comparator the next whole value that it allows; of several values the worse;
 * `issued` for the time of measuring; that a modifier that nobody knows changes nothing; that lost characters said nothing; of
 * an unknown cohort that the patient may be an adult or obstetric; that an unknown word for the quality is a doubt; that what
 * was put into the stream again is of when it first came; that the device stands for a patient of whom something is said that
 * names nobody for certain.
 */
export type Assumption =
  | 'timeOfArrival'
  | 'hospitalZone'
  | 'mmHg'
  | 'comparator'
  | 'worstOfSeveral'
  | 'issued'
  | 'modifierExtension'
  | 'unreadableCharacters'
  | 'cohort'
  | 'quality'
  | 'redriven'
  | 'patient';

export type Reading = {
  /** Hash of device, patient, time and values (legacy: of sequence number and index), so a redelivery has the same id. */
  readingId: string;
  /** The same for every version of one measurement: by its sender's own id of it, else by device and time. */
  measurementId: string;
  /** It takes the place of what was sent of the measurement before: amended, corrected, or withdrawn. */
  replaces: boolean;
  /** Where none is named, the patient stands for it (stand-in.ts). */
  deviceId: string;
  /** A pseudonym; where none is named, the device stands for it. */
  patientId: string;
  /** False: one stands for the other, so that the next reading may be another patient's, or another device's. */
  bothNamed: boolean;
  /** False: no patient is named, and the registry does not say that the device is fixed: the next patient may be another. */
  patientKnown: boolean;
  /** A ward of the roster. */
  ward: string;
  /** A bed that can be named (device-registry.ts says which); null when there is none. */
  bed: string | null;
  deviceRegistered: boolean;
  /** False: nobody knows where it was taken, and the ward is the fallback one. */
  placeKnown: boolean;
  cohort: Cohort;
  ageYears: number | null;
  /** ISO 8601, UTC. */
  measuredAt: string;
  /** ISO 8601, UTC: the stream's approximate arrival time; every time limit runs from here. */
  arrivedAt: string;
  systolicMmHg: number | null;
  diastolicMmHg: number | null;
  meanArterialMmHg: number | null;
  pulseBpm: number | null;
  quality: Quality;
  /** It is questionable where there is any. */
  assumed: readonly Assumption[];
  source: 'vigil' | 'legacy' | 'fhir';
};
