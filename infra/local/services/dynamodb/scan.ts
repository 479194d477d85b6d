/**
 * DynamoDB's Scan, of the whole table.
 *
 * - A filter is applied behind the reading of a page: an empty page may have another one behind it.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html
 */
import type { Payload } from '../../engine/service.ts';
import { filterOf, placeholdersOf } from './expressions.ts';
import type { Item } from './items.ts';

/** Far fewer than the megabyte of a real page, so that whoever asks for one page only is seen. */
const PAGE_ITEMS = 50;

export const scanOptions = [
  ...['TableName', 'ConsistentRead', 'FilterExpression', 'ExclusiveStartKey'],
  ...['ExpressionAttributeNames', 'ExpressionAttributeValues'],
];

/** One page of these items, in any order that stays. */
export function scan(items: readonly Item[], input: Payload): Payload {
  const given = placeholdersOf(input, ['FilterExpression']);
  const passes = filterOf(input.FilterExpression);
  const behind = input.ExclusiveStartKey?.pk.S;
  const from = behind === undefined ? 0 : items.findIndex(({ pk }) => pk?.S === behind) + 1;
  const page = items.slice(from, from + PAGE_ITEMS);
  const Items = page.filter((item) => passes(item, given));
  const last = page.at(-1);
  return {
    Items,
    Count: Items.length,
    ScannedCount: page.length,
    ...(last && from + page.length < items.length && { LastEvaluatedKey: { pk: last.pk } }),
  };
}
