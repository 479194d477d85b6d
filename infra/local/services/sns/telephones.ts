/**
 * Telephones behind SNS topics, and what they got.
 *
 * - A subscription delivers at once; the number is E.164.
 *   https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-phone-number-as-subscriber.html
 * - With the structure `json` a message has a text for each kind of subscription, and one for all others, `default`.
 *   https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * - Who has opted out gets nothing. https://docs.aws.amazon.com/sns/latest/api/API_CheckIfPhoneNumberIsOptedOut.html
 */
import { AwsError } from '../../engine/aws-error.ts';
import type { Account, Payload, Service } from '../../engine/service.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Always as long: nothing else that happens depends on it. */
const TEXT_MS = 2000;

type DeliveredText = { messageId: string; at: number; to: string; topicArn: string; text: string };

export class Telephones {
  readonly texts: DeliveredText[] = [];
  #optedOut = new Set<string>();
  #account: Account;
  #subscriptions: Subscriptions;
  #made = 0;

  constructor(account: Account, subscriptions: Subscriptions) {
    this.#account = account;
    this.#subscriptions = subscriptions;
  }

  readonly operations: Service['operations'] = {
    CheckIfPhoneNumberIsOptedOut: {
      options: ['phoneNumber'],
      permissions: () => [{ action: 'sns:CheckIfPhoneNumberIsOptedOut', resource: '*' }],
      run: ({ phoneNumber }) => ({ isOptedOut: this.#optedOut.has(phoneNumber) }),
    },
  };

  /** Whoever carries it answers STOP. */
  optOut(phone: string): void {
    this.#optedOut.add(phone);
  }

  subscribe({ TopicArn, Endpoint, Attributes }: Payload): Payload {
    if (!/^\+[1-9]\d{6,14}$/.test(Endpoint) || this.#optedOut.has(Endpoint))
      throw new AwsError('InvalidParameterException', 'Invalid parameter: Invalid SMS endpoint');
    const same = this.#subscriptions
      .current()
      .find(({ topicArn, endpoint }) => topicArn === TopicArn && endpoint === Endpoint);
    if (same) return { SubscriptionArn: same.arn };
    const SubscriptionArn = `${TopicArn}:phone-${++this.#made}`;
    this.#subscriptions.addPhone(
      SubscriptionArn,
      TopicArn,
      Endpoint,
      JSON.parse(Attributes?.FilterPolicy ?? '{}'),
    );
    return { SubscriptionArn };
  }

  deliver(messageId: string, to: string, topicArn: string, text: string): void {
    if (this.#optedOut.has(to)) return;
    this.#account.clock.after(TEXT_MS, () => {
      this.texts.push({ messageId, at: this.#account.clock.now(), to, topicArn, text });
      this.#account.record({ source: 'sns', what: 'text delivered', messageId });
    });
  }
}

/** The text for a kind of subscription. */
export function protocolContent({
  Message,
  MessageStructure,
}: Payload): (protocol: 'email' | 'sms') => string {
  if (MessageStructure !== 'json') return () => Message;
  const content = JSON.parse(Message);
  if (content.default === undefined)
    throw new AwsError(
      'InvalidParameterException',
      'Invalid parameter: Message Structure - No default entry',
    );
  return (protocol) => content[protocol] ?? content.default;
}
