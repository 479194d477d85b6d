/** Items of the table, parsed once where they are read: what no longer parses is an error that names the item and the field. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import { dynamoDb } from './clients.ts';
import { errorName } from './logger.ts';

/** An item of the table is not what its kind should be. The message names fields, never what is in them. */
export class ItemInvalid extends Error {
  override readonly name = 'ItemInvalid';
  constructor(key: string, error: z.ZodError) {
    const fields = error.issues.map(({ path, code }) => `${path.join('.') || 'the item'} (${code})`);
    super(`The item ${key} does not parse: ${[...new Set(fields)].join(', ')}`);
  }
}

/** An error for a log: its name, and of an item that does not parse which one and where. */
export function problemOf(error: unknown): string {
  return error instanceof ItemInvalid ? error.message : errorName(error);
}

/** Throws ItemInvalid. */
export function parseItem<Schema extends z.ZodType>(
  schema: Schema,
  item: Record<string, unknown>,
): z.infer<Schema> {
  const parsed = schema.safeParse(item);
  if (!parsed.success) throw new ItemInvalid(String(item.pk), parsed.error);
  return parsed.data;
}

/** The item as it is, read consistently; undefined when there is none. */
async function getItem(tableName: string, pk: string): Promise<Record<string, unknown> | undefined> {
  const { Item } = await dynamoDb().send(
    new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true }),
  );
  return Item;
}

/** The same, parsed. */
export async function readItem<Schema extends z.ZodType>(
  schema: Schema,
  tableName: string,
  pk: string,
): Promise<z.infer<Schema> | undefined> {
  const item = await getItem(tableName, pk);
  return item && parseItem(schema, item);
}
