/**
 * A reading's identity, and what stands for a patient's record number. Both stand in items, executions, logs and the
 * archive, and what they are made of can be guessed: pressures, times and record numbers are few. So they are keyed with a
 * secret of the stage (infra/decisions/0014-keyed-identities.md); who has not got it finds nothing by trying.
 */
import { createHmac } from 'node:crypto';
import type { Measurement } from './measurement.ts';

/** 32 hexadecimal digits: 128 bits, beyond accidental collision. */
const DIGITS = 32;

export type IdentityKey = Uint8Array;

/**
 * The same measurement has the same id wherever and however often it is delivered: a keyed hash of device, patient, time and
 * values. The legacy shape has no time, so the stream's sequence number and the index in the record stand for it (with the
 * device, whose records all share a shard, where the number is unique).
 */
export function readingIdOf(
  measurement: Measurement,
  sequenceNumber: string,
  index: number,
  key: IdentityKey,
): string {
  const { deviceId, patientId, measuredAt, systolicMmHg, diastolicMmHg } = measurement;
  const identity =
    measurement.source === 'legacy'
      ? ['legacy', deviceId, sequenceNumber, index]
      : [
          deviceId,
          patientId,
          measuredAt,
          systolicMmHg,
          diastolicMmHg,
          measurement.meanArterialMmHg,
          measurement.pulseBpm,
        ];
  return keyedHash(key, 'reading', identity);
}

/** What stands for a patient who is known by an identifier, as a rule the record number: it stands nowhere itself. */
export function pseudonymOf(identifier: string, key: IdentityKey): string {
  return `id-${keyedHash(key, 'patient', [identifier])}`;
}

/** JSON keeps the parts apart, whatever they hold, and the purpose one kind of hash from the other. */
function keyedHash(key: IdentityKey, purpose: string, parts: readonly unknown[]): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([purpose, ...parts]))
    .digest('hex')
    .slice(0, DIGITS);
}
