/**
 * Queries that run as they stand: each literal that changes from night to night stands behind a tag, a comment of a colon
 * and the parameter's name. An analyst runs the file with the example in it; the report puts the night's value in its place.
 *
 * Athena takes a `?` only where a WHERE clause compares, and a query of ours needs its night elsewhere too.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
 */
import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';
import { wellFormed } from './malformed.ts';

const text = (pattern: RegExp, isValid: (value: string) => boolean = () => true) =>
  z.string().regex(pattern).refine(isValid);
const isInstant = (value: string) => DateTime.fromSQL(value, { zone: 'utc' }).isValid;

/** UTC, as the archive's columns have it. */
const timestamp = text(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/, isInstant);
const day = text(/^\d{4}-\d\d-\d\d$/, isInstant);
const zone = text(/^[A-Za-z][\w+/-]*$/, (value) => IANAZone.isValidZone(value));
/** No longer than the name of an execution. */
const id = text(/^[\w.-]{1,80}$/);

/** Every value that a query can ask for. None of their forms has a quote in it, so none ends its literal. */
const parameters = {
  from: timestamp,
  to: timestamp,
  first_dt: day,
  last_dt: day,
  zone,
  open_alerts_dt: day,
  run_id: id,
} as const;

type Parameter = keyof typeof parameters;
export type Values = Record<Parameter, string>;
const Values = z.strictObject(parameters);

/** What is wrong with a query's literals, by the place in its text. */
export type LiteralProblem = { index: number; message: string };

/** What is no code. A quote within a literal is doubled. */
export const commentOrLiteral = /--.*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g;

/** The same, where a tag belongs to the literal behind it. */
const piece = new RegExp(
  String.raw`(TIMESTAMP )?/\*:(\w*)\*/ '((?:[^']|'')*)'|${commentOrLiteral.source}`,
  'g',
);

function problemWith(
  found: string,
  typed: string | undefined,
  name?: string,
  example = '',
): string | undefined {
  if (name === undefined) {
    if (found.startsWith('/*:')) return `${found} is a tag without a literal`;
    return /^'\d{4}-\d\d/.test(found) ? `${found} is a date without a tag` : undefined;
  }
  if (!(name in parameters)) return `${name} is no parameter`;
  const type = parameters[name as Parameter];
  if ((typed !== undefined) !== (type === timestamp)) return `${name} is ${typed ? 'no' : 'a'} TIMESTAMP`;
  return type.safeParse(example).success ? undefined : `the example of ${name} is malformed`;
}

/** Of a query that is in order, none. */
export function literalProblems(sql: string): LiteralProblem[] {
  return [...sql.matchAll(piece)].flatMap(({ index, 0: found, 1: typed, 2: name, 3: example }) => {
    const message = problemWith(found, typed, name, example);
    return message === undefined ? [] : [{ index, message }];
  });
}

/**
 * The queries with these values in their tagged literals. Throws when a value is malformed, missing or none of ours,
 * when no query uses it, and when a query's own literals are not in order.
 */
export function fillQueries(queries: Record<string, string>, given: Values): { name: string; sql: string }[] {
  const values = wellFormed(Values, given);
  const used = new Set<string>();
  const filled = Object.entries(queries).map(([name, sql]) => {
    const [problem] = literalProblems(sql);
    if (problem) throw new Error(`Query ${name}: ${problem.message}`);
    return {
      name,
      sql: sql.replace(piece, (found, typed = '', parameter?: Parameter) => {
        if (parameter === undefined) return found;
        used.add(parameter);
        return `${typed}/*:${parameter}*/ '${values[parameter]}'`;
      }),
    };
  });
  const unused = Object.keys(values).filter((parameter) => !used.has(parameter));
  if (unused.length > 0) throw new Error(`No query uses ${unused.join(', ')}`);
  return filled;
}
