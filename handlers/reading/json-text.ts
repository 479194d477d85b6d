/**
 * JSON as devices send it. One text may hold several values, one after another or a line each; python's NaN, None and quotes
 * are read, and nothing is lost that tells two patients apart: the digits of a long number, and a name that is there twice.
 */

import { budgetOfRecord, type RecordBudget, spendValue } from './record-budget.ts';

/** Values that were named more than once in one object, each different one once: nobody knows which was meant. */
export class Repeated {
  readonly values: unknown[];
  readonly #known: Set<unknown>;
  constructor(values: unknown[]) {
    this.values = values;
    this.#known = new Set(values);
  }
  add(value: unknown): void {
    if (!this.#known.has(value)) this.values.push(value);
    this.#known.add(value);
  }
}

/** `source`: as it was sent. A value of a list has its own, any other that of the list's element that it stands in. */
type Sourced = { value: unknown; source: string };
export type JsonValue = Sourced | { notJson: string };

/** Deeper than any message; each level costs some stack. */
const MOST_LEVELS = 64;
const HEXADECIMAL = /^[0-9a-fA-F]{4}$/;
const number = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const word = /[A-Za-z_$][\w$]*/y;
/** Within a line. */
const space = /[^\S\n]+/y;
const upToQuote = { '"': /[^"\\]*/y, "'": /[^'\\]*/y };
const words: Record<string, unknown> = {
  true: true,
  True: true,
  false: false,
  False: false,
  null: null,
  None: null,
  undefined: null,
  NaN: Number.NaN,
  nan: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
};
const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Where each element of a list stands in its text. */
const elementSources = new WeakMap<readonly unknown[], string[]>();

/** The list's elements as they were sent; undefined when it was not parsed here. */
export function sourcesOf(list: readonly unknown[]): readonly string[] | undefined {
  return elementSources.get(list);
}

/** The values of a text; what is none stands between them, to the next line that begins one. Total. */
export function valuesIn(text: string, budget = budgetOfRecord()): JsonValue[] {
  const values: JsonValue[] = [];
  const reader = new Reader(text, budget);
  while (reader.skipTo(',\u001e')) {
    const from = reader.at;
    try {
      const value = reader.value(MOST_LEVELS);
      values.push({ value, source: text.slice(from, reader.at) });
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      reader.at = nextLineOf(text, from);
      values.push({ notJson: text.slice(from, reader.at) });
    }
  }
  return values;
}

/** The end of the line before the next one that begins a list or an object; else that of the text. */
function nextLineOf(text: string, from: number): number {
  for (let at = text.indexOf('\n', from + 1); at >= 0; at = text.indexOf('\n', at + 1)) {
    space.lastIndex = at + 1;
    if ('{['.includes(text.charAt(space.test(text) ? space.lastIndex : at + 1) || ' ')) return at;
  }
  return text.length;
}

class NotJson extends Error {}
/** One for all: to note where each was thrown would cost more than to read. */
const notJson = new NotJson();

class Reader {
  at = 0;
  readonly text: string;
  readonly #budget: RecordBudget;
  constructor(text: string, budget: RecordBudget) {
    this.text = text;
    this.#budget = budget;
  }

  /** Past spaces, zeros that pad, and these; false at the end. */
  skipTo(others = ''): boolean {
    while (this.at < this.text.length) {
      const character = this.text.charAt(this.at);
      if (character > ' ' && !/\s/.test(character) && !others.includes(character)) return true;
      this.at++;
    }
    return false;
  }

  value(levels: number): unknown {
    spendValue(this.#budget);
    if (levels === 0) throw notJson;
    this.skipTo();
    const character = this.text.charAt(this.at);
    if (character === '{') return this.#object(levels);
    if (character === '[') return this.#list(levels);
    if (character === '"' || character === "'") return this.#string(character);
    const digits = this.#match(number);
    if (digits !== undefined) return numberOf(digits);
    const isNegative = character === '-';
    if (isNegative) this.at++;
    const named = this.#match(word) ?? '';
    if (!Object.hasOwn(words, named)) throw notJson;
    const value = words[named];
    return isNegative && typeof value === 'number' ? -value : value;
  }

  #object(levels: number): Record<string, unknown> {
    const object: Record<string, unknown> = Object.create(null);
    this.at++;
    while (!this.#closes('}')) {
      const quote = this.text.charAt(this.at);
      const name = quote === '"' || quote === "'" ? this.#string(quote) : this.#match(word);
      this.skipTo();
      if (name === undefined || this.text.charAt(this.at) !== ':') throw notJson;
      this.at++;
      const value = this.value(levels - 1);
      object[name] = name in object ? both(object[name], value) : value;
      this.#comma('}');
    }
    return object;
  }

  #list(levels: number): unknown[] {
    const list: unknown[] = [];
    const sources: string[] = [];
    this.at++;
    while (!this.#closes(']')) {
      const from = this.at;
      list.push(this.value(levels - 1));
      sources.push(this.text.slice(from, this.at));
      this.#comma(']');
    }
    elementSources.set(list, sources);
    return list;
  }

  #closes(bracket: string): boolean {
    if (!this.skipTo()) throw notJson;
    if (this.text.charAt(this.at) !== bracket) return false;
    this.at++;
    return true;
  }

  #comma(bracket: string): void {
    this.skipTo();
    if (this.text.charAt(this.at) === ',') this.at++;
    else if (this.text.charAt(this.at) !== bracket) throw notJson;
  }

  #string(quote: '"' | "'"): string {
    let text = '';
    for (this.at++; ; ) {
      text += this.#match(upToQuote[quote]);
      const end = this.text.charAt(this.at++);
      if (end === quote) return text;
      if (end === '') throw notJson;
      const escaped = this.text.charAt(this.at++);
      if (escaped !== 'u') text += escapes[escaped] ?? escaped;
      else {
        const [digits] = HEXADECIMAL.exec(this.text.slice(this.at, this.at + 4)) ?? [];
        if (digits === undefined) throw notJson;
        text += String.fromCharCode(Number.parseInt(digits, 16));
        this.at += digits.length;
      }
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

/** What was read here, as a text that tells it from anything else. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_name, part) => (typeof part === 'bigint' ? { whole: String(part) } : part));
}

/** Far more than an id or an instant has: a number of more digits costs ever more to read, and is none. */
const MOST_DIGITS = 40;

/**
 * A whole number beyond 2^53 with all its digits; one with zeros before it as the text that it must be, and one with a fraction
 * that is too long to keep.
 */
function numberOf(digits: string): number | bigint | string {
  if (/^[-+]?0\d/.test(digits) || digits.length > MOST_DIGITS) return digits;
  const value = Number(digits);
  if (/^-?\d+$/.test(digits)) return Number.isSafeInteger(value) ? value : BigInt(digits);
  return Number.isInteger(value) && /\.\d*[1-9]/.test(digits) && !/e/i.test(digits) ? digits : value;
}

function both(one: unknown, other: unknown): unknown {
  const isScalar = typeof other !== 'object' || other === null;
  if (isScalar && [one].includes(other)) return one;
  if (!(one instanceof Repeated)) return new Repeated([one, other]);
  one.add(other);
  return one;
}
