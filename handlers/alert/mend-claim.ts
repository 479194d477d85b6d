/** A claim whose item can no longer be read: its reading must be raised all the same, unless it says that it was. */
import { z } from 'zod';
import { nowhere } from '../naming/place.ts';
import { expiresAfter } from '../time/instant.ts';
import { Claim, type UnfulfilledClaim } from './claim.ts';
import { alertKeyOf, patientOf, readingOf } from './claim-reading.ts';

const [Unfulfilled] = Claim.options;
const Settled = z.object({ status: z.enum(['fulfilled', 'superseded']), dueOn: z.undefined().optional() });

/** What every claim says, whatever became of it. */
type Said = Omit<UnfulfilledClaim, 'status' | 'dueOn' | 'dueAt' | 'original'>;

/**
 * The claim as far as it can be read, due at once; what cannot be read is as `known` has it, whose reading has come again, and
 * else taken for the worst. `settled`: it was fulfilled or superseded, and is due no more. A patient who cannot be read is
 * nobody's: the reading stands for one.
 */
export function mendedClaim(
  item: Readonly<Record<string, unknown>>,
  at: string,
  known?: Said,
): UnfulfilledClaim | 'settled' {
  if (Settled.safeParse(item).success) return 'settled';
  const readable = <Name extends keyof Said>(name: Name): Said[Name] | undefined => {
    const { success, data } = Unfulfilled.shape[name].safeParse(item[name]);
    return success ? (data as Said[Name]) : known?.[name];
  };
  const pk = String(item.pk);
  const readingId = readingOf(pk);
  const arrivedAt = readable('arrivedAt') ?? at;
  const alertKey = readable('alertKey') ?? alertKeyOf(readable('patientId') ?? readingId);
  return {
    pk,
    kind: 'claim',
    status: 'unfulfilled',
    readingId,
    alertKey,
    patientId: patientOf(alertKey),
    executionName: readable('executionName') ?? readingId,
    raisedAgain: readable('raisedAgain') ?? 0,
    level: readable('level') ?? 'emergency',
    place: readable('place') ?? nowhere,
    policy: readable('policy') ?? 'adult',
    policyVersion: readable('policyVersion') ?? 'unknown',
    limits: readable('limits') ?? {},
    systolicMmHg: readable('systolicMmHg') ?? null,
    diastolicMmHg: readable('diastolicMmHg') ?? null,
    measuredAt: readable('measuredAt') ?? arrivedAt,
    arrivedAt,
    placedAt: readable('placedAt') ?? null,
    claimedAt: readable('claimedAt') ?? at,
    expiresAt: readable('expiresAt') ?? expiresAfter(at),
    dueOn: 'claim',
    dueAt: at,
    original: { ...item },
  };
}
