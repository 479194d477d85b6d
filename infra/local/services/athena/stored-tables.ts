/**
 * The catalogue's tables in DuckDB. An object of the archive is never written again, so each is read once, when a query first
 * needs its table; should one have changed or gone all the same, its table is read anew.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { GlueTable } from '../glue.ts';

const duckDbTypes: Record<string, string> = {
  string: 'VARCHAR',
  double: 'DOUBLE',
  bigint: 'BIGINT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
};

/** The files of a table's folder, by partition, each with what a change of it would change. */
function objectsIn(folder: string): Map<string, string> {
  // Nothing has been put there yet.
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => {
        const { ino, mtimeMs, size } = statSync(file);
        return [file, `${ino} ${mtimeMs} ${size}`];
      }),
  );
}

function columnsOf({ columns }: GlueTable, of: (name: string, type: string) => string): string {
  return columns.map(({ Name, Type }) => of(Name, duckDbTypes[Type] as string)).join(', ');
}

/** The rows of some of a table's objects, their partition's value in `dt`. */
function rowsIn(table: GlueTable, files: readonly string[]): string {
  const list = `[${files.map((file) => `'${file}'`).join(', ')}]`;
  const partitions = 'hive_partitioning = true, hive_types_autocast = false';
  const columns = `columns = {${columnsOf(table, (name, type) => `${name}: '${type}'`)}}`;
  return table.format === 'parquet'
    ? `read_parquet(${list}, ${partitions})`
    : `read_json(${list}, format = 'newline_delimited', ${partitions}, ${columns})`;
}

export class StoredTables {
  readonly #duckDb: DuckDBConnection;
  /** The objects that stand in each table. */
  readonly #read = new Map<string, Map<string, string>>();

  constructor(duckDb: DuckDBConnection) {
    this.#duckDb = duckDb;
  }

  /** Makes the table what the folder's objects hold now, its partitions projected from the first day to `lastDay`. */
  async refresh(table: GlueTable, folder: string, lastDay: string): Promise<void> {
    const objects = objectsIn(folder);
    const read = await this.#standing(table, objects);
    const added = [...objects.keys()].filter((file) => !read.has(file));
    if (added.length > 0) {
      const columns = columnsOf(table, (name, type) => `CAST(${name} AS ${type}) AS ${name}`);
      await this.#duckDb.run(
        `INSERT INTO stored_${table.name} SELECT ${columns}, dt FROM ${rowsIn(table, added)}`,
      );
      for (const file of added) read.set(file, objects.get(file) as string);
    }
    await this.#duckDb.run(
      `CREATE OR REPLACE TEMP VIEW ${table.name} AS SELECT * FROM stored_${table.name} WHERE dt BETWEEN '${table.firstDay}' AND '${lastDay}'`,
    );
  }

  /** What has been read of the table and still stands in the folder as it was; the table begins anew when something does not. */
  async #standing(table: GlueTable, objects: Map<string, string>): Promise<Map<string, string>> {
    const read = this.#read.get(table.name);
    if (read && [...read].every(([file, version]) => objects.get(file) === version)) return read;
    const columns = columnsOf(table, (name, type) => `${name} ${type}`);
    await this.#duckDb.run(`CREATE OR REPLACE TEMP TABLE stored_${table.name} (${columns}, dt VARCHAR)`);
    const none = new Map<string, string>();
    this.#read.set(table.name, none);
    return none;
  }
}
