/** Claims in the table: put once, read back when somebody was first. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { Claim } from '../../alert/claim.ts';
import { claimKey } from '../../alert/claim-reading.ts';
import { mendedClaim } from '../../alert/mend-claim.ts';
import { logger } from '../../runtime/logger.ts';
import { dynamoDb } from '../clients.ts';
import { asRead, getItem, parseOrForget } from './item.ts';

/**
 * The claim on record after this: the given one, or the one that an earlier delivery put, as `readableClaim` gives it. Throws
 * when neither is certain.
 */
export async function putClaimOnce(tableName: string, claim: Claim): Promise<Claim | 'settled'> {
  try {
    await dynamoDb().send(
      new PutCommand({ TableName: tableName, Item: claim, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    return claim;
  } catch (error) {
    // Also what an effect looks like whose reply was lost: the SDK's own second attempt finds the first one's claim.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
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
