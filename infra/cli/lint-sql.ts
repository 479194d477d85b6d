/** Every query of sql/ is Trino by Trino's own grammar, and says nothing that means something else here than on Athena. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { literalProblems } from '../../handlers/reporting/fill-query.ts';
import { codeOf } from '../build/sql-code.ts';
import { parseTable } from '../constructs/table-definition.ts';
import { trinoToDuckDb } from '../local/services/athena/trino-to-duckdb.ts';

type Problem = { startLine: number; message: string };
type Grammar = { validate(sql: string): Problem[] };

const folder = resolve('sql');

/** Pinned by test/infra/local/services/trino-to-duckdb.test.ts. `count_if` is not among them: of no rows it gives null here, 0 on Athena. */
const allowedFunctions = new Set(
  'at_timezone avg coalesce count date_diff hour lag lead max max_by min min_by row_number sum with_timezone'.split(
    ' ',
  ),
);

/** What both take, and take differently. */
const banned: [pattern: RegExp, why: string][] = [
  [/(?<![\w.])\d*\.\d+(?![eE\d])/g, 'a decimal: Athena divides it to as many digits as it has; write 1E3'],
  [
    /\bcurrent_(?:timestamp|date|time)\b|\bnow\s*\(/gi,
    'the time of the query: pass the window as parameters',
  ],
  [/\bAT TIME ZONE\b/gi, 'AT TIME ZONE of a timestamp without a zone: use with_timezone and at_timezone'],
];

/** Also in comments and texts: a client or a console that splits a query at them may not know what those are. */
const bannedAnywhere: [pattern: RegExp, why: string][] = [
  [/;/g, 'the end of a statement: a query is one, and has none in its comments'],
  [/\?/g, 'a parameter by its place: give a literal a tag'],
];

/** The parser is published with imports of directories, which Node refuses: bundled on the spot. */
async function trinoGrammar(): Promise<Grammar> {
  const directory = mkdtempSync(join(tmpdir(), 'vigil-grammar-'));
  const outfile = join(directory, 'trino.mjs');
  try {
    buildSync({
      stdin: {
        contents: "export { TrinoSQL } from 'dt-sql-parser/dist/parser/trino/index.js';",
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      outfile,
    });
    const { TrinoSQL } = (await import(pathToFileURL(outfile).href)) as { TrinoSQL: new () => Grammar };
    return new TrinoSQL();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function findings(text: string, patterns: typeof banned): Problem[] {
  return patterns.flatMap(([pattern, why]) =>
    [...text.matchAll(pattern)].map((match) => ({
      startLine: lineOf(text, match.index),
      message: `${match[0]} is ${why}`,
    })),
  );
}

/** Calls of functions (lower case; keywords are upper case) that are not on the list, and what is banned. */
function differences(sql: string): Problem[] {
  const code = codeOf(sql);
  const unknown = [...code.matchAll(/(?<!\bAS )\b([a-z_]+)\s*\(/g)]
    .filter(([, name]) => !allowedFunctions.has(name as string))
    .map((call) => ({
      startLine: lineOf(code, call.index),
      message: `${call[1]} is not on the list of functions`,
    }));
  return [...unknown, ...findings(code, banned), ...findings(sql, bannedAnywhere)];
}

function literals(sql: string): Problem[] {
  return literalProblems(sql).map(({ index, message }) => ({ startLine: lineOf(sql, index), message }));
}

function translation(sql: string): Problem[] {
  try {
    trinoToDuckDb(sql);
    return [];
  } catch (error) {
    return [{ startLine: 1, message: `cannot be translated: ${(error as Error).message}` }];
  }
}

function tableProblems(sql: string): Problem[] {
  try {
    parseTable(sql);
    return [];
  } catch (error) {
    return [{ startLine: 1, message: (error as Error).message }];
  }
}

const grammar = await trinoGrammar();
const files = ['', 'tables/'].flatMap((under) =>
  readdirSync(join(folder, under))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => `${under}${file}`),
);
for (const file of files) {
  const sql = readFileSync(join(folder, file), 'utf8');
  const problems = file.startsWith('tables/')
    ? [...tableProblems(sql), ...findings(sql, bannedAnywhere)]
    : [...grammar.validate(sql), ...differences(sql), ...literals(sql), ...translation(sql)];
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'}  sql/${file}`);
  for (const { startLine, message } of problems) console.log(`        sql/${file}:${startLine}: ${message}`);
  if (problems.length > 0) process.exitCode = 1;
}
