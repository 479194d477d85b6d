/** Firehose beside a bucket, a table and a stream, in an account of its own for each test: registers its hook. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeEach } from 'vitest';
import type { Account, Payload, Service } from '../../../../../infra/local/engine/service.ts';
import { firehose } from '../../../../../infra/local/services/firehose/service.ts';
import { glue } from '../../../../../infra/local/services/glue.ts';
import { kinesis } from '../../../../../infra/local/services/kinesis.ts';
import { s3 } from '../../../../../infra/local/services/s3.ts';
import { type FakeAccount, fakeAccount, operator } from '../../fake-account.ts';
import { addDeliveryStream, type DeliveryStream } from './delivery-stream.ts';

export const startAt = '2026-03-01T23:59:30.000Z';

type Processor = (record: { recordId: string; data: string }) => { result: string; data?: string };

export const world = {
  account: undefined as unknown as FakeAccount,
  bucket: '',
  /** What the processor answers, or throws. */
  processor: undefined as unknown as Processor,
  invocations: [] as Payload[],
  answersNothing: false,
};

/** Of Lambda, only that it can be invoked. */
function lambda(): Service {
  return {
    id: 'lambda',
    resources: {},
    operations: {
      Invoke: {
        options: ['FunctionName', 'Payload'],
        permissions: ({ FunctionName }) => [{ action: 'lambda:InvokeFunction', resource: FunctionName }],
        run({ Payload }) {
          const event = JSON.parse(Payload);
          world.invocations.push(event);
          const records = event.records.map((record: Payload) => ({
            recordId: record.recordId,
            ...world.processor(record),
          }));
          return { StatusCode: 200, Payload: JSON.stringify(world.answersNothing ? null : { records }) };
        },
      },
    },
  };
}

beforeEach(() => {
  const account = fakeAccount(startAt);
  Object.assign(world, {
    account,
    invocations: [],
    answersNothing: false,
    processor: ({ data }: { data: string }) => ({ result: 'Ok', data }),
  });
  for (const factory of [s3, glue, kinesis, firehose, lambda as (account: Account) => Service])
    account.add<never>(factory as never);
  const bucket = account.create('AWS::S3::Bucket', 'Archive', {}).ref;
  account.create('AWS::Kinesis::Stream', 'Stream', {
    Name: 'readings-in',
    RetentionPeriodHours: 24,
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  account.create('AWS::Glue::Table', 'Table', {
    CatalogId: account.accountId,
    DatabaseName: 'vigil',
    TableInput: {
      Name: 'rows',
      TableType: 'EXTERNAL_TABLE',
      Parameters: {
        'projection.enabled': 'true',
        'projection.dt.type': 'date',
        'projection.dt.format': 'yyyy-MM-dd',
        'projection.dt.range': '2026-01-01,NOW+1DAY',
        'storage.location.template': `s3://${bucket}/rows/dt=\${dt}/`,
      },
      PartitionKeys: [{ Name: 'dt', Type: 'string' }],
      StorageDescriptor: {
        Columns: ['text string', 'number double', 'whole bigint', 'flag boolean', 'at timestamp']
          .map((column) => column.split(' '))
          .map(([Name, Type]) => ({ Name, Type })),
        Location: `s3://${bucket}/rows/`,
        InputFormat: 'in',
        OutputFormat: 'out',
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        },
      },
    },
  });
  world.bucket = bucket;
});

export const deliveryStream = (changes: Omit<DeliveryStream, 'bucket'> = {}) =>
  addDeliveryStream(world.account, { bucket: world.bucket, ...changes });

export const put = (...records: (string | object)[]) =>
  world.account.done(
    world.account.call(operator, 'firehose', 'PutRecordBatch', {
      DeliveryStreamName: 'delivery',
      Records: records.map((record) => ({
        Data: Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)),
      })),
    }),
  );
export const pass = (seconds: number) => world.account.clock.run(world.account.clock.now() + seconds * 1000);

const folder = () => join(world.account.directory, 's3', world.bucket);
export const objects = () => globSync('**/*-*', { cwd: folder() }).sort();

export async function rows(): Promise<unknown[][]> {
  const duckDb = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await duckDb.runAndReadAll(
    `SELECT text, number, whole, flag, "at" FROM read_parquet('${folder()}/rows/*/*.parquet') ORDER BY text`,
  );
  return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
}

/** The raw bytes of what failed, by kind. */
export function failed(): Record<string, string[]> {
  const files = globSync('failed/**/*-*', { cwd: folder(), withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map((file) => [
      join(file.parentPath, '')
        .slice(folder().length + '/failed/'.length)
        .replace(/\/$/, ''),
      readFileSync(join(file.parentPath, file.name), 'utf8')
        .trim()
        .split('\n')
        .map((line) => Buffer.from(JSON.parse(line).rawData, 'base64').toString()),
    ]),
  );
}
