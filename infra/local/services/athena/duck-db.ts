/** Queries on the archive's objects as DuckDB runs them: each table is a view on the files that it has at that moment. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Account } from '../../engine/service.ts';
import type { GlueTable } from '../glue.ts';
import type { S3Service } from '../s3.ts';
import { duckDbSettings } from './trino-to-duckdb.ts';
import { printed } from './values.ts';

export type Result = {
  columns: { Name: string; Type: string }[];
  /** With the names of the columns first. */
  lines: (string | undefined)[][];
};

const duckDbTypes: Record<string, string> = {
  string: 'VARCHAR',
  double: 'DOUBLE',
  bigint: 'BIGINT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
};

async function connect(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:');
  const connected = await instance.connect();
  for (const setting of duckDbSettings) await connected.run(setting);
  return connected;
}

/** The table as a view on the objects that it has now, its partitions projected up to tomorrow. */
function viewOf(account: Account, table: GlueTable): string {
  const folder = join(account.service<S3Service>('s3').folderOf(table.bucket), table.prefix);
  const last = new Date(account.clock.now() + 86_400_000).toISOString().slice(0, 10);
  const columns = table.columns
    .map(({ Name, Type }) => `CAST(${Name} AS ${duckDbTypes[Type]}) AS ${Name}`)
    .join(', ');
  const files = `'${folder}*/*'`;
  const source =
    table.format === 'parquet'
      ? `read_parquet(${files}, hive_partitioning = true, hive_types_autocast = false)`
      : `read_json(${files}, format = 'newline_delimited', hive_partitioning = true, hive_types_autocast = false, columns = {${table.columns.map(({ Name, Type }) => `${Name}: '${duckDbTypes[Type]}'`).join(', ')}})`;
  const empty = `(SELECT ${table.columns.map(({ Name }) => `NULL AS ${Name}`).join(', ')}, '' AS dt WHERE false)`;
  const from = hasObjects(folder) ? source : empty;
  return `CREATE OR REPLACE TEMP VIEW ${table.name} AS SELECT ${columns}, dt FROM ${from} WHERE dt BETWEEN '${table.firstDay}' AND '${last}'`;
}

function hasObjects(folder: string): boolean {
  try {
    return readdirSync(folder).some((partition) => readdirSync(join(folder, partition)).length > 0);
  } catch {
    return false;
  }
}

/** What runs a query in DuckDB's SQL on these tables, by one connection. */
export function duckDb(account: Account): (sql: string, tables: readonly GlueTable[]) => Promise<Result> {
  let connection: Promise<DuckDBConnection> | undefined;
  return async (sql, tables) => {
    connection ??= connect();
    const connected = await connection;
    for (const table of tables) await connected.run(viewOf(account, table));
    const reader = await connected.runAndReadAll(sql);
    const names = reader.columnNames();
    const types = reader.columnTypes().map(String);
    return {
      columns: names.map((Name, index) => ({ Name, Type: (types[index] as string).toLowerCase() })),
      lines: [
        names,
        ...reader.getRows().map((row) => row.map((value, index) => printed(value, types[index] as string))),
      ],
    };
  };
}
