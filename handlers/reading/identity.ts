/**
 * A reading's identity, and what stands for a patient's record number. Both stand in items, executions, logs and the
 * archive, and what they are made of can be guessed: pressures, times and record numbers are few. So they are keyed with a
 * secret of the stage (decisions/0014); who has not got it finds nothing by trying.
 */
import { hash, hkdfSync } from 'node:crypto';
import { isPlainDevice } from '../naming/place.ts';
import { isStandIn, standIn } from '../naming/stand-in.ts';
import type { Placement } from './device-registry.ts';
import { isClockDoubted, isLate } from './late.ts';
import type { Measurement, Pair } from './measurement.ts';

/** 32 hexadecimal digits: 128 bits, beyond accidental collision. */
const DIGITS = 32;
/** Of an instant in ISO 8601 UTC, whose order is that of its text. */
const DAY_CHARACTERS = '2026-01-01'.length;

export type IdentityKey = Uint8Array;

/** The key that the stage's identity secret holds: 256 bits, the size of the hash. */
export function identityKeyOf(rootKey: string): Buffer {
  return Buffer.from(hkdfSync('sha256', rootKey, '', 'vigil identities', 32));
}

/**
 * Where in the stream a record stands, and when it came: ISO 8601 UTC. `subsequence`: which of the records it is that a
 * producer aggregated into one; 0 for one that stands alone, or is still to be taken apart.
 */
export type Origin = {
  shardId: string;
  sequenceNumber: string;
  subsequence?: number;
  arrivedAt: string;
  /** When a record came that was put into the stream again (redriven.ts). */
  firstArrivedAt?: string;
  /** As its sender chose it: as a rule the device. */
  partitionKey?: string;
};

/**
 * The same measurement has the same id wherever and however often it is delivered: a keyed hash of device, patient, time and
 * values, of all values when it says several. A time that tells no measurement is as good as none: then the stream's
 * sequence number and the index in the record stand for it (with the device, whose records all share a shard, where the
 * number is unique).
 */
export function readingIdOf(
  measurement: Measurement,
  pairs: readonly Pair[],
  { origin, index }: { origin: Origin; index: number },
  key: IdentityKey,
): string {
  const { deviceId, patientId, measuredAt, meanArterialMmHg: mean, pulseBpm: pulse } = measurement;
  const [{ systolicMmHg: systolic, diastolicMmHg: diastolic }, ...others] = pairs as [Pair, ...Pair[]];
  const parts: unknown[] = ['reading', deviceId, patientId, measuredAt, systolic, diastolic, mean, pulse];
  for (const other of others) parts.push([other.systolicMmHg, other.diastolicMmHg]);
  if (!isToldByTime(measurement, origin)) {
    const { sequenceNumber, subsequence = 0 } = origin;
    parts.push({ sequenceNumber, index, ...(subsequence > 0 && { subsequence }) });
  }
  // What withdraws a reading is not the reading.
  if (measurement.quality === 'withdrawn') parts.push('withdrawn');
  return keyedHash(key, parts);
}

/**
 * False without a time, and where the record alone shows that the stated one is none: a clock that stands still or began
 * anew states the same for every measurement, and so does a date without a time.
 */
function isToldByTime({ deviceId, measuredAt, isMidnight }: Measurement, origin: Origin): boolean {
  if (measuredAt === null) return false;
  const arrivedAt = origin.firstArrivedAt ?? origin.arrivedAt;
  // On the day of its arrival and before it: by far the most, and nothing to calculate.
  const isThatDay = measuredAt <= arrivedAt && measuredAt > arrivedAt.slice(0, DAY_CHARACTERS);
  if (isThatDay && !isMidnight) return true;
  const times = { deviceId, measuredAt, arrivedAt };
  return !isClockDoubted(times, []) && !(isMidnight && isLate(times));
}

/** What stands for somebody who is known by more than an id, as a rule by the record number: it stands nowhere itself. */
export function pseudonymOf(identifier: readonly unknown[], key: IdentityKey): string {
  return `id-${keyedHash(key, ['patient', ...identifier])}`;
}

/**
 * As stated; else the device stands for the patient (naming/stand-in.ts). One that may be carried from bed to bed stands for
 * whoever lies in the stated bed, unless that is the one where it is registered. What a device calls itself may be a patient's
 * name: unless it is registered or a plain id, a pseudonym stands for it.
 */
export function standingFor(
  { deviceId, patientId, bed }: Measurement,
  place: Placement,
  key: IdentityKey,
): string {
  if (!isStandIn(patientId) || patientId !== standIn(deviceId) || place.deviceFixed) return patientId;
  const isOwnBed = place.ownBed !== null && place.bed === place.ownBed;
  if (bed !== null && !isOwnBed) {
    const called = place.bed ?? bed.toLowerCase().replace(/^bed\b|[^\p{L}\p{N}]/gu, '');
    return standIn(pseudonymOf(['bed', deviceId, called], key));
  }
  const isShown = place.deviceRegistered || isPlainDevice(deviceId);
  return isShown ? patientId : standIn(pseudonymOf(['device', deviceId], key));
}

/** What stands for the sender's own id of a measurement: that, too, may hold a record number. */
export function measurementPseudonym(identifier: readonly string[], key: IdentityKey): string {
  return keyedHash(key, ['measurement', ...identifier]);
}

/**
 * JSON keeps the parts apart, whatever they hold, and the first of them, the purpose, one kind of hash from the other.
 * SHA-512/256 cannot be continued by whoever knows a hash: the key may simply stand before the text (decisions/0014).
 */
function keyedHash(key: IdentityKey, parts: readonly unknown[]): string {
  return hash('sha512-256', textOf(key) + JSON.stringify(parts)).slice(0, DIGITS);
}

/** A secret of the stage lives as long as its function: it is written out once. */
const keyTexts = new WeakMap<IdentityKey, string>();

function textOf(key: IdentityKey): string {
  const known = keyTexts.get(key);
  if (known !== undefined) return known;
  const text = Buffer.from(key).toString('hex');
  keyTexts.set(key, text);
  return text;
}
