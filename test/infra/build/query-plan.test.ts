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

test('what is not one statement is refused', () => {
  expect(() => queryPlan('SELECT FROM WHERE (')).toThrow();
});

const files = readdirSync('sql').filter((file) => file.endsWith('.sql'));

test.each(files)('sql/%s is short enough', (file) => {
  const { scans, stages } = queryPlan(readFileSync(`sql/${file}`, 'utf8'));
  expect(scans).toBeLessThanOrEqual(most.scans);
  expect(stages).toBeLessThanOrEqual(most.stages);
});
