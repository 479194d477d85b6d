/**
 * DynamoDB's expressions: condition, filter, key condition and update, parsed once a text and evaluated on plain items
 * (AttributeValues). What the handlers do not use is refused as a syntax error.
 *
 * - An attribute that is not there is unequal to every value, and neither less nor more than any.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 * - An update reads the item as it was before, has each clause once and each path once.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 * - Placeholders are all defined and all used; reserved words stand only behind one.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
 */
import { isDeepStrictEqual } from 'node:util';
import { AwsError, type Payload } from '../service.ts';
import { reservedWords } from './dynamodb-reserved-words.ts';

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

const named = (name: string, given: Placeholders): string =>
  name.startsWith('#') ? (given.names[name] as string) : name;

/** One name of a path: a plain one that is not reserved, or a placeholder. */
function name(reader: Reader): string {
  const next = reader.take();
  if (!/^#?[A-Za-z_]/.test(next)) throw invalid(`Invalid ${reader.kind}: Syntax error; token: "${next}"`);
  if (reservedWords.has(next.toUpperCase()))
    throw invalid(`Invalid ${reader.kind}: Attribute name is a reserved keyword; reserved keyword: ${next}`);
  return next;
}

type Path = {
  read: Operand;
  write(item: Item, given: Placeholders, value: Payload | undefined): void;
  names(given: Placeholders): string[];
};

function path(reader: Reader): Path {
  const parts = [name(reader)];
  while (reader.peek() === '.') {
    reader.take();
    parts.push(name(reader));
  }
  const parent = (item: Item, given: Placeholders): Item | undefined =>
    parts.slice(0, -1).reduce<Item | undefined>((inner, part) => inner?.[named(part, given)]?.M, item);
  const last = parts.at(-1) as string;
  return {
    read: (item, given) => parent(item, given)?.[named(last, given)],
    names: (given) => parts.map((part) => named(part, given)),
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
    return (_item, given) => given.values[next];
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
      const inner = value?.S ?? value?.L ?? (value?.M && Object.keys(value.M));
      return inner && { N: String(inner.length) };
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
  return compare(a, b) === 0 || isDeepStrictEqual(a, b);
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
      if (name === 'contains' && value?.L) return value.L.some((entry: Payload) => equal(entry, wanted));
      if (typeof value?.S !== 'string' || typeof wanted?.S !== 'string') return false;
      return name === 'begins_with' ? value.S.startsWith(wanted.S) : value.S.includes(wanted.S);
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

/** A value that an update needs. */
function present(value: Payload | undefined): Payload {
  if (value === undefined)
    throw invalid('The provided expression refers to an attribute that does not exist in the item');
  return value;
}

function sum(a: Payload, b: Payload, sign: 1 | -1): Payload {
  if (a.N === undefined || b.N === undefined)
    throw invalid('An operand in the update expression has an incorrect data type');
  return { N: String(Number(a.N) + sign * Number(b.N)) };
}

/** What one action of an update leaves at its target; undefined where it removes it. */
type Action = { target: Path; value: Operand };

function setAction(reader: Reader): Action {
  const target = path(reader);
  reader.take('=');
  const left = operand(reader);
  if (reader.peek() !== '+' && reader.peek() !== '-')
    return { target, value: (item, given) => present(left(item, given)) };
  const sign = reader.take() === '+' ? 1 : -1;
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

const clauses: Record<string, (reader: Reader) => Action> = {
  SET: setAction,
  ADD: addAction,
  REMOVE: (reader) => ({ target: path(reader), value: () => undefined }),
};

function parseUpdate(text: string): Update {
  const reader = new Reader(text, 'UpdateExpression');
  const seen = new Set<string>();
  const actions: Action[] = [];
  while (reader.peek() !== undefined) {
    const keyword = reader.take().toUpperCase();
    const read = clauses[keyword];
    if (!read) throw invalid(`Invalid UpdateExpression: Syntax error; token: "${keyword}"`);
    if (seen.has(keyword))
      throw invalid(
        `Invalid UpdateExpression: The "${keyword}" section can only be used once in an update expression`,
      );
    seen.add(keyword);
    actions.push(read(reader));
    while (reader.peek() === ',') {
      reader.take();
      actions.push(read(reader));
    }
  }
  if (actions.length === 0) throw invalid('Invalid UpdateExpression: The expression can not be empty');
  return (item, given) => {
    refuseOverlaps(actions.map(({ target }) => target.names(given)));
    const values = actions.map(({ value }) => value(item, given));
    for (const [index, { target }] of actions.entries()) target.write(item, given, values[index]);
  };
}

function refuseOverlaps(paths: string[][]): void {
  for (const [index, one] of paths.entries())
    for (const other of paths.slice(index + 1))
      if (one.every((part, at) => part === (other[at] ?? part)))
        throw invalid('Invalid UpdateExpression: Two document paths overlap with each other');
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

const placeholdersIn = cached((text) => new Set(text.match(/[:#]\w+/g)));

/** The placeholders of a request; throws unless exactly those that its expressions use are given. */
export function checkPlaceholders(input: Payload, expressions: (string | undefined)[]): Placeholders {
  const used = placeholdersIn(expressions.join(' '));
  const names = input.ExpressionAttributeNames;
  const values = input.ExpressionAttributeValues;
  for (const [kind, given] of Object.entries({ Names: names, Values: values }))
    if (given && Object.keys(given).length === 0)
      throw invalid(`ExpressionAttribute${kind} must not be empty`);
  for (const name of used)
    if ((name.startsWith('#') ? names : values)?.[name] === undefined)
      throw invalid(
        `An expression attribute ${name.startsWith('#') ? 'name' : 'value'} used in expression is not defined: ${name}`,
      );
  for (const name of Object.keys({ ...names, ...values }))
    if (!used.has(name))
      throw invalid(`Value provided in ExpressionAttribute unused in expressions: keys: {${name}}`);
  return { names: names ?? {}, values: values ?? {} };
}
