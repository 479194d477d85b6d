/** When each ward was last heard, in the table: written by the consumer, read and marked by the watcher. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { z } from 'zod';
import { Feed, feedExpiry, feedKey } from '../../reading/feeds.ts';
import { errorName, logger } from '../../runtime/logger.ts';
import { later } from '../../time/instant.ts';
import { dynamoDb } from '../clients.ts';
import { asRead, getItem, parseOrForget, type RawItem } from './item.ts';

/** Silence is measured in many minutes: to know it by the minute is exact, and costs one write a ward and instance. */
const WRITTEN_EVERY_MS = 60_000;
/** Wards under way at once. */
const AT_ONCE = { concurrency: 10 };
/** No clock of AWS is a day ahead: what was heard or told later than that nobody would hear, or tell, again. */
const AHEAD_SECONDS = 86_400;

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

/**
 * Undefined for a ward that was never heard. Of a feed that does not parse only what is broken begins anew. Where that is when
 * the ward was heard, the consumer can write it, and has perhaps by now; else the ward is told as silent.
 */
export async function readFeed(tableName: string, ward: string, now: string): Promise<Feed | undefined> {
  const latest = later(now, AHEAD_SECONDS);
  const time = z.iso.datetime().refine((at) => at <= latest);
  const schema = Feed.extend({ heardAt: time.exactOptional(), toldAt: time.exactOptional() });
  const item = await getItem(tableName, feedKey(ward));
  const feed = parseOrForget(schema, item);
  if (!item || feed) return feed;
  const broken = ['heardAt', 'toldAt'].filter((name) => name in item && !time.safeParse(item[name]).success);
  await putInOrder({ tableName, ward, now }, item, broken);
  return parseOrForget(schema, await getItem(tableName, feedKey(ward)));
}

async function putInOrder(
  { tableName, ward, now }: { tableName: string; ward: string; now: string },
  item: RawItem,
  broken: readonly string[],
): Promise<void> {
  const { ExpressionAttributeValues, ...asItWas } = asRead(item, ['heardAt', 'toldAt']);
  const remove = broken.length > 0 ? ` REMOVE ${broken.join(', ')}` : '';
  try {
    await dynamoDb().send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk: feedKey(ward) },
        UpdateExpression: SET_WARD + remove,
        ...asItWas,
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ...wardValues(ward, now) },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Remembers that the operations were told of the silence. Only this: the consumer writes the rest. */
export async function markTold(tableName: string, ward: string, now: string): Promise<void> {
  await dynamoDb().send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk: feedKey(ward) },
      UpdateExpression: `${SET_WARD}, toldAt = :now`,
      ExpressionAttributeValues: { ':now': now, ...wardValues(ward, now) },
    }),
  );
}

/** What an item has, though its ward was never heard. */
const SET_WARD = 'SET kind = :kind, ward = :ward, expiresAt = :expiresAt';
const wardValues = (ward: string, now: string) => ({
  ':kind': 'feed',
  ':ward': ward,
  ':expiresAt': feedExpiry(now),
});
