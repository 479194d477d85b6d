/** The counts of wrong PINs: one item for each clinician, one for the hospital, one for each report. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { counted, countOf, FREE_TRIES, nextTryAt, uncounted, type WrongPins } from '../answering/attempts.ts';
import type { Lane } from '../answering/lanes.ts';
import { dynamoDb } from './clients.ts';
import { errorName, logger } from './logger.ts';

/** Each lost race let another attempt through, and some hundred use a month's up: who loses forty tries again a second later. */
const ROUNDS = 40;
/** A day longer than its newest wrong PIN counts. */
const KEPT_SECONDS = 33 * 86_400;

type Lanes = Record<string, WrongPins>;
type Item = { pk: string; kind: 'wrong-pins'; writes: number; lanes: Lanes; expiresAt: number };

/** So many attempts raced each other that this one could not be counted, so it was not made. */
class AttemptNotCounted extends Error {
  override readonly name = 'AttemptNotCounted';
  constructor() {
    super(`An attempt could not be counted within ${ROUNDS} rounds`);
  }
}

/** None is taken in a lane before `until`; `usedUp`: its allowance is gone, not only a wait begun. */
export type Locked = { until: string; usedUp: boolean };
/** What was counted, and how each lane stood before. If it is wrong: tries `left`, and the lock that it brings. */
export type Attempt = {
  at: string;
  counts: { lane: Lane; before: WrongPins | undefined }[];
  left: number;
  lock?: Locked;
};

/** Counts the attempt in every lane, as a wrong one, before its PIN is checked; or in none, when one of them is locked. */
export async function countAttempt(
  tableName: string,
  lanes: readonly Lane[],
  now: string,
): Promise<{ locked: Locked } | Attempt> {
  const attempt: Attempt = { at: now, counts: [], left: Number.POSITIVE_INFINITY };
  for (const lane of lanes) {
    const { before, locked } = await countIn(tableName, lane, now);
    if (locked) {
      await giveBackAttempt(tableName, attempt);
      return { locked };
    }
    attempt.counts.push({ lane, before });
    const count = countOf(before, now) + 1;
    const { most, slows } = lane.allowance;
    attempt.left = Math.min(attempt.left, Math.max(0, (slows ? FREE_TRIES : most) - count));
    const lock = lockOf(lane, counted(before, now), now);
    if (lock) attempt.lock = lock;
  }
  return attempt;
}

/**
 * After a right PIN, which was no wrong one: gives back this attempt and no other, or somebody with a PIN of the own could
 * go on guessing a colleague's. When the table fails the count stays as it is, which is less bad than to refuse who gave a
 * right PIN.
 */
export async function giveBackAttempt(tableName: string, { at, counts }: Attempt): Promise<void> {
  for (const { lane, before } of counts) {
    try {
      await change(tableName, lane.pk, at, (lanes) => {
        const present = lanes[lane.name];
        return present && withLane(lanes, lane.name, uncounted(present, at, before));
      });
    } catch (error) {
      logger.warn('attempt-not-given-back', { error: errorName(error) });
    }
  }
}

async function countIn(tableName: string, lane: Lane, now: string) {
  let before: WrongPins | undefined;
  let locked: Locked | undefined;
  await change(tableName, lane.pk, now, (lanes) => {
    before = lanes[lane.name];
    locked = lockOf(lane, before, now);
    return locked ? undefined : withLane(lanes, lane.name, counted(before, now));
  });
  return { before, locked };
}

function lockOf({ allowance }: Lane, wrong: WrongPins | undefined, now: string): Locked | undefined {
  const until = nextTryAt(wrong, allowance, now);
  return until === undefined ? undefined : { until, usedUp: countOf(wrong, now) >= allowance.most };
}

function withLane(lanes: Lanes, name: string, wrong: WrongPins | undefined): Lanes {
  const { [name]: _before, ...others } = lanes;
  return wrong ? { ...others, [name]: wrong } : others;
}

/** Reads the item and writes what the rule makes of its lanes, until no other writer came in between. */
async function change(
  tableName: string,
  pk: string,
  now: string,
  rule: (lanes: Lanes) => Lanes | undefined,
): Promise<void> {
  for (let round = 1; round <= ROUNDS; round++) {
    const item = await read(tableName, pk);
    const lanes = rule(item?.lanes ?? {});
    if (!lanes) return;
    try {
      await write(tableName, pk, item, withoutForgotten(lanes, now), now);
      return;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
  throw new AttemptNotCounted();
}

function withoutForgotten(lanes: Lanes, now: string): Lanes {
  return Object.fromEntries(Object.entries(lanes).filter(([, wrong]) => countOf(wrong, now) > 0));
}

async function read(tableName: string, pk: string): Promise<Item | undefined> {
  const { Item } = await dynamoDb().send(
    new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true }),
  );
  return Item as Item | undefined;
}

async function write(tableName: string, pk: string, before: Item | undefined, lanes: Lanes, now: string) {
  const next: Omit<Item, 'pk'> = {
    kind: 'wrong-pins',
    writes: (before?.writes ?? 0) + 1,
    lanes,
    expiresAt: Math.floor(Date.parse(now) / 1000) + KEPT_SECONDS,
  };
  await dynamoDb().send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk },
      UpdateExpression: 'SET kind = :kind, writes = :writes, lanes = :lanes, expiresAt = :expiresAt',
      ConditionExpression: 'attribute_not_exists(writes) OR writes = :seen',
      ExpressionAttributeValues: {
        ':kind': next.kind,
        ':writes': next.writes,
        ':lanes': lanes,
        ':expiresAt': next.expiresAt,
        ':seen': before?.writes ?? 0,
      },
    }),
  );
}
