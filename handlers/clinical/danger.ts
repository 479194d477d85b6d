/** How far a patient is beyond the critical limits, in mmHg: what makes a reading of the same level clearly worse. */
import { z } from 'zod';
import { CLEARLY_WORSE_MMHG, type Limits } from './policies.ts';
import type { AlarmLevel } from './severity.ts';
import type { Pressures } from './suspect.ts';

/** Each way apart, since a pressure that falls from far too high to far too low is worse, and not better. 0: not beyond it. */
export const Danger = z.strictObject({
  systolicHigh: z.number(),
  systolicLow: z.number(),
  diastolicHigh: z.number(),
});
export type Danger = z.infer<typeof Danger>;

export const noDanger: Danger = { systolicHigh: 0, systolicLow: 0, diastolicHigh: 0 };

type CriticalLimits = { readonly [name in keyof Limits]?: number | null };

/** Of a reading that is not trusted only the level tells. */
export function dangerOf(
  { systolicMmHg, diastolicMmHg }: Pick<Pressures, 'systolicMmHg' | 'diastolicMmHg'>,
  level: AlarmLevel,
  { criticalSystolicHigh, criticalSystolicLow, criticalDiastolicHigh }: CriticalLimits,
): Danger {
  if (level !== 'critical' && level !== 'emergency') return noDanger;
  return {
    systolicHigh: beyond(systolicMmHg, criticalSystolicHigh),
    systolicLow: beyond(criticalSystolicLow, systolicMmHg),
    diastolicHigh: beyond(diastolicMmHg, criticalDiastolicHigh),
  };
}

/** The furthest of both, each way. */
export function furthest(one: Danger, other: Danger): Danger {
  return {
    systolicHigh: Math.max(one.systolicHigh, other.systolicHigh),
    systolicLow: Math.max(one.systolicLow, other.systolicLow),
    diastolicHigh: Math.max(one.diastolicHigh, other.diastolicHigh),
  };
}

export function isClearlyFurther(danger: Danger, than: Danger): boolean {
  const by = [
    danger.systolicHigh - than.systolicHigh,
    danger.systolicLow - than.systolicLow,
    danger.diastolicHigh - than.diastolicHigh,
  ];
  return by.some((mmHg) => inTenThousandths(mmHg) >= inTenThousandths(CLEARLY_WORSE_MMHG));
}

/** Differences of fractions are not exact. */
function inTenThousandths(mmHg: number): number {
  return Math.round(mmHg * 1e4);
}

function beyond(value: number | null | undefined, limit: number | null | undefined): number {
  return typeof value === 'number' && typeof limit === 'number' ? Math.max(0, value - limit) : 0;
}
