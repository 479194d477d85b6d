/** A claim whose item can no longer be read: its reading must be raised all the same, unless it says that it was. */
import { z } from 'zod';
import { nowhere } from '../naming/place.ts';
import { expiresAfter } from '../time/instant.ts';
import { alertKeyOf, levelFor, patientOf } from './alert-key.ts';
import { Claim, type UnfulfilledClaim } from './claim.ts';
import { readingOf } from './claim-reading.ts';

const [Unfulfilled] = Claim.options;
const dueOn = z.undefined().optional();
const Settled = z.union([
  z.object({ status: z.enum(['fulfilled', 'superseded']), dueOn }),
  // Part of an alert, in a word of another version.
  z.object({
    status: z.unknown().refine((word) => word !== 'unfulfilled'),
    alertId: z.string().min(1),
    dueOn,
  }),
]);

/** What every claim says from the beginning, whatever becomes of it. */
type Said = Omit<UnfulfilledClaim, 'status' | 'dueOn' | 'dueAt' | 'raisedAgain' | 'original'>;

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
  const patientId = patientOf(alertKey);
  const executionName = readable('executionName') ?? readingId;
  const timings = readable('timings');
  return {
    pk,
    kind: 'claim',
    status: 'unfulfilled',
    readingId,
    measurementId: readable('measurementId') ?? readingId,
    alertKey,
    patientId,
    executionName,
    raisedAgain: Unfulfilled.shape.raisedAgain.safeParse(item.raisedAgain).data ?? timesIn(executionName),
    level: levelFor(alertKey, readable('level')),
    place: readable('place') ?? nowhere,
    policy: readable('policy') ?? 'adult',
    policyVersion: readable('policyVersion') ?? 'unknown',
    ...(timings && { timings }),
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

/** How often the reading was raised again by the name of its latest execution: names used before would begin nothing. */
function timesIn(executionName: string): number {
  return Number(/-r(\d+)$/.exec(executionName)?.[1] ?? 0);
}
