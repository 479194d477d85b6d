/** What is withdrawn, or corrected to a harmless value, alarms no more. It closes nothing: somebody has to measure. */
import type { OpenAlert } from './alert.ts';
import type { Decision } from './decision.ts';

export type Withdraw = { type: 'withdraw'; measurementId: string };

/** Withdrawn twice, or never a part of the alert, it changes nothing. */
export function withdraw({ standsOn }: OpenAlert, { measurementId }: Withdraw): Decision {
  if (!standsOn.some((one) => one.measurementId === measurementId)) return { refused: 'notStoodOn' };
  return { type: 'withdrawn', measurementId, all: standsOn.length === 1 };
}
