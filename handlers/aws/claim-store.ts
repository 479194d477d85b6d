/** Claims in the table: put once, read back when somebody was first. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { Claim } from '../alert/claim.ts';
import { dynamoDb } from './clients.ts';
import { readItem } from './item.ts';

/** The claim on record after this: the given one, or the one that an earlier delivery put. Throws when neither is certain. */
export async function putClaimOnce(tableName: string, claim: Claim): Promise<Claim> {
  try {
    await dynamoDb().send(
      new PutCommand({ TableName: tableName, Item: claim, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    return claim;
  } catch (error) {
    // Also what an effect looks like whose reply was lost: the SDK's own second attempt finds the first one's claim.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  const first = await readItem(Claim, tableName, claim.pk);
  if (!first) throw new Error(`The claim ${claim.pk} was there and is gone`);
  return first;
}
