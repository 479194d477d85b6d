/** The tries that wrong PINs have used: one item of the table for each lane, changed by single writes that no other can upset. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { isUsedUp, nextTryAt, triesAt } from '../answering/attempts.ts';
import type { Lane } from '../answering/lanes.ts';
import { dynamoDb } from './clients.ts';
import { errorName, logger } from './logger.ts';

/** A request takes at most ten seconds: what it gives back later than that has lapsed meanwhile. */
const LONGEST_REQUEST_MS = 10_000;
/** A day longer than the item says anything. */
const KEPT_MS = 86_400_000;

type Item = { pk: string; kind: 'wrong-pins'; lastTry: number; expiresAt: number };

/** None is taken in a lane before `until`; `usedUp`: its allowance is gone, not only a wait begun. */
export type Locked = { until: string; usedUp: boolean };
/** The lanes of which a try was used; if the PIN is wrong: the lock that it brings. */
export type Attempt = { lanes: readonly Lane[]; lock?: Locked };

/**
 * Uses a try of every lane, as for a wrong PIN, before the PIN is checked, so that many at once gain nothing; or of none, when
 * one of them has none left. Then nothing is written: a flood costs reads.
 */
export async function countAttempt(
  tableName: string,
  lanes: readonly Lane[],
  now: string,
): Promise<{ locked: Locked } | Attempt> {
  const before = await Promise.all(lanes.map(({ pk }) => lastTry(tableName, pk)));
  const locked = lockOf(lanes, before, now);
  if (locked) return { locked };
  const after: number[] = [];
  for (const [index, lane] of lanes.entries()) {
    const used = await useTry(tableName, lane, before[index], now);
    if (used === undefined) {
      await giveBackAttempt(tableName, { lanes: lanes.slice(0, index) }, now);
      return { locked: lockIn(lane, now) };
    }
    after.push(used);
  }
  const lock = lockOf(lanes, after, now);
  return { lanes, ...(lock && { lock }) };
}

/**
 * After a right PIN, which was no wrong one: gives back this attempt and no other, or somebody with a PIN of the own could
 * go on guessing a colleague's. When the table fails the try stays used, which is less bad than to refuse who gave a right
 * PIN. What lapses meanwhile is not given back: a lane that has begun a stretch of time stays begun, as `useTry` relies on.
 */
export async function giveBackAttempt(tableName: string, { lanes }: Attempt, now: string): Promise<void> {
  const atLatest = new Date(Date.parse(now) + LONGEST_REQUEST_MS).toISOString();
  for (const { pk, allowance } of lanes) {
    try {
      await update(tableName, pk, {
        UpdateExpression: 'ADD lastTry :one',
        ConditionExpression: 'lastTry > :lapsed',
        ExpressionAttributeValues: { ':one': -1, ':lapsed': triesAt(allowance, atLatest).lapsed },
      });
    } catch (error) {
      logger.warn('attempt-not-given-back', { error: errorName(error) });
    }
  }
}

/**
 * The number of the try that was used; undefined when there is none left. A lane whose last one has lapsed begins anew; once
 * somebody has begun it, in this stretch of time it stays so. So at most two writes decide, however many are counted at once.
 */
async function useTry(tableName: string, { pk, allowance }: Lane, before: number | undefined, now: string) {
  const { lapsed, last } = triesAt(allowance, now);
  const first = lapsed + 1;
  const expiresAt = Math.ceil(((last + 1) * allowance.everyMs + KEPT_MS) / 1000);
  const isBegun = before !== undefined && before >= lapsed;
  const began =
    !isBegun &&
    (await update(tableName, pk, {
      UpdateExpression: 'SET kind = :kind, lastTry = :first, expiresAt = :expiresAt',
      ConditionExpression: 'attribute_not_exists(lastTry) OR lastTry < :lapsed',
      ExpressionAttributeValues: {
        ':kind': 'wrong-pins' satisfies Item['kind'],
        ':first': first,
        ':lapsed': lapsed,
        ':expiresAt': expiresAt,
      },
    }));
  if (began) return first;
  const item = await update(tableName, pk, {
    UpdateExpression: 'SET expiresAt = :expiresAt ADD lastTry :one',
    ConditionExpression: 'lastTry < :last',
    ExpressionAttributeValues: { ':one': 1, ':last': last, ':expiresAt': expiresAt },
  });
  return item?.lastTry;
}

/** The lock that lasts longest, of the lanes that have no try left after these. */
function lockOf(
  lanes: readonly Lane[],
  lastTries: readonly (number | undefined)[],
  now: string,
): Locked | undefined {
  return lanes
    .filter(({ allowance }, index) => isUsedUp(lastTries[index], allowance, now))
    .map((lane) => lockIn(lane, now))
    .sort((a, b) => Date.parse(b.until) - Date.parse(a.until))[0];
}

function lockIn({ allowance }: Lane, now: string): Locked {
  return { until: nextTryAt(allowance, now), usedUp: !allowance.slows };
}

async function lastTry(tableName: string, pk: string): Promise<number | undefined> {
  const { Item } = await dynamoDb().send(
    new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true }),
  );
  return (Item as Item | undefined)?.lastTry;
}

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key' | 'ReturnValues'>;

/** The item after the write; undefined when its condition did not hold. */
async function update(tableName: string, pk: string, change: Change): Promise<Item | undefined> {
  try {
    const { Attributes } = await dynamoDb().send(
      new UpdateCommand({ TableName: tableName, Key: { pk }, ...change, ReturnValues: 'ALL_NEW' }),
    );
    return Attributes as Item;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
