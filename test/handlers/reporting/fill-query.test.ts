import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillQueries, literalProblems, type Values } from '../../../handlers/reporting/fill-query.ts';

const values: Values = {
  from: '2026-11-24 06:00:00.000',
  to: '2026-11-25 06:00:00.000',
  first_dt: '2026-11-23',
  last_dt: '2026-11-26',
  zone: 'America/Argentina/Buenos_Aires',
  open_alerts_dt: '2026-11-25',
  run_id: 'night-to-2026-11-25',
};

/** Uses every value once. */
const whole = `-- It's a comment, with 'quotes' and no tag
SELECT ward, 'it''s -- no /* comment' AS text /* nor 'this' */
FROM readings
WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
  AND arrived_at >= TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000'
  AND arrived_at < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000'
  AND a = /*:zone*/ 'Europe/London' AND b = /*:open_alerts_dt*/ '2026-03-03' AND c = /*:run_id*/ 'run-1'`;

const filled = (sql: string, given: Values = values) => fillQueries({ whole, other: sql }, given)[1]?.sql;

test('each tagged literal is the night’s, and nothing else changes', () => {
  expect(filled(whole)).toBe(`-- It's a comment, with 'quotes' and no tag
SELECT ward, 'it''s -- no /* comment' AS text /* nor 'this' */
FROM readings
WHERE dt >= /*:first_dt*/ '2026-11-23' AND dt <= /*:last_dt*/ '2026-11-26'
  AND arrived_at >= TIMESTAMP /*:from*/ '2026-11-24 06:00:00.000'
  AND arrived_at < TIMESTAMP /*:to*/ '2026-11-25 06:00:00.000'
  AND a = /*:zone*/ 'America/Argentina/Buenos_Aires' AND b = /*:open_alerts_dt*/ '2026-11-25' AND c = /*:run_id*/ 'night-to-2026-11-25'`);
});

test('a query that is filled in can be filled in again', () => {
  expect(filled(filled(whole) as string)).toBe(filled(whole));
});

test('a literal that is used twice is filled in twice', () => {
  expect(filled("SELECT /*:zone*/ 'UTC' AS a, /*:zone*/ 'UTC' AS b")).not.toContain('UTC');
});

describe('a query is refused', () => {
  test.each([
    ['with a parameter that nobody knows', "SELECT /*:ward*/ 'w' AS a", 'ward is no parameter'],
    ['with a tag that has no literal', 'SELECT /*:zone*/ 5 AS a', '/*:zone*/ is a tag without a literal'],
    ['with a tag too far from its literal', "SELECT /*:zone*/\n'UTC' AS a", 'is a tag without a literal'],
    ['with a time that is a text', "SELECT /*:from*/ '2026-03-02 06:00:00.000' AS a", 'from is a TIMESTAMP'],
    ['with a text that is a time', "SELECT TIMESTAMP /*:zone*/ 'UTC' AS a", 'zone is no TIMESTAMP'],
    ['with an example that does not run', "SELECT /*:first_dt*/ '2026-02-30' AS a", 'example of first_dt'],
    ['with a date of its own', "SELECT a FROM t WHERE dt >= '2026-03-01'", 'is a date without a tag'],
    ['with a time of its own', "SELECT TIMESTAMP '2026-03-01 00:00:00' AS a", 'is a date without a tag'],
  ])('%s', (_what, sql, message) => {
    expect(literalProblems(sql).map((problem) => problem.message)).toEqual([
      expect.stringContaining(message),
    ]);
    expect(() => filled(sql)).toThrow(`Query other: ${literalProblems(sql)[0]?.message}`);
  });
});

describe('a value is refused, and the error does not repeat it', () => {
  test.each<[keyof Values, string]>([
    ['from', '2026-11-24T06:00:00.000Z'],
    ['from', '2026-11-24 06:00:00'],
    ['to', '2026-11-31 06:00:00.000'],
    ['first_dt', '2026-02-30'],
    ['last_dt', '24.11.2026'],
    ['zone', 'Europe/Atlantis'],
    ['zone', "Europe/London' OR 'a' = 'a"],
    ['run_id', "o'clock"],
    ['run_id', ''],
    ['run_id', 'x'.repeat(81)],
    ['run_id', 'a\n--'],
    ['run_id', 'a/*'],
  ])('%s: %j', (parameter, value) => {
    const message = () => fillQueries({ whole }, { ...values, [parameter]: value });
    expect(message).toThrow(parameter);
    try {
      message();
    } catch (error) {
      if (value) expect((error as Error).message).not.toContain(value);
    }
  });

  test('that no query uses, that is missing, or that is none of ours', () => {
    expect(() => fillQueries({ a: "SELECT /*:zone*/ 'UTC' AS a" }, values)).toThrow('No query uses from, to');
    const { zone: _, ...fewer } = values;
    expect(() => fillQueries({ whole }, fewer as Values)).toThrow('zone');
    expect(() => fillQueries({ whole }, { ...values, ward: 'w' } as Values)).toThrow('ward');
  });
});

test('no value whatever gets out of its literal', () => {
  const quotes = (sql: string) => sql.split("'").length;
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(..."'-/*:;\\\n a1") }),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(...(Object.keys(values) as (keyof Values)[])), (value, parameter) => {
      let sql = '';
      try {
        sql = fillQueries({ whole }, { ...values, [parameter]: value })[0]?.sql ?? '';
      } catch {
        return;
      }
      expect(quotes(sql)).toBe(quotes(whole));
      expect(sql).toContain(`'${value}'`);
    }),
    { numRuns: 2000 },
  );
});
