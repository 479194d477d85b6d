/**
 * Amazon SNS with e-mail subscriptions, delivered to a local mailbox, and telephones.
 *
 * - CreateTopic with the name of a topic that is there gives that one. https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
 *   With other attributes it is refused. https://github.com/MassTransit/MassTransit/issues/3720 (AWS's own message)
 * - Subscribe sends a confirmation mail with a token; until it is confirmed the subscription's ARN reads PendingConfirmation,
 *   and what is published to it is not delivered, without an error. https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 *   For one that is pending, the mail is sent again (the console's "Request confirmation" does this).
 *   https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html
 * - ConfirmSubscription takes the token of that mail. https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
 * - GetSubscriptionAttributes says whether that was done with credentials, after which ending it takes credentials as well.
 *   https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html
 * - ListSubscriptionsByTopic gives 100 a page. https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
 * - A subject is at most 100 ASCII characters, begins with a visible one and has no control characters; a message has at
 *   most 256 KiB. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
import { z } from 'zod';
import { AwsError } from '../../engine/aws-error.ts';
import { inert } from '../../engine/inert.ts';
import { onlyOptions } from '../../engine/options.ts';
import { type Account, type Payload, resource, type Service } from '../../engine/service.ts';
import { Subscriptions } from './subscriptions.ts';
import { protocolContent, Telephones } from './telephones.ts';

const pageSize = 100;
const maximumMessageBytes = 256 * 1024;

export type DeliveredMail = {
  messageId: string;
  at: number;
  to: string;
  topicArn: string;
  subject: string;
  text: string;
};

export type SnsService = Service & {
  readonly mailbox: readonly DeliveredMail[];
  readonly telephones: Telephones;
  onMail(listener: (mail: DeliveredMail) => void): void;
  /** How many subscriptions were suspended so far: whoever is suspended hears nothing more, and Publish succeeds. */
  suspensions(): number;
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
  RedrivePolicy: inert(
    'what mail servers refuse goes to this queue; here every mail arrives',
    z.strictObject({ deadLetterTargetArn: z.string() }).optional(),
  ),
});

export function sns(account: Account): SnsService {
  /** Each topic's attributes, by its ARN. */
  const topics = new Map<string, Record<string, string | undefined>>();
  const subscriptions = new Subscriptions(account);
  const mailbox: DeliveredMail[] = [];
  const telephones = new Telephones(account, subscriptions);
  const listeners: ((mail: DeliveredMail) => void)[] = [];
  const random = account.random('sns');
  let messages = 0;

  const arnOf = (name: string) => `arn:aws:sns:${account.region}:${account.accountId}:${name}`;

  function existing(topicArn: string): string {
    if (!topics.has(topicArn)) throw new AwsError('NotFoundException', 'Topic does not exist');
    return topicArn;
  }

  function deliver(messageId: string, to: string, topicArn: string, subject: string, text: string): void {
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
  }

  /** The subscription's ARN: of the one that is there, or of a new one, whose owner is asked to confirm it. */
  function subscribe(topicArn: string, endpoint: string): string {
    if (!/^[^\s@]+@[^\s@]+$/.test(endpoint))
      throw new AwsError('InvalidParameterException', 'Invalid parameter: Email address');
    const same = subscriptions
      .current()
      .find((known) => known.topicArn === topicArn && known.endpoint === endpoint);
    if (same && same.pendingSince === undefined) return same.arn;
    const token = random.bytes(32).toString('hex');
    const arn = same?.arn ?? `${topicArn}:${random.bytes(16).toString('hex')}`;
    if (same) same.tokens.push(token);
    else subscriptions.add(arn, topicArn, endpoint, token);
    deliver(
      `message-${++messages}`,
      endpoint,
      topicArn,
      'AWS Notification - Subscription Confirmation',
      `You have chosen to subscribe to the topic:\n${topicArn}\n\nTo confirm this subscription, visit the link below:\nhttps://sns.${account.region}.amazonaws.com/confirmation.html?TopicArn=${topicArn}&Token=${token}&Endpoint=${endpoint}\n`,
    );
    return arn;
  }

  function publish(input: Payload): Payload {
    existing(input.TopicArn);
    if (input.Subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(input.Subject))
      throw new AwsError('InvalidParameterException', 'Invalid parameter: Subject');
    if (!input.Message) throw new AwsError('InvalidParameterException', 'Invalid parameter: Empty message');
    if (Buffer.byteLength(input.Message) > maximumMessageBytes)
      throw new AwsError('InvalidParameterException', 'Invalid parameter: Message too long');
    const MessageId = `message-${++messages}`;
    const subject = input.Subject ?? 'AWS Notification Message';
    const textFor = protocolContent(input);
    for (const subscription of subscriptions.current()) {
      const { topicArn, endpoint, protocol } = subscription;
      if (topicArn !== input.TopicArn || !subscriptions.passes(subscription, input.MessageAttributes))
        continue;
      if (protocol === 'sms') telephones.deliver(MessageId, endpoint, topicArn, textFor('sms'));
      else if (subscriptions.takesMail(subscription))
        deliver(MessageId, endpoint, topicArn, subject, textFor('email'));
    }
    return { MessageId };
  }

  function createTopic(input: Payload): Payload {
    const attributes: Record<string, string> = input.Attributes ?? {};
    onlyOptions('sns:CreateTopic Attributes', attributes, ['KmsMasterKeyId']);
    if (!/^[\w-]{1,256}$/.test(input.Name))
      throw new AwsError('InvalidParameterException', 'Invalid parameter: Topic Name');
    const TopicArn = arnOf(input.Name);
    const present = topics.get(TopicArn);
    if (present && Object.keys(attributes).some((name) => present[name] !== attributes[name]))
      throw new AwsError(
        'InvalidParameterException',
        'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
      );
    if (!present) topics.set(TopicArn, attributes);
    return { TopicArn };
  }

  const onTopic = (action: string) => (input: Payload) => [{ action, resource: input.TopicArn as string }];

  return {
    id: 'sns',
    mailbox,
    telephones,
    onMail: (listener) => void listeners.push(listener),
    suspensions: () => subscriptions.suspensions,
    operations: {
      CreateTopic: {
        options: ['Name', 'Attributes'],
        permissions: (input) => [{ action: 'sns:CreateTopic', resource: arnOf(input.Name) }],
        run: createTopic,
      },
      Subscribe: {
        options: ['TopicArn', 'Protocol', 'Endpoint', 'Attributes'],
        permissions: onTopic('sns:Subscribe'),
        run(input) {
          existing(input.TopicArn);
          onlyOptions('sns:Subscribe Attributes', input.Attributes ?? {}, ['FilterPolicy']);
          if (input.Protocol === 'sms') return telephones.subscribe(input);
          if (input.Protocol !== 'email' || input.Attributes)
            throw new AwsError('UnsupportedOperation', `Subscribe: ${input.Protocol} is not modelled`);
          const arn = subscribe(input.TopicArn, input.Endpoint);
          const present = subscriptions.current().find((known) => known.arn === arn);
          return { SubscriptionArn: present?.pendingSince === undefined ? arn : 'pending confirmation' };
        },
      },
      ...telephones.operations,
      ConfirmSubscription: {
        options: ['TopicArn', 'Token', 'AuthenticateOnUnsubscribe'],
        permissions: onTopic('sns:ConfirmSubscription'),
        run(input) {
          existing(input.TopicArn);
          const arn = subscriptions.confirm(input.Token, input.AuthenticateOnUnsubscribe === 'true');
          if (!arn) throw new AwsError('InvalidParameterException', 'Invalid parameter: Token');
          return { SubscriptionArn: arn };
        },
      },
      GetSubscriptionAttributes: {
        options: ['SubscriptionArn'],
        permissions: ({ SubscriptionArn }) => [
          { action: 'sns:GetSubscriptionAttributes', resource: SubscriptionArn.replace(/:[^:]+$/, '') },
        ],
        run({ SubscriptionArn }) {
          const found = subscriptions.current().find(({ arn }) => arn === SubscriptionArn);
          if (!found) throw new AwsError('NotFoundException', 'Subscription does not exist');
          const { isAuthenticated, pendingSince } = found;
          return {
            Attributes: {
              ConfirmationWasAuthenticated: String(isAuthenticated),
              PendingConfirmation: String(pendingSince !== undefined),
            },
          };
        },
      },
      Unsubscribe: {
        options: ['SubscriptionArn'],
        permissions: (input) => [
          { action: 'sns:Unsubscribe', resource: input.SubscriptionArn.replace(/:[^:]+$/, '') },
        ],
        run(input) {
          if (!subscriptions.remove(input.SubscriptionArn))
            throw new AwsError('NotFoundException', 'Subscription does not exist');
          return {};
        },
      },
      ListSubscriptionsByTopic: {
        options: ['TopicArn', 'NextToken'],
        permissions: onTopic('sns:ListSubscriptionsByTopic'),
        run(input) {
          const all = subscriptions.current().filter((known) => known.topicArn === existing(input.TopicArn));
          const from = Number(input.NextToken ?? 0);
          const more = all.length > from + pageSize;
          return {
            Subscriptions: all.slice(from, from + pageSize).map((one) => subscriptions.shown(one)),
            ...(more && { NextToken: String(from + pageSize) }),
          };
        },
      },
      Publish: {
        options: ['TopicArn', 'Subject', 'Message', 'MessageStructure', 'MessageAttributes'],
        permissions: onTopic('sns:Publish'),
        run: publish,
      },
    },
    resources: {
      'AWS::SNS::Topic': resource(topicProperties, ({ properties }) => {
        const arn = arnOf(properties.TopicName);
        const { DisplayName, KmsMasterKeyId } = properties;
        topics.set(arn, { DisplayName, KmsMasterKeyId });
        return { ref: arn, attributes: { TopicArn: arn, TopicName: properties.TopicName } };
      }),
      'AWS::SNS::Subscription': resource(subscriptionProperties, ({ properties }) => {
        return { ref: subscribe(properties.TopicArn, properties.Endpoint) };
      }),
    },
  };
}
