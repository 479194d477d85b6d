/** The claim of an alarming reading, and the call that the claim promises. */

import { type WardPolicies, wardPolicyName } from '../clinical/choose-policy.ts';
import type { Reading } from '../clinical/reading.ts';
import type { ClinicalLevel } from '../clinical/severity.ts';
import { deviceName, type Place } from '../naming/place.ts';
import { executionName } from '../reading/execution-name.ts';
import type { Timeliness } from '../reading/late.ts';
import type { JudgedReading } from '../reading/merge-vitals.ts';
import { expiresAfter, later } from '../time/instant.ts';
import { type HospitalTimings, timingsOf } from '../timings/timings.ts';
import { alertKeyOf } from './alert-key.ts';
import type { Claim } from './claim.ts';
import type { Sighting } from './event.ts';

/** A start that was lost is made good by the sweeper after a minute: as long as a fulfilled claim ever takes, with retries. */
export const DUE_AFTER_SECONDS = 60;

export function claimKey(readingId: string): string {
  return `READING#${readingId}`;
}

/** Whose claim that is. */
export function readingOf(key: string): string {
  return key.replace(/^READING#/, '');
}

/** Where the patient was seen last, and what the hospital says of policies and timings. */
type Beside = { lastSeen?: Sighting | undefined; hospital?: WardPolicies & HospitalTimings };
export type Claimable = JudgedReading & Beside;

/**
 * An overtaken reading is superseded: on record with its event, but neither due nor started. One that is late or whose
 * clock is doubted counts as measured when it arrived, so that only a later measurement can show recovery; a correction
 * keeps its time, since nothing was measured when it came. `now` is ISO 8601 UTC.
 */
export function claimReading(
  { reading, judgement, lastSeen, hospital }: Claimable,
  level: ClinicalLevel,
  timeliness: Timeliness,
  now: string,
): Claim {
  const isItsOwn = timeliness !== 'clockDoubted' && (timeliness !== 'late' || reading.replaces);
  const measuredAt = isItsOwn ? reading.measuredAt : reading.arrivedAt;
  const { placedAt, ...place } = placeOfClaim(reading, timeliness, lastSeen);
  // A patient's own limits have the timings of the policy that they are set beside.
  const timings = hospital && timingsOf(hospital, place.ward, wardPolicyName(reading, hospital));
  const claim = {
    pk: claimKey(reading.readingId),
    kind: 'claim' as const,
    readingId: reading.readingId,
    measurementId: reading.measurementId,
    alertKey: alertKeyOf(reading.patientId),
    patientId: reading.patientId,
    executionName: executionName(level, { ...reading, ...place, measuredAt }),
    raisedAgain: 0,
    level,
    place,
    policy: judgement.policy,
    policyVersion: judgement.policyVersion,
    ...(timings && { timings }),
    limits: { ...judgement.limits },
    systolicMmHg: storable(reading.systolicMmHg),
    diastolicMmHg: storable(reading.diastolicMmHg),
    measuredAt,
    arrivedAt: reading.arrivedAt,
    placedAt,
    claimedAt: now,
    expiresAt: expiresAfter(reading.arrivedAt),
  };
  if (timeliness === 'overtaken') return { status: 'superseded', ...claim };
  return { status: 'unfulfilled', ...claim, dueOn: 'claim', dueAt: later(now, DUE_AFTER_SECONDS) };
}

/** Where the reading was taken; where nobody knows that, where its patient was seen last. */
function placeOfClaim(
  { ward, bed, deviceId, deviceRegistered, placeKnown, measuredAt, arrivedAt }: Reading,
  timeliness: Timeliness,
  lastSeen: Sighting | undefined,
): Place & Pick<Claim, 'placedAt'> {
  if (!placeKnown && lastSeen) return { ...lastSeen.place, placedAt: lastSeen.at };
  const isItsOwnTime = timeliness !== 'clockDoubted' && measuredAt <= arrivedAt;
  const at = isItsOwnTime ? measuredAt : arrivedAt;
  return {
    ward,
    bed,
    device: deviceName(deviceId, deviceRegistered),
    deviceRegistered,
    placedAt: placeKnown ? at : null,
  };
}

/** What an execution is told: ids, level, place and time, no values. From the claim, so that every start is the same call. */
export function escalationInput(
  claim: Pick<Claim, 'readingId' | 'alertKey' | 'level' | 'place' | 'arrivedAt'>,
) {
  const { readingId, alertKey, level, place, arrivedAt } = claim;
  const { ward, bed } = place;
  return { readingId, alertKey, level, ward, bed, arrivedAt };
}

/**
 * The value as an item can hold it. The archive keeps it as sent; DynamoDB holds 38 digits, and its client refuses what is
 * beyond a safe integer: such a reading is suspect, and its claim must not become unwritable for it.
 */
function storable(valueMmHg: number | null): number | null {
  if (valueMmHg === null) return null;
  // A million mmHg and a millionth: far outside anything measured, far inside what DynamoDB holds.
  return Math.max(-1e6, Math.min(1e6, Number(valueMmHg.toFixed(6))));
}
