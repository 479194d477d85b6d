/** Pins the Trino functions that the queries use to Trino's documented results (https://trino.io/docs/current/functions.html). */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import {
  duckDbSettings,
  trinoToDuckDb,
  withoutComments,
} from '../../../../infra/local/services/athena/trino-to-duckdb.ts';

let duckDb: DuckDBConnection;
beforeAll(async () => {
  duckDb = await (await DuckDBInstance.create(':memory:')).connect();
  for (const setting of duckDbSettings) await duckDb.run(setting);
});

async function value(expression: string): Promise<string> {
  const reader = await duckDb.runAndReadAll(trinoToDuckDb(`SELECT ${expression} AS v`));
  return String(reader.getRows()[0]?.[0]);
}

test.each([
  // Integer division truncates: functions/math.html
  ['7 / 2', '3'],
  // Null is never counted, and of no rows a count is zero: functions/aggregate.html
  ['(SELECT count(*) FILTER (WHERE x > 1) FROM (VALUES 0, 1) AS t(x))', '0'],
  ['(SELECT count(x) FROM (VALUES 1, NULL) AS t(x))', '1'],
  ['(SELECT max_by(x, y) FROM (VALUES (1, 5), (2, 4)) AS t(x, y))', '1'],
  ['(SELECT min_by(x, y) FILTER (WHERE y > 4) FROM (VALUES (1, 5), (2, 4), (0, 6)) AS t(x, y))', '1'],
  ['(SELECT min(x) FILTER (WHERE x > 3) FROM (VALUES 1, 2) AS t(x))', 'null'],
  ['(SELECT avg(x) FROM (VALUES 1, 2) AS t(x))', '1.5'],
  ['(SELECT count(DISTINCT x) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 2) AS t(x))', '1'],
  ['(SELECT sum(x) FROM (VALUES 1, 2) AS t(x) WHERE x > 2)', 'null'],
  ['(SELECT max(x) FROM (VALUES 1, NULL) AS t(x))', '1'],
  // functions/window.html: null sorts last unless told, the last row has no lead, the first no lag
  [
    '(SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY x NULLS LAST) AS n, x FROM (VALUES NULL, 1) AS t(x)) AS r WHERE x IS NULL)',
    '2',
  ],
  ['(SELECT lead(x) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1)', '2'],
  ['(SELECT lead(x) OVER (ORDER BY x) FROM (VALUES 1) AS t(x))', 'null'],
  ['(SELECT lag(x) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x DESC LIMIT 1)', '1'],
  ['(SELECT lag(x) OVER (ORDER BY x) FROM (VALUES 1) AS t(x))', 'null'],
  // A double literal divides as a double: language/types.html
  ['584 / 1E3', '0.584'],
  // functions/datetime.html: whole units, towards zero
  ["date_diff('hour', TIMESTAMP '2026-03-01 00:59:00', TIMESTAMP '2026-03-01 02:01:00')", '1'],
  ["date_diff('millisecond', TIMESTAMP '2026-03-01 00:00:01', TIMESTAMP '2026-03-01 00:00:00')", '-1000'],
  [
    "date_diff('millisecond', TIMESTAMP '2026-03-29 00:59:59.500', TIMESTAMP '2026-03-29 01:00:00.250')",
    '750',
  ],
  ["hour(at_timezone(with_timezone(TIMESTAMP '2026-07-01 05:30:00', 'UTC'), 'Europe/London'))", '6'],
  ["hour(at_timezone(with_timezone(TIMESTAMP '2026-01-01 05:30:00', 'UTC'), 'Europe/London'))", '5'],
  ["CAST('2026-03-02 06:00:00.000' AS timestamp) - INTERVAL '10' SECOND", '2026-03-02 05:59:50'],
  ['IF(2 > 1, 5)', '5'],
  ['IF(NULL > 1, 5)', 'null'],
  ['coalesce(NULL > 1, false)', 'false'],
  ["'a' || NULL", 'null'],
])('%s is %s, as in Trino', async (expression, expected) => {
  expect(await value(expression)).toBe(expected);
});

test('comments are no code; a literal that looks like one is', () => {
  const sql = "-- readings\nSELECT '-- a ''/* b */' AS a, /*:x*/ 'c' AS d /* of\nevents */ FROM t";
  expect(withoutComments(sql)).toBe(" \nSELECT '-- a ''/* b */' AS a,   'c' AS d   FROM t");
});

test('what is not SQL is refused', () => {
  expect(() => trinoToDuckDb('SELECT FROM WHERE (')).toThrow();
});
