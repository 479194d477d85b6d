/**
 * What DynamoDB lets an item and a key be.
 *
 * - An item is 400 KB at most, names and values counted in UTF-8; a key 1 to 2,048 bytes.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 * - An index key that an item has is of the index's type, and not empty.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
 */
import { isDeepStrictEqual } from 'node:util';
import { AwsError, type Payload } from '../service.ts';
import type { Item } from './dynamodb-expressions.ts';

const maximumItemBytes = 400 * 1024;
const maximumKeyBytes = 2048;

export const invalid = (message: string) => new AwsError('ValidationException', message);

const mapBytes = (map: Item): number =>
  Object.entries(map).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

function valueBytes(value: Payload): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  // Two digits a byte, and one more.
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.B !== undefined) return value.B.length;
  // Lists and maps have an overhead of three bytes, and one more for each of what they hold.
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + mapBytes(value.M);
  if (value.L !== undefined)
    return 3 + value.L.reduce((sum: number, inner: Payload) => sum + 1 + valueBytes(inner), 0);
  return 1;
}

/** The bytes of an item as DynamoDB counts them. */
export const itemBytes: (item: Item) => number = mapBytes;

/** The text of the table's key, `pk`. */
export function keyOf(item: Item): string {
  const key = item.pk?.S;
  if (typeof key !== 'string' || key === '' || Buffer.byteLength(key) > maximumKeyBytes)
    throw invalid(
      'One or more parameter values are not valid: the key attribute pk must be a text of 1 to 2048 bytes',
    );
  return key;
}

/** The same of a `Key`, which holds nothing else. */
export function onlyKeyOf(key: Item): string {
  if (Object.keys(key).length !== 1) throw invalid('The provided key element does not match the schema');
  return keyOf(key);
}

/** Throws ValidationException for an item that the table, or an index with these keys, cannot hold. */
export function checkItem(item: Item, indexKeys: readonly string[]): void {
  if (itemBytes(item) > maximumItemBytes) throw invalid('Item size has exceeded the maximum allowed size');
  for (const attribute of indexKeys)
    if (item[attribute] !== undefined && !item[attribute].S)
      throw invalid(`One or more parameter values were invalid: Type mismatch for Index Key ${attribute}`);
}

/** Whether two versions of an item are one and the same, in whatever order their attributes come. */
export const sameItem = (a: Item | undefined, b: Item | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b) || isDeepStrictEqual(a, b);
