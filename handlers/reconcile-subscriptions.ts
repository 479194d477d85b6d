/** Each five minutes: every clinician of the roster has a topic, and the topic has the clinician's address and no other. */
import { z } from 'zod';
import { environment } from './aws/environment.ts';
import { logger } from './aws/logger.ts';
import { loadRoster } from './aws/roster-store.ts';
import { sideBySide } from './aws/side-by-side.ts';
import { subscribeOnly, topicNamed } from './aws/subscriptions.ts';

/** ListSubscriptionsByTopic allows 30 calls a second, and page-clinicians needs some of them: four lanes of 50 ms calls stay under. */
const WIDTH = 4;

const settings = () =>
  environment({
    ROSTER_BUCKET: z.string().min(1),
    CLINICIAN_TOPIC_ARN_PREFIX: z.string().min(1),
    CLINICIAN_TOPIC_KEY_ARN: z.string().min(1),
  });

/** One clinician's failure does not keep the others from theirs; it fails the run, which is repeated, and alarms. */
export async function handler(): Promise<void> {
  const now = new Date();
  const config = settings();
  const { clinicians } = await loadRoster(config.ROSTER_BUCKET, now.getTime());
  const namePrefix = config.CLINICIAN_TOPIC_ARN_PREFIX.split(':').at(-1);

  // Who does quality is never paged, and gets the reports from a topic of their own.
  const paged = clinicians.filter(({ role }) => role !== 'quality');
  const failed = await sideBySide(paged, WIDTH, async ({ id, email }) => {
    try {
      const topicArn = await topicNamed(`${namePrefix}${id}`, config.CLINICIAN_TOPIC_KEY_ARN);
      const { subscribed, removed } = await subscribeOnly(topicArn, email);
      if (subscribed) logger.info('clinician-subscribed', { clinicianId: id });
      if (removed > 0) logger.info('former-addresses-removed', { clinicianId: id, removed });
      return false;
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      logger.error('clinician-not-subscribed', { clinicianId: id, error: name });
      return true;
    }
  });
  const count = failed.filter(Boolean).length;
  if (count > 0) throw new Error(`The subscriptions of ${count} clinician(s) could not be reconciled`);
}
