/**
 * Lambda event source mappings for Kinesis and DynamoDB streams.
 *
 * - Batches of a shard go out one after another; with ParallelizationFactor, several a shard, each partition key in order.
 *   https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 * - ReportBatchItemFailures: the lowest failed sequence number is where the next batch begins; an answer with an unknown
 *   identifier is a failure of the whole batch. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 * - A batch that fails is halved (BisectBatchOnFunctionError) and tried again until MaximumRetryAttempts or
 *   MaximumRecordAgeInSeconds; then it goes, whole, to the on-failure destination, and the shard moves on.
 *   https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * - A record that matches none of the filters is passed over, and the function never hears of it.
 *   https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 * - The function's role reads the stream. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Account, Payload, Permission, Service } from '../service.ts';
import type { DynamoDbService } from './dynamodb.ts';
import type { StreamRecord } from './dynamodb-table.ts';
import type { KinesisRecord, KinesisService } from './kinesis.ts';
import type { LambdaService } from './lambda.ts';

/** Lambda polls a shard about once a second. */
const pollMs = 1000;
/** Waits between attempts double up to a minute; AWS names no figure. */
const retryMs = { first: 500, most: 60_000 };

const mappingProperties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().int().min(1).max(10_000),
  MaximumBatchingWindowInSeconds: z.number().optional(),
  StartingPosition: z.literal('TRIM_HORIZON'),
  FunctionResponseTypes: z.tuple([z.literal('ReportBatchItemFailures')]).optional(),
  BisectBatchOnFunctionError: z.boolean().optional(),
  MaximumRetryAttempts: z.number().int().min(-1).optional(),
  MaximumRecordAgeInSeconds: z.number().int().optional(),
  ParallelizationFactor: z.number().int().min(1).max(10).optional(),
  FilterCriteria: z
    .strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })).min(1) })
    .optional(),
  DestinationConfig: z
    .strictObject({ OnFailure: z.strictObject({ Destination: z.string().startsWith('arn:aws:s3:::') }) })
    .optional(),
});
type Mapping = z.infer<typeof mappingProperties>;

/** One record as the function receives it. */
type Entry = { sequenceNumber: string; shardId: string; at: number; event: Payload };
type Lane = { shardId: string; waiting: Entry[]; busy: boolean };

function kinesisEntry(streamArn: string, region: string, record: KinesisRecord): Entry {
  const { shardId, sequenceNumber, partitionKey, arrivedAt } = record;
  const event = {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: record.data.toString('base64'),
      approximateArrivalTimestamp: arrivedAt / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    awsRegion: region,
    eventSourceARN: streamArn,
  };
  return { sequenceNumber, shardId, at: arrivedAt, event };
}

function tableEntry(streamArn: string, region: string, record: StreamRecord): Entry {
  const { sequenceNumber, at, eventName } = record;
  const event = {
    eventID: createHash('md5').update(sequenceNumber).digest('hex'),
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(at / 1000),
      Keys: record.keys,
      ...(record.newImage && { NewImage: record.newImage }),
      ...(record.oldImage && { OldImage: record.oldImage }),
      SequenceNumber: sequenceNumber,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: streamArn,
  };
  return { sequenceNumber, shardId: 'shardId-00000000000000000000-00000000', at, event };
}

const readActions = {
  kinesis: ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'],
  dynamodb: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'],
};

/** Nested objects of lists of values, one of which the record must hold; numeric, prefix and other rules are refused. */
function fits(pattern: Payload, value: Payload): boolean {
  if (!Array.isArray(pattern))
    return Object.entries(pattern).every(([name, inner]) => fits(inner, value?.[name]));
  if (pattern.some((choice) => typeof choice === 'object'))
    throw new Error('Only lists of values are modelled in filters');
  return pattern.includes(value);
}

/** Where the next batch begins: after all of it, at the lowest failed record, or undefined when the whole batch failed. */
function resumeAt(mapping: Mapping, batch: readonly Entry[], result: Payload): number | undefined {
  if (result.FunctionError) return undefined;
  if (!mapping.FunctionResponseTypes) return batch.length;
  const answer = JSON.parse(result.Payload);
  const failures = answer?.batchItemFailures ?? [];
  if (failures.length === 0) return batch.length;
  const positions = failures.map((failure: Payload) =>
    batch.findIndex((entry) => entry.sequenceNumber === failure?.itemIdentifier),
  );
  return positions.includes(-1) ? undefined : Math.min(...positions);
}

export function eventSourceMapping(account: Account): Service {
  const mappings: { id: string; mapping: Mapping }[] = [];
  const random = account.random('event-source-mapping');

  function run(id: string, mapping: Mapping): void {
    const lanes = new Map<string, Lane>();
    const source = mapping.EventSourceArn.includes(':kinesis:') ? 'kinesis' : 'dynamodb';
    const role = account.service<LambdaService>('lambda').roleOf(mapping.FunctionName);
    const caller = { name: mapping.FunctionName, roleArn: role };
    const needed: Permission[] = readActions[source].map((action) => ({
      action: `${source}:${action}`,
      resource: mapping.EventSourceArn,
    }));

    async function tell(lane: Lane, batch: readonly Entry[], condition: string): Promise<void> {
      account.record({ source: 'event-source-mapping', what: 'discarded', condition, records: batch.length });
      const bucket = mapping.DestinationConfig?.OnFailure.Destination.replace('arn:aws:s3:::', '');
      if (!bucket) return;
      const at = new Date(account.clock.now()).toISOString();
      const stamp = at.slice(0, 19).replaceAll(':', '.');
      const Key = `aws/lambda/${id}/${lane.shardId}/${at.slice(0, 10).replaceAll('-', '/')}/${stamp}-${random.bytes(16).toString('hex')}`;
      const Body = JSON.stringify({
        requestContext: { condition, functionArn: mapping.FunctionName },
        version: '1.0',
        timestamp: at,
        [source === 'kinesis' ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: {
          shardId: lane.shardId,
          startSequenceNumber: batch[0]?.sequenceNumber,
          endSequenceNumber: batch.at(-1)?.sequenceNumber,
          batchSize: batch.length,
          streamArn: mapping.EventSourceArn,
        },
        payload: JSON.stringify({ Records: batch.map((entry) => entry.event) }),
      });
      await account
        .call(caller, 's3', 'PutObject', { Bucket: bucket, Key, Body })
        .catch((error: Error) =>
          account.record({ source: 'event-source-mapping', what: 'destination failed', error: error.name }),
        );
    }

    async function invoke(batch: readonly Entry[]): Promise<number | undefined> {
      try {
        account.authorize(caller, needed);
        const result = await account.call(
          { name: 'event-source-mapping', roleArn: 'operator' },
          'lambda',
          'Invoke',
          {
            FunctionName: mapping.FunctionName,
            Payload: JSON.stringify({ Records: batch.map((entry) => entry.event) }),
          },
        );
        // What was done is done again: Lambda may deliver a batch once more although the function had succeeded.
        if (account.faults.strikes('redelivery', mapping.FunctionName)) return undefined;
        return resumeAt(mapping, batch, result);
      } catch (error) {
        account.record({ source: 'event-source-mapping', what: 'not invoked', error: (error as Error).name });
        return undefined;
      }
    }

    /** Brings a batch through: done, or given up and told. */
    async function deliver(lane: Lane, given: readonly Entry[]): Promise<void> {
      let batch = given;
      for (let attempt = 0; batch.length > 0; attempt++) {
        const resumed = await invoke(batch);
        if (resumed !== undefined) batch = batch.slice(resumed);
        if (batch.length === 0) return;
        const oldestMs = account.clock.now() - (batch[0] as Entry).at;
        const attempts = mapping.MaximumRetryAttempts ?? -1;
        if (attempts >= 0 && attempt >= attempts) return tell(lane, batch, 'RetryAttemptsExhausted');
        const maximumAge = mapping.MaximumRecordAgeInSeconds ?? -1;
        if (maximumAge >= 0 && oldestMs > maximumAge * 1000) return tell(lane, batch, 'RecordAgeExceeded');
        await account.clock.sleep(Math.min(retryMs.first * 2 ** attempt, retryMs.most));
        if (resumed === undefined && mapping.BisectBatchOnFunctionError && batch.length > 1) {
          const half = Math.ceil(batch.length / 2);
          await deliver(lane, batch.slice(0, half));
          batch = batch.slice(half);
        }
      }
    }

    function wake(lane: Lane, afterMs: number): void {
      if (lane.busy || lane.waiting.length === 0) return;
      lane.busy = true;
      account.clock.after(afterMs, async () => {
        await deliver(lane, lane.waiting.splice(0, mapping.BatchSize));
        lane.busy = false;
        wake(lane, 1);
      });
    }

    const patterns = mapping.FilterCriteria?.Filters.map((filter) => JSON.parse(filter.Pattern));

    function receive(entry: Entry, key: string): void {
      if (patterns && !patterns.some((pattern) => fits(pattern, entry.event))) return;
      const number =
        createHash('md5').update(key).digest().readUInt32BE(8) % (mapping.ParallelizationFactor ?? 1);
      const name = `${entry.shardId}/${number}`;
      const lane = lanes.get(name) ?? { shardId: entry.shardId, waiting: [], busy: false };
      lanes.set(name, lane);
      lane.waiting.push(entry);
      wake(lane, 1 + random.below(pollMs) + (mapping.MaximumBatchingWindowInSeconds ?? 0) * 1000);
    }

    const arn = mapping.EventSourceArn;
    if (source === 'kinesis')
      account
        .service<KinesisService>('kinesis')
        .onRecord(arn, (record) => receive(kinesisEntry(arn, account.region, record), record.partitionKey));
    else
      account
        .service<DynamoDbService>('dynamodb')
        .onStreamRecord(arn, (record) => receive(tableEntry(arn, account.region, record), record.keys.pk.S));
  }

  return {
    id: 'event-source-mapping',
    operations: {},
    resources: {
      'AWS::Lambda::EventSourceMapping': {
        properties: mappingProperties,
        create({ logicalId, properties }: { logicalId: string; properties: Mapping }) {
          mappings.push({ id: logicalId, mapping: properties });
          return { ref: logicalId };
        },
      },
    },
    start() {
      for (const { id, mapping } of mappings) run(id, mapping);
    },
  };
}
