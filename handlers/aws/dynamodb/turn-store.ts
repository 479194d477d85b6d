/** Whose turn it is to be mailed: one item an address, shared by all functions and executions. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { gapMs, type Lane } from '../../mail/pace.ts';
import { dynamoDb } from '../clients.ts';
import { asRead, parseOrForget, type RawItem } from './item.ts';

/** A lane that nobody has used for a day is idle anyway; and no mail waits as long. */
const EXPIRES_AFTER_SECONDS = 86_400;

/** The next free turn in each lane, and when a confirmation was last asked for: epoch milliseconds. */
const Turns = (nowMs: number) => {
  const time = z.number().max(nowMs + EXPIRES_AFTER_SECONDS * 1000);
  return z.object({ urgent: time, routine: time, background: time, renewedAt: time }).partial();
};
type Field = keyof z.infer<ReturnType<typeof Turns>>;

/** So many mails wait for this address that the next one would come too late. */
export class TooManyMails extends Error {
  override readonly name = 'TooManyMails';
  constructor() {
    super('Too many mails wait for this address');
  }
}

/**
 * Taken once, a turn is nobody else's, also when the mail is never sent. Throws TooManyMails when the next one is after `latest`.
 * An item takes a thousand writes a second, so the first write is the one that a storm needs; a lane only ever gets fuller, so
 * each way in has to be tried once, and waiting in line once more: somebody else may have come first.
 */
export async function takeTurn(
  tableName: string,
  topicArn: string,
  lane: Lane,
  { now, latest }: { now: string; latest: string },
): Promise<string> {
  const of = { tableName, pk: turnKey(topicArn), nowMs: Date.parse(now), latestMs: Date.parse(latest) };
  const turnMs =
    (await turnInLine(of, lane, lane === 'urgent' ? 'routine' : lane)) ??
    (await idleTurn(of, lane)) ??
    // What is urgent takes the other lane too, as long as nobody waits in it.
    (lane === 'urgent' ? await idleTurn(of, 'routine') : undefined) ??
    (await turnInLine(of, lane));
  if (turnMs === undefined) throw new TooManyMails();
  return new Date(turnMs).toISOString();
}

/** True for one caller in so many minutes: the one who is to ask for the confirmation of this topic's subscription. */
export async function mayRenew(
  tableName: string,
  topicArn: string,
  now: string,
  everyMinutes: number,
): Promise<boolean> {
  const nowMs = Date.parse(now);
  const renewed = await update({ tableName, pk: turnKey(topicArn), nowMs }, 'renewedAt', {
    UpdateExpression: 'SET renewedAt = :now, kind = :kind, expiresAt = :expiresAt',
    ConditionExpression: 'attribute_not_exists(renewedAt) OR renewedAt <= :before',
    ExpressionAttributeValues: { ':now': nowMs, ':before': nowMs - everyMinutes * 60_000 },
  });
  return renewed !== undefined;
}

type Asking = { tableName: string; pk: string; nowMs: number; latestMs: number };

function turnKey(topicArn: string): string {
  return `TURN#${topicArn.split(':').at(-1)}`;
}

/** The turn is now; undefined when somebody waits in the lane. */
async function idleTurn(of: Asking, lane: Lane): Promise<number | undefined> {
  const next = await update(of, lane, {
    UpdateExpression: 'SET #lane = :next, kind = :kind, expiresAt = :expiresAt',
    ConditionExpression: 'attribute_not_exists(#lane) OR #lane <= :now',
    ExpressionAttributeNames: { '#lane': lane },
    ExpressionAttributeValues: { ':next': of.nowMs + gapMs[lane], ':now': of.nowMs },
  });
  return next === undefined ? undefined : of.nowMs;
}

/** The turn behind all who wait in the lane; undefined when nobody does there, or in the other lane, or when it would be too late. */
async function turnInLine(of: Asking, lane: Lane, other = lane): Promise<number | undefined> {
  const next = await update(of, lane, {
    UpdateExpression: 'SET #lane = #lane + :gap, kind = :kind, expiresAt = :expiresAt',
    ConditionExpression: '#lane > :now AND #lane <= :latest AND #other > :now',
    ExpressionAttributeNames: { '#lane': lane, '#other': other },
    ExpressionAttributeValues: { ':gap': gapMs[lane], ':now': of.nowMs, ':latest': of.latestMs },
  });
  return next === undefined ? undefined : next - gapMs[lane];
}

/**
 * The field as written; undefined when the condition does not hold. With what is no time it never would: that goes, and the
 * condition is tried again.
 */
async function update(
  of: Pick<Asking, 'tableName' | 'pk' | 'nowMs'>,
  field: Field,
  how: Omit<UpdateCommandInput, 'TableName' | 'Key'>,
): Promise<number | undefined> {
  const { tableName, pk, nowMs } = of;
  const values = { ':kind': 'turn', ':expiresAt': Math.floor(nowMs / 1000) + EXPIRES_AFTER_SECONDS };
  try {
    const { Attributes } = await dynamoDb().send(
      new UpdateCommand({
        ...how,
        TableName: tableName,
        Key: { pk },
        ExpressionAttributeValues: { ...how.ExpressionAttributeValues, ...values },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return Number(Attributes?.[field]);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item && (await isPutInOrder(of, unmarshall(error.Item)))
      ? update(of, field, how)
      : undefined;
  }
}

/** False when there is nothing to put in order. What another one has changed since stays. */
async function isPutInOrder(
  { tableName, pk, nowMs }: Pick<Asking, 'tableName' | 'pk' | 'nowMs'>,
  item: RawItem,
): Promise<boolean> {
  const schema = Turns(nowMs);
  if (parseOrForget(schema, item)) return false;
  const broken = Object.entries(schema.shape).flatMap(([field, time]) =>
    time.safeParse(item[field]).success ? [] : [field],
  );
  try {
    await dynamoDb().send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk },
        UpdateExpression: `REMOVE ${broken.map((field) => `#${field}`).join(', ')}`,
        ...asRead(item, broken),
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  return true;
}
