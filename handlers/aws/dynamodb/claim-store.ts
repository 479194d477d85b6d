/** Claims in the table. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { Claim, type UnfulfilledClaim } from '../../alert/claim.ts';
import { claimKey } from '../../alert/claim-reading.ts';
import { dynamoDb } from '../clients.ts';
import { asRead, type RawItem, readItem } from './item.ts';

/** The claim of a reading, read consistently. */
export function readClaim(tableName: string, readingId: string): Promise<Claim | undefined> {
  return readItem(Claim, tableName, claimKey(readingId));
}

/** False when the reading has a claim already: also what an effect looks like whose reply was lost to the SDK's own first attempt. */
export async function putClaim(tableName: string, claim: Claim): Promise<boolean> {
  try {
    await dynamoDb().send(
      new PutCommand({ TableName: tableName, Item: claim, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return false;
  }
<<<<<<< HEAD
}

/** What every change of a claim changes: whoever has read it does not take that back. */
const changing = ['status', 'raisedAgain', 'dueAt'];

/** Puts the claim in place of what was read; throws when another has written it since. */
export async function putInPlaceOf(
  tableName: string,
  claim: UnfulfilledClaim,
  replaced: RawItem,
): Promise<void> {
  await dynamoDb().send(new PutCommand({ TableName: tableName, Item: claim, ...asRead(replaced, changing) }));
}
=======
  const first = await readableClaim(tableName, claim.readingId, claim.claimedAt, claim);
  if (!first) throw new Error(`The claim ${claim.pk} was there and is gone`);
  return first;
}

/**
 * The claim of a reading, read consistently; undefined when there is none. One that does not parse is put in order first, and
 * keeps what it was (`known`: what its reading says); `settled` when there is nothing left to do for it. Throws when another has
 * written it since.
 */
export async function readableClaim(
  tableName: string,
  readingId: string,
  at: string,
  known?: Claim,
): Promise<Claim | 'settled' | undefined> {
  const item = await getItem(tableName, claimKey(readingId));
  const claim = parseOrForget(Claim, item);
  if (!item || claim) return claim;
  const mended = mendedClaim(item, at, known);
  if (mended === 'settled') return mended;
  // What every change of a claim changes: one of those.
  const unchanged = asRead(item, ['status', 'raisedAgain', 'dueAt']);
  await dynamoDb().send(new PutCommand({ TableName: tableName, Item: mended, ...unchanged }));
  logger.error('claim-mended', { readingId });
  return mended;
}
>>>>>>> mends
