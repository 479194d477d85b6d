/** The count of wrong PINs on a page item. Other fields of the item have writers of their own. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Page } from '../alert/alert.ts';
import { takeAttempt } from '../answering/attempts.ts';
import { readPage } from './alert-store.ts';
import { dynamoDb } from './clients.ts';

/** Each lost race counted another attempt, and after five the page is locked: a sixth round always knows. */
const ROUNDS = 8;

/** So many attempts raced each other that this one could not be counted, so it was not made. */
export class AttemptNotCounted extends Error {
  override readonly name = 'AttemptNotCounted';
  constructor() {
    super(`An attempt could not be counted within ${ROUNDS} rounds`);
  }
}

/** Counts the attempt as a wrong one before its PIN is checked; says until when none is taken instead. */
export async function countAttempt(
  tableName: string,
  page: Page,
  now: string,
): Promise<ReturnType<typeof takeAttempt>> {
  let known: Page | undefined = page;
  for (let round = 1; round <= ROUNDS && known; round++) {
    const taken = takeAttempt(known, now);
    if ('lockedUntil' in taken) return taken;
    try {
      await write(tableName, known.pk, taken.counted, known.wrongPins);
      return taken;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      known = await readPage(tableName, page.pageId);
    }
  }
  throw new AttemptNotCounted();
}

/** After a right PIN. */
export async function forgetAttempts(tableName: string, { pk }: Page): Promise<void> {
  await write(tableName, pk, { wrongPins: 0, lockedUntil: null });
}

async function write(
  tableName: string,
  pk: string,
  { wrongPins, lockedUntil }: Pick<Page, 'wrongPins' | 'lockedUntil'>,
  seen?: number,
): Promise<void> {
  await dynamoDb().send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk },
      UpdateExpression: 'SET wrongPins = :count, lockedUntil = :until',
      ConditionExpression: seen === undefined ? 'attribute_exists(pk)' : 'wrongPins = :seen',
      ExpressionAttributeValues: {
        ':count': wrongPins,
        ':until': lockedUntil,
        ...(seen !== undefined && { ':seen': seen }),
      },
    }),
  );
}
