/** Firehose's documented behaviours; each group cites its page. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../../../infra/local/engine/aws-error.ts';
import type { Account, Payload, Service } from '../../../../infra/local/engine/service.ts';
import { type FirehoseService, firehose } from '../../../../infra/local/services/firehose/service.ts';
import { glue } from '../../../../infra/local/services/glue.ts';
import { kinesis } from '../../../../infra/local/services/kinesis.ts';
import { s3 } from '../../../../infra/local/services/s3.ts';
import { type FakeAccount, fakeAccount, operator } from '../fake-account.ts';

const startAt = '2026-03-01T23:59:30.000Z';
let account: FakeAccount;
let bucket: string;
/** What the processor answers, or throws. */
let processor: (record: { recordId: string; data: string }) => { result: string; data?: string };
let invocations: Payload[];
let answersNothing: boolean;

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
          invocations.push(event);
          const records = event.records.map((record: Payload) => ({
            recordId: record.recordId,
            ...processor(record),
          }));
          return { StatusCode: 200, Payload: JSON.stringify(answersNothing ? null : { records }) };
        },
      },
    },
  };
}

beforeEach(() => {
  account = fakeAccount(startAt);
  invocations = [];
  answersNothing = false;
  processor = ({ data }) => ({ result: 'Ok', data });
  for (const factory of [s3, glue, kinesis, firehose, lambda as (account: Account) => Service])
    account.add<never>(factory as never);
  bucket = account.create('AWS::S3::Bucket', 'Archive', {}).ref;
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
});

function deliveryStream(
  changes: { processor?: Record<string, string>; stream?: string; hints?: object } = {},
) {
  const { processor: parameters, stream, hints } = changes;
  account.create('AWS::KinesisFirehose::DeliveryStream', 'Delivery', {
    DeliveryStreamName: 'delivery',
    DeliveryStreamType: stream ? 'KinesisStreamAsSource' : 'DirectPut',
    ...(stream && { KinesisStreamSourceConfiguration: { KinesisStreamARN: stream, RoleARN: 'role' } }),
    ExtendedS3DestinationConfiguration: {
      BucketARN: `arn:aws:s3:::${bucket}`,
      RoleARN: 'role',
      Prefix: 'rows/dt=!{timestamp:yyyy-MM-dd}/',
      ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/',
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64, ...hints },
      CompressionFormat: 'UNCOMPRESSED',
      DataFormatConversionConfiguration: {
        Enabled: true,
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
        SchemaConfiguration: {
          CatalogId: account.accountId,
          DatabaseName: 'vigil',
          Region: account.region,
          RoleARN: 'role',
          TableName: 'rows',
          VersionId: 'LATEST',
        },
      },
      ...(parameters && {
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: Object.entries({ LambdaArn: 'arn:function', ...parameters }).map(
                ([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue }),
              ),
            },
          ],
        },
      }),
    },
  });
  account.service('firehose').start?.();
}

const put = (...records: (string | object)[]) =>
  account.done(
    account.call(operator, 'firehose', 'PutRecordBatch', {
      DeliveryStreamName: 'delivery',
      Records: records.map((record) => ({
        Data: Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)),
      })),
    }),
  );
const pass = (seconds: number) => account.clock.run(account.clock.now() + seconds * 1000);

const folder = () => join(account.directory, 's3', bucket);
const objects = () => globSync('**/*-*', { cwd: folder() }).sort();

async function rows(): Promise<unknown[][]> {
  const duckDb = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await duckDb.runAndReadAll(
    `SELECT text, number, whole, flag, "at" FROM read_parquet('${folder()}/rows/*/*.parquet') ORDER BY text`,
  );
  return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
}

/** The raw bytes of what failed, by kind. */
function failed(): Record<string, string[]> {
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

describe('buffering (create-configure)', () => {
  test('what comes within the interval of the first record is one object', async () => {
    deliveryStream();
    await put({ text: 'a' });
    await pass(40);
    await put({ text: 'b' });
    await pass(15);
    expect(objects()).toEqual([]);
    await pass(10);
    expect((await rows()).map(([text]) => text)).toEqual(['a', 'b']);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
    await put({ text: 'c' });
    await pass(65);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(2);
  });

  test('a full buffer does not wait for the interval, and the next interval begins with the next record', async () => {
    deliveryStream();
    const text = (megabytes: number) => ({ text: 'x'.repeat(megabytes * 900 * 1024) });
    // 4 MiB a call at most, 1,000 KiB a record: 72 records of 900 KiB are 63.3 MiB, one more is 64.2.
    for (let call = 0; call < 18; call++) await put(text(1), text(1), text(1), text(1));
    expect(objects()).toEqual([]);
    await put(text(1));
    await pass(1);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
    expect(await rows()).toHaveLength(73);
    await pass(120);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
    await put({ text: 'next' });
    await pass(59);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
    await pass(2);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(2);
  });

  test('nothing is left to happen when nothing waits', async () => {
    deliveryStream();
    await put({ text: 'a' });
    await pass(65);
    expect(account.clock.nextAt()).toBeUndefined();
  });

  test.each([
    ['SizeInMBs', { SizeInMBs: 63 }],
    ['IntervalInSeconds', { IntervalInSeconds: 901 }],
    ['RoleSession', { RoleSession: 'x' }],
  ])('a buffer that Firehose would not take, or that is not modelled, is refused: %s', (name, hints) => {
    expect(() => deliveryStream({ hints })).toThrow(name);
  });

  test('a stopped delivery takes records and delivers none', async () => {
    deliveryStream();
    await put({ text: 'before' });
    account.service<FirehoseService>('firehose').stop('delivery');
    await put({ text: 'after' });
    await pass(3600);
    expect(objects()).toEqual([]);
  });
});

test('the prefix has the day of the oldest record, in UTC (s3-prefixes); the name says stream and time (s3-object-name)', async () => {
  deliveryStream();
  await put({ text: 'before midnight' });
  await pass(31);
  await put({ text: 'after midnight' });
  await pass(60);
  expect(objects().filter((name) => name.endsWith('.parquet'))).toEqual([
    expect.stringMatching(/^rows\/dt=2026-03-01\/delivery-1-2026-03-02-00-00-\d\d-\w+\.parquet$/),
  ]);
});

describe('format conversion (record-format-conversion)', () => {
  test('columns are the table’s: what is absent is null, what is more is left out', async () => {
    deliveryStream();
    await put(
      { text: 'all', number: 1.5, whole: 7, flag: true, at: '2026-03-01 12:00:00.250', more: 1 },
      { text: 'none' },
    );
    await pass(61);
    expect(await rows()).toEqual([
      ['all', '1.5', '7', 'true', '2026-03-01 12:00:00.25'],
      ['none', null, null, null, null],
    ]);
  });

  test('objects may follow each other, with or without space, and hold braces in texts', async () => {
    deliveryStream();
    await put('{"text":"a"}{"text":"b}{\\"c"}\n{"text":"d"}\n');
    await pass(61);
    expect((await rows()).map(([text]) => text)).toEqual(['a', 'b}{"c', 'd']);
  });

  test.each([
    ['no JSON', 'not JSON'],
    ['half an object', '{"text":"a"}{"text":'],
    ['a text for a number', '{"number":"many"}'],
    ['a time of another form', '{"at":"2026-03-01T12:00:00Z"}'],
  ])('%s goes to the error prefix with its bytes; its neighbours are delivered', async (_what, bad) => {
    deliveryStream();
    await put({ text: 'good' }, bad);
    await pass(61);
    expect((await rows()).map(([text]) => text)).toEqual(['good']);
    expect(failed()).toEqual({ 'format-conversion-failed/dt=2026-03-01': [bad] });
  });
});

describe('a processor (data-transformation)', () => {
  test('gets the records with where they come from, and says what is delivered, dropped and failed', async () => {
    const stream = `arn:aws:kinesis:${account.region}:${account.accountId}:stream/readings-in`;
    deliveryStream({ processor: {}, stream });
    const said: Record<string, string> = { keep: 'Ok', drop: 'Dropped', fail: 'ProcessingFailed' };
    processor = ({ data }) => {
      const text = Buffer.from(data, 'base64').toString();
      return {
        result: said[text] as string,
        data: Buffer.from(JSON.stringify({ text: `${text}, processed` })).toString('base64'),
      };
    };
    for (const text of Object.keys(said)) {
      const record = { StreamName: 'readings-in', PartitionKey: text, Data: Buffer.from(text) };
      await account.done(account.call(operator, 'kinesis', 'PutRecord', record));
    }
    await pass(65);
    expect((await rows()).map(([text]) => text)).toEqual(['keep, processed']);
    expect(failed()).toEqual({ 'processing-failed/dt=2026-03-01': ['fail'] });
    const [{ records }] = invocations;
    expect(records[0].kinesisRecordMetadata).toMatchObject({
      partitionKey: 'keep',
      shardId: expect.stringMatching(/^shardId-/),
      sequenceNumber: expect.stringMatching(/^\d+$/),
      approximateArrivalTimestamp: expect.closeTo(Date.parse(startAt), -2),
    });
  });

  test.each([
    [{}, 700],
    [{ BufferSizeInMBs: '0.2' }, 140],
  ])('is given a MiB at a time, or as much as it is told (%o)', async (parameters, kibibytes) => {
    deliveryStream({ processor: parameters });
    const large = { text: 'x'.repeat(kibibytes * 1024) };
    for (let count = 0; count < 4; count++) await put(large);
    await pass(65);
    expect(invocations.map(({ records }) => records.length)).toEqual([2, 2]);
  });

  test.each(['0.1', '3.5', 'much'])('that Firehose would not take is refused: a buffer of %s', (size) => {
    expect(() => deliveryStream({ processor: { BufferSizeInMBs: size } })).toThrow('must be 0.2 to 3');
  });

  test.each([
    [{}, 4],
    [{ NumberOfRetries: '6' }, 7],
  ])('that fails is tried again (%o); after that its records have failed', async (parameters, attempts) => {
    deliveryStream({ processor: parameters });
    let calls = 0;
    processor = () => {
      calls++;
      throw new AwsError('TooManyRequestsException', 'Rate exceeded');
    };
    await put({ text: 'a' });
    await pass(90);
    expect(calls).toBe(attempts);
    expect(failed()).toEqual({ 'processing-failed/dt=2026-03-01': ['{"text":"a"}'] });
  });

  test.each([
    ['no answer for the record', { recordId: 'another', result: 'Ok', data: '' }],
    ['Ok without data', { result: 'Ok' }],
    ['a result of another name', { result: 'Done', data: '' }],
  ])('that gives %s has failed the record', async (_what, answer) => {
    deliveryStream({ processor: {} });
    processor = () => answer as { result: string };
    await put({ text: 'a' });
    await pass(90);
    expect(failed()).toEqual({ 'processing-failed/dt=2026-03-01': ['{"text":"a"}'] });
  });

  test('that answers nothing at all, or may not be invoked, has failed every record', async () => {
    deliveryStream({ processor: {} });
    answersNothing = true;
    await put({ text: 'a' });
    await pass(65);
    account.denied.add('lambda:InvokeFunction');
    await put({ text: 'b' });
    await pass(90);
    expect(Object.values(failed()).flat().sort()).toEqual(['{"text":"a"}', '{"text":"b"}']);
    expect(account.asked).toContainEqual({ action: 'lambda:InvokeFunction', resource: 'arn:function' });
  });

  test('whose output is no row fails in the conversion, with the bytes that it gave', async () => {
    deliveryStream({ processor: {} });
    processor = () => ({ result: 'Ok', data: Buffer.from('not JSON').toString('base64') });
    await put({ text: 'a' });
    await pass(65);
    expect(failed()).toEqual({ 'format-conversion-failed/dt=2026-03-01': ['not JSON'] });
  });

  test('that recovers in time loses nothing', async () => {
    deliveryStream({ processor: {} });
    const working = processor;
    processor = () => {
      processor = working;
      throw new Error('once');
    };
    await put({ text: 'a' });
    await pass(90);
    expect(await rows()).toHaveLength(1);
  });
});

describe('what is not let through', () => {
  test.each(['s3:PutObject', 'glue:GetTableVersions'])(
    'without %s is tried again until it is (retry)',
    async (action) => {
      deliveryStream();
      account.denied.add(action);
      await put({ text: 'a' });
      await pass(3600);
      expect(objects()).toEqual([]);
      account.denied.delete(action);
      await pass(31);
      expect(await rows()).toHaveLength(1);
    },
  );

  test('is given up after 24 hours, which the log says (retry)', async () => {
    deliveryStream();
    account.denied.add('s3:PutObject');
    await put({ text: 'a' });
    await pass(24 * 3600 + 120);
    expect(account.events.filter((event) => event.what === 'gave up')).toHaveLength(1);
    account.denied.clear();
    await pass(3600);
    expect(objects()).toEqual([]);
  });

  test('a stream that it may not read is not read; whoever puts records does not notice', async () => {
    const stream = `arn:aws:kinesis:${account.region}:${account.accountId}:stream/readings-in`;
    deliveryStream({ stream });
    account.denied.add('kinesis:GetRecords');
    const record = { StreamName: 'readings-in', PartitionKey: 'a', Data: Buffer.from('{}') };
    await account.done(account.call(operator, 'kinesis', 'PutRecord', record));
    await pass(65);
    expect(objects()).toEqual([]);
  });
});

describe('PutRecordBatch (API_PutRecordBatch)', () => {
  test('answers with an id for each record', async () => {
    deliveryStream();
    const { FailedPutCount, RequestResponses } = await put({ text: 'a' }, { text: 'b' });
    expect(FailedPutCount).toBe(0);
    expect(new Set(RequestResponses.map(({ RecordId }: { RecordId: string }) => RecordId)).size).toBe(2);
  });

  test.each([
    ['no record', []],
    ['501 records', Array(501).fill('{}')],
    ['a record over 1,000 KiB', ['x'.repeat(1000 * 1024 + 1)]],
    ['more than 4 MiB', Array(5).fill('x'.repeat(900 * 1024))],
  ])('refuses %s', async (_what, records) => {
    deliveryStream();
    await expect(put(...records)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  test('refuses an option that is not modelled, by name', async () => {
    deliveryStream();
    const input = { DeliveryStreamName: 'delivery', Records: [{ Data: Buffer.from('{}') }], Priority: 1 };
    await expect(account.done(account.call(operator, 'firehose', 'PutRecordBatch', input))).rejects.toThrow(
      'Priority',
    );
  });

  test('takes 500 records', async () => {
    deliveryStream();
    await put(...Array(500).fill('{}'));
    await pass(61);
    expect(await rows()).toHaveLength(500);
  });

  test('refuses a stream that is not there', async () => {
    await expect(put({ text: 'a' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
