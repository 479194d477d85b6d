/** Whether anybody would get what a topic is sent, and asking for the confirmation of its subscriptions anew. */
import {
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  type Subscription as SnsSubscription,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { errorName, logger } from '../../runtime/logger.ts';
import { snsClient } from '../clients.ts';
import { mayRenew } from '../dynamodb/turn-store.ts';

/** The topic has nobody who confirmed: SNS would take the message, and nobody would get it. */
export class NoConfirmedSubscription extends Error {
  override readonly name = 'NoConfirmedSubscription';
  constructor() {
    super('The topic has no confirmed subscription');
  }
}

/** Whoever has yet to confirm is asked again, not bothered: each attempt to page would send a mail of its own. */
const RENEWED_EVERY_MINUTES = 5;

/**
 * Asks for the confirmation of the topic's subscriptions anew, unless that was done so many minutes ago. Never throws: whoever could
 * not be mailed is passed over either way.
 */
export async function renew(
  tableName: string,
  topicArn: string,
  addresses: readonly string[],
  everyMinutes = RENEWED_EVERY_MINUTES,
): Promise<void> {
  if (addresses.length === 0) return;
  try {
    if (!(await mayRenew(tableName, topicArn, new Date().toISOString(), everyMinutes))) return;
    for (const Endpoint of addresses)
      await snsClient().send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint }));
    logger.warn('subscription-renewed', { topicArn });
  } catch (error) {
    logger.error('subscription-not-renewed', { topicArn, error: errorName(error) });
  }
}

/** ListSubscriptionsByTopic allows 30 calls a second, all functions together; who has confirmed seldom ends it in the next half minute. */
const CONFIRMED_COUNTS_MS = 30_000;

/** When this instance last saw that a topic has somebody, by table and topic. */
const confirmedAt = new Map<string, number>();

/** True only when it is known that nobody has confirmed; what was seen half a minute ago counts. */
export async function hasNobodyOfLate(tableName: string, topicArn: string): Promise<boolean> {
  const key = `${tableName}/${topicArn}`;
  if (Date.now() - (confirmedAt.get(key) ?? Number.NEGATIVE_INFINITY) < CONFIRMED_COUNTS_MS) return false;
  const seen = await confirmationOf(topicArn);
  if (seen === 'somebody') confirmedAt.set(key, Date.now());
  return seen === 'nobody';
}

/** True only when it is known that nobody has confirmed. */
export async function hasNobody(topicArn: string): Promise<boolean> {
  return (await confirmationOf(topicArn)) === 'nobody';
}

async function confirmationOf(topicArn: string): Promise<'somebody' | 'nobody' | 'not known'> {
  try {
    return (await hasConfirmedSubscription(topicArn)) ? 'somebody' : 'nobody';
  } catch (error) {
    if (error instanceof NotFoundException) throw error;
    logger.warn('subscription-not-checked', { topicArn, error: errorName(error) });
    return 'not known';
  }
}

/** A subscription that is pending or deleted has that word where others have their ARN. A telephone's proves no mailbox. */
async function hasConfirmedSubscription(topicArn: string): Promise<boolean> {
  let NextToken: string | undefined;
  do {
    const page = await snsClient().send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, ...(NextToken && { NextToken }) }),
    );
    if (page.Subscriptions?.some(isConfirmedMail)) return true;
    NextToken = page.NextToken;
  } while (NextToken);
  return false;
}

function isConfirmedMail({ SubscriptionArn, Protocol }: SnsSubscription): boolean {
  return Protocol !== 'sms' && SubscriptionArn?.startsWith('arn:') === true;
}
