/** Every query of sql/ is Trino by Trino's own grammar and calls only functions known to mean the same here and on Athena. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { trinoToDuckDb } from '../local/services/trino-to-duckdb.ts';
import { parseTable } from '../table-definition.ts';

type Problem = { startLine: number; message: string };
type Grammar = { validate(sql: string): Problem[] };

const folder = fileURLToPath(new URL('../../sql/', import.meta.url));

/** Pinned by test/local/trino-to-duckdb.test.ts. `count_if` is not among them: of no rows it gives null here, 0 on Athena. */
const allowedFunctions = new Set(
  'at_timezone avg coalesce count date_diff hour max max_by min row_number sum with_timezone'.split(' '),
);

/** The parser is published with imports of directories, which Node refuses: bundled on the spot. */
async function trinoGrammar(): Promise<Grammar> {
  const directory = mkdtempSync(join(tmpdir(), 'vigil-grammar-'));
  const outfile = join(directory, 'trino.mjs');
  try {
    buildSync({
      stdin: {
        contents: "export { TrinoSQL } from 'dt-sql-parser/dist/parser/trino/index.js';",
        resolveDir: folder,
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

/** Calls of functions (lower case; keywords are upper case) that are not on the list, outside comments and texts. */
function unknownFunctions(sql: string): Problem[] {
  const code = sql.replace(/--.*$/gm, '').replace(/'[^']*'/g, (text) => ' '.repeat(text.length));
  return [...code.matchAll(/\b([a-z_]+)\s*\(/g)]
    .filter(([, name]) => !allowedFunctions.has(name as string))
    .map((match) => ({
      startLine: lineOf(code, match.index),
      message: `${match[1]} is not on the list of functions`,
    }));
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
    ? tableProblems(sql)
    : [...grammar.validate(sql), ...unknownFunctions(sql), ...translation(sql)];
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'}  sql/${file}`);
  for (const { startLine, message } of problems) console.log(`        sql/${file}:${startLine}: ${message}`);
  if (problems.length > 0) process.exitCode = 1;
}
