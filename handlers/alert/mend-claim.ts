/** A claim whose item can no longer be read: its reading must be raised all the same, unless it says that it was. */
import { z } from 'zod';
import { nowhere } from '../naming/place.ts';
import { expiresAfter } from '../time/instant.ts';
import { Claim, type UnfulfilledClaim } from './claim.ts';
import { alertKeyOf, patientOf, readingOf } from './claim-reading.ts';

const [Unfulfilled] = Claim.options;
const Settled = z.object({ status: z.enum(['fulfilled', 'superseded']), dueOn: z.undefined().optional() });

/**
 * The claim as far as it can be read, due at once; what cannot be read is taken for the worst. `settled`: it was fulfilled or
 * superseded, and is due no more. A patient who cannot be read is nobody's: the reading stands for one.
 */
export function mendedClaim(
  item: Readonly<Record<string, unknown>>,
  at: string,
): UnfulfilledClaim | 'settled' {
  if (Settled.safeParse(item).success) return 'settled';
  const pk = String(item.pk);
  const readingId = readingOf(pk);
  const arrivedAt = readable(item, 'arrivedAt') ?? at;
  const alertKey = readable(item, 'alertKey') ?? alertKeyOf(readable(item, 'patientId') ?? readingId);
  return {
    pk,
    kind: 'claim',
    status: 'unfulfilled',
    readingId,
    alertKey,
    patientId: patientOf(alertKey),
    executionName: readable(item, 'executionName') ?? readingId,
    raisedAgain: readable(item, 'raisedAgain') ?? 0,
    level: readable(item, 'level') ?? 'emergency',
    place: readable(item, 'place') ?? nowhere,
    policy: readable(item, 'policy') ?? 'adult',
    policyVersion: readable(item, 'policyVersion') ?? 'unknown',
    limits: readable(item, 'limits') ?? {},
    systolicMmHg: readable(item, 'systolicMmHg') ?? null,
    diastolicMmHg: readable(item, 'diastolicMmHg') ?? null,
    measuredAt: readable(item, 'measuredAt') ?? arrivedAt,
    arrivedAt,
    placedAt: readable(item, 'placedAt') ?? null,
    claimedAt: readable(item, 'claimedAt') ?? at,
    expiresAt: readable(item, 'expiresAt') ?? expiresAfter(at),
    dueOn: 'claim',
    dueAt: at,
    original: { ...item },
  };
}

/** What a field holds; undefined when it is not what it should be. */
function readable<Name extends keyof UnfulfilledClaim>(
  item: Readonly<Record<string, unknown>>,
  name: Name,
): UnfulfilledClaim[Name] | undefined {
  return Unfulfilled.shape[name].safeParse(item[name]).data as UnfulfilledClaim[Name] | undefined;
}
