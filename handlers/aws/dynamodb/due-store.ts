/** What the sweeper needs of the table: what is due by the sparse index, and a claim raised again. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { UnfulfilledClaim } from '../../alert/claim.ts';
import { dynamoDb } from '../clients.ts';
import { readClaim } from './claim-store.ts';

/** What the index holds: items of any shape, each with its key. */
const DueItem = z.looseObject({ pk: z.string() });
export type DueItem = z.infer<typeof DueItem>;

/** Everything that is due by `now`, oldest first, as it stands in the index. The index lags behind the table: read each item before acting. */
export async function readDue(
  index: { tableName: string; dueIndex: string },
  dueOn: 'alert' | 'claim',
  now: string,
): Promise<DueItem[]> {
  const due: DueItem[] = [];
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
    due.push(...z.array(DueItem).parse(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return due;
}

/** Puts a claim that is raised again in place of what it was. False when it was fulfilled, or raised by another, meanwhile. */
export async function putRaisedAgain(tableName: string, next: UnfulfilledClaim): Promise<boolean> {
  try {
    await dynamoDb().send(
      new PutCommand({
        TableName: tableName,
        Item: next,
        ConditionExpression: '#status = :unfulfilled AND raisedAgain = :before',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':unfulfilled': 'unfulfilled', ':before': next.raisedAgain - 1 },
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
