/**
 * DynamoDB's expressions: condition, filter, key condition and update, parsed once a text and evaluated on plain items
 * (AttributeValues). What the handlers do not use is refused as a syntax error.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
import { AwsError, type Payload } from '../service.ts';

export type Item = Record<string, Payload>;
export type Placeholders = { names: Record<string, string>; values: Record<string, Payload> };

type Operand = (item: Item, given: Placeholders) => Payload | undefined;
type Condition = (item: Item, given: Placeholders) => boolean;
type Update = (item: Item, given: Placeholders) => void;

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

const token = /\s*(<=|>=|<>|[()=<>,+.-]|\[\d+\]|[:#]?[A-Za-z_]\w*)/y;

class Reader {
  readonly tokens: string[] = [];
  position = 0;
  readonly kind: string;
  constructor(text: string, kind: string) {
    this.kind = kind;
    token.lastIndex = 0;
    for (let from = 0; text.slice(from).trim() !== ''; from = token.lastIndex) {
      token.lastIndex = from;
      const match = token.exec(text);
      if (!match) throw invalid(`Invalid ${kind}: Syntax error; token: "${text.slice(from).trim()[0]}"`);
      this.tokens.push(match[1] as string);
    }
  }
  peek(): string | undefined {
    return this.tokens[this.position];
  }
  isWord(word: string): boolean {
    return this.peek()?.toUpperCase() === word;
  }
  take(expected?: string): string {
    const next = this.tokens[this.position++];
    if (next === undefined || (expected !== undefined && next.toUpperCase() !== expected))
      throw invalid(`Invalid ${this.kind}: Syntax error; token: "${next ?? '<EOF>'}"`);
    return next;
  }
}

function named(name: string, given: Placeholders): string {
  if (!name.startsWith('#')) return name;
  const found = given.names[name];
  if (found === undefined)
    throw invalid(
      `An expression attribute name used in the document path is not defined; attribute name: ${name}`,
    );
  return found;
}

function path(reader: Reader): {
  read: Operand;
  write(item: Item, given: Placeholders, value: Payload | undefined): void;
} {
  const parts = [reader.take()];
  while (reader.peek() === '.') {
    reader.take();
    parts.push(reader.take());
  }
  const parent = (item: Item, given: Placeholders): Item | undefined =>
    parts.slice(0, -1).reduce<Item | undefined>((inner, part) => inner?.[named(part, given)]?.M, item);
  const last = parts.at(-1) as string;
  return {
    read: (item, given) => parent(item, given)?.[named(last, given)],
    write(item, given, value) {
      const target = parent(item, given);
      if (!target) throw invalid('The document path provided in the update expression is invalid for update');
      if (value === undefined) delete target[named(last, given)];
      else target[named(last, given)] = value;
    },
  };
}

function operand(reader: Reader): Operand {
  const next = reader.peek() ?? '';
  if (next.startsWith(':')) {
    reader.take();
    return (_item, given) => {
      const value = given.values[next];
      if (value === undefined)
        throw invalid(
          `An expression attribute value used in expression is not defined; attribute value: ${next}`,
        );
      return value;
    };
  }
  if (next === 'if_not_exists') {
    reader.take();
    reader.take('(');
    const known = path(reader);
    reader.take(',');
    const otherwise = operand(reader);
    reader.take(')');
    return (item, given) => known.read(item, given) ?? otherwise(item, given);
  }
  if (next === 'size') {
    reader.take();
    reader.take('(');
    const of = path(reader);
    reader.take(')');
    return (item, given) => {
      const value = of.read(item, given);
      const inner = value?.S ?? value?.L ?? Object.keys(value?.M ?? {});
      return value && { N: String(inner.length) };
    };
  }
  return path(reader).read;
}

/** Less than zero, zero or more; undefined when the two are not of one comparable type. */
export function compare(a: Payload | undefined, b: Payload | undefined): number | undefined {
  if (a?.N !== undefined && b?.N !== undefined) return Number(a.N) - Number(b.N);
  if (a?.S !== undefined && b?.S !== undefined) return a.S < b.S ? -1 : a.S > b.S ? 1 : 0;
  return undefined;
}

function equal(a: Payload | undefined, b: Payload | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return compare(a, b) === 0 || JSON.stringify(a) === JSON.stringify(b);
}

const comparisons: Record<string, (a: Payload | undefined, b: Payload | undefined) => boolean> = {
  '=': equal,
  '<>': (a, b) => !equal(a, b),
  '<': (a, b) => (compare(a, b) ?? 1) < 0,
  '<=': (a, b) => (compare(a, b) ?? 1) <= 0,
  '>': (a, b) => (compare(a, b) ?? -1) > 0,
  '>=': (a, b) => (compare(a, b) ?? -1) >= 0,
};

function functionCall(reader: Reader, name: string): Condition {
  reader.take();
  reader.take('(');
  const of = path(reader).read;
  if (name === 'begins_with' || name === 'contains') {
    reader.take(',');
    const what = operand(reader);
    reader.take(')');
    return (item, given) => {
      const value = of(item, given);
      const wanted = what(item, given);
      if (name === 'begins_with') return value?.S?.startsWith(wanted?.S) ?? false;
      return (
        value?.S?.includes(wanted?.S) ?? value?.L?.some((entry: Payload) => equal(entry, wanted)) ?? false
      );
    };
  }
  reader.take(')');
  const wanted = name === 'attribute_exists';
  return (item, given) => (of(item, given) !== undefined) === wanted;
}

function primary(reader: Reader): Condition {
  if (reader.peek() === '(') {
    reader.take();
    const inner = disjunction(reader);
    reader.take(')');
    return inner;
  }
  if (reader.isWord('NOT')) {
    reader.take();
    const inner = primary(reader);
    return (item, given) => !inner(item, given);
  }
  const name = reader.peek() ?? '';
  if (['attribute_exists', 'attribute_not_exists', 'begins_with', 'contains'].includes(name))
    return functionCall(reader, name);
  const left = operand(reader);
  if (reader.isWord('BETWEEN')) {
    reader.take();
    const low = operand(reader);
    reader.take('AND');
    const high = operand(reader);
    return (item, given) => {
      const value = left(item, given);
      return (compare(value, low(item, given)) ?? -1) >= 0 && (compare(value, high(item, given)) ?? 1) <= 0;
    };
  }
  const compareWith = comparisons[reader.take()];
  if (!compareWith)
    throw invalid(`Invalid ${reader.kind}: Syntax error; token: "${reader.tokens[reader.position - 1]}"`);
  const right = operand(reader);
  return (item, given) => compareWith(left(item, given), right(item, given));
}

function conjunction(reader: Reader): Condition {
  const parts = [primary(reader)];
  while (reader.isWord('AND')) {
    reader.take();
    parts.push(primary(reader));
  }
  return parts.length === 1
    ? (parts[0] as Condition)
    : (item, given) => parts.every((part) => part(item, given));
}

function disjunction(reader: Reader): Condition {
  const parts = [conjunction(reader)];
  while (reader.isWord('OR')) {
    reader.take();
    parts.push(conjunction(reader));
  }
  return parts.length === 1
    ? (parts[0] as Condition)
    : (item, given) => parts.some((part) => part(item, given));
}

function sum(a: Payload | undefined, b: Payload | undefined, sign: 1 | -1): Payload {
  if (a?.N === undefined || b?.N === undefined)
    throw invalid('An operand in the update expression has an incorrect data type');
  return { N: String(Number(a.N) + sign * Number(b.N)) };
}

function assigned(reader: Reader): Operand {
  const left = operand(reader);
  if (reader.peek() !== '+' && reader.peek() !== '-') return left;
  const sign = reader.take() === '+' ? 1 : -1;
  const right = operand(reader);
  return (item, given) => sum(left(item, given), right(item, given), sign);
}

function clause(reader: Reader): Update {
  const target = path(reader);
  reader.take('=');
  const value = assigned(reader);
  return (item, given) => target.write(item, given, value(item, given));
}

function parseUpdate(text: string): Update {
  const reader = new Reader(text, 'UpdateExpression');
  const updates: Update[] = [];
  while (reader.peek() !== undefined) {
    const action = reader.take().toUpperCase();
    do {
      if (reader.peek() === ',') reader.take();
      if (action === 'SET') updates.push(clause(reader));
      else if (action === 'REMOVE') {
        const target = path(reader);
        updates.push((item, given) => target.write(item, given, undefined));
      } else if (action === 'ADD') {
        const target = path(reader);
        const by = operand(reader);
        updates.push((item, given) =>
          target.write(item, given, sum(target.read(item, given) ?? { N: '0' }, by(item, given), 1)),
        );
      } else throw invalid(`Invalid UpdateExpression: Syntax error; token: "${action}"`);
    } while (reader.peek() === ',');
  }
  return (item, given) => {
    for (const update of updates) update(item, given);
  };
}

function parseCondition(text: string): Condition {
  const reader = new Reader(text, 'ConditionExpression');
  const condition = disjunction(reader);
  if (reader.peek() !== undefined) reader.take('<END>');
  return condition;
}

function cached<Parsed>(parse: (text: string) => Parsed): (text: string) => Parsed {
  const known = new Map<string, Parsed>();
  return (text) => {
    if (!known.has(text)) known.set(text, parse(text));
    return known.get(text) as Parsed;
  };
}

export const conditionOf = cached(parseCondition);
export const updateOf = cached(parseUpdate);

/** DynamoDB refuses placeholders that are given and used nowhere. */
export function checkPlaceholders(input: Payload, expressions: (string | undefined)[]): Placeholders {
  const text = expressions.join(' ');
  const given = {
    names: input.ExpressionAttributeNames ?? {},
    values: input.ExpressionAttributeValues ?? {},
  };
  for (const name of [...Object.keys(given.names), ...Object.keys(given.values)])
    if (!new RegExp(`${name}(?!\\w)`).test(text))
      throw invalid(`Value provided in ExpressionAttribute unused in expressions: keys: {${name}}`);
  return given;
}
