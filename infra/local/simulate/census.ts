/** Who lies where, how often each is measured, and with what: the patients of a simulated week. */

import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { chance, isUnstable, simulatedVitals } from '../../../handlers/reading/simulated-patient.ts';
import { minuteMs } from '../engine/clock.ts';
import { deviceAt, hourAt, watchedBed } from './hospital.ts';
import type { CuffPressures, Measured } from './records.ts';

export type Bed = { ward: string; bed: string };
export type InPatient = Bed & { id: string };

/**
 * How often a patient is measured, and of how many patients: the Royal College of Physicians' NEWS2 (2017) asks for twice a day at a
 * score of 0, each four to six hours from 1 to 4, hourly from 5 on. The shares are assumed.
 */
const intervals = [
  { share: 0.2, minutes: 12 * 60 },
  { share: 0.96, minutes: 6 * 60 },
  { share: 1, minutes: 60 },
];
/** After an alarming reading a cuff measures each quarter of an hour, until there has been none for an hour. */
const closely = { minutes: 15, forMs: 60 * minuteMs };

export class Census {
  readonly #seed: number;
  readonly #unstableShare: number;
  readonly #obstetric: ReadonlySet<string>;
  readonly #byBed = new Map<string, InPatient>();
  readonly #byId = new Map<string, InPatient>();
  readonly #alarmedAt = new Map<string, number>();
  #admitted = 0;

  /** `unstableShare`: of patients who have a crisis now and then. */
  constructor(hospital: Hospital, { seed, unstableShare }: { seed: number; unstableShare: number }) {
    this.#seed = seed;
    this.#unstableShare = unstableShare;
    this.#obstetric = new Set(
      hospital.wards.filter(({ policies }) => policies?.adult === 'obstetric').map(({ id }) => id),
    );
    for (const { ward, bed } of hospital.devices) this.admit({ ward, bed });
  }

  get patients(): readonly InPatient[] {
    return [...this.#byBed.values()];
  }

  at(bed: Bed): InPatient {
    return this.#byBed.get(deviceAt(bed)) as InPatient;
  }

  /** Undefined for who has gone home. */
  patient(id: string): InPatient | undefined {
    return this.#byId.get(id);
  }

  isObstetric(ward: string): boolean {
    return this.#obstetric.has(ward);
  }

  /** A new patient takes the bed, and whoever had it goes home. */
  admit(bed: Bed): InPatient {
    const before = this.#byBed.get(deviceAt(bed));
    if (before) this.#byId.delete(before.id);
    const patient = { ...bed, id: `pt-${String(++this.#admitted).padStart(5, '0')}` };
    this.#byBed.set(deviceAt(bed), patient);
    this.#byId.set(patient.id, patient);
    return patient;
  }

  /** Two patients change beds. */
  exchange(one: InPatient, other: InPatient): void {
    const bed = { ward: one.ward, bed: one.bed };
    Object.assign(one, { ward: other.ward, bed: other.bed });
    Object.assign(other, bed);
    for (const patient of [one, other]) this.#byBed.set(deviceAt(patient), patient);
  }

  measure(patient: InPatient, atMs: number): Measured {
    const { id: patientId, ward, bed } = patient;
    return {
      ...this.#pressures(patient, atMs),
      patientId,
      ward,
      bed,
      deviceId: deviceAt(patient),
      statedMs: atMs,
    };
  }

  alarmed(patientId: string, atMs: number): void {
    this.#alarmedAt.set(patientId, atMs);
  }

  /** When the patient's next measurement is due. */
  nextAt(patient: InPatient, nowMs: number): number {
    const isWatched = nowMs - (this.#alarmedAt.get(patient.id) ?? 0) < closely.forMs;
    const everyMs = (isWatched ? closely.minutes : this.#interval(patient)) * minuteMs;
    const phaseMs = Math.floor(this.#chance(patient, 'phase') * everyMs);
    return (Math.floor((nowMs - phaseMs) / everyMs) + 1) * everyMs + phaseMs;
  }

  #interval(patient: InPatient): number {
    if (patient.bed === watchedBed) return 60;
    const drawn = this.#chance(patient, 'interval');
    return intervals.find(({ share }) => drawn < share)?.minutes as number;
  }

  #chance({ id }: InPatient, purpose: string): number {
    return chance({ seed: this.#seed, deviceId: id }, purpose);
  }

  /** Whom the simulator has for a patient: somebody as stable. */
  #simulated(patient: InPatient): { seed: number; deviceId: string } {
    const isAsStable = this.#chance(patient, 'unstable on a ward') >= this.#unstableShare;
    for (let other = 0; ; other++) {
      const one = { seed: this.#seed, deviceId: `${patient.id}/${other}` };
      if (isUnstable(one) !== isAsStable) return one;
    }
  }

  #pressures(patient: InPatient, atMs: number): CuffPressures {
    const moment = { minute: Math.floor(atMs / minuteMs), hour: hourAt(atMs) };
    const { systolicMmHg, diastolicMmHg } = simulatedVitals({ ...this.#simulated(patient), ...moment });
    return { systolic: systolicMmHg, diastolic: diastolicMmHg };
  }
}
