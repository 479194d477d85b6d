/**
 * The subscriptions of SNS topics, of mailboxes and telephones: pending, confirmed, suspended, deleted.
 *
 * - A telephone's needs no confirmation. https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-phone-number-as-subscriber.html
 * - With a filter policy it gets what has one of the listed values in each attribute named.
 *   https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html
 *
 * - A subscription that is pending for 48 hours is deleted.
 *   https://aws.amazon.com/about-aws/whats-new/2023/05/amazon-sns-automatic-deletion-unconfirmed-subscriptions/
 * - More than ten mails a second suspend it: it is pending again until its owner confirms it anew.
 *   https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
 */
import type { Account, Payload } from '../../engine/service.ts';

const pendingMs = 48 * 3_600_000;
const mailsPerSecond = 10;

export type Subscription = {
  arn: string;
  topicArn: string;
  endpoint: string;
  protocol: 'email' | 'sms';
  /** Attributes that a message has to have, with their values; none: it gets each. */
  filter: Record<string, string[]>;
  /** Of each mail that asked to confirm. */
  tokens: string[];
  /** Confirmed with credentials: the link below a mail does not end it. */
  isAuthenticated: boolean;
  /** Since when it waits for its owner, epoch milliseconds; undefined once confirmed. */
  pendingSince: number | undefined;
  /** When the mails of the last second went out. */
  sent: number[];
};

export class Subscriptions {
  #all: Subscription[] = [];
  #account: Account;
  /** How often one was suspended. */
  suspensions = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Those that are there, oldest first. */
  current(): readonly Subscription[] {
    const oldest = this.#account.clock.now() - pendingMs;
    this.#all = this.#all.filter(({ pendingSince }) => pendingSince === undefined || pendingSince > oldest);
    return this.#all;
  }

  /** A telephone's, which delivers from now on. */
  addPhone(arn: string, topicArn: string, endpoint: string, filter: Subscription['filter']): void {
    const isConfirmed = { tokens: [], isAuthenticated: true, pendingSince: undefined, sent: [] };
    this.#all.push({ arn, topicArn, endpoint, protocol: 'sms', filter, ...isConfirmed });
  }

  add(arn: string, topicArn: string, endpoint: string, token: string): void {
    const pendingSince = this.#account.clock.now();
    this.#all.push({
      arn,
      topicArn,
      endpoint,
      protocol: 'email',
      filter: {},
      tokens: [token],
      isAuthenticated: false,
      pendingSince,
      sent: [],
    });
  }

  /** False when it was not there. */
  remove(arn: string): boolean {
    const before = this.current().length;
    this.#all = this.#all.filter((known) => known.arn !== arn);
    return this.#all.length < before;
  }

  /** The subscription's ARN; undefined when the token is nobody's. */
  confirm(token: string, isAuthenticated: boolean): string | undefined {
    const found = this.current().find(({ tokens }) => tokens.includes(token));
    if (found) Object.assign(found, { pendingSince: undefined, isAuthenticated });
    return found?.arn;
  }

  /** As ListSubscriptionsByTopic has it. */
  shown({ arn, topicArn, endpoint, protocol, pendingSince }: Subscription): Payload {
    return {
      SubscriptionArn: pendingSince === undefined ? arn : 'PendingConfirmation',
      Owner: this.#account.accountId,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topicArn,
    };
  }

  passes({ filter }: Subscription, attributes: Payload = {}): boolean {
    return Object.entries(filter).every(([name, values]) => values.includes(attributes[name]?.StringValue));
  }

  /** Counts a mail; false when the subscription is pending, or suspended because this mail is one too many. */
  takesMail(subscription: Subscription): boolean {
    if (subscription.pendingSince !== undefined) return false;
    const now = this.#account.clock.now();
    subscription.sent = subscription.sent.filter((at) => at > now - 1000);
    subscription.sent.push(now);
    if (subscription.sent.length <= mailsPerSecond) return true;
    subscription.pendingSince = now;
    this.suspensions++;
    this.#account.record({ source: 'sns', what: 'subscription suspended', to: subscription.endpoint });
    return false;
  }
}
