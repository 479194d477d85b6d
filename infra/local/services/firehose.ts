/**
 * Amazon Data Firehose: to S3 as Parquet, from a Kinesis stream or from PutRecordBatch.
 *
 * - Records are buffered until IntervalInSeconds or SizeInMBs, whichever comes first.
 *   https://docs.aws.amazon.com/firehose/latest/dev/create-configure.html
 * - A processor gets the records of a batch and answers each with Ok, Dropped or ProcessingFailed; an invocation that fails is
 *   tried three times. Failed records keep their raw bytes under the error prefix.
 *   https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 * - Format conversion reads concatenated JSON objects by the Glue table's columns; what it cannot read goes to the error prefix.
 *   https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
 * - `!{timestamp:yyyy-MM-dd}` is the arrival of the oldest record in the object, in UTC.
 *   https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 * - A delivery to S3 that fails is tried again for up to 24 hours. https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 * - PutRecordBatch: 500 records and 4 MiB. https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import { z } from 'zod';
import { type Account, AwsError, type Caller, type Payload, type Service } from '../service.ts';
import type { GlueService, GlueTable } from './glue.ts';
import type { KinesisService } from './kinesis.ts';

const maximumBatchRecords = 500;
const maximumBatchBytes = 4 * 1024 * 1024;
/** Firehose's default for a processor's buffer. */
const transformBytes = 1024 * 1024;
const transformAttempts = 3;
const deliveryRetryMs = 30_000;

const destination = z.strictObject({
  BucketARN: z.string(),
  RoleARN: z.string(),
  Prefix: z.string(),
  ErrorOutputPrefix: z.string(),
  BufferingHints: z.strictObject({ IntervalInSeconds: z.number(), SizeInMBs: z.number() }),
  CompressionFormat: z.literal('UNCOMPRESSED'),
  // Encryption at rest.
  EncryptionConfiguration: z.unknown().optional(),
  DataFormatConversionConfiguration: z.strictObject({
    Enabled: z.literal(true),
    InputFormatConfiguration: z.strictObject({
      Deserializer: z.strictObject({ OpenXJsonSerDe: z.strictObject({}) }),
    }),
    OutputFormatConfiguration: z.strictObject({
      Serializer: z.strictObject({ ParquetSerDe: z.strictObject({}) }),
    }),
    SchemaConfiguration: z.strictObject({
      CatalogId: z.string(),
      DatabaseName: z.string(),
      Region: z.string(),
      RoleARN: z.string(),
      TableName: z.string(),
      VersionId: z.literal('LATEST'),
    }),
  }),
  ProcessingConfiguration: z
    .strictObject({
      Enabled: z.literal(true),
      Processors: z.tuple([
        z.strictObject({
          Type: z.literal('Lambda'),
          Parameters: z.tuple([
            z.strictObject({ ParameterName: z.literal('LambdaArn'), ParameterValue: z.string() }),
          ]),
        }),
      ]),
    })
    .optional(),
});

const streamProperties = z.strictObject({
  DeliveryStreamName: z.string(),
  DeliveryStreamType: z.enum(['DirectPut', 'KinesisStreamAsSource']),
  ExtendedS3DestinationConfiguration: destination,
  KinesisStreamSourceConfiguration: z
    .strictObject({ KinesisStreamARN: z.string(), RoleARN: z.string() })
    .optional(),
  // Encryption of the buffer.
  DeliveryStreamEncryptionConfigurationInput: z.unknown().optional(),
});
type Properties = z.infer<typeof streamProperties>;

type Buffered = { data: Buffer; at: number; kinesis?: Payload };
type Delivery = {
  name: string;
  arn: string;
  properties: Properties;
  waiting: Buffered[];
  bytes: number;
  planned: boolean;
};

export type FirehoseService = Service & {
  /** What an outage looks like: nothing is delivered any more, records keep coming. */
  stop(deliveryStreamName: string): void;
};

const parquetTypes: Record<string, BasicType> = {
  string: 'STRING',
  double: 'DOUBLE',
  bigint: 'INT64',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
};

/** One value as the column's type holds it; a value of another kind is an error, as the SerDe's would be. */
function converted(value: Payload, type: string): Payload {
  if (value === null || value === undefined) return null;
  if (type === 'string') return String(value);
  if (type === 'double' && typeof value === 'number') return value;
  if (type === 'bigint' && Number.isInteger(value)) return BigInt(value);
  if (type === 'boolean' && typeof value === 'boolean') return value;
  if (
    type === 'timestamp' &&
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(value)
  )
    return new Date(`${value.replace(' ', 'T')}Z`);
  throw new TypeError(`not a ${type}`);
}

/** The JSON objects of one record, which may follow each other. */
function objectsOf(data: Buffer): Payload[] {
  return data
    .toString('utf8')
    .split(/(?<=\})\s*(?=\{)/)
    .filter((text) => text.trim() !== '')
    .map((text) => JSON.parse(text));
}

function parquetOf(table: GlueTable, rows: readonly Payload[]): Buffer {
  const columnData = table.columns.map(({ Name, Type }) => ({
    name: Name,
    type: parquetTypes[Type] as BasicType,
    data: rows.map((row) => row[Name]),
  }));
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

export function firehose(account: Account): FirehoseService {
  const deliveries = new Map<string, Delivery>();
  const stopped = new Set<string>();
  const random = account.random('firehose');

  function find(name: string): Delivery {
    const found = deliveries.get(name);
    if (!found) throw new AwsError('ResourceNotFoundException', `Firehose ${name} not found under account`);
    return found;
  }

  function receive(delivery: Delivery, record: Buffered): void {
    delivery.waiting.push(record);
    delivery.bytes += record.data.length;
    const hints = delivery.properties.ExtendedS3DestinationConfiguration.BufferingHints;
    if (delivery.planned && delivery.bytes < hints.SizeInMBs * 1024 * 1024) return;
    delivery.planned = true;
    account.clock.after(hints.IntervalInSeconds * 1000, () => {
      delivery.planned = false;
      delivery.bytes = 0;
      if (!stopped.has(delivery.name)) void deliver(delivery, delivery.waiting.splice(0));
    });
  }

  const callerOf = ({ name, properties }: Delivery): Caller => ({
    name: `firehose ${name}`,
    roleArn: properties.ExtendedS3DestinationConfiguration.RoleARN,
  });

  async function transformBatch(delivery: Delivery, functionArn: string, batch: Buffered[]) {
    const records = batch.map((record, index) => ({
      recordId: String(index),
      approximateArrivalTimestamp: record.at,
      data: record.data.toString('base64'),
      ...(record.kinesis && { kinesisRecordMetadata: record.kinesis }),
    }));
    const Payload = JSON.stringify({
      invocationId: random.bytes(16).toString('hex'),
      deliveryStreamArn: delivery.arn,
      region: account.region,
      records,
    });
    for (let attempt = 1; attempt <= transformAttempts; attempt++) {
      const result = await account
        .call(callerOf(delivery), 'lambda', 'Invoke', { FunctionName: functionArn, Payload })
        .catch((error: Error) => ({ FunctionError: error.name }));
      if (result.FunctionError) continue;
      const answers = new Map<string, Payload>(
        JSON.parse(result.Payload).records.map((answer: Payload) => [answer.recordId, answer]),
      );
      return batch.map((record, index) => ({ record, answer: answers.get(String(index)) }));
    }
    return batch.map((record) => ({ record, answer: { result: 'ProcessingFailed' } as Payload }));
  }

  /** What the processor makes of the records: those to convert, and those that failed. */
  async function transform(delivery: Delivery, records: Buffered[]) {
    const processing = delivery.properties.ExtendedS3DestinationConfiguration.ProcessingConfiguration;
    if (!processing) return { ok: records, failed: [] as Buffered[] };
    const functionArn = processing.Processors[0].Parameters[0].ParameterValue;
    const ok: Buffered[] = [];
    const failed: Buffered[] = [];
    for (let from = 0; from < records.length; ) {
      let to = from;
      for (let bytes = 0; to < records.length && bytes < transformBytes; to++)
        bytes += (records[to] as Buffered).data.length;
      for (const { record, answer } of await transformBatch(delivery, functionArn, records.slice(from, to))) {
        if (answer?.result === 'Ok') ok.push({ ...record, data: Buffer.from(answer.data, 'base64') });
        else if (answer?.result !== 'Dropped') failed.push(record);
      }
      from = to;
    }
    return { ok, failed };
  }

  function convert(table: GlueTable, records: Buffered[]) {
    const rows: Payload[] = [];
    const failed: Buffered[] = [];
    for (const record of records) {
      try {
        const own = objectsOf(record.data).map((object) =>
          Object.fromEntries(table.columns.map(({ Name, Type }) => [Name, converted(object[Name], Type)])),
        );
        rows.push(...own);
      } catch {
        failed.push(record);
      }
    }
    return { rows, failed };
  }

  /** Puts one object, again and again until S3 takes it. */
  async function put(
    delivery: Delivery,
    prefix: string,
    oldestAt: number,
    Body: Buffer,
    suffix: string,
  ): Promise<void> {
    const stamp = new Date(oldestAt).toISOString();
    const folder = prefix.replace('!{timestamp:yyyy-MM-dd}', stamp.slice(0, 10));
    const now = new Date(account.clock.now()).toISOString().slice(0, 19).replace(/[T:]/g, '-');
    const Key = `${folder}${delivery.name}-1-${now}-${random.bytes(16).toString('hex')}${suffix}`;
    const Bucket = delivery.properties.ExtendedS3DestinationConfiguration.BucketARN.replace(
      'arn:aws:s3:::',
      '',
    );
    const giveUpAt = account.clock.now() + 24 * 60 * 60_000;
    while (account.clock.now() < giveUpAt) {
      try {
        await account.call(callerOf(delivery), 's3', 'PutObject', { Bucket, Key, Body });
        return;
      } catch {
        await account.clock.sleep(deliveryRetryMs);
      }
    }
    account.record({ source: 'firehose', what: 'gave up', delivery: delivery.name });
  }

  async function deliver(delivery: Delivery, records: Buffered[]): Promise<void> {
    if (records.length === 0) return;
    const target = delivery.properties.ExtendedS3DestinationConfiguration;
    const { DatabaseName, TableName } = target.DataFormatConversionConfiguration.SchemaConfiguration;
    const catalog = account.service<GlueService>('glue');
    account.authorize(
      callerOf(delivery),
      catalog.permissions('glue:GetTableVersions', DatabaseName, TableName),
    );
    const oldestAt = (records[0] as Buffered).at;
    const transformed = await transform(delivery, records);
    const { rows, failed } = convert(catalog.table(DatabaseName, TableName), transformed.ok);
    const raw = (bad: Buffered[]) =>
      Buffer.from(
        bad.map((record) => `${JSON.stringify({ rawData: record.data.toString('base64') })}\n`).join(''),
      );
    const failures: [string, Buffered[]][] = [
      ['processing-failed', transformed.failed],
      ['format-conversion-failed', failed],
    ];
    for (const [type, bad] of failures)
      if (bad.length > 0)
        await put(
          delivery,
          target.ErrorOutputPrefix.replace('!{firehose:error-output-type}', type),
          oldestAt,
          raw(bad),
          '',
        );
    if (rows.length > 0)
      await put(
        delivery,
        target.Prefix,
        oldestAt,
        parquetOf(catalog.table(DatabaseName, TableName), rows),
        '.parquet',
      );
  }

  function readKinesis(delivery: Delivery): void {
    const source = delivery.properties.KinesisStreamSourceConfiguration;
    if (!source) return;
    const caller = { name: `firehose ${delivery.name}`, roleArn: source.RoleARN };
    const needed = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListShards'].map((action) => ({
      action: `kinesis:${action}`,
      resource: source.KinesisStreamARN,
    }));
    account.service<KinesisService>('kinesis').onRecord(source.KinesisStreamARN, (record) => {
      account.authorize(caller, needed);
      receive(delivery, {
        data: record.data,
        at: record.arrivedAt,
        kinesis: {
          shardId: record.shardId,
          partitionKey: record.partitionKey,
          approximateArrivalTimestamp: record.arrivedAt,
          sequenceNumber: record.sequenceNumber,
          subsequenceNumber: 0,
        },
      });
    });
  }

  return {
    id: 'firehose',
    stop: (name) => void stopped.add(name),
    operations: {
      PutRecordBatch: {
        permissions: (input) => [
          { action: 'firehose:PutRecordBatch', resource: find(input.DeliveryStreamName).arn },
        ],
        run(input) {
          const delivery = find(input.DeliveryStreamName);
          const data = input.Records.map((record: Payload) => Buffer.from(record.Data));
          const bytes = data.reduce((sum: number, one: Buffer) => sum + one.length, 0);
          if (data.length < 1 || data.length > maximumBatchRecords || bytes > maximumBatchBytes)
            throw new AwsError(
              'InvalidArgumentException',
              'A batch holds 1 to 500 records and at most 4 MiB',
            );
          for (const one of data) receive(delivery, { data: one, at: account.clock.now() });
          return {
            FailedPutCount: 0,
            RequestResponses: data.map(() => ({ RecordId: random.bytes(8).toString('hex') })),
          };
        },
      },
    },
    resources: {
      'AWS::KinesisFirehose::DeliveryStream': {
        properties: streamProperties,
        create({ properties }: { properties: Properties }) {
          const name = properties.DeliveryStreamName;
          const arn = `arn:aws:firehose:${account.region}:${account.accountId}:deliverystream/${name}`;
          deliveries.set(name, { name, arn, properties, waiting: [], bytes: 0, planned: false });
          return { ref: name, attributes: { Arn: arn } };
        },
      },
    },
    start() {
      for (const delivery of deliveries.values()) readKinesis(delivery);
    },
  };
}
