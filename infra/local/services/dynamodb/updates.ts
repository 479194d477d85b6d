/**
 * DynamoDB's update expressions: SET, also of a sum, REMOVE, and ADD to numbers.
 *
 * - An update reads the item as it was before, has each clause once and each attribute once.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
import type { Payload } from '../../engine/service.ts';
import {
  attribute,
  cached,
  type Operand,
  operand,
  type Placeholders,
  present,
  Reader,
} from './expression-reader.ts';
import { type Item, invalid } from './items.ts';

/** What one action leaves at its attribute; undefined where it removes it. */
type Action = { named: (given: Placeholders) => string; value: Operand };

function sum(a: Payload, b: Payload): Payload {
  if (a.N === undefined || b.N === undefined)
    throw invalid('An operand in the update expression has an incorrect data type');
  return { N: String(Number(a.N) + Number(b.N)) };
}

function setAction(reader: Reader): Action {
  const named = attribute(reader);
  reader.take('=');
  const left = operand(reader);
  if (!reader.skip('+')) return { named, value: (item, given) => present(left(item, given)) };
  const right = operand(reader);
  return { named, value: (item, given) => sum(present(left(item, given)), present(right(item, given))) };
}

function addAction(reader: Reader): Action {
  const named = attribute(reader);
  const by = operand(reader);
  return {
    named,
    value: (item, given) => sum(item[named(given)] ?? { N: '0' }, present(by(item, given))),
  };
}

const clauses = new Map<string, (reader: Reader) => Action>([
  ['SET', setAction],
  ['ADD', addAction],
  ['REMOVE', (reader) => ({ named: attribute(reader), value: () => undefined })],
]);

function refuseOverlaps(names: string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw invalid(
      `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${twice}], path two: [${twice}]`,
    );
}

/** Applies the update to the item, in place. */
export const updateOf = cached((text) => {
  const reader = new Reader(text, 'UpdateExpression');
  const seen = new Set<string>();
  const actions: Action[] = [];
  while (reader.peek() !== undefined) {
    const word = reader.take();
    const keyword = word.toUpperCase();
    const action = clauses.get(keyword);
    if (!action) throw reader.syntaxError(word);
    if (seen.has(keyword))
      throw reader.refusal(`The "${keyword}" section can only be used once in an update expression;`);
    seen.add(keyword);
    actions.push(...reader.list(action));
  }
  return (item: Item, given: Placeholders): void => {
    const names = actions.map(({ named }) => named(given));
    refuseOverlaps(names);
    const values = actions.map(({ value }) => value(item, given));
    for (const [index, name] of names.entries())
      if (values[index] === undefined) delete item[name];
      else item[name] = values[index];
  };
});
