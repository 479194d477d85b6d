/** An item of the table that several may bring up to date at once: read, merged, and put under an optimistic lock. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoDb } from './clients.ts';

type Versioned = { pk: string; version: number };

/** Two may write at once, rarely three; each conflict lets one writer through. */
const ATTEMPTS = 5;
/** A month after the last word the item goes: as long as claims stay. */
const EXPIRES_AFTER_DAYS = 30;

/** Read consistently; undefined when there is none. */
export async function readVersioned<Item extends Versioned>(
  tableName: string,
  pk: string,
): Promise<Item | undefined> {
  const { Item } = await dynamoDb().send(
    new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true }),
  );
  return Item as Item | undefined;
}

/**
 * One write, and none when `merge` gives back what it was given. Never throws: gives the merged item, undefined when the
 * table would not say what it holds, and why that is not on record, if it is not. `lastAt`: when the item's last word came.
 */
export async function mergeItem<Item extends Versioned>(
  tableName: string,
  pk: string,
  merge: (known: Item | undefined) => Item,
  lastAt: (item: Item) => string,
): Promise<{ item: Item | undefined; failure?: unknown }> {
  let item: Item | undefined;
  let failure: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const known = await readVersioned<Item>(tableName, pk);
      item = merge(known);
      if (item !== known) await putItem(tableName, item, known?.version, lastAt(item));
      return { item };
    } catch (error) {
      failure = error;
      if (!(error instanceof ConditionalCheckFailedException)) break;
    }
  }
  return { item, failure };
}

async function putItem(
  tableName: string,
  item: Versioned,
  replacing: number | undefined,
  lastAt: string,
): Promise<void> {
  const expiresAt = Math.floor(Date.parse(lastAt) / 1000) + EXPIRES_AFTER_DAYS * 86_400;
  await dynamoDb().send(
    new PutCommand({
      TableName: tableName,
      Item: { ...item, expiresAt },
      ...(replacing === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :version',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':version': replacing },
          }),
    }),
  );
}
