/** The conditions of the handlers' writes, as the in-memory tables of these tests understand them. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

// biome-ignore lint/suspicious/noExplicitAny: stored items have every shape
type Item = any;
type Conditional = {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
};

/** Whether the write may go on: `attribute_(not_)exists(...)`, `=`, `<` and `>`, joined by AND, or else by OR. */
export function holds(present: Item | undefined, write: Conditional): boolean {
  const { ConditionExpression, ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = write;
  if (ConditionExpression === undefined) return true;
  const isTrue = (term: string): boolean => {
    const [, not, attribute] = /^attribute_(not_)?exists\((\w+)\)$/.exec(term) ?? [];
    if (attribute) return (present?.[attribute] === undefined) === (not !== undefined);
    const [name = '', operator, value] = term.split(' ');
    if (!value?.startsWith(':')) throw new Error(`Not understood: ${term}`);
    const stored = present?.[ExpressionAttributeNames[name] ?? name];
    const given = ExpressionAttributeValues[value] as string;
    if (operator === '=') return stored === given;
    return stored !== undefined && (operator === '<' ? stored < given : stored > given);
  };
  return ConditionExpression.includes(' OR ')
    ? ConditionExpression.split(' OR ').some(isTrue)
    : ConditionExpression.split(' AND ').every(isTrue);
}

/** Refuses a write whose condition does not hold, as the table does. */
export function check(present: Item | undefined, write: Conditional): void {
  if (holds(present, write)) return;
  throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
}
