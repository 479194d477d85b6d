/**
 * When a failed state is tried again.
 *
 * - The first retrier that takes the error counts its own attempts: IntervalSeconds (1), times BackoffRate (2) each
 *   time, at most MaxDelaySeconds, MaxAttempts (3) times; JitterStrategy FULL waits anything from 0 to that delay.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
import type { Random } from '../../engine/random.ts';
import type { Retrier } from './definition.ts';
import { takes } from './errors.ts';

/** For one visit of a state: the wait before the next attempt in milliseconds, or undefined when there is none left. */
export function retrying(
  retriers: readonly Retrier[],
  random: Random,
): (error: string) => number | undefined {
  const attempts = new Map<Retrier, number>();
  return (error) => {
    const retrier = retriers.find((candidate) => takes(candidate.ErrorEquals, error));
    if (!retrier) return undefined;
    const done = attempts.get(retrier) ?? 0;
    if (done >= retrier.MaxAttempts) return undefined;
    attempts.set(retrier, done + 1);
    const delaySeconds = Math.min(
      retrier.IntervalSeconds * retrier.BackoffRate ** done,
      retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
    );
    return delaySeconds * 1000 * (retrier.JitterStrategy === 'FULL' ? random.next() : 1);
  };
}
