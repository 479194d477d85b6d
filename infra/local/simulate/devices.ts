/** The week's devices: what each sends when its patient is measured, and how some fail. Every record goes on the stream from here. */

import { operator } from '../account/account.ts';
import type { Vigil } from '../account/vigil.ts';
import { minuteMs } from '../engine/clock.ts';
import type { Random } from '../engine/random.ts';
import { alarmOf, isTrusted } from './alarming.ts';
import type { Census, InPatient } from './census.ts';
import { deviceAt } from './hospital.ts';
import {
  type CuffPressures,
  errorCode,
  type Measured,
  observed,
  ofDevice,
  type SentRecord,
  type Tested,
  unreadable,
} from './records.ts';

/**
 * `says`: what a person reads out of a record, who knows its device. Undefined of what has come before, and of what is no patient's.
 * `tests`: the same of a test or demonstration, and whether a drill was announced for it.
 */
export type Sent = {
  record: SentRecord;
  patientId: string;
  says?: Measured & { alarms: boolean; isTrusted: boolean; corrects: boolean };
  tests?: CuffPressures & { alarms: boolean; isAnnounced: boolean };
};
export type DeviceFailure = 'demo' | 'clockOff' | 'silent';

/** How often what is out of the ordinary happens to a record. */
const shares = { observation: 0.3, late: 0.01, twice: 0.01, takenBack: 0.06, amended: 0.06 };
/** Ahead of time, by more than is believed. */
const clockOffMs = 20 * minuteMs;

export class Devices {
  readonly #vigil: Vigil;
  readonly #census: Census;
  readonly #random: Random;
  readonly #onSend: (sent: Sent) => void;
  readonly #failing = new Map<string, DeviceFailure>();

  constructor(vigil: Vigil, census: Census, onSend: (sent: Sent) => void) {
    this.#vigil = vigil;
    this.#census = census;
    this.#random = vigil.random('devices');
    this.#onSend = onSend;
  }

  fail(deviceId: string, how: DeviceFailure, forMs: number): void {
    this.#failing.set(deviceId, how);
    this.#vigil.clock.after(forMs, () => this.#failing.delete(deviceId));
  }

  /** The cuff finds no pressure, and says so a few times. */
  sendErrorCode(patient: InPatient): void {
    const measured = this.#census.measure(patient, this.#vigil.clock.now());
    this.#send({ record: errorCode(measured), patientId: patient.id });
  }

  sendUnreadable(patient: InPatient): void {
    this.#send({ record: unreadable(deviceAt(patient)), patientId: patient.id });
  }

  /** Measures a patient now, and sends what the device makes of it. */
  measure(patient: InPatient): void {
    const now = this.#vigil.clock.now();
    const failing = this.#failing.get(deviceAt(patient));
    const measured = this.#census.measure(patient, now);
    if (failing === 'silent') return;
    if (failing === 'demo') {
      this.#sendTest(measured, 'demo', false);
      return;
    }
    const stated = failing === 'clockOff' ? { ...measured, statedMs: now + clockOffMs } : measured;
    const isObservation = this.#random.next() < shares.observation;
    const record = isObservation ? observed(stated, 'final') : ofDevice(stated);
    const sent = this.#said(record, stated);
    if (sent.says?.alarms) this.#census.alarmed(patient.id, now);
    if (this.#random.next() < shares.late) {
      this.#later(10 + this.#random.below(50), sent);
      return;
    }
    this.#send(sent);
    if (this.#random.next() < shares.twice)
      this.#later(1 + this.#random.below(90), { record, patientId: patient.id });
    if (isObservation && sent.says?.alarms && failing === undefined) this.#perhapsCorrect(stated);
  }

  /** The device is set to test within an announced drill; without a bed it is the command's own. */
  test({ id, ward, bed }: Omit<InPatient, 'bed'> & { bed?: string }, pressures: CuffPressures): void {
    const deviceId = bed === undefined ? 'vigil-drill' : deviceAt({ ward, bed });
    const measured = { ...pressures, patientId: id, ward, deviceId, statedMs: this.#vigil.clock.now() };
    this.#sendTest({ ...measured, ...(bed !== undefined && { bed }) }, 'test', true);
  }

  /** The patient's pressures are these, just now. */
  measureAs(patient: InPatient, pressures: CuffPressures): void {
    const now = this.#vigil.clock.now();
    const measured = { ...this.#census.measure(patient, now), ...pressures };
    this.#census.alarmed(patient.id, now);
    this.#send(this.#said(ofDevice(measured), measured));
  }

  #sendTest(measured: Tested, quality: 'test' | 'demo', isAnnounced: boolean): void {
    const { systolic, diastolic, ward, patientId } = measured;
    const alarms = alarmOf(measured, this.#census.isObstetric(ward)) !== null;
    const tests = { systolic, diastolic, alarms, isAnnounced };
    this.#send({ record: ofDevice(measured, quality), patientId, tests });
  }

  #perhapsCorrect(measured: Measured): void {
    const draw = this.#random.next();
    const minutes = 2 + this.#random.below(20);
    const { patientId } = measured;
    if (draw < shares.takenBack)
      this.#later(minutes, { record: observed(measured, 'entered-in-error'), patientId });
    else if (draw < shares.takenBack + shares.amended) {
      const better = { ...measured, systolic: 118 + this.#random.below(9), diastolic: 74 };
      const amended =
        draw < shares.takenBack + shares.amended / 2
          ? better
          : { ...measured, systolic: measured.systolic + 1 };
      this.#later(minutes, this.#said(observed(amended, 'amended'), amended, true));
    }
  }

  #said(record: SentRecord, measured: Measured, corrects = false): Sent {
    const isObstetric = this.#census.isObstetric(measured.ward);
    const alarms = alarmOf(measured, isObstetric) !== null;
    return {
      record,
      patientId: measured.patientId,
      says: { ...measured, alarms, isTrusted: isTrusted(measured), corrects },
    };
  }

  #later(minutes: number, sent: Sent): void {
    this.#vigil.clock.after(minutes * minuteMs, () => this.#send(sent));
  }

  #send(sent: Sent): void {
    this.#onSend(sent);
    const { key, text } = sent.record;
    void this.#vigil.call(operator, 'kinesis', 'PutRecord', {
      StreamName: this.#vigil.outputs.StreamName,
      PartitionKey: key,
      Data: Buffer.from(text),
    });
  }
}
