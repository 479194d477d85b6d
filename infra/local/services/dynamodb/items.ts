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
import { AwsError } from '../../engine/aws-error.ts';
import type { Payload } from '../../engine/service.ts';

/** Attributes by name, each an AttributeValue. */
export type Item = Record<string, Payload>;

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

const typeOf = (value: Payload): string => Object.keys(value)[0] as string;

function checkedKey(key: string): string {
  if (key === '')
    throw invalid(
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    );
  if (Buffer.byteLength(key) > maximumKeyBytes)
    throw invalid(
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    );
  return key;
}

/** The text of the table's key, `pk`, in a whole item. */
export function keyOf(item: Item): string {
  if (item.pk === undefined)
    throw invalid('One or more parameter values were invalid: Missing the key pk in the item');
  if (item.pk.S === undefined)
    throw invalid(
      `One or more parameter values were invalid: Type mismatch for key pk expected: S actual: ${typeOf(item.pk)}`,
    );
  return checkedKey(item.pk.S);
}

/** The same of a `Key`, which holds nothing else. */
export function onlyKeyOf(key: Item): string {
  if (Object.keys(key).length !== 1 || key.pk?.S === undefined)
    throw invalid('The provided key element does not match the schema');
  return checkedKey(key.pk.S);
}

function checkIndexKey(value: Payload, attribute: string, index: string): void {
  if (value.S === undefined)
    throw invalid(
      `One or more parameter values were invalid: Type mismatch for Index Key ${attribute} Expected: S Actual: ${typeOf(value)} IndexName: ${index}`,
    );
  if (value.S === '')
    throw invalid(
      `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${index}, IndexKey: ${attribute}`,
    );
}

/** Throws ValidationException for an item that the table, or one of its indexes, cannot hold. */
export function checkItem(item: Item, indexes: ReadonlyMap<string, { hash: string; range: string }>): void {
  if (itemBytes(item) > maximumItemBytes) throw invalid('Item size has exceeded the maximum allowed size');
  for (const [name, keys] of indexes)
    for (const attribute of [keys.hash, keys.range])
      if (item[attribute] !== undefined) checkIndexKey(item[attribute], attribute, name);
}

/** Whether two versions of an item are one and the same, in whatever order their attributes come. Most differ in a number, such as `seq`. */
export const sameItem = (a: Item | undefined, b: Item | undefined): boolean =>
  Object.keys(a ?? {}).every((name) => a?.[name]?.N === b?.[name]?.N) && isDeepStrictEqual(a, b);
