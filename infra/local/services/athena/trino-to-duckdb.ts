/**
 * Athena's SQL (Trino) on DuckDB: translated by polyglot, with what it leaves different made the same by settings and
 * macros. test/infra/local/services/trino-to-duckdb.test.ts pins each of them.
 */
import { transpile } from '@polyglot-sql/sdk';
import { commentOrLiteral } from '../../../../handlers/reporting/fill-query.ts';

/** Run once a connection: where DuckDB's defaults or functions differ from Trino's. */
export const duckDbSettings = [
  "SET TimeZone = 'UTC'",
  'SET threads = 1',
  'SET integer_division = true',
  'SET enable_external_file_cache = false',
  "SET memory_limit = '1GB'",
  // Trino counts whole units, DuckDB the boundaries that lie between.
  'CREATE OR REPLACE MACRO date_diff(unit, since, until) AS date_sub(unit, since, until)',
  'CREATE OR REPLACE MACRO with_timezone(instant, zone) AS timezone(zone, instant)',
  'CREATE OR REPLACE MACRO at_timezone(instant, zone) AS timezone(zone, instant)',
];

const translated = new Map<string, string>();

/** The statement in DuckDB's dialect, worked out once; throws when it is not one statement that polyglot can read. */
export function trinoToDuckDb(sql: string): string {
  const known = translated.get(sql);
  if (known !== undefined) return known;
  const result = transpile(sql, 'trino' as never, 'duckdb' as never) as {
    success: boolean;
    sql?: string[];
    error?: string;
  };
  if (!result.success || result.sql?.length !== 1) throw new Error(result.error ?? 'not one statement');
  const [statement] = result.sql as [string];
  translated.set(sql, statement);
  return statement;
}

/** The statement's code: a comment may name a table that it does not read. */
export function withoutComments(sql: string): string {
  return sql.replace(commentOrLiteral, (found) => (found.startsWith("'") ? found : ' '));
}
