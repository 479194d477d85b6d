/**
 * DynamoDB's update expressions: SET with arithmetic, REMOVE, and ADD to numbers.
 *
 * - An update reads the item as it was before, has each clause once and each path once.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
import type { Payload } from '../../engine/service.ts';
import {
  cached,
  type Operand,
  operand,
  type Path,
  type Placeholders,
  path,
  present,
  Reader,
} from './expression-reader.ts';
import { type Item, invalid } from './items.ts';

/** What one action leaves at its target; undefined where it removes it. */
type Action = { target: Path; value: Operand };

function sum(a: Payload, b: Payload, sign: 1 | -1): Payload {
  if (a.N === undefined || b.N === undefined)
    throw invalid('An operand in the update expression has an incorrect data type');
  return { N: String(Number(a.N) + sign * Number(b.N)) };
}

function setAction(reader: Reader): Action {
  const target = path(reader);
  reader.take('=');
  const left = operand(reader);
  const sign = reader.skip('+') ? 1 : reader.skip('-') ? -1 : undefined;
  if (!sign) return { target, value: (item, given) => present(left(item, given)) };
  const right = operand(reader);
  return {
    target,
    value: (item, given) => sum(present(left(item, given)), present(right(item, given)), sign),
  };
}

function addAction(reader: Reader): Action {
  const target = path(reader);
  const by = operand(reader);
  return {
    target,
    value: (item, given) => sum(target.read(item, given) ?? { N: '0' }, present(by(item, given)), 1),
  };
}

const clauses = new Map<string, (reader: Reader) => Action>([
  ['SET', setAction],
  ['ADD', addAction],
  ['REMOVE', (reader) => ({ target: path(reader), value: () => undefined })],
]);

function refuseOverlaps(paths: string[][]): void {
  for (const [index, one] of paths.entries())
    for (const other of paths.slice(index + 1))
      if (one.every((part, at) => part === (other[at] ?? part)))
        throw invalid(
          `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${one.join(', ')}], path two: [${other.join(', ')}]`,
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
    refuseOverlaps(actions.map(({ target }) => target.names(given)));
    const values = actions.map(({ value }) => value(item, given));
    for (const [index, { target }] of actions.entries()) target.write(item, given, values[index]);
  };
});
