/** Reads the DDL of sql/tables, the single source of the archive's columns, into what Glue keeps of a table. */
import type { CfnTable } from 'aws-cdk-lib/aws-glue';

type Column = { name: string; type: string };

export type TableDefinition = {
  name: string;
  columns: Column[];
  partitionKeys: Column[];
  /** The table as Glue has it, its objects in the given bucket. */
  tableInput(bucketName: string): CfnTable.TableInputProperty;
};

/** Input format, output format and SerDe, as Athena's own CREATE TABLE sets them. */
const formats = {
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  },
  json: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
  },
};

function columnsOf(list: string): Column[] {
  return list.split(',').map((column) => {
    const [name, type, ...more] = column.trim().split(/\s+/);
    if (!name || !type || more.length > 0) throw new Error(`not a column: "${column.trim()}"`);
    return { name, type };
  });
}

const statement =
  /^CREATE EXTERNAL TABLE (\w+) \(([^)]+)\)\s+PARTITIONED BY \(([^)]+)\)\s+(STORED AS PARQUET|ROW FORMAT SERDE 'org\.openx\.data\.jsonserde\.JsonSerDe')\s+LOCATION '([^']+)'\s+TBLPROPERTIES \(([^)]+)\)\s*$/;

/** The one CREATE EXTERNAL TABLE of a file; throws for any other form. */
export function parseTable(sqlText: string): TableDefinition {
  const match = statement.exec(sqlText.replace(/^--.*\n/gm, ''));
  if (!match)
    throw new Error('A file of sql/tables holds one CREATE EXTERNAL TABLE in the form of the others');
  const [, name, columns, partitions, format, location, properties] = match as unknown as string[];
  const parameters = Object.fromEntries(
    [...(properties as string).matchAll(/'([^']+)' = '([^']+)'/g)].map(([, key, value]) => [key, value]),
  );
  const inBucket = (text: string, bucketName: string) =>
    text.replaceAll('${ArchiveBucket}', () => bucketName);
  return {
    name: name as string,
    columns: columnsOf(columns as string),
    partitionKeys: columnsOf(partitions as string),
    tableInput: (bucketName) => ({
      name: name as string,
      tableType: 'EXTERNAL_TABLE',
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([key, value]) => [key, inBucket(value as string, bucketName)]),
      ),
      partitionKeys: columnsOf(partitions as string),
      storageDescriptor: {
        columns: columnsOf(columns as string),
        location: inBucket(location as string, bucketName),
        ...(format?.startsWith('STORED') ? formats.parquet : formats.json),
      },
    }),
  };
}
