/**
 * Amazon Data Firehose: to S3 as Parquet, from a Kinesis stream or from PutRecordBatch.
 *
 * - Records are buffered until IntervalInSeconds or SizeInMBs, whichever comes first.
 *   https://docs.aws.amazon.com/firehose/latest/dev/create-configure.html
 * - A processor gets the records of a batch, up to 1 MiB, and answers each with Ok, Dropped or ProcessingFailed.
 *   https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 * - An invocation that fails is tried again NumberOfRetries times (3); then its records have failed. Failed records keep their raw
 *   bytes under the error prefix. https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
 *   The page names time-outs and throttles only; of a function's own error, records from production say `"attemptsMade": 4` too
 *   (`Lambda.FunctionError`, in the runbooks of https://github.com/CMSgov/beneficiary-fhir-data).
 * - Format conversion reads concatenated JSON objects by the Glue table's columns; what it cannot read goes to the error prefix.
 *   https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
 * - `!{timestamp:yyyy-MM-dd}` is the arrival of the oldest record in the object, in UTC.
 *   https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 * - A delivery to S3 that fails is tried again for up to 24 hours. https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 * - PutRecordBatch: 500 records, 1,000 KiB each, 4 MiB in all. https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
import { AwsError } from '../../engine/aws-error.ts';
import { type Account, type Payload, resource, type Service } from '../../engine/service.ts';
import type { GlueService, GlueTable } from '../glue.ts';
import type { KinesisService } from '../kinesis.ts';
import { parquetOf, rowsOfJson } from './json-to-parquet.ts';
import { type Buffered, callerOf, type Delivery, processor } from './processor.ts';
import { streamProperties } from './properties.ts';

const maximumBatchRecords = 500;
const maximumBatchBytes = 4 * 1024 * 1024;
const deliveryRetryMs = 30_000;
const deliveryRetriedForMs = 24 * 60 * 60_000;
const maximumRecordBytes = 1000 * 1024;

export type FirehoseService = Service & {
  /** What an outage looks like: nothing is delivered any more, records keep coming. */
  stop(deliveryStreamName: string): void;
};

export function firehose(account: Account): FirehoseService {
  const deliveries = new Map<string, Delivery>();
  const stopped = new Set<string>();
  const random = account.random('firehose');
  const transform = processor(account, random);

  function find(name: string): Delivery {
    const found = deliveries.get(name);
    if (!found) throw new AwsError('ResourceNotFoundException', `Firehose ${name} not found under account`);
    return found;
  }

  function receive(delivery: Delivery, record: Buffered): void {
    delivery.waiting.push(record);
    delivery.bytes += record.data.length;
    const { IntervalInSeconds, SizeInMBs } =
      delivery.properties.ExtendedS3DestinationConfiguration.BufferingHints;
    if (delivery.bytes >= SizeInMBs * 1024 * 1024) flush(delivery);
    else delivery.timer ??= account.clock.after(IntervalInSeconds * 1000, () => flush(delivery));
  }

  function flush(delivery: Delivery): void {
    delivery.timer?.cancel();
    delivery.timer = undefined;
    if (stopped.has(delivery.name)) return;
    delivery.bytes = 0;
    void deliver(delivery, delivery.waiting.splice(0));
  }

  function convert(table: GlueTable, records: Buffered[]) {
    const rows: Payload[] = [];
    const converted: Buffered[] = [];
    const failed: Buffered[] = [];
    for (const record of records) {
      try {
        rows.push(...rowsOfJson(table, record.data));
        converted.push(record);
      } catch {
        failed.push(record);
      }
    }
    return { rows, converted, failed };
  }

  /** Does what delivery needs, again and again until it succeeds; false when a day has passed. */
  async function persist(delivery: Delivery, act: () => unknown): Promise<boolean> {
    const giveUpAt = account.clock.now() + deliveryRetriedForMs;
    while (account.clock.now() < giveUpAt) {
      try {
        await act();
        return true;
      } catch {
        await account.clock.sleep(deliveryRetryMs);
      }
    }
    account.record({ source: 'firehose', what: 'gave up', delivery: delivery.name });
    return false;
  }

  async function put(delivery: Delivery, prefix: string, Body: Buffer, of: readonly Buffered[]) {
    const { BucketARN } = delivery.properties.ExtendedS3DestinationConfiguration;
    // Records wait in the order of their arrival.
    const oldest = new Date((of[0] as Buffered).at).toISOString();
    const folder = prefix.replace('!{timestamp:yyyy-MM-dd}', oldest.slice(0, 10));
    const now = new Date(account.clock.now()).toISOString().slice(0, 19).replace(/[T:]/g, '-');
    const suffix = prefix === delivery.properties.ExtendedS3DestinationConfiguration.Prefix ? '.parquet' : '';
    const Bucket = BucketARN.replace('arn:aws:s3:::', '');
    // Each attempt has a name of its own: one whose answer was lost leaves its records twice.
    await persist(delivery, () => {
      const Key = `${folder}${delivery.name}-1-${now}-${random.bytes(16).toString('hex')}${suffix}`;
      return account.call(callerOf(delivery), 's3', 'PutObject', { Bucket, Key, Body });
    });
  }

  async function deliver(delivery: Delivery, records: Buffered[]): Promise<void> {
    if (records.length === 0) return;
    const { DataFormatConversionConfiguration, Prefix, ErrorOutputPrefix } =
      delivery.properties.ExtendedS3DestinationConfiguration;
    const { DatabaseName, TableName } = DataFormatConversionConfiguration.SchemaConfiguration;
    const catalog = account.service<GlueService>('glue');
    const needed = catalog.permissions('glue:GetTableVersions', DatabaseName, TableName);
    if (!(await persist(delivery, () => account.authorize(callerOf(delivery), needed)))) return;
    const table = catalog.table(DatabaseName, TableName);
    const transformed = await transform(delivery, records);
    const { rows, converted, failed } = convert(table, transformed.ok);
    const failures = { 'processing-failed': transformed.failed, 'format-conversion-failed': failed };
    for (const [type, bad] of Object.entries(failures)) {
      if (bad.length === 0) continue;
      const lines = bad.map(({ data }) => `${JSON.stringify({ rawData: data.toString('base64') })}\n`);
      const prefix = ErrorOutputPrefix.replace('!{firehose:error-output-type}', type);
      await put(delivery, prefix, Buffer.from(lines.join('')), bad);
    }
    if (rows.length > 0) await put(delivery, Prefix, parquetOf(table, rows), converted);
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
      try {
        account.authorize(caller, needed);
      } catch {
        // Whoever puts records does not hear of it; the account's log does.
        return;
      }
      const { shardId, partitionKey, sequenceNumber, arrivedAt } = record;
      const kinesis = {
        shardId,
        partitionKey,
        approximateArrivalTimestamp: arrivedAt,
        sequenceNumber,
        subsequenceNumber: 0,
      };
      receive(delivery, { data: record.data, at: arrivedAt, kinesis });
    });
  }

  return {
    id: 'firehose',
    stop: (name) => void stopped.add(name),
    operations: {
      PutRecordBatch: {
        options: ['DeliveryStreamName', 'Records'],
        permissions: (input) => [
          { action: 'firehose:PutRecordBatch', resource: find(input.DeliveryStreamName).arn },
        ],
        run(input) {
          const delivery = find(input.DeliveryStreamName);
          const data = input.Records.map((record: Payload) => Buffer.from(record.Data));
          const bytes = data.reduce((sum: number, one: Buffer) => sum + one.length, 0);
          const isTooLarge = data.some((one: Buffer) => one.length > maximumRecordBytes);
          if (data.length < 1 || data.length > maximumBatchRecords || bytes > maximumBatchBytes || isTooLarge)
            throw new AwsError(
              'InvalidArgumentException',
              'A batch holds 1 to 500 records of at most 1,000 KiB, and at most 4 MiB',
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
      'AWS::KinesisFirehose::DeliveryStream': resource(streamProperties, ({ properties }) => {
        const name = properties.DeliveryStreamName;
        const arn = `arn:aws:firehose:${account.region}:${account.accountId}:deliverystream/${name}`;
        deliveries.set(name, { name, arn, properties, waiting: [], bytes: 0, timer: undefined });
        return { ref: name, attributes: { Arn: arn } };
      }),
    },
    start() {
      for (const delivery of deliveries.values()) readKinesis(delivery);
    },
  };
}
