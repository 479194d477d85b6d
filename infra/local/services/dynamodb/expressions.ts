/**
 * DynamoDB's conditions (also those of keys), parsed once a text and evaluated on plain items (AttributeValues),
 * and the placeholders of every expression.
 *
 * - An attribute that is not there is neither equal to any value, nor less, nor more.
 *   Whole lists and maps can be equal.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 * - Placeholders are all defined and all used.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
 */
import { isDeepStrictEqual } from 'node:util';
import type { Payload } from '../../engine/service.ts';
import { attribute, cached, type Kind, operand, type Placeholders, Reader } from './expression-reader.ts';
import { type Item, invalid } from './items.ts';

type Condition = (item: Item, given: Placeholders) => boolean;

/** Less than zero, zero or more; undefined when the two are not of one comparable type. */
export function compare(a: Payload | undefined, b: Payload | undefined): number | undefined {
  if (a?.N !== undefined && b?.N !== undefined) return Number(a.N) - Number(b.N);
  if (a?.S !== undefined && b?.S !== undefined) return a.S < b.S ? -1 : a.S > b.S ? 1 : 0;
  return undefined;
}

const comparisons: Record<string, (a: Payload | undefined, b: Payload | undefined) => boolean> = {
  '=': (a, b) => a !== undefined && (compare(a, b) ?? (isDeepStrictEqual(a, b) ? 0 : 1)) === 0,
  '<': (a, b) => (compare(a, b) ?? 1) < 0,
  '<=': (a, b) => (compare(a, b) ?? 1) <= 0,
  '>': (a, b) => (compare(a, b) ?? -1) > 0,
};

const tests: Record<string, (value: Payload | undefined) => boolean> = {
  attribute_exists: (value) => value !== undefined,
  attribute_not_exists: (value) => value === undefined,
};

function functionCall(reader: Reader): Condition {
  const test = tests[reader.take()] as (typeof tests)[string];
  reader.take('(');
  const named = attribute(reader);
  reader.take(')');
  return (item, given) => test(item[named(given)]);
}

function comparison(reader: Reader): Condition {
  const left = operand(reader);
  const sign = reader.take();
  const holds = comparisons[sign];
  if (!holds) throw reader.syntaxError(sign);
  const right = operand(reader);
  return (item, given) => holds(left(item, given), right(item, given));
}

function primary(reader: Reader): Condition {
  return Object.hasOwn(tests, reader.peek() ?? '') ? functionCall(reader) : comparison(reader);
}

function conjunction(reader: Reader): Condition {
  const first = primary(reader);
  if (!reader.skip('AND')) return first;
  const others = conjunction(reader);
  return (item, given) => first(item, given) && others(item, given);
}

function disjunction(reader: Reader): Condition {
  const first = conjunction(reader);
  if (!reader.skip('OR')) return first;
  const others = disjunction(reader);
  return (item, given) => first(item, given) || others(item, given);
}

const conditionsOf = (kind: Kind) =>
  cached((text) => {
    const reader = new Reader(text, kind);
    const condition = disjunction(reader);
    reader.end();
    return condition;
  });

export const conditionOf = conditionsOf('ConditionExpression');
export const filterOf = conditionsOf('FilterExpression');
export const keyConditionOf = conditionsOf('KeyConditionExpression');

const placeholdersIn = cached((text) => [...new Set(text.match(/[:#]\w+/g))]);

const undefinedPlaceholder = (kind: Kind, name: string) =>
  invalid(
    name.startsWith('#')
      ? `Invalid ${kind}: An expression attribute name used in the document path is not defined; attribute name: ${name}`
      : `Invalid ${kind}: An expression attribute value used in expression is not defined; attribute value: ${name}`,
  );

/** The placeholders of a request; throws unless exactly those that its expressions use are given. */
export function placeholdersOf(input: Payload, kinds: readonly Kind[]): Placeholders {
  const given: Placeholders = {
    names: input.ExpressionAttributeNames ?? {},
    values: input.ExpressionAttributeValues ?? {},
  };
  const used = new Set<string>();
  for (const kind of kinds)
    for (const name of placeholdersIn(input[kind] ?? '')) {
      used.add(name);
      if ((name.startsWith('#') ? given.names : given.values)[name] === undefined)
        throw undefinedPlaceholder(kind, name);
    }
  for (const which of ['ExpressionAttributeNames', 'ExpressionAttributeValues']) {
    if (!input[which]) continue;
    const names = Object.keys(input[which]);
    if (names.length === 0) throw invalid(`${which} must not be empty`);
    const unused = names.filter((name) => !used.has(name));
    if (unused.length > 0)
      throw invalid(`Value provided in ${which} unused in expressions: keys: {${unused.join(', ')}}`);
  }
  return given;
}
