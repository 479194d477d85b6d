/** An item of the table that several may bring up to date at once: read, merged, and put under an optimistic lock. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import { expiresAfter } from '../../time/instant.ts';
import { dynamoDb } from '../clients.ts';
import { getItem, parseOrForget, type RawItem } from './item.ts';

type Versioned = { pk: string; version: number };

/** Two may write at once, rarely three; each conflict lets one writer through. */
const ATTEMPTS = 5;

/** How an item of this kind is understood, brought up to date, and when its last word came. */
export type Remembered<Item extends Versioned> = {
  schema: z.ZodType<Item>;
  merge: (known: Item | undefined) => Item;
  lastAt: (item: Item) => string;
  /** False for news that the next write may bring as well. */
  isWorthWriting?: (stored: Item, merged: Item) => boolean;
};

/**
 * One write, and none for what is not worth it, or when `merge` gives back what it was given. Never throws: gives the merged item, undefined when the
 * table would not say what it holds, and why that is not on record, if it is not. An item that does not parse is begun anew:
 * what it remembered is in the archive, and the next readings must not wait for it.
 */
export async function mergeItem<Item extends Versioned>(
  tableName: string,
  pk: string,
  { schema, merge, lastAt, isWorthWriting = () => true }: Remembered<Item>,
): Promise<{ item: Item | undefined; failure?: unknown }> {
  let item: Item | undefined;
  let failure: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const stored = await getItem(tableName, pk);
      const known = parseOrForget(schema, stored);
      item = merge(known);
      const isNews = item !== known && (!known || isWorthWriting(known, item));
      if (isNews) await putItem(tableName, known ? item : begun(item, stored), stored, lastAt(item));
      return { item };
    } catch (error) {
      failure = error;
      if (!(error instanceof ConditionalCheckFailedException)) break;
    }
  }
  return { item, failure };
}

/** One version on from whatever was stored, if that can be counted on from, so that nobody takes the one for the other. */
function begun<Item extends Versioned>(item: Item, stored: RawItem | undefined): Item {
  const next = Math.floor(Number(stored?.version)) + 1;
  return Number.isSafeInteger(next) ? { ...item, version: next } : item;
}

async function putItem(
  tableName: string,
  item: Versioned,
  replacing: RawItem | undefined,
  lastAt: string,
): Promise<void> {
  await dynamoDb().send(
    new PutCommand({
      TableName: tableName,
      // As long after the last word as claims stay.
      Item: { ...item, expiresAt: expiresAfter(lastAt) },
      ...(replacing?.version === undefined
        ? { ConditionExpression: 'attribute_not_exists(version)' }
        : {
            ConditionExpression: 'version = :version',
            ExpressionAttributeValues: { ':version': replacing.version },
          }),
    }),
  );
}
