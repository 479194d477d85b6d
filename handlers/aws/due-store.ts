/** What the sweeper needs of the table: what is due by the sparse index, and a claim raised again. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert, Claim } from '../alert/alert.ts';
import { readClaim } from './alert-store.ts';
import { dynamoDb } from './clients.ts';

/** Everything that is due by `now`, oldest first. The index lags behind the table: read each one again before acting. */
export async function readDue<Item extends Claim | Alert>(
  index: { tableName: string; dueIndex: string },
  dueOn: NonNullable<Item['dueOn']>,
  now: string,
): Promise<Item[]> {
  const due: Item[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await dynamoDb().send(
      new QueryCommand({
        TableName: index.tableName,
        IndexName: index.dueIndex,
        KeyConditionExpression: 'dueOn = :dueOn AND dueAt <= :now',
        ExpressionAttributeValues: { ':dueOn': dueOn, ':now': now },
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    due.push(...((page.Items ?? []) as Item[]));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return due;
}

/** Puts the claim's next attempt in place of the present one. False when it was fulfilled, or raised by another, meanwhile. */
export async function putNextAttempt(tableName: string, next: Claim, present: Claim): Promise<boolean> {
  try {
    await dynamoDb().send(
      new PutCommand({
        TableName: tableName,
        Item: next,
        ConditionExpression: '#status = :unfulfilled AND attempt = :attempt',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':unfulfilled': 'unfulfilled', ':attempt': present.attempt },
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The reply of the SDK's first attempt may have been lost; the name is the same for whoever raises it this time.
    const claim = await readClaim(tableName, next.readingId);
    return claim?.status === 'unfulfilled' && claim.executionName === next.executionName;
  }
}
