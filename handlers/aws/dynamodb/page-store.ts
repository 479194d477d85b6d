/** Page items: put once for each request, and marked when a PIN fails on them, and when somebody signs out. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Page, pageKey } from '../../alert/page.ts';
import { signedOutName } from '../../answering/sign-out.ts';
import { dynamoDb } from '../clients.ts';
import { parseItem, readItem } from './item.ts';

/** A page by the id in its link; undefined when there is none, or when it is long past. */
export function readPage(tableName: string, pageId: string): Promise<Page | undefined> {
  return readItem(Page, tableName, pageKey(pageId));
}

/** The page that an earlier attempt put stays, with what happened to it since. */
export async function putPageOnce(tableName: string, page: Page): Promise<void> {
  try {
    await dynamoDb().send(
      new PutCommand({ TableName: tableName, Item: page, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Counts an attempt that failed on the page; gives how many there were. */
export async function countFailure(tableName: string, pk: string): Promise<number> {
  const { Attributes } = await dynamoDb().send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk },
      UpdateExpression: 'ADD wrongPins :one',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':one': 1 },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return parseItem(Page, Attributes ?? { pk }).wrongPins;
}

/** From now on no session of this clinician on this page counts that began before, nor a form that was open before. */
export async function signOut(
  tableName: string,
  pk: string,
  clinicianId: string,
  now: string,
): Promise<void> {
  await dynamoDb().send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk },
      UpdateExpression: 'SET #signedOut = :now',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#signedOut': signedOutName(clinicianId) },
      ExpressionAttributeValues: { ':now': now },
    }),
  );
}
