/** The subscriptions of clinicians' topics. A mail's is the person's to confirm; nothing here confirms one. */
import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { snsClient } from '../clients.ts';
import { subscribePhone } from './phone-subscription.ts';

/** Its endpoint is a mail address or a telephone number, which no other kind looks like. */
type Subscription = { arn: string; endpoint: string; confirmed: boolean };

/** Creates the encrypted topic, or finds it (a topic of the same name and attributes is given back); its ARN. */
export async function topicNamed(name: string, keyArn: string): Promise<string> {
  const { TopicArn } = await snsClient().send(
    new CreateTopicCommand({ Name: name, Attributes: { KmsMasterKeyId: keyArn } }),
  );
  if (!TopicArn) throw new Error('SNS gave a topic without an ARN');
  return TopicArn;
}

/**
 * Leaves the topic with these addresses, and this telephone: subscribes each that is not there, which mails an address a link to
 * confirm, and removes others that had confirmed. Those that never did have no ARN to remove them by, get nothing, and are
 * dropped by SNS after two days. `pending` are those of these addresses whose link has not been opened, or who were suspended
 * since; `confirmed` are the ARNs of the others; `hasText`: texts go out, or there is no telephone.
 */
export async function subscribeOnly(
  topicArn: string,
  emails: readonly string[],
  phone?: string,
): Promise<{
  subscribed: number;
  removed: number;
  pending: string[];
  confirmed: string[];
  hasText: boolean;
}> {
  const present = await subscriptionsOf(topicArn);
  const isThere = (endpoint: string) => present.some((one) => one.endpoint === endpoint);
  const missing = emails.filter((email) => !isThere(email));
  for (const Endpoint of missing)
    await snsClient().send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint }));
  const others = present.filter(
    ({ confirmed, endpoint }) => confirmed && !emails.includes(endpoint) && endpoint !== phone,
  );
  for (const { arn } of others) await snsClient().send(new UnsubscribeCommand({ SubscriptionArn: arn }));
  const hasText = phone === undefined || isThere(phone) || (await subscribePhone(topicArn, phone));
  const confirmed = present.filter((one) => one.confirmed && emails.includes(one.endpoint));
  const pending = emails.filter(
    (email) => !missing.includes(email) && !confirmed.some((one) => one.endpoint === email),
  );
  const arns = confirmed.map(({ arn }) => arn);
  return { subscribed: missing.length, removed: others.length, pending, confirmed: arns, hasText };
}

/** True when the link below each mail ends the subscription, for whoever opens it: it was confirmed without credentials. */
export async function endsByLink(subscriptionArn: string): Promise<boolean> {
  const { Attributes } = await snsClient().send(
    new GetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn }),
  );
  return Attributes?.ConfirmationWasAuthenticated === 'false';
}

async function subscriptionsOf(topicArn: string): Promise<Subscription[]> {
  const found: Subscription[] = [];
  let NextToken: string | undefined;
  do {
    const page = await snsClient().send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, ...(NextToken && { NextToken }) }),
    );
    for (const { SubscriptionArn: arn = '', Endpoint: endpoint = '' } of page.Subscriptions ?? []) {
      // Pending and deleted ones have a word in place of their ARN; a deleted one no longer gets mail.
      if (arn !== 'Deleted') found.push({ arn, endpoint, confirmed: arn.startsWith('arn:') });
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}
