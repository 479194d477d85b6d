/** The claim of a check-in: it is raised as a reading is, by the same call. */
import { hashed } from '../naming/hashed.ts';
import { onlyWard } from '../naming/place.ts';
import { executionName } from '../reading/execution-name.ts';
import { expiresAfter, later } from '../time/instant.ts';
import { type CheckIn, checkInKeyOf } from './check-in.ts';
import type { UnfulfilledClaim } from './claim.ts';
import { claimKey, DUE_AFTER_SECONDS } from './claim-reading.ts';

/** The same for the same beginning of a shift, however often it is looked at. `now` is ISO 8601 UTC. */
export function claimCheckIn(
  { beganAt, ...checkIn }: CheckIn & { beganAt: string },
  now: string,
): UnfulfilledClaim {
  const { ward, role } = checkIn;
  const alertKey = checkInKeyOf(checkIn);
  const readingId = hashed(JSON.stringify([alertKey, beganAt]));
  return {
    pk: claimKey(readingId),
    kind: 'claim',
    status: 'unfulfilled',
    readingId,
    measurementId: readingId,
    alertKey,
    patientId: null,
    executionName: executionName('check-in', { ward, bed: role, readingId, measuredAt: beganAt }),
    raisedAgain: 0,
    level: 'check-in',
    place: onlyWard(ward),
    policy: 'check-in',
    policyVersion: '1',
    limits: {},
    systolicMmHg: null,
    diastolicMmHg: null,
    measuredAt: beganAt,
    arrivedAt: beganAt,
    placedAt: null,
    claimedAt: now,
    dueOn: 'claim',
    dueAt: later(now, DUE_AFTER_SECONDS),
    expiresAt: expiresAfter(beganAt),
  };
}
