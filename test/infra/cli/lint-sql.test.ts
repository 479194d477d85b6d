/** The check of SQL says what is wrong, in which file and on which line. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** Several files at once: the grammar takes a second to load. */
function lint(files: Record<string, string>) {
  const cwd = mkdtempSync(join(tmpdir(), 'vigil-lint-'));
  mkdirSync(join(cwd, 'sql/tables'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, 'sql', name), text);
  return spawnSync('node', [resolve('infra/cli/lint-sql.ts')], { cwd, encoding: 'utf8' });
}

test('what is wrong is named with its file and line, and fails', () => {
  const { status, stdout } = lint({
    'grammar.sql': 'SELECT a\nFROM WHERE b',
    'function.sql': 'SELECT\n  approx_percentile(x, 5E-1)\nFROM t',
    'decimal.sql':
      "-- 1.5 in a comment and '2.5' in a text are none\nSELECT x / 1000.0 AS y, '2.5' AS z FROM t",
    'clock.sql': 'SELECT current_timestamp AS t',
    'literal.sql': "SELECT a\nFROM t\nWHERE b = /*:ward*/ 'x' AND dt >= '2026-03-01'",
    'two.sql': '-- One; two\nSELECT a FROM t WHERE b = ?',
    'zone.sql': "SELECT x AT TIME ZONE 'UTC' AS t FROM t",
    'tables/readings.sql': 'CREATE TABLE readings (a string)',
  });
  expect(stdout).toMatch(/FAILED {2}sql\/grammar\.sql\n +sql\/grammar\.sql:2: /);
  expect(stdout).toContain('sql/function.sql:2: approx_percentile is not on the list of functions');
  expect(stdout).toContain('sql/decimal.sql:2: 1000.0 is a decimal');
  expect(stdout).not.toContain('2.5');
  expect(stdout).toContain('sql/clock.sql:1: current_timestamp is the time of the query');
  expect(stdout).toContain('sql/zone.sql:1: AT TIME ZONE');
  expect(stdout).toContain('sql/literal.sql:3: ward is no parameter');
  expect(stdout).toContain("sql/literal.sql:3: '2026-03-01' is a date without a tag");
  expect(stdout).toContain('sql/two.sql:1: ; is the end of a statement');
  expect(stdout).toContain('sql/two.sql:2: ? is a parameter by its place');
  expect(stdout).toMatch(/sql\/tables\/readings\.sql:1: A file of sql\/tables holds/);
  expect(status).toBe(1);
}, 60_000);

test('every query of the project is in order', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'vigil-lint-'));
  cpSync('sql', join(cwd, 'sql'), { recursive: true });
  const { status, stdout } = spawnSync('node', [resolve('infra/cli/lint-sql.ts')], {
    cwd,
    encoding: 'utf8',
  });
  expect(stdout).not.toContain('FAILED');
  expect(status).toBe(0);
}, 60_000);
