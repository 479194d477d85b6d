/** Items of the table, parsed once where they are read: what no longer parses is an error that names the item and the field. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import { loggableKey } from '../../naming/hashed.ts';
import { errorName, logger, metrics } from '../../runtime/logger.ts';
import { dynamoDb } from '../clients.ts';

/** An item as the table has it. */
export type RawItem = Record<string, unknown>;

/** An item of the table is not what its kind should be. The message names fields, never what is in them, nor a secret of its key. */
export class ItemInvalid extends Error {
  override readonly name = 'ItemInvalid';
  constructor(key: string, fields: readonly string[]) {
    super(`The item ${key} does not parse: ${fields.join(', ')}`);
  }
}

/** An error for a log: its name, and of an item that does not parse which one and where. */
export function problemOf(error: unknown): string {
  return error instanceof ItemInvalid ? error.message : errorName(error);
}

/** Throws ItemInvalid, which is logged and counted already. */
export function parseItem<Schema extends z.ZodType>(schema: Schema, item: RawItem): z.infer<Schema> {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const key = loggableKey(String(item.pk));
  const fields = [...new Set(parsed.error.issues.map(fieldOf))];
  logger.error('item-invalid', { item: key, fields });
  // Sent by itself: whoever reads the item may fail by it, and send no metrics any more.
  metrics.singleMetric().addMetric('ItemsInvalid', 'Count', 1);
  throw new ItemInvalid(key, fields);
}

/** The same for what is only remembered: undefined when it does not parse, as if there were none. */
export function parseOrForget<Schema extends z.ZodType>(
  schema: Schema,
  item: RawItem | undefined,
): z.infer<Schema> | undefined {
  try {
    return item && parseItem(schema, item);
  } catch (error) {
    if (!(error instanceof ItemInvalid)) throw error;
    return undefined;
  }
}

/** Where an item is wrong, and how: `round.number (invalid_type)`. */
function fieldOf({ path, code, ...issue }: z.core.$ZodIssue): string {
  const within =
    'keys' in issue && Array.isArray(issue.keys) ? issue.keys.map((key) => [...path, key]) : [path];
  const names = within.map((names) => names.join('.') || 'the item');
  return `${names.join(', ')} (${code})`;
}

/** The item as it is, read consistently; undefined when there is none. */
export async function getItem(tableName: string, pk: string): Promise<RawItem | undefined> {
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

/** The condition of a write that nobody has changed these fields since the item was read. */
export function asRead(item: RawItem, fields: readonly string[]) {
  const read = fields.filter((name) => item[name] !== undefined);
  return {
    ConditionExpression: fields
      .map((name) =>
        item[name] === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}AsRead`,
      )
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(fields.map((name) => [`#${name}`, name])),
    ...(read.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(read.map((name) => [`:${name}AsRead`, item[name]])),
    }),
  };
}
