import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { most, queryPlan } from '../../../infra/build/query-plan.ts';

test.each<[why: string, sql: string, scans: number, stages: number]>([
  ['a constant is the result', 'SELECT 1 AS a', 0, 1],
  ['one node reads, another has the result', 'SELECT count(*) AS n FROM t', 1, 2],
  ['groups lie together', 'SELECT a, count(*) AS n FROM t GROUP BY a', 1, 3],
  ['sorting takes two, the first of what is sorted one', 'SELECT a FROM t ORDER BY a', 1, 3],
  ['sorting takes two, the first of what is sorted one', 'SELECT a FROM t ORDER BY a LIMIT 5', 1, 2],
  [
    'what lies together by a column does so by more',
    'SELECT a, b, count(*) AS n FROM (SELECT a, b, max(c) OVER (PARTITION BY a) AS d FROM t) AS u GROUP BY a, b',
    1,
    3,
  ],
  [
    'but not by another',
    'SELECT b, count(*) AS n FROM (SELECT a, b, max(c) OVER (PARTITION BY a) AS d FROM t) AS u GROUP BY b',
    1,
    4,
  ],
  [
    'a column that is called otherwise is the same one',
    'SELECT b, count(*) AS n FROM (SELECT a AS b, max(c) OVER (PARTITION BY a) AS d FROM t) AS u GROUP BY b',
    1,
    3,
  ],
  ['each side of a join goes to the other', 'SELECT t.a FROM t INNER JOIN u ON u.b = t.a', 2, 4],
  [
    'unless it lies there',
    'SELECT t.a FROM t INNER JOIN (SELECT b FROM u GROUP BY b) AS v ON v.b = t.a',
    2,
    4,
  ],
  ['after a full join, rows lie anywhere', 'SELECT DISTINCT t.a FROM t FULL JOIN u ON u.b = t.a', 2, 5],
  ['what is unnested stands in its row', 'SELECT n.b FROM t CROSS JOIN UNNEST(ARRAY[1, 2]) AS n (b)', 1, 2],
  ['constants are everywhere', 'WITH b AS (SELECT 1 AS c) SELECT a FROM t CROSS JOIN b', 1, 2],
  ['a named window', 'SELECT max(a) OVER w AS m FROM t WINDOW w AS (PARTITION BY b)', 1, 3],
  ['a window over everything is on one node', 'SELECT row_number() OVER (ORDER BY a) AS n FROM t', 1, 2],
  ['what IN asks goes everywhere', 'SELECT a FROM t WHERE a IN (SELECT b FROM u)', 2, 3],
  ['what is counted once lies together', 'SELECT a, count(DISTINCT b) AS n FROM t GROUP BY a', 1, 4],
  ['each side of a union is a stage', 'SELECT a FROM t UNION ALL SELECT b FROM u', 2, 3],
  ['rows that are alike in both lie together', 'SELECT a FROM t UNION SELECT b FROM u', 2, 4],
  [
    'and do so for who groups them',
    'SELECT a, count(*) AS n FROM (SELECT a FROM t UNION SELECT b FROM u) AS v GROUP BY a',
    2,
    4,
  ],
])('%s: %s', (_why, sql, scans, stages) => {
  expect(queryPlan(sql)).toEqual({ scans, stages });
});

test('what WITH names is planned anew wherever its name stands, also through another name', () => {
  const sql = `WITH
    a AS (SELECT k, max(x) AS m FROM t GROUP BY k),
    b AS (SELECT a.k FROM a INNER JOIN a AS again ON again.k = a.k)
  SELECT b.k FROM b INNER JOIN b AS other ON other.k = b.k`;
  expect(queryPlan(sql)).toEqual({ scans: 4, stages: 6 });
});

test('a name of WITH hides no table from what stands before it', () => {
  const sql = 'WITH t AS (SELECT a FROM t WHERE a > 1) SELECT a FROM t';
  expect(queryPlan(sql).scans).toBe(1);
});

test.each([
  ['a scalar subquery', 'SELECT (SELECT max(b) FROM u) AS m FROM t'],
  ['EXISTS', 'SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.b = t.a)'],
  ['ALL', 'SELECT a FROM t WHERE a > ALL (SELECT b FROM u)'],
  ['IN among the columns', 'SELECT a IN (SELECT b FROM u) AS i FROM t'],
  ['IN of an IF', 'SELECT IF(a IN (SELECT b FROM u), 1) AS i FROM t'],
  ['IN of a FILTER', 'SELECT count(*) FILTER (WHERE a IN (SELECT b FROM u)) AS n FROM t'],
  ['IN of a HAVING', 'SELECT a FROM t GROUP BY a HAVING max(b) IN (SELECT b FROM u)'],
  ['IN of a join', 'SELECT t.a FROM t INNER JOIN v ON v.b = t.a AND v.c IN (SELECT b FROM u)'],
  ['a subquery in what IN asks of', 'SELECT a FROM t WHERE (SELECT max(b) FROM u) IN (SELECT c FROM v)'],
  ['a comma join', 'SELECT a FROM t, u'],
  ['a join in brackets', 'SELECT a FROM (t CROSS JOIN u)'],
  ['INTERSECT', 'SELECT a FROM t INTERSECT SELECT b FROM u'],
  ['a name of WITH that nobody uses', 'WITH b AS (SELECT c FROM u) SELECT a FROM t'],
])('%s is refused: it would not be counted', (_what, sql) => {
  expect(() => queryPlan(sql)).toThrow('not planned here');
});

test('what is not one statement is refused', () => {
  expect(() => queryPlan('SELECT FROM WHERE (')).toThrow();
});

const files = readdirSync('sql').filter((file) => file.endsWith('.sql'));

test.each(files)('sql/%s is short enough', (file) => {
  const { scans, stages } = queryPlan(readFileSync(`sql/${file}`, 'utf8'));
  expect(scans).toBeLessThanOrEqual(most.scans);
  expect(stages).toBeLessThanOrEqual(most.stages);
});
