/** Page items: put once for each request. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Page } from '../alert/alert.ts';
import { readPage } from './alert-store.ts';
import { dynamoDb } from './clients.ts';

/** The page on record after this: the given one, or the one that an earlier attempt put, with what happened to it since. */
export async function putPageOnce(tableName: string, page: Page): Promise<Page> {
  try {
    await dynamoDb().send(
      new PutCommand({ TableName: tableName, Item: page, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    return page;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return (await readPage(tableName, page.pageId)) ?? page;
  }
}
