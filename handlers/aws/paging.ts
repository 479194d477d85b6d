/** Mail by SNS: a clinician's own topic, after a look at its subscription, and the operations' topic. */
import { ListSubscriptionsByTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import type { Mail } from '../alert/mail.ts';
import { sns } from './clients.ts';
import { errorName, logger } from './logger.ts';

/** The topic has nobody who confirmed: SNS would take the message, and nobody would get it. */
class NoConfirmedSubscription extends Error {
  override readonly name = 'NoConfirmedSubscription';
  constructor() {
    super('The topic has no confirmed subscription');
  }
}

/**
 * Hands a mail to SNS. Returning says "published", never "delivered"; throws when it certainly reaches nobody. A look at
 * the subscription that fails says nothing of the person: the mail is handed over all the same.
 */
export async function mailClinician(topicArn: string, mail: Mail): Promise<void> {
  if (await hasNobody(topicArn)) throw new NoConfirmedSubscription();
  await publish(topicArn, mail);
}

/** True only when it is known that nobody has confirmed. */
async function hasNobody(topicArn: string): Promise<boolean> {
  try {
    return !(await hasConfirmedSubscription(topicArn));
  } catch (error) {
    logger.warn('subscription-not-checked', { topicArn, error: errorName(error) });
    return false;
  }
}

/** Hands a mail to SNS. The operations' subscription is checked by nobody but the operations' own alarms. */
export async function publish(topicArn: string, { subject, message }: Mail): Promise<void> {
  await sns().send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: message }));
}

/** A subscription that is pending or deleted has that word where others have their ARN. */
async function hasConfirmedSubscription(topicArn: string): Promise<boolean> {
  let NextToken: string | undefined;
  do {
    const page = await sns().send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, ...(NextToken && { NextToken }) }),
    );
    if (page.Subscriptions?.some(({ SubscriptionArn }) => SubscriptionArn?.startsWith('arn:'))) return true;
    NextToken = page.NextToken;
  } while (NextToken);
  return false;
}
