/**
 * Amazon SNS with e-mail subscriptions, delivered to a local mailbox.
 *
 * - CreateTopic with the same name and attributes gives the topic that is there.
 *   https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
 * - Subscribe sends a confirmation mail with a token; until it is confirmed the subscription's ARN reads PendingConfirmation,
 *   and what is published to it is not delivered, without an error. https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 * - ListSubscriptionsByTopic gives 100 a page. https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
 * - A subject is at most 100 ASCII characters without line breaks, a message at most 256 KiB.
 *   https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * - E-mail goes out at 10 messages a second and subscription at most.
 *   https://docs.aws.amazon.com/general/latest/gr/sns.html
 */
import { z } from 'zod';
import { type Account, AwsError, type Payload, type Service } from '../service.ts';

const pageSize = 100;
const maximumMessageBytes = 256 * 1024;
const mailsPerSecond = 10;

export type Mail = {
  messageId: string;
  at: number;
  to: string;
  topicArn: string;
  subject: string;
  text: string;
};

type Subscription = {
  arn: string;
  topicArn: string;
  endpoint: string;
  token: string;
  confirmed: boolean;
  sent: number[];
};

export type SnsService = Service & {
  readonly mailbox: readonly Mail[];
  onMail(listener: (mail: Mail) => void): void;
  /** What the person does who opens the link of a confirmation mail. False when the token is unknown. */
  confirm(token: string): boolean;
};

const topicProperties = z.strictObject({
  TopicName: z.string(),
  DisplayName: z.string().optional(),
  // Encryption at rest; what the key's policy must allow is checked on the template.
  KmsMasterKeyId: z.string().optional(),
});

const subscriptionProperties = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.literal('email'),
  Endpoint: z.string(),
});

export function sns(account: Account): SnsService {
  const topics = new Set<string>();
  const subscriptions: Subscription[] = [];
  const mailbox: Mail[] = [];
  const listeners: ((mail: Mail) => void)[] = [];
  const random = account.random('sns');
  let messages = 0;

  const arnOf = (name: string) => `arn:aws:sns:${account.region}:${account.accountId}:${name}`;

  function existing(topicArn: string): string {
    if (!topics.has(topicArn)) throw new AwsError('NotFoundException', 'Topic does not exist');
    return topicArn;
  }

  function deliver(to: string, topicArn: string, subject: string, text: string): string {
    const messageId = `message-${++messages}`;
    const arrive = () => {
      const mail = { messageId, at: account.clock.now(), to, topicArn, subject, text };
      mailbox.push(mail);
      account.record({ source: 'sns', what: 'mail delivered', to, messageId });
      for (const listener of listeners) listener(mail);
    };
    // SNS hands a mail over within a few seconds, as a rule, and now and then twice.
    account.clock.after(300 + random.below(2700) + account.faults.mailDelayMs(), arrive);
    if (account.faults.strikes('mail twice', 'sns:Publish'))
      account.clock.after(5000 + random.below(60_000), arrive);
    return messageId;
  }

  function subscribe(topicArn: string, endpoint: string): Subscription {
    const same = subscriptions.find((known) => known.topicArn === topicArn && known.endpoint === endpoint);
    if (same) return same;
    const token = random.bytes(32).toString('hex');
    const arn = `${topicArn}:${random.bytes(16).toString('hex')}`;
    const subscription = { arn, topicArn, endpoint, token, confirmed: false, sent: [] };
    subscriptions.push(subscription);
    deliver(
      endpoint,
      topicArn,
      'AWS Notification - Subscription Confirmation',
      `You have chosen to subscribe to the topic:\n${topicArn}\n\nTo confirm this subscription, visit the link below:\nhttps://sns.${account.region}.amazonaws.com/confirmation.html?TopicArn=${topicArn}&Token=${token}&Endpoint=${endpoint}\n`,
    );
    return subscription;
  }

  function withinMailRate(subscription: Subscription): boolean {
    const now = account.clock.now();
    subscription.sent = subscription.sent.filter((at) => at > now - 1000);
    if (subscription.sent.length >= mailsPerSecond) return false;
    subscription.sent.push(now);
    return true;
  }

  function publish(input: Payload): Payload {
    existing(input.TopicArn);
    if (input.Subject !== undefined && !/^[\x20-\x7e]{1,100}$/.test(input.Subject))
      throw new AwsError('InvalidParameterException', 'Invalid parameter: Subject');
    if (!input.Message) throw new AwsError('InvalidParameterException', 'Invalid parameter: Empty message');
    if (Buffer.byteLength(input.Message) > maximumMessageBytes)
      throw new AwsError('InvalidParameterException', 'Invalid parameter: Message too long');
    for (const subscription of subscriptions) {
      if (subscription.topicArn !== input.TopicArn || !subscription.confirmed) continue;
      if (withinMailRate(subscription))
        deliver(
          subscription.endpoint,
          input.TopicArn,
          input.Subject ?? 'AWS Notification Message',
          input.Message,
        );
      else account.record({ source: 'sns', what: 'mail dropped: rate exceeded', to: subscription.endpoint });
    }
    return { MessageId: `message-${++messages}` };
  }

  const onTopic = (action: string) => (input: Payload) => [{ action, resource: input.TopicArn as string }];
  const shown = (subscription: Subscription) => ({
    SubscriptionArn: subscription.confirmed ? subscription.arn : 'PendingConfirmation',
    Owner: account.accountId,
    Protocol: 'email',
    Endpoint: subscription.endpoint,
    TopicArn: subscription.topicArn,
  });

  return {
    id: 'sns',
    mailbox,
    onMail: (listener) => void listeners.push(listener),
    confirm(token) {
      const subscription = subscriptions.find((known) => known.token === token);
      if (subscription) subscription.confirmed = true;
      return subscription !== undefined;
    },
    operations: {
      CreateTopic: {
        permissions: (input) => [{ action: 'sns:CreateTopic', resource: arnOf(input.Name) }],
        run(input) {
          if (!/^[\w-]{1,256}$/.test(input.Name))
            throw new AwsError('InvalidParameterException', 'Invalid parameter: Topic Name');
          topics.add(arnOf(input.Name));
          return { TopicArn: arnOf(input.Name) };
        },
      },
      Subscribe: {
        permissions: onTopic('sns:Subscribe'),
        run(input) {
          existing(input.TopicArn);
          if (input.Protocol !== 'email')
            throw new AwsError('InvalidParameterException', 'Only email is modelled');
          const subscription = subscribe(input.TopicArn, input.Endpoint);
          const show = subscription.confirmed || input.ReturnSubscriptionArn;
          return { SubscriptionArn: show ? subscription.arn : 'pending confirmation' };
        },
      },
      Unsubscribe: {
        permissions: (input) => [
          { action: 'sns:Unsubscribe', resource: input.SubscriptionArn.replace(/:[^:]+$/, '') },
        ],
        run(input) {
          const index = subscriptions.findIndex((known) => known.arn === input.SubscriptionArn);
          if (index < 0) throw new AwsError('NotFoundException', 'Subscription does not exist');
          subscriptions.splice(index, 1);
          return {};
        },
      },
      ListSubscriptionsByTopic: {
        permissions: onTopic('sns:ListSubscriptionsByTopic'),
        run(input) {
          const all = subscriptions.filter((known) => known.topicArn === existing(input.TopicArn));
          const from = Number(input.NextToken ?? 0);
          const more = all.length > from + pageSize;
          return {
            Subscriptions: all.slice(from, from + pageSize).map(shown),
            ...(more && { NextToken: String(from + pageSize) }),
          };
        },
      },
      Publish: { permissions: onTopic('sns:Publish'), run: publish },
    },
    resources: {
      'AWS::SNS::Topic': {
        properties: topicProperties,
        create({ properties }: { properties: z.infer<typeof topicProperties> }) {
          const arn = arnOf(properties.TopicName);
          topics.add(arn);
          return { ref: arn, attributes: { TopicArn: arn, TopicName: properties.TopicName } };
        },
      },
      'AWS::SNS::Subscription': {
        properties: subscriptionProperties,
        create({ properties }: { properties: z.infer<typeof subscriptionProperties> }) {
          return { ref: subscribe(properties.TopicArn, properties.Endpoint).arn };
        },
      },
    },
  };
}
