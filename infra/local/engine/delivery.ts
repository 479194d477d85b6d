/** How EventBridge and its Scheduler deliver: again and again while it may help, until a limit of attempts or of age. */
import type { Clock } from './clock.ts';

/** The documented defaults of both. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
export const deliveryDefaults = { attempts: 185, seconds: 86_400 };

/** Before retry n, counted from 0: a second, doubled each time, five minutes at most. AWS says exponential, and no figures. */
const waitMs = (retry: number) => Math.min(1000 * 2 ** retry, 5 * 60_000);

/** Undefined when a call succeeded, else the error of the last one. Nothing is begun once `seconds` have passed. */
export async function deliver(
  clock: Clock,
  call: () => Promise<unknown>,
  limits: { attempts: number; seconds: number },
  mayHelp: (error: Error) => boolean = () => true,
): Promise<Error | undefined> {
  const giveUpAt = clock.now() + limits.seconds * 1000;
  for (let retry = 0; ; retry++) {
    try {
      await call();
      return undefined;
    } catch (caught) {
      const error = caught as Error;
      const wait = waitMs(retry);
      if (retry >= limits.attempts || clock.now() + wait >= giveUpAt || !mayHelp(error)) return error;
      await clock.sleep(wait);
    }
  }
}
