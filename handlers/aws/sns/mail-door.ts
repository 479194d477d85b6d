/**
 * The one door that every mail goes through. It waits for the address's turn, looks whether somebody would get the mail, has
 * the subscription renewed when nobody would, and hands over what SNS takes for certain.
 */
import { randomInt } from 'node:crypto';
import { PublishCommand } from '@aws-sdk/client-sns';
import { isStillTurn, isTimeToComeBack, type Lane, timeToComeBack, WAITED_FOR_MS } from '../../mail/pace.ts';
import { bareMail, cleanMail, type Mail } from '../../mail/text.ts';
import { withText } from '../../mail/text-message.ts';
import { errorName, logger } from '../../runtime/logger.ts';
import { later } from '../../time/instant.ts';
import { snsClient } from '../clients.ts';
import { problemOf } from '../dynamodb/item.ts';
import { TooManyMails, takeTurn } from '../dynamodb/turn-store.ts';
import { hasNobodyOfLate, NoConfirmedSubscription, renew } from './confirmation.ts';

export type Outgoing = {
  topicArn: string;
  /** Whom to ask anew when nobody has confirmed; nobody where that is not known. */
  addresses: readonly string[];
  mail: Mail;
  lane: Lane;
  /** ISO 8601 UTC: a turn after it is not worth waiting for. */
  latest: string;
  /** When an earlier attempt was told to come back. */
  turnAt?: string | undefined;
  /** Waits for the turn here, however far ahead: where nothing else would come back for it. */
  waits?: boolean;
  /** Goes out at once or not at all: pages to the same address come first, and whoever hands it over comes back. */
  givesWay?: boolean;
};

/** `published` is not "delivered": only an answer says that. */
export type Handed = { published: true; messageId: string } | { published: false; turnAt: string };

/**
 * Publishes the mail, or says when to come back with it. Throws when it certainly reaches nobody, or only too late
 * (TooManyMails). A look at the subscription that fails says nothing of the person: the mail goes out all the same.
 */
export async function handOver(tableName: string, outgoing: Outgoing): Promise<Handed> {
  let { turnAt } = outgoing;
  let looked = false;
  do {
    turnAt = await turnOf(tableName, { ...outgoing, turnAt });
    if (msUntil(turnAt) > WAITED_FOR_MS && !outgoing.waits) return { published: false, turnAt };
    // Only now: in a storm far more mails wait than SNS allows looks, and what they would see is out of date by their turn.
    if (!looked) await refuseWithoutAnybody(tableName, outgoing);
    looked = true;
    await until(turnAt);
    // Gone by while SNS was slow to say who has confirmed; or no turn yet, for a mail that waits here.
  } while (!isStillTurn(turnAt, isoNow()));
  return { published: true, messageId: await publish(outgoing.topicArn, outgoing.mail) };
}

const isoNow = () => new Date().toISOString();
const msUntil = (instant: string) => Date.parse(instant) - Date.now();
const until = (instant: string) =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, msUntil(instant))));

async function refuseWithoutAnybody(tableName: string, { topicArn, addresses }: Outgoing): Promise<void> {
  if (!(await hasNobodyOfLate(tableName, topicArn))) return;
  await renew(tableName, topicArn, addresses);
  throw new NoConfirmedSubscription();
}

/** The table took so long to give a turn that it has gone by. */
class TurnGoneBy extends Error {
  override readonly name = 'TurnGoneBy';
}

/**
 * The turn that is held, or another one. Where none can be taken: a time to come back and try again; whoever has come back in
 * vain, or has no time left for that, goes without.
 */
async function turnOf(
  tableName: string,
  { topicArn, lane, latest, turnAt, givesWay = false }: Outgoing,
): Promise<string> {
  if (turnAt !== undefined && isStillTurn(turnAt, isoNow())) return turnAt;
  const hasComeBack = turnAt !== undefined && isTimeToComeBack(turnAt);
  // A workflow wakes ahead of the time.
  if (hasComeBack) await until(turnAt);
  try {
    // Twice: who was slow to take one is quicker with the connection that is now open.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const taken = await takeTurn(tableName, topicArn, lane, { now: isoNow(), latest });
      if (isStillTurn(taken, isoNow())) return taken;
    }
    throw new TurnGoneBy();
  } catch (error) {
    if (givesWay) return timeToComeBack(1, { now: isoNow(), latest: later(isoNow(), 60) });
    if (error instanceof TooManyMails) throw error;
    const comesBack = !hasComeBack && latest > isoNow();
    logger.warn('turn-not-taken', { topicArn, error: problemOf(error), comesBack });
    return comesBack ? timeToComeBack(randomInt(1000) / 1000, { now: isoNow(), latest }) : isoNow();
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

async function put(topicArn: string, { subject, message, sms }: Mail): Promise<string> {
  const content = sms === undefined ? { Message: message } : withText(message, sms);
  const { MessageId = '' } = await snsClient().send(
    new PublishCommand({ TopicArn: topicArn, Subject: subject, ...content }),
  );
  return MessageId;
}

/** SNS refused the text, or the SDK could not even write it down: half a character has no encoding. */
function isOfTheText(error: unknown): boolean {
  return error instanceof Error && /^(URIError|InvalidParameter)/.test(error.name);
}
