/**
 * The one door that every mail goes through. It looks whether somebody would get it, has the subscription renewed when
 * nobody would, waits for the address's turn, and hands over what SNS takes for certain.
 */
import {
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  PublishCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { isStillTurn, type Lane, WAITED_FOR_MS } from '../mail/pace.ts';
import { bareMail, cleanMail, type Mail } from '../mail/text.ts';
import { sns } from './clients.ts';
import { errorName, logger } from './logger.ts';
import { mayRenew, TooManyMails, takeTurn } from './turn-store.ts';

export type Outgoing = {
  topicArn: string;
  /** Whom to ask anew when nobody has confirmed; absent where that is not known. */
  address?: string | undefined;
  mail: Mail;
  lane: Lane;
  /** ISO 8601 UTC: a turn after it is not worth waiting for. */
  latest: string;
  /** The turn that an earlier attempt was told to come back for. */
  turnAt?: string | undefined;
  /** Waits for the turn here, however far ahead: where nothing else would come back for it. */
  waits?: boolean;
};

/** `published` is not "delivered": only an answer says that. */
export type Handed = { published: true; messageId: string } | { published: false; turnAt: string };

/** The topic has nobody who confirmed: SNS would take the message, and nobody would get it. */
export class NoConfirmedSubscription extends Error {
  override readonly name = 'NoConfirmedSubscription';
  constructor() {
    super('The topic has no confirmed subscription');
  }
}

/**
 * Publishes the mail, or says when to come back with it. Throws when it certainly reaches nobody, or only too late
 * (TooManyMails). A look at the subscription or at the turns that fails says nothing of the person: the mail goes out all
 * the same.
 */
export async function handOver(tableName: string, outgoing: Outgoing): Promise<Handed> {
  const { topicArn, address } = outgoing;
  if (await hasNobody(topicArn)) {
    if (address !== undefined) await renew(tableName, topicArn, [address]);
    throw new NoConfirmedSubscription();
  }
  const turnAt = await turnOf(tableName, outgoing);
  const waitMs = Date.parse(turnAt) - Date.now();
  if (waitMs > WAITED_FOR_MS && !outgoing.waits) return { published: false, turnAt };
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  return { published: true, messageId: await publish(topicArn, outgoing.mail) };
}

async function turnOf(tableName: string, { topicArn, lane, latest, turnAt }: Outgoing): Promise<string> {
  const now = new Date().toISOString();
  if (turnAt !== undefined && isStillTurn(turnAt, now)) return turnAt;
  try {
    return await takeTurn(tableName, topicArn, lane, { now, latest });
  } catch (error) {
    if (error instanceof TooManyMails) throw error;
    logger.warn('turn-not-taken', { topicArn, error: errorName(error) });
    return now;
  }
}

async function publish(topicArn: string, mail: Mail): Promise<string> {
  try {
    return await put(topicArn, cleanMail(mail));
  } catch (error) {
    if (!isOfTheText(error)) throw error;
    logger.error('mail-shortened', { topicArn, error: errorName(error) });
    return put(topicArn, bareMail(mail));
  }
}

async function put(topicArn: string, { subject, message }: Mail): Promise<string> {
  const { MessageId = '' } = await sns().send(
    new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: message }),
  );
  return MessageId;
}

/** SNS refused the text, or the SDK could not even write it down: half a character has no encoding. */
function isOfTheText(error: unknown): boolean {
  return error instanceof Error && /^(URIError|InvalidParameter)/.test(error.name);
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
  try {
    if (!(await mayRenew(tableName, topicArn, new Date().toISOString(), everyMinutes))) return;
    for (const Endpoint of addresses)
      await sns().send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint }));
    logger.warn('subscription-renewed', { topicArn });
  } catch (error) {
    logger.error('subscription-not-renewed', { topicArn, error: errorName(error) });
  }
}

/** True only when it is known that nobody has confirmed. */
export async function hasNobody(topicArn: string): Promise<boolean> {
  try {
    return !(await hasConfirmedSubscription(topicArn));
  } catch (error) {
    if (error instanceof NotFoundException) throw error;
    logger.warn('subscription-not-checked', { topicArn, error: errorName(error) });
    return false;
  }
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
