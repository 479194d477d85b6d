/** When each ward was last heard, in the table: written by the consumer, read and marked by the watcher. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { Feed, feedExpiry, feedKey } from '../../reading/feeds.ts';
import { errorName, logger } from '../../runtime/logger.ts';
import { dynamoDb } from '../clients.ts';
import { getItem, parseOrForget } from './item.ts';

/** Silence is measured in many minutes: to know it by the minute is exact, and costs one write a ward and instance. */
const WRITTEN_EVERY_MS = 60_000;
/** Wards under way at once. */
const AT_ONCE = { concurrency: 10 };

/** What this instance has written, by table and ward. */
const written = new Map<string, number>();

/** Keeps the newest arrivals by ward. Never throws: a ward that looks silent is told of, and a batch does not wait for it. */
export async function rememberHeard(tableName: string, heard: ReadonlyMap<string, string>): Promise<void> {
  const due = [...heard].filter(
    ([ward, heardAt]) =>
      Date.parse(heardAt) - (written.get(`${tableName}/${ward}`) ?? Number.NEGATIVE_INFINITY) >=
      WRITTEN_EVERY_MS,
  );
  await pMap(
    due,
    async ([ward, heardAt]) => {
      try {
        await putHeard(tableName, ward, heardAt);
        written.set(`${tableName}/${ward}`, Date.parse(heardAt));
      } catch (error) {
        logger.warn('feed-not-written', { error: errorName(error) });
      }
    },
    AT_ONCE,
  );
}

/** An instance that is behind leaves what another one has heard since. */
async function putHeard(tableName: string, ward: string, heardAt: string): Promise<void> {
  const feed: Feed = { pk: feedKey(ward), kind: 'feed', ward, heardAt, expiresAt: feedExpiry(heardAt) };
  try {
    await dynamoDb().send(
      new PutCommand({
        TableName: tableName,
        Item: feed,
        ConditionExpression: 'attribute_not_exists(heardAt) OR heardAt < :heardAt',
        ExpressionAttributeValues: { ':heardAt': heardAt },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Undefined for a ward that was never heard, or of which nothing can be read: both are told as a silence. */
export async function readFeed(tableName: string, ward: string): Promise<Feed | undefined> {
  return parseOrForget(Feed, await getItem(tableName, feedKey(ward)));
}

/**
 * Remembers that the operations were told of the silence. Only this: the consumer writes the rest. Of a ward that is not known
 * to have been heard, whatever stands there goes, so that the consumer can write it anew.
 */
export async function markTold(
  tableName: string,
  { ward, heardAt }: Pick<Feed, 'ward' | 'heardAt'>,
  now: string,
): Promise<void> {
  await dynamoDb().send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk: feedKey(ward) },
      UpdateExpression: `SET toldAt = :now, kind = :kind, ward = :ward, expiresAt = :expiresAt${heardAt === undefined ? ' REMOVE heardAt' : ''}`,
      ExpressionAttributeValues: {
        ':now': now,
        ':kind': 'feed',
        ':ward': ward,
        ':expiresAt': feedExpiry(now),
      },
    }),
  );
}
