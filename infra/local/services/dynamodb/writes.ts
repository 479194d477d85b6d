/**
 * Single writes of DynamoDB, each in two steps, so that a transaction can do all of the first before any of the second:
 * what a request would store, and storing it.
 *
 * - Conditions are checked and writes made at one instant; a condition that fails is ConditionalCheckFailedException,
 *   with the item as it was for who asks for that.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
 * - An item that a transaction is writing takes no other write: TransactionConflictException.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */

import { AwsError } from '../../engine/aws-error.ts';
import type { Payload } from '../../engine/service.ts';
import type { Placeholders } from './expression-reader.ts';
import { conditionOf, placeholdersOf } from './expressions.ts';
import { checkItem, type Item, invalid, keyOf, onlyKeyOf } from './items.ts';
import type { Table } from './table.ts';
import { updateOf } from './updates.ts';

const conditional = [
  ...['TableName', 'ConditionExpression'],
  ...['ExpressionAttributeNames', 'ExpressionAttributeValues'],
];
/** What callers may ask for, by kind of write. */
export const writeOptions = {
  Put: ['Item', ...conditional],
  Update: [
    ...['Key', 'UpdateExpression', 'ReturnValues', 'ReturnValuesOnConditionCheckFailure'],
    ...conditional,
  ],
  Delete: ['TableName', 'Key', 'ReturnValues'],
};
export type WriteKind = keyof typeof writeOptions;

/** A write whose form is right. */
export type WriteRequest = {
  kind: WriteKind;
  input: Payload;
  table: Table;
  key: string;
  given: Placeholders;
};
/** A write that may be made now. */
export type Write = { table: Table; key: string; item: Item | undefined };

/** Throws ValidationException for a request that no item could fulfil. */
export function writeRequest(kind: WriteKind, input: Payload, table: Table): WriteRequest {
  const key = kind === 'Put' ? keyOf(input.Item) : onlyKeyOf(input.Key);
  if (kind === 'Update') updateOf(input.UpdateExpression ?? '');
  if (input.ConditionExpression !== undefined) conditionOf(input.ConditionExpression);
  const given = placeholdersOf(input, ['ConditionExpression', 'UpdateExpression']);
  return { kind, input, table, key, given };
}

/** What the write would do; throws when another transaction is at the item, or its condition fails, or the item cannot be stored. */
export function prepare({ kind, input, table, key, given }: WriteRequest): Write {
  if (table.held.has(key))
    throw new AwsError('TransactionConflictException', 'Transaction is ongoing for the item');
  const known = table.items.get(key)?.item;
  if (input.ConditionExpression && !conditionOf(input.ConditionExpression)(known ?? {}, given)) {
    const told = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && known ? { Item: known } : {};
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', told);
  }
  if (kind === 'Delete') return { table, key, item: undefined };
  let item: Item = input.Item;
  if (kind === 'Update') {
    item = { ...(known ?? input.Key) };
    updateOf(input.UpdateExpression)(item, given);
    if (item.pk?.S !== key)
      throw invalid(
        'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
      );
  }
  checkItem(item, table.indexes);
  return { table, key, item };
}
