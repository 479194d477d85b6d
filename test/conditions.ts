/** The conditions of the handlers' writes, as the in-memory tables of these tests understand them. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

// biome-ignore lint/suspicious/noExplicitAny: stored items have every shape
type Item = any;
type Conditional = {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
};

/** Whether the write may go on: `attribute_not_exists(pk)`, `attribute_exists(pk)`, and equalities joined by AND. */
export function holds(present: Item | undefined, write: Conditional): boolean {
  const { ConditionExpression, ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = write;
  if (ConditionExpression === undefined) return true;
  return ConditionExpression.split(' AND ').every((term) => {
    if (term === 'attribute_not_exists(pk)') return present === undefined;
    if (term === 'attribute_exists(pk)') return present !== undefined;
    const [name, value] = term.split(' = ') as [string, string | undefined];
    if (!value?.startsWith(':')) throw new Error(`Not understood: ${term}`);
    return present?.[ExpressionAttributeNames[name] ?? name] === ExpressionAttributeValues[value];
  });
}

/** Refuses a write whose condition does not hold, as the table does. */
export function check(present: Item | undefined, write: Conditional): void {
  if (holds(present, write)) return;
  throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
}
