/** Page items: put once for each request, and marked when a PIN fails on them, and when somebody signs out. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, type PutCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Page, pageKey } from '../../alert/page.ts';
import { signedOutName } from '../../answering/sign-out.ts';
import { dynamoDb } from '../clients.ts';
import { asRead, parseItem, parseOrForget, type RawItem, readItem } from './item.ts';

/** A page by the id in its link; undefined when there is none, or when it is long past. */
export function readPage(tableName: string, pageId: string): Promise<Page | undefined> {
  return readItem(Page, tableName, pageKey(pageId));
}

/**
 * The page that an earlier attempt put stays, with what happened to it since. One that does not parse could never be answered:
 * it is put in order, and keeps the failed attempts that can be read, and who signed out.
 */
export async function putPageOnce(tableName: string, page: Page): Promise<void> {
  const item = await putOrSeen(tableName, page, { ConditionExpression: 'attribute_not_exists(pk)' });
  if (!item || parseOrForget(Page, item)) return;
  const wrongPins = Page.shape.wrongPins.safeParse(item.wrongPins).data ?? 0;
  // An attempt that fails at this moment comes first: the next reminder is here again.
  await putOrSeen(tableName, { ...item, ...page, wrongPins }, asRead(item, ['wrongPins']));
}

/** Undefined once it is put; the item that stands in its way when the condition does not hold. */
async function putOrSeen(
  tableName: string,
  page: Page,
  condition: Partial<PutCommandInput>,
): Promise<RawItem | undefined> {
  try {
    await dynamoDb().send(
      new PutCommand({
        ...condition,
        TableName: tableName,
        Item: page,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item && unmarshall(error.Item);
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
