/**
 * Each hour, and when a roster has been published: every clinician of the roster has a topic with that clinician's address and no other, and the topic of
 * the nightly report has the addresses of those who do quality.
 */
import { z } from 'zod';
import { environment } from './aws/environment.ts';
import { errorName, logger } from './aws/logger.ts';
import { loadRoster } from './aws/roster-store.ts';
import { sideBySide } from './aws/side-by-side.ts';
import { subscribeOnly, topicNamed } from './aws/subscriptions.ts';

/** ListSubscriptionsByTopic allows 30 calls a second, and page-clinicians needs some of them: four lanes of 50 ms calls stay under. */
const WIDTH = 4;

const settings = environment({
  ROSTER_BUCKET: z.string().min(1),
  CLINICIAN_TOPIC_ARN_PREFIX: z.string().min(1),
  CLINICIAN_TOPIC_KEY_ARN: z.string().min(1),
  REPORTS_TOPIC_ARN: z.string().min(1),
});

/** One clinician's failure does not keep the others from theirs; it fails the run, which is repeated, and alarms. */
export async function handler(): Promise<void> {
  const now = new Date();
  const config = settings();
  const { clinicians } = await loadRoster(config.ROSTER_BUCKET, now.getTime());
  const namePrefix = config.CLINICIAN_TOPIC_ARN_PREFIX.split(':').at(-1);

  const paged = clinicians.filter(({ role }) => role !== 'quality');
  const quality = clinicians.filter(({ role }) => role === 'quality').map(({ email }) => email);
  const failed = await sideBySide(paged, WIDTH, ({ id, email }) =>
    reconciled(id, async () =>
      subscribeOnly(await topicNamed(`${namePrefix}${id}`, config.CLINICIAN_TOPIC_KEY_ARN), [email]),
    ),
  );
  failed.push(await reconciled('reports', () => subscribeOnly(config.REPORTS_TOPIC_ARN, quality)));
  const count = failed.filter(Boolean).length;
  if (count > 0) throw new Error(`The subscriptions of ${count} topic(s) could not be reconciled`);
}

/** True when it failed; what it is about is an id, never an address. */
async function reconciled(
  topic: string,
  work: () => Promise<{ subscribed: number; removed: number }>,
): Promise<boolean> {
  try {
    const { subscribed, removed } = await work();
    if (subscribed + removed > 0) logger.info('subscriptions-reconciled', { topic, subscribed, removed });
    return false;
  } catch (error) {
    logger.error('subscriptions-not-reconciled', {
      topic,
      error: errorName(error),
    });
    return true;
  }
}
