import { expect, test } from 'vitest';
import { codeOf, conditionsOf } from '../../../infra/build/sql-code.ts';

const conditions = (sql: string) =>
  conditionsOf(sql).map(({ index, length }) => sql.slice(index, index + length));

test.each([
  ['SELECT a FROM t', []],
  ['SELECT a FROM t WHERE a = 1', ['a = 1']],
  ["SELECT a FROM t WHERE a = 'x' AND b < 2 GROUP BY a", ["a = 'x'", 'b < 2']],
  ['SELECT a FROM t WHERE (a OR b AND c) AND d UNION ALL SELECT 1', ['(a OR b AND c)', 'd']],
  ['SELECT count(*) FILTER (WHERE a IN (1, 2)) AS n FROM t WHERE b', ['a IN (1, 2)', 'b']],
  ['SELECT * FROM (SELECT a FROM t WHERE a > 0) AS u WHERE band = 1', ['a > 0', 'band = 1']],
  ['SELECT count(IF(a AND b IN (1, 2), c, d)) OVER w AS n FROM t', ['a', 'b IN (1, 2)']],
  ['SELECT IF(a, IF(b, 1)) AS n FROM t WHERE c WINDOW w AS (PARTITION BY d)', ['a', 'b', 'c']],
  [
    "SELECT a FROM t -- WHERE is no word here\nWHERE a = 'WHERE b AND c' -- nor here",
    ["a = 'WHERE b AND c'"],
  ],
])('the conditions of %j', (sql, expected) => {
  expect(conditions(sql)).toEqual(expected);
});

test('comments and strings are no code, and everything else stays where it is', () => {
  expect(codeOf("a 'b' c -- d\ne")).toBe('a     c     \ne');
  expect(codeOf("a 'it''s' /* b\nc 'd' */ e")).toBe('a             \n         e');
});
