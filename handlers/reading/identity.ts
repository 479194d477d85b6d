/** A reading's identity: the same measurement has the same id wherever and however often it is delivered. */
import { createHash } from 'node:crypto';
import type { Measurement } from './measurement.ts';

/**
 * A hash of device, patient, time and values. The legacy shape has no time, so the stream's sequence number and the
 * index in the record stand for it (with the device, whose records all share a shard, where the number is unique).
 * 32 hexadecimal digits: 128 bits, beyond accidental collision.
 */
export function readingIdOf(measurement: Measurement, sequenceNumber: string, index: number): string {
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
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
}
