/** The tries that wrong PINs have used: one item of the table for each lane, changed by single writes that no other can upset. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { PinLane } from '../../answering/lanes.ts';
import { isUsedUp, nextTryAt, triesAt } from '../../answering/lockout.ts';
import { errorName, logger } from '../../runtime/logger.ts';
import { dynamoDb } from '../clients.ts';
import { asRead, getItem, parseOrForget } from './item.ts';

/** A request takes at most ten seconds: what it gives back later than that has lapsed meanwhile. */
const LONGEST_REQUEST_MS = 10_000;
/** A day longer than the item says anything. */
const KEPT_MS = 86_400_000;

/** No PIN is taken in a lane before `until`; `usedUp`: its allowance is gone, not only a wait begun. */
export type Lockout = { until: string; usedUp: boolean };
/** The lanes of which a try was used; if the PIN is wrong: the lockout that it brings. */
export type UsedTries = { lanes: readonly PinLane[]; lockout?: Lockout };

/**
 * Uses a try of every lane, as for a wrong PIN, before the PIN is checked, so that many at once gain nothing; or of none, when
 * one of them has none left. Then nothing is written: a flood costs reads.
 */
export async function useTries(
  tableName: string,
  lanes: readonly PinLane[],
  now: string,
): Promise<{ lockedOut: Lockout } | UsedTries> {
  const before = await Promise.all(lanes.map((lane) => lastTry(tableName, lane, now)));
  const lockedOut = lockoutOf(lanes, before, now);
  if (lockedOut) return { lockedOut };
  const after: number[] = [];
  for (const [index, lane] of lanes.entries()) {
    const used = await useTry(tableName, lane, before[index], now);
    if (used === undefined) {
      await giveBackTries(tableName, { lanes: lanes.slice(0, index) }, now);
      return { lockedOut: lockoutIn(lane, now) };
    }
    after.push(used);
  }
  const lockout = lockoutOf(lanes, after, now);
  return { lanes, ...(lockout && { lockout }) };
}

/**
 * After a right PIN, which was no wrong one: gives back these tries and no others, or somebody with a PIN of the own could
 * go on guessing a colleague's. When the table fails they stay used, which is less bad than to refuse who gave a right
 * PIN. What lapses meanwhile is not given back: a lane that has begun a stretch of time stays begun, as `useTry` relies on.
 */
export async function giveBackTries(tableName: string, { lanes }: UsedTries, now: string): Promise<void> {
  const atLatest = new Date(Date.parse(now) + LONGEST_REQUEST_MS).toISOString();
  for (const { pk, allowance } of lanes) {
    try {
      await update(tableName, pk, {
        UpdateExpression: 'ADD lastTry :one',
        ConditionExpression: 'lastTry > :lapsed',
        ExpressionAttributeValues: { ':one': -1, ':lapsed': triesAt(allowance, atLatest).lapsed },
      });
    } catch (error) {
      logger.warn('try-not-given-back', { error: errorName(error) });
    }
  }
}

/**
 * The number of the try that was used; undefined when there is none left. A lane whose last one has lapsed begins anew; once
 * somebody has begun it, in this stretch of time it stays so. So at most two writes decide, however many are counted at once.
 */
async function useTry(tableName: string, lane: PinLane, before: number | undefined, now: string) {
  const { lapsed, last } = triesAt(lane.allowance, now);
  const isBegun = before !== undefined && before >= lapsed;
  const first = lapsed + 1;
  const began =
    !isBegun &&
    (await setLastTry(tableName, lane, first, now, {
      ConditionExpression: 'attribute_not_exists(lastTry) OR lastTry < :lapsed',
      ExpressionAttributeValues: { ':lapsed': lapsed },
    }));
  if (began) return first;
  const item = await update(tableName, lane.pk, {
    UpdateExpression: 'SET expiresAt = :expiresAt ADD lastTry :one',
    ConditionExpression: 'lastTry < :last',
    ExpressionAttributeValues: { ':one': 1, ':last': last, ':expiresAt': expiryOf(lane, now) },
  });
  return item && Number(item.lastTry);
}

/** The lockout that lasts longest, of the lanes that have no try left after these. */
function lockoutOf(
  lanes: readonly PinLane[],
  lastTries: readonly (number | undefined)[],
  now: string,
): Lockout | undefined {
  return lanes
    .filter(({ allowance }, index) => isUsedUp(lastTries[index], allowance, now))
    .map((lane) => lockoutIn(lane, now))
    .sort((a, b) => Date.parse(b.until) - Date.parse(a.until))[0];
}

function lockoutIn({ allowance }: PinLane, now: string): Lockout {
  return { until: nextTryAt(allowance, now), usedUp: !allowance.slows };
}

/** An item of a lane. No clock is so far ahead that a try was used which this lane gives out only after as many again. */
const LockoutItem = ({ allowance }: PinLane, now: string) =>
  z.object({
    pk: z.string().min(1),
    kind: z.literal('wrong-pins'),
    lastTry: z.int().max(triesAt(allowance, now).last + allowance.atOnce),
    expiresAt: z.int(),
  });

/**
 * The number of the try that was used last; undefined when none was. An item that does not parse tells of none: it is made
 * one whose tries are all used, so that nobody guesses more for it, and whose next try comes as ever, so that nobody stays
 * locked out. The hospital's has some left: the clinicians' own lanes go on counting.
 */
async function lastTry(tableName: string, lane: PinLane, now: string): Promise<number | undefined> {
  const item = await getItem(tableName, lane.pk);
  const known = parseOrForget(LockoutItem(lane, now), item);
  if (!item || known) return known?.lastTry;
  const { leftIfUnreadable = 0 } = lane.allowance;
  const last = triesAt(lane.allowance, now).last - leftIfUnreadable;
  await setLastTry(tableName, lane, last, now, asRead(item, ['lastTry']));
  return last;
}

/** A lane's whole item, with this try as the last one; false when the condition did not hold. */
async function setLastTry(
  tableName: string,
  lane: PinLane,
  lastTry: number,
  now: string,
  condition?: Omit<Change, 'UpdateExpression'>,
): Promise<boolean> {
  const written = await update(tableName, lane.pk, {
    ...condition,
    UpdateExpression: 'SET kind = :kind, lastTry = :lastTry, expiresAt = :expiresAt',
    ExpressionAttributeValues: {
      ...condition?.ExpressionAttributeValues,
      ':kind': 'wrong-pins',
      ':lastTry': lastTry,
      ':expiresAt': expiryOf(lane, now),
    },
  });
  return written !== undefined;
}

function expiryOf({ allowance }: PinLane, now: string): number {
  return Math.ceil(((triesAt(allowance, now).last + 1) * allowance.everyMs + KEPT_MS) / 1000);
}

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key' | 'ReturnValues'>;

/** The item after the write; undefined when its condition did not hold. */
async function update(
  tableName: string,
  pk: string,
  change: Change,
): Promise<Record<string, unknown> | undefined> {
  try {
    const { Attributes = {} } = await dynamoDb().send(
      new UpdateCommand({ TableName: tableName, Key: { pk }, ...change, ReturnValues: 'ALL_NEW' }),
    );
    return Attributes;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
