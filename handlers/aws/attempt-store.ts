/** The count of wrong PINs on an item: a page, or a report. Other fields of the item have writers of their own. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Page } from '../alert/alert.ts';
import { takeAttempt } from '../answering/attempts.ts';
import { dynamoDb } from './clients.ts';
import { errorName, logger } from './logger.ts';

/** Each lost race counted another attempt, and after five the page is locked: a sixth round always knows. */
const ROUNDS = 8;

/** What attempts are counted on. */
export type Guarded = Pick<Page, 'pk' | 'wrongPins' | 'lockedUntil'>;

/** So many attempts raced each other that this one could not be counted, so it was not made. */
class AttemptNotCounted extends Error {
  override readonly name = 'AttemptNotCounted';
  constructor() {
    super(`An attempt could not be counted within ${ROUNDS} rounds`);
  }
}

/** Counts the attempt as a wrong one before its PIN is checked; says until when none is taken instead. */
export async function countAttempt(
  tableName: string,
  guarded: Guarded,
  now: string,
): Promise<ReturnType<typeof takeAttempt>> {
  let known: Guarded | undefined = guarded;
  for (let round = 1; round <= ROUNDS && known; round++) {
    const taken = takeAttempt(known, now);
    if ('lockedUntil' in taken) return taken;
    try {
      await write(tableName, known.pk, taken.counted, known.wrongPins);
      return taken;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      known = await readGuarded(tableName, guarded.pk);
    }
  }
  throw new AttemptNotCounted();
}

/**
 * After a right PIN, which was no wrong one: gives back this attempt and no other, or somebody with a PIN of the own could
 * go on guessing a colleague's. When others were counted meanwhile, the count stays as it is; so it does when the table
 * fails, which is less bad than to refuse who gave a right PIN.
 */
export async function giveBackAttempt(
  tableName: string,
  { pk }: Pick<Guarded, 'pk'>,
  counted: Pick<Page, 'wrongPins' | 'lockedUntil'>,
): Promise<void> {
  const without = { wrongPins: counted.wrongPins - 1, lockedUntil: null };
  try {
    await write(tableName, pk, without, counted.wrongPins);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return;
    logger.warn('attempt-not-given-back', { error: errorName(error) });
  }
}

/** The item that counts the attempts on something that has none of its own yet; `expiresAt` in epoch seconds. */
export async function guard(tableName: string, pk: string, expiresAt: number): Promise<Guarded> {
  const known = await readGuarded(tableName, pk);
  if (known) return known;
  const fresh = { pk, kind: 'guard', wrongPins: 0, lockedUntil: null, expiresAt };
  try {
    await dynamoDb().send(
      new PutCommand({ TableName: tableName, Item: fresh, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
  } catch (error) {
    // Somebody else's attempt was first, and its count is fenced as this one's will be.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  return fresh;
}

async function readGuarded(tableName: string, pk: string): Promise<Guarded | undefined> {
  const { Item } = await dynamoDb().send(
    new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true }),
  );
  return Item as Guarded | undefined;
}

async function write(
  tableName: string,
  pk: string,
  { wrongPins, lockedUntil }: Pick<Page, 'wrongPins' | 'lockedUntil'>,
  seen: number,
): Promise<void> {
  await dynamoDb().send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk },
      UpdateExpression: 'SET wrongPins = :count, lockedUntil = :until',
      ConditionExpression: 'wrongPins = :seen',
      ExpressionAttributeValues: {
        ':count': wrongPins,
        ':until': lockedUntil,
        ':seen': seen,
      },
    }),
  );
}
