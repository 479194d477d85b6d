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
}

/** Puts the claim in place of what was read; throws when another has written it since. */
export async function putInPlaceOf(
  tableName: string,
  claim: UnfulfilledClaim,
  replaced: RawItem,
): Promise<void> {
  // What every change of a claim changes: one of those.
  const unchanged = asRead(replaced, ['status', 'raisedAgain', 'dueAt']);
  await dynamoDb().send(new PutCommand({ TableName: tableName, Item: claim, ...unchanged }));
}
