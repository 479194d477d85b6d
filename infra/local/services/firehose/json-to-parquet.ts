/** Firehose's format conversion: concatenated JSON objects become rows of a Glue table, and those a Parquet file. */
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import type { Payload } from '../../engine/service.ts';
import type { GlueTable } from '../glue.ts';

const parquetTypes: Record<string, BasicType> = {
  string: 'STRING',
  double: 'DOUBLE',
  bigint: 'INT64',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
};

type Row = Record<string, Payload>;

/** A record's rows, each with the table's columns and no others. Throws for what is no JSON, or no value of its column. */
export function rowsOfJson(table: GlueTable, data: Buffer): Row[] {
  return objectsOf(data.toString('utf8')).map((object) =>
    Object.fromEntries(table.columns.map(({ Name, Type }) => [Name, converted(object[Name], Type)])),
  );
}

/** The JSON objects of one record, which follow each other with or without space between. */
function objectsOf(text: string): Payload[] {
  const objects: Payload[] = [];
  let begin = 0;
  let depth = 0;
  // Whole texts are skipped, so that a brace inside one counts for nothing.
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{') depth++;
    if (token !== '}' || --depth > 0) continue;
    objects.push(JSON.parse(text.slice(begin, index + 1)));
    begin = index + 1;
  }
  if (text.slice(begin).trim() !== '') throw new SyntaxError('not a JSON object');
  return objects;
}

/** One value as the column's type holds it; a value of another kind is an error, as the SerDe's would be. */
function converted(value: Payload, type: string): Payload {
  if (value === null || value === undefined) return null;
  if (type === 'string') return String(value);
  if (type === 'double' && typeof value === 'number') return value;
  if (type === 'bigint' && Number.isInteger(value)) return BigInt(value);
  if (type === 'boolean' && typeof value === 'boolean') return value;
  if (type === 'timestamp' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(value))
    return new Date(`${value.replace(' ', 'T')}Z`);
  throw new TypeError(`not a ${type}`);
}

export function parquetOf(table: GlueTable, rows: readonly Row[]): Buffer {
  const columnData = table.columns.map(({ Name, Type }) => ({
    name: Name,
    type: parquetTypes[Type] as BasicType,
    data: rows.map((row) => row[Name]),
  }));
  return Buffer.from(parquetWriteBuffer({ columnData }));
}
