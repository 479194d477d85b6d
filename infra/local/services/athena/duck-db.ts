/** Queries on the archive's objects as DuckDB runs them: each table as the files are that it has at that moment. */
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Account } from '../../engine/service.ts';
import type { GlueTable } from '../glue.ts';
import type { S3Service } from '../s3.ts';
import { StoredTables } from './stored-tables.ts';
import { duckDbSettings } from './trino-to-duckdb.ts';
import { printed } from './values.ts';

export type Result = {
  columns: { Name: string; Type: string }[];
  /** With the names of the columns first. */
  lines: (string | undefined)[][];
};

async function connect(): Promise<{ connected: DuckDBConnection; stored: StoredTables }> {
  const instance = await DuckDBInstance.create(':memory:');
  const connected = await instance.connect();
  for (const setting of duckDbSettings) await connected.run(setting);
  return { connected, stored: new StoredTables(connected) };
}

/** What runs a query in DuckDB's SQL on these tables, by one connection. */
export function duckDb(account: Account): (sql: string, tables: readonly GlueTable[]) => Promise<Result> {
  let connection: ReturnType<typeof connect> | undefined;
  return async (sql, tables) => {
    connection ??= connect();
    const { connected, stored } = await connection;
    const tomorrow = new Date(account.clock.now() + 86_400_000).toISOString().slice(0, 10);
    for (const table of tables) {
      const folder = join(account.service<S3Service>('s3').folderOf(table.bucket), table.prefix);
      await stored.refresh(table, folder, tomorrow);
    }
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
