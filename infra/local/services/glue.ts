/**
 * AWS Glue Data Catalog: databases and external tables, as Athena and Firehose read them.
 *
 * - Partition projection computes partitions from the table's properties; no crawler, no partition list.
 *   https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
import { z } from 'zod';
import { AwsError } from '../engine/aws-error.ts';
import { inert } from '../engine/inert.ts';
import { type Account, type Permission, resource, type Service } from '../engine/service.ts';

const columns = z.array(z.strictObject({ Name: z.string(), Type: z.string() }));

const catalogId = inert('there is one catalog', z.string());

const databaseProperties = z.strictObject({
  CatalogId: catalogId,
  DatabaseInput: z.strictObject({ Name: z.string() }),
});

const tableProperties = z.strictObject({
  CatalogId: catalogId,
  DatabaseName: z.string(),
  TableInput: z.strictObject({
    Name: z.string(),
    TableType: z.literal('EXTERNAL_TABLE'),
    Parameters: z.strictObject({
      'projection.enabled': z.literal('true'),
      'projection.dt.type': z.literal('date'),
      'projection.dt.format': z.literal('yyyy-MM-dd'),
      'projection.dt.range': z.string().regex(/^\d{4}-\d\d-\d\d,NOW\+1DAY$/),
      'storage.location.template': z.string().endsWith('/dt=${dt}/'),
    }),
    PartitionKeys: z.tuple([z.strictObject({ Name: z.literal('dt'), Type: z.literal('string') })]),
    StorageDescriptor: z.strictObject({
      Columns: columns,
      Location: z.string().regex(/^s3:\/\/[^/]+\/[^/]+\/$/),
      InputFormat: inert('SerdeInfo says it too', z.string()),
      OutputFormat: inert('Athena only reads', z.string()),
      SerdeInfo: z.strictObject({
        SerializationLibrary: z.enum([
          'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          'org.openx.data.jsonserde.JsonSerDe',
        ]),
      }),
    }),
  }),
});

export type GlueTable = {
  name: string;
  columns: { Name: string; Type: string }[];
  bucket: string;
  /** The folder of its objects in the bucket, ending in a slash. */
  prefix: string;
  format: 'parquet' | 'json';
  /** The first day of the projection; its last is the day after now. */
  firstDay: string;
};

export type GlueService = Service & {
  table(database: string, name: string): GlueTable;
  tables(database: string): GlueTable[];
  /** What reading a table's definition asks for. */
  permissions(action: string, database: string, name: string): Permission[];
};

export function glue(account: Account): GlueService {
  const databases = new Map<string, Map<string, GlueTable>>();
  const databaseOf = (name: string) => {
    const found = databases.get(name) ?? new Map<string, GlueTable>();
    databases.set(name, found);
    return found;
  };
  const arn = (resource: string) => `arn:aws:glue:${account.region}:${account.accountId}:${resource}`;
  return {
    id: 'glue',
    operations: {},
    table(database, name) {
      const found = databases.get(database)?.get(name);
      if (!found) throw new AwsError('EntityNotFoundException', `Entity Not Found: ${database}.${name}`);
      return found;
    },
    tables: (database) => [...databaseOf(database).values()],
    permissions: (action, database, name) =>
      ['catalog', `database/${database}`, `table/${database}/${name}`].map((resource) => ({
        action,
        resource: arn(resource),
      })),
    resources: {
      'AWS::Glue::Database': resource(databaseProperties, ({ properties }) => {
        databaseOf(properties.DatabaseInput.Name);
        return { ref: properties.DatabaseInput.Name };
      }),
      'AWS::Glue::Table': resource(tableProperties, ({ properties }) => {
        const { Name, StorageDescriptor, Parameters } = properties.TableInput;
        const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(
          StorageDescriptor.Location,
        ) as RegExpExecArray;
        databaseOf(properties.DatabaseName).set(Name, {
          name: Name,
          columns: StorageDescriptor.Columns,
          bucket: bucket as string,
          prefix: prefix as string,
          format: StorageDescriptor.SerdeInfo.SerializationLibrary.includes('Parquet') ? 'parquet' : 'json',
          firstDay: Parameters['projection.dt.range'].split(',')[0] as string,
        });
        return { ref: Name };
      }),
    },
  };
}
