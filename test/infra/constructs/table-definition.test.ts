import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseTable } from '../../../infra/constructs/table-definition.ts';

const files = readdirSync('sql/tables');
const ddl = (name: string) => readFileSync(`sql/tables/${name}.sql`, 'utf8');

test.each(files)('%s: named as its file, partitioned by day up to tomorrow, in the bucket given', (file) => {
  const table = parseTable(readFileSync(`sql/tables/${file}`, 'utf8'));
  expect(`${table.name}.sql`).toBe(file);
  expect(table.partitionKeys).toEqual([{ name: 'dt', type: 'string' }]);
  const { parameters, storageDescriptor } = table.tableInput('a-bucket');
  expect(parameters).toMatchObject({ 'projection.dt.range': '2026-01-01,NOW+1DAY' });
  const location = (storageDescriptor as { location: string }).location;
  expect(location).toMatch(/^s3:\/\/a-bucket\/[a-z-]+\/$/);
  expect(parameters['storage.location.template']).toBe(`${location}dt=\${dt}/`);
});

test('columns keep their order and types; Parquet and JSON have their own SerDe', () => {
  const readings = parseTable(ddl('readings'));
  expect(readings.columns.slice(0, 2)).toEqual([
    { name: 'reading_id', type: 'string' },
    { name: 'device_id', type: 'string' },
  ]);
  expect(readings.columns).toContainEqual({ name: 'systolic', type: 'double' });
  const serde = (name: string) => JSON.stringify(parseTable(ddl(name)).tableInput('b'));
  expect(serde('readings')).toContain('ParquetHiveSerDe');
  expect(serde('quarantine')).toContain('org.openx.data.jsonserde.JsonSerDe');
});

test.each([
  ['another statement', 'SELECT 1'],
  ['two tables', `${ddl('events')};${ddl('readings')}`],
  [
    'a column of more than a name and a type',
    ddl('events').replace('alert_key string', 'alert_key string NOT'),
  ],
])('%s is refused', (_what, text) => {
  expect(() => parseTable(text)).toThrow();
});
