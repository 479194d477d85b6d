/**
 * JSONata as Step Functions evaluates it.
 *
 * - An expression is a whole string `{% ... %}`; anything else is literal. The language is JSONata 2.0.6 without `$eval`,
 *   with `$partition`, `$range`, `$hash`, `$random`, `$uuid` and `$parse`; a result of nothing is an error.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import { type Random, seededRandom } from '../../engine/random.ts';
import { EvaluationError } from './errors.ts';

export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

/** What an expression sees: `states` and the workflow's variables. */
export type Bindings = Record<string, Json>;

/** Where AWS's functions take time and randomness from. */
export type ClockAndRandom = { random: Random; now(): number };

/** What `$range` may give at most (States.ArrayRange, whose replacement it is). */
const maximumRange = 1000;

const hashAlgorithms = ['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

const compiled = new Map<string, jsonata.Expression>();

export function isExpression(text: string): boolean {
  return text.startsWith('{%') && text.endsWith('%}');
}

/** Compiles `{% ... %}` once; throws an Error that says what is wrong with it. */
export function compile(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known) return known;
  const source = text.slice(2, -2).trim();
  if (/\$eval\b/.test(source)) throw new Error('$eval is not available in Step Functions; use $parse');
  let expression: jsonata.Expression;
  try {
    expression = jsonata(source);
  } catch (error) {
    const { message, position } = error as { message: string; position?: number };
    throw new Error(`${message}${position === undefined ? '' : ` (at character ${position})`}`);
  }
  compiled.set(text, expression);
  return expression;
}

function range(first: number, last: number, step: number): number[] {
  if (!step) throw new Error('$range needs a step other than 0');
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > maximumRange) throw new Error(`$range gives at most ${maximumRange} items`);
  return Array.from({ length: count }, (_, index) => first + index * step);
}

function hash(data: unknown, algorithm: string): string {
  if (!hashAlgorithms.includes(algorithm)) throw new Error(`$hash knows no algorithm ${algorithm}`);
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return createHash(algorithm.replace('SHA-', 'sha')).update(text).digest('hex');
}

function partition(items: unknown[], size: number): unknown[][] {
  if (!Number.isInteger(size) || size < 1) throw new Error('$partition needs a size of at least 1');
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function uuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** JSONata's own clock and randomness give way to the account's. */
function functions({ random, now }: ClockAndRandom): Record<string, unknown> {
  return {
    parse: (text: string) => JSON.parse(text),
    uuid: () => uuid(random),
    hash,
    range,
    partition,
    random: (seed?: number) => (seed === undefined ? random : seededRandom(seed, '$random')).next(),
    millis: now,
    now: () => new Date(now()).toISOString(),
  };
}

/** JSONata's own functions are objects that JSON would otherwise take for data. */
const isFunction = (value: { _jsonata_lambda?: boolean; _jsonata_function?: boolean } | null) =>
  Boolean(value?._jsonata_lambda || value?._jsonata_function);

async function evaluateText(text: string, location: string, bindings: Bindings, around: ClockAndRandom) {
  const described = `The JSONata expression '${text.slice(2, -2).trim()}' specified for the field '${location}'`;
  let result: unknown;
  try {
    result = await compile(text).evaluate(undefined, { ...functions(around), ...bindings });
  } catch (error) {
    throw new EvaluationError(location, `${described} threw an error. ${(error as Error).message}`);
  }
  const plain = JSON.stringify(result, (_name, value) => (isFunction(value) ? undefined : value));
  if (plain === undefined) throw new EvaluationError(location, `${described} returned nothing (undefined).`);
  return JSON.parse(plain) as Json;
}

/** The value of a field: each expression in it evaluated, the rest as written; throws EvaluationError. */
export async function evaluate(
  template: Json,
  location: string,
  bindings: Bindings,
  around: ClockAndRandom,
): Promise<Json> {
  if (typeof template === 'string')
    return isExpression(template) ? evaluateText(template, location, bindings, around) : template;
  if (template === null || typeof template !== 'object') return template;
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries())
      items.push(await evaluate(item, `${location}[${index}]`, bindings, around));
    return items;
  }
  const members: Record<string, Json> = {};
  for (const [name, member] of Object.entries(template))
    members[name] = await evaluate(member, `${location}/${name}`, bindings, around);
  return members;
}
