/**
 * Each hour, and when a roster has been published: every clinician of the roster has a topic with that clinician's address and
 * telephone and no other, the topic of the nightly report has the addresses of those who do quality, and whoever has not confirmed
 * is asked again, the operations first. Then it looks whether those who are on call would hear of an alert.
 */
import pMap from 'p-map';
import { z } from 'zod';
import { operationsSettings } from './aws/operations-settings.ts';
import { loadRoster } from './aws/s3/roster-store.ts';
import { hasNobody, renew } from './aws/sns/confirmation.ts';
import { subscribeOnly, topicNamed } from './aws/sns/subscriptions.ts';
import { environment } from './runtime/environment.ts';
import { errorName, logger, publishMetrics } from './runtime/logger.ts';
import { preflight, type SeenSubscription } from './use-cases/preflight.ts';

/** ListSubscriptionsByTopic allows 30 calls a second, and page-clinicians needs some of them: four lanes of 50 ms calls stay under. */
const AT_ONCE = { concurrency: 4 };

/** An hour's run is the only one that sees the operations' alarms topic; the others are seen by each page as well. */
const OPERATIONS_ASKED_EVERY_MINUTES = 55;
/** Thrice a shift: often enough to be done before the first page, seldom enough not to be taken for a nuisance. */
const CLINICIANS_ASKED_EVERY_MINUTES = 4 * 60;

const settings = environment({
  ...operationsSettings,
  ROSTER_BUCKET: z.string().min(1),
  CLINICIAN_TOPIC_ARN_PREFIX: z.string().min(1),
  CLINICIAN_TOPIC_KEY_ARN: z.string().min(1),
  REPORTS_TOPIC_ARN: z.string().min(1),
  ALARMS_TOPIC_ARN: z.string().min(1),
});

/** One clinician's failure does not keep the others from theirs; it fails the run, which is repeated, and alarms. */
export async function handler(): Promise<void> {
  const nowMs = Date.now();
  const config = settings();
  const namePrefix = config.CLINICIAN_TOPIC_ARN_PREFIX.split(':').at(-1);
  const inLine = async (topicArn: string, emails: string[], everyMinutes: number, phone?: string) => {
    const { pending, ...done } = await subscribeOnly(topicArn, emails, phone);
    if (pending.length > 0) await renew(config.TABLE_NAME, topicArn, pending, everyMinutes);
    return { ...done, isAskedBefore: pending.length > 0 };
  };

  const failed: boolean[] = [];
  for (const topicArn of [config.OPERATIONS_TOPIC_ARN, config.ALARMS_TOPIC_ARN])
    if (await hasNobody(topicArn)) {
      logger.error('operations-not-subscribed', { topicArn });
      if (config.OPERATIONS_EMAIL !== '')
        await renew(config.TABLE_NAME, topicArn, [config.OPERATIONS_EMAIL], OPERATIONS_ASKED_EVERY_MINUTES);
    }
  const roster = await loadRoster(config.ROSTER_BUCKET, nowMs);
  const { clinicians } = roster;
  const paged = clinicians.filter(({ role }) => role !== 'quality');
  const quality = clinicians.filter(({ role }) => role === 'quality').map(({ email }) => email);
  const seen = new Map<string, SeenSubscription>();
  const ofPaged = await pMap(
    paged,
    ({ id, email, phone }) =>
      reconciled(id, async () => {
        const topicArn = await topicNamed(`${namePrefix}${id}`, config.CLINICIAN_TOPIC_KEY_ARN);
        const done = await inLine(topicArn, [email], CLINICIANS_ASKED_EVERY_MINUTES, phone);
        seen.set(id, done);
        return done;
      }),
    AT_ONCE,
  );
  failed.push(...ofPaged);
  failed.push(
    await reconciled('reports', () =>
      inLine(config.REPORTS_TOPIC_ARN, quality, CLINICIANS_ASKED_EVERY_MINUTES),
    ),
  );
  await preflight(roster, seen, config, new Date(nowMs).toISOString());
  publishMetrics();
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
