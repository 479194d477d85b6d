/** Claims in the table: put once, read back when somebody was first. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Claim } from '../alert/alert.ts';
import { dynamoDb } from './clients.ts';

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
  const { Item } = await dynamoDb().send(
    new GetCommand({ TableName: tableName, Key: { pk: claim.pk }, ConsistentRead: true }),
  );
  if (!Item) throw new Error(`The claim ${claim.pk} was there and is gone`);
  return Item as Claim;
}
