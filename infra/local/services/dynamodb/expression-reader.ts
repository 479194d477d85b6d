/**
 * What DynamoDB's expressions are made of: tokens, document paths and operands. What the models do not know is refused as
 * DynamoDB refuses what it does not know.
 *
 * - A reserved word stands only behind a placeholder.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
 * - Each function has its place: `size` in conditions, `if_not_exists` and `list_append` in updates.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
import type { Payload } from '../../engine/service.ts';
import { type Item, invalid } from './items.ts';
import { reservedWords } from './reserved-words.ts';

export type Placeholders = { names: Record<string, string>; values: Record<string, Payload> };
export type Operand = (item: Item, given: Placeholders) => Payload | undefined;
/** Where an expression stands in the request; refusals name it. */
export type Kind = 'ConditionExpression' | 'FilterExpression' | 'KeyConditionExpression' | 'UpdateExpression';

const token = /\s*(<=|>=|<>|[()=<>,+.-]|\[\d+\]|[:#]?[A-Za-z_]\w*)/y;

export class Reader {
  readonly #tokens: string[] = [];
  #position = 0;
  readonly kind: Kind;

  constructor(text: string, kind: Kind) {
    this.kind = kind;
    for (let from = 0; text.slice(from).trim() !== ''; from = token.lastIndex) {
      token.lastIndex = from;
      const match = token.exec(text);
      if (!match) throw this.syntaxError(text.slice(from).trim()[0]);
      this.#tokens.push(match[1] as string);
    }
    if (this.#tokens.length === 0) throw this.refusal('The expression can not be empty;');
  }
  refusal(why: string): Error {
    return invalid(`Invalid ${this.kind}: ${why}`);
  }
  syntaxError(at = '<EOF>'): Error {
    return this.refusal(`Syntax error; token: "${at}"`);
  }
  peek(ahead = 0): string | undefined {
    return this.#tokens[this.#position + ahead];
  }
  isWord(word: string): boolean {
    return this.peek()?.toUpperCase() === word;
  }
  /** Takes the word or sign if it comes next. */
  skip(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.#position++;
    return true;
  }
  take(expected?: string): string {
    const next = this.#tokens[this.#position++];
    if (next === undefined || (expected !== undefined && next.toUpperCase() !== expected))
      throw this.syntaxError(next);
    return next;
  }
  end(): void {
    if (this.peek() !== undefined) throw this.syntaxError(this.peek());
  }
  /** One or more of the same, with commas between. */
  list<Part>(part: (reader: Reader) => Part): Part[] {
    const parts = [part(this)];
    while (this.skip(',')) parts.push(part(this));
    return parts;
  }
  /** A function's arguments in their parentheses. */
  inParentheses<Inner>(inner: () => Inner): Inner {
    this.take('(');
    const read = inner();
    this.take(')');
    return read;
  }
}

const named = (name: string, given: Placeholders): string =>
  name.startsWith('#') ? (given.names[name] as string) : name;

/** One name of a path: a plain one that is not reserved, or a placeholder. */
function name(reader: Reader): string {
  const next = reader.take();
  if (!/^#?[A-Za-z_]/.test(next)) throw reader.syntaxError(next);
  if (reservedWords.has(next.toUpperCase()))
    throw reader.refusal(`Attribute name is a reserved keyword; reserved keyword: ${next}`);
  return next;
}

export type Path = {
  read: Operand;
  write(item: Item, given: Placeholders, value: Payload | undefined): void;
  names(given: Placeholders): string[];
};

export function path(reader: Reader): Path {
  const parts = [name(reader)];
  while (reader.skip('.')) parts.push(name(reader));
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

/** The functions that give a value, and the expressions in which they stand. */
const functions: Record<string, { in: 'a condition' | 'an update'; read: (reader: Reader) => Operand }> = {
  size: { in: 'a condition', read: size },
  if_not_exists: { in: 'an update', read: ifNotExists },
  list_append: { in: 'an update', read: listAppend },
};

function size(reader: Reader): Operand {
  const of = path(reader);
  return (item, given) => {
    const value = of.read(item, given);
    const inner = value?.S ?? value?.L ?? (value?.M && Object.keys(value.M));
    return inner && { N: String(inner.length) };
  };
}

function ifNotExists(reader: Reader): Operand {
  const known = path(reader);
  reader.take(',');
  const otherwise = operand(reader);
  return (item, given) => known.read(item, given) ?? otherwise(item, given);
}

function listAppend(reader: Reader): Operand {
  const first = operand(reader);
  reader.take(',');
  const second = operand(reader);
  return (item, given) => {
    const lists = [present(first(item, given)).L, present(second(item, given)).L];
    if (lists.includes(undefined))
      throw invalid('An operand in the update expression has an incorrect data type');
    return { L: lists.flat() };
  };
}

/** A value, a path, or a function of them. */
export function operand(reader: Reader): Operand {
  const next = reader.peek() ?? '';
  if (next.startsWith(':')) {
    reader.take();
    return (_item, given) => given.values[next];
  }
  if (reader.peek(1) !== '(') return path(reader).read;
  const known = Object.hasOwn(functions, next) ? functions[next] : undefined;
  if (!known) throw reader.refusal(`Invalid function name; function: ${next}`);
  const place = reader.kind === 'UpdateExpression' ? 'an update' : 'a condition';
  if (known.in !== place)
    throw reader.refusal(`The function is not allowed in ${place} expression; function: ${next}`);
  reader.take();
  return reader.inParentheses(() => known.read(reader));
}

/** A value that an update needs. */
export function present(value: Payload | undefined): Payload {
  if (value === undefined)
    throw invalid('The provided expression refers to an attribute that does not exist in the item');
  return value;
}

/** Each text is parsed once. */
export function cached<Parsed>(parse: (text: string) => Parsed): (text: string) => Parsed {
  const known = new Map<string, Parsed>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const parsed = parse(text);
    known.set(text, parsed);
    return parsed;
  };
}
