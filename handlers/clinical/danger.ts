/** How far a patient is beyond the critical limits: what makes a reading of the same level clearly worse. */
import { z } from 'zod';
import { CLEARLY_WORSE_MMHG, type Limits } from './policies.ts';
import type { AlarmLevel } from './severity.ts';
import type { Pressures } from './suspect.ts';

/** A pressure that is beyond a limit (a high one: at it), and the limit that judged it; null: it is not. */
const Beyond = z.strictObject({ mmHg: z.number(), limitMmHg: z.number() }).nullable();
type Beyond = z.infer<typeof Beyond>;

/** Each way apart, since a pressure that falls from far too high to far too low is worse, and not better. */
export const Danger = z.strictObject({ systolicHigh: Beyond, systolicLow: Beyond, diastolicHigh: Beyond });
export type Danger = z.infer<typeof Danger>;

export const noDanger: Danger = { systolicHigh: null, systolicLow: null, diastolicHigh: null };

/** Where further is: a low is further the lower it is. */
const signs = { systolicHigh: 1, systolicLow: -1, diastolicHigh: 1 } as const;
type Way = keyof Danger;
const ways = Object.keys(signs) as Way[];
type Sign = (typeof signs)[Way];

type AlarmLimits = { readonly [name in keyof Limits]?: number | null };

/** Of a reading that is not trusted only the level tells. A policy without a critical limit has its emergency one. */
export function dangerOf(
  { systolicMmHg, diastolicMmHg }: Pick<Pressures, 'systolicMmHg' | 'diastolicMmHg'>,
  level: AlarmLevel,
  limits: AlarmLimits,
): Danger {
  if (level !== 'critical' && level !== 'emergency') return noDanger;
  const high = limits.criticalSystolicHigh ?? limits.emergencySystolicHigh;
  const low = limits.criticalSystolicLow ?? limits.emergencySystolicLow;
  return {
    systolicHigh: beyond(systolicMmHg, high, signs.systolicHigh),
    systolicLow: beyond(systolicMmHg, low, signs.systolicLow),
    diastolicHigh: beyond(diastolicMmHg, limits.criticalDiastolicHigh, signs.diastolicHigh),
  };
}

/** The furthest of all, each way. */
export function furthest(dangers: readonly Danger[]): Danger {
  return eachWay((way, sign) =>
    dangers
      .map((danger) => danger[way])
      .reduce<Beyond>((one, other) => (!one || (other && isFurther(other, one, sign)) ? other : one), null),
  );
}

/** The less far of both, each way. */
export function milder(one: Danger, other: Danger): Danger {
  return eachWay((way, sign) => {
    const [mine, others] = [one[way], other[way]];
    return mine && others && (isFurther(mine, others, sign) ? others : mine);
  });
}

/**
 * By the pressures, whatever the limits were then; from the present limit where nothing was further than that. Too low after
 * too high, or the other way round, is clearly further by however little.
 */
export function isClearlyFurther(danger: Danger, than: Danger): boolean {
  return ways.some((way) => {
    const [now, before] = [danger[way], than[way]];
    if (!now) return false;
    if (!before && isOpposite(way, than)) return true;
    const sign = signs[way];
    const by = Math.min(
      ...[now.limitMmHg, ...(before ? [before.mmHg] : [])].map((mmHg) => sign * (now.mmHg - mmHg)),
    );
    return inTenThousandths(by) >= inTenThousandths(CLEARLY_WORSE_MMHG);
  });
}

/** Whether it was beyond a limit on the other side of what is harmless, and not on this one. */
function isOpposite(way: Way, { systolicHigh, systolicLow, diastolicHigh }: Danger): boolean {
  const [isHigh, isLow] = [systolicHigh !== null || diastolicHigh !== null, systolicLow !== null];
  return way === 'systolicLow' ? isHigh : isLow && !isHigh;
}

function eachWay(beyondIn: (way: Way, sign: Sign) => Beyond): Danger {
  return {
    systolicHigh: beyondIn('systolicHigh', signs.systolicHigh),
    systolicLow: beyondIn('systolicLow', signs.systolicLow),
    diastolicHigh: beyondIn('diastolicHigh', signs.diastolicHigh),
  };
}

type Pressure = NonNullable<Beyond>;

function isFurther(one: Pressure, than: Pressure, sign: Sign): boolean {
  return sign * (one.mmHg - than.mmHg) > 0;
}

/** Differences of fractions are not exact. */
function inTenThousandths(mmHg: number): number {
  return Math.round(mmHg * 1e4);
}

function beyond(mmHg: number | null, limitMmHg: number | null | undefined, sign: Sign): Beyond {
  if (mmHg === null || typeof limitMmHg !== 'number') return null;
  const by = sign * (mmHg - limitMmHg);
  return by > 0 || (by === 0 && sign > 0) ? { mmHg, limitMmHg } : null;
}
