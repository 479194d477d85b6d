/**
 * DynamoDB's Query, on an index.
 *
 * - One hash key, and perhaps a rule for the range key, in whose order items come.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 * - 1 MB a page; the next goes on behind ExclusiveStartKey, whatever became of that item.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
 */
import type { Payload } from '../../engine/service.ts';
import type { Placeholders } from './expression-reader.ts';
import { compare, keyConditionOf, placeholdersOf } from './expressions.ts';
import { type Item, invalid, itemBytes } from './items.ts';
import type { Index, Table, Versions } from './table.ts';

const maximumPageBytes = 1024 * 1024;

/** What callers may ask for. */
export const queryOptions = [
  ...['TableName', 'IndexName', 'KeyConditionExpression', 'ExclusiveStartKey'],
  ...['ExpressionAttributeNames', 'ExpressionAttributeValues'],
];

/** The order of a query: by the range key, then, which DynamoDB leaves open, by the table's key. */
const byKey =
  ({ range }: Index) =>
  (a: Item, b: Item) =>
    compare(a[range], b[range]) || compare(a.pk, b.pk) || 0;

/** The position of the first item that comes after ExclusiveStartKey in the query's order. */
function startBehind(sorted: Item[], input: Payload, index: Index): number {
  const at = sorted.findIndex((item) => byKey(index)(item, input.ExclusiveStartKey) > 0);
  return at < 0 ? sorted.length : at;
}

/** A key condition is one hash key, and perhaps a rule for the range key; throws for another. */
function checkKeyCondition(text: string, given: Placeholders, { hash, range }: Index): void {
  const [first = '', ...others] = text.match(/(?<![:#\w])#?(?!AND\b)[A-Za-z_]\w*/g) ?? [];
  const resolved = (name: string) => given.names[name] ?? name;
  if (resolved(first) !== hash || !/^\s*\S+\s*=\s*:/.test(text))
    throw invalid(`Query condition missed key schema element: ${hash}`);
  if (others.length > 1 || others.some((name) => resolved(name) !== range) || /\bOR\b/.test(text))
    throw invalid('Query key condition not supported');
}

/** The hash key that a query asks for: what stands first in its key condition. */
export function hashKeyOf({ KeyConditionExpression = '', ExpressionAttributeValues = {} }: Payload): string {
  return String(ExpressionAttributeValues[/:\w+/.exec(KeyConditionExpression)?.[0] ?? '']?.S);
}

/** One page of a query on an index, as the index holds it at the instant `nowMs`. */
export function query(table: Table, input: Payload, nowMs: number): Payload {
  const index = table.indexes.get(input.IndexName);
  if (!index) throw invalid(`The table does not have the specified index: ${input.IndexName}`);
  const given = placeholdersOf(input, ['KeyConditionExpression']);
  const condition = keyConditionOf(input.KeyConditionExpression ?? '');
  checkKeyCondition(input.KeyConditionExpression, given, index);
  const matching = [...table.indexed]
    .map((key) => {
      const versions = table.items.get(key) as Versions;
      if (nowMs >= versions.indexedAt && !versions.item?.[index.hash]) table.indexed.delete(key);
      return nowMs < versions.indexedAt ? versions.before : versions.item;
    })
    .filter((item) => item !== undefined)
    .filter((item) => item[index.hash] && item[index.range] && condition(item, given))
    .sort(byKey(index));
  const page: Item[] = [];
  const start = input.ExclusiveStartKey ? startBehind(matching, input, index) : 0;
  for (let bytes = 0; start + page.length < matching.length && bytes < maximumPageBytes; ) {
    const item = matching[start + page.length] as Item;
    bytes += itemBytes(item);
    page.push(item);
  }
  const last = page.at(-1);
  const more = last !== undefined && start + page.length < matching.length;
  return {
    Items: page,
    Count: page.length,
    ScannedCount: page.length,
    ...(more && {
      LastEvaluatedKey: { pk: last.pk, [index.hash]: last[index.hash], [index.range]: last[index.range] },
    }),
  };
}
