/**
 * What DynamoDB's expressions are made of: tokens, attributes and operands. What the models do not know is refused as
 * DynamoDB refuses what it does not know.
 *
 * - A reserved word stands only behind a placeholder.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
 */
import type { Payload } from '../../engine/service.ts';
import { type Item, invalid } from './items.ts';
import { reservedWords } from './reserved-words.ts';

export type Placeholders = { names: Record<string, string>; values: Record<string, Payload> };
export type Operand = (item: Item, given: Placeholders) => Payload | undefined;
/** Where an expression stands in the request; refusals name it. */
export type Kind = 'ConditionExpression' | 'FilterExpression' | 'KeyConditionExpression' | 'UpdateExpression';

const token = /\s*(<=|[()=<>,+]|[:#]?[A-Za-z_]\w*)/y;

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
    return this.refusal(`Syntax error, or what is not modelled; token: "${at}"`);
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
}

/** A plain name that is not reserved, or a placeholder. */
function name(reader: Reader): string {
  const next = reader.take();
  if (!/^#?[A-Za-z_]/.test(next)) throw reader.syntaxError(next);
  if (reservedWords.has(next.toUpperCase()))
    throw reader.refusal(`Attribute name is a reserved keyword; reserved keyword: ${next}`);
  return next;
}

/** An attribute of the item itself, by the name that it has in the item; paths into maps and lists are not modelled. */
export function attribute(reader: Reader): (given: Placeholders) => string {
  const plain = name(reader);
  return (given) => (plain.startsWith('#') ? (given.names[plain] as string) : plain);
}

/** A value, or an attribute. */
export function operand(reader: Reader): Operand {
  const next = reader.peek() ?? '';
  if (next.startsWith(':')) {
    reader.take();
    return (_item, given) => given.values[next];
  }
  if (reader.peek(1) === '(')
    throw reader.refusal(`Invalid function name, or one that is not modelled; function: ${next}`);
  const named = attribute(reader);
  return (item, given) => item[named(given)];
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
