/**
 * Lambda event source mappings for Kinesis and DynamoDB streams.
 *
 * - Batches of a shard go out one after another, up to BatchSize records and 6 MB; with ParallelizationFactor, several a
 *   shard, each partition key in order. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 * - ReportBatchItemFailures: the lowest failed sequence number is where the next batch begins; an answer with an unknown
 *   identifier is a failure of the whole batch. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 * - A function that cannot be invoked (throttled, say) is tried until the records are too old. A batch that it fails is
 *   halved (BisectBatchOnFunctionError), which uses up no retry, and tried again MaximumRetryAttempts times. What is given
 *   up, and each record older than MaximumRecordAgeInSeconds, goes whole to the on-failure destination in S3, for which the
 *   function's role needs PutObject and ListBucket; then the shard moves on.
 *   https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * - A record that matches none of the filters is passed over, and the function never hears of it.
 *   https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 * - The function's role reads the stream. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Account, Payload, Permission, Service } from '../service.ts';
import type { DynamoDbService } from './dynamodb.ts';
import { fits, patternOf } from './event-filter.ts';
import { type Entry, kinesisEntry, tableEntry } from './event-source-entries.ts';
import type { KinesisService } from './kinesis.ts';
import type { LambdaService } from './lambda.ts';

/** A synchronous invocation's payload; what else the event has beside its records is a few bytes. */
const maximumBatchBytes = 6 * 1024 * 1024 - 100;
/** Lambda polls a shard about once a second. */
const pollMs = 1000;
/** Waits between attempts double up to a minute; AWS names no figure. */
const retryMs = { first: 500, most: 60_000 };

const mappingProperties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().int().min(1).max(10_000),
  MaximumBatchingWindowInSeconds: z.number().int().min(0).max(300).optional(),
  StartingPosition: z.literal('TRIM_HORIZON'),
  FunctionResponseTypes: z.tuple([z.literal('ReportBatchItemFailures')]).optional(),
  BisectBatchOnFunctionError: z.boolean().optional(),
  MaximumRetryAttempts: z.number().int().min(-1).max(10_000).optional(),
  MaximumRecordAgeInSeconds: z.union([z.literal(-1), z.number().int().min(60).max(604_800)]).optional(),
  ParallelizationFactor: z.number().int().min(1).max(10).optional(),
  FilterCriteria: z
    .strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })).min(1) })
    .optional(),
  DestinationConfig: z
    .strictObject({ OnFailure: z.strictObject({ Destination: z.string().startsWith('arn:aws:s3:::') }) })
    .optional(),
});
type Mapping = z.infer<typeof mappingProperties>;

type Lane = { shardId: string; waiting: Entry[]; busy: boolean };

const readActions = {
  kinesis: ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'],
  dynamodb: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'],
};

type Outcome = number | 'failed' | 'not invoked';

/** Where the next batch begins: after all of it, or at the lowest failed record. */
function resumeAt(mapping: Mapping, batch: readonly Entry[], result: Payload): number | 'failed' {
  if (result.FunctionError) return 'failed';
  if (!mapping.FunctionResponseTypes) return batch.length;
  const answer = JSON.parse(result.Payload);
  const failures = answer?.batchItemFailures ?? [];
  if (failures.length === 0) return batch.length;
  const positions = failures.map((failure: Payload) =>
    batch.findIndex((entry) => entry.sequenceNumber === failure?.itemIdentifier),
  );
  return positions.includes(-1) ? 'failed' : Math.min(...positions);
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
      try {
        account.authorize(caller, [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` }]);
        await account.call(caller, 's3', 'PutObject', { Bucket: bucket, Key, Body });
      } catch (error) {
        const { name } = error as Error;
        account.record({ source: 'event-source-mapping', what: 'destination failed', error: name });
      }
    }

    async function invoke(batch: readonly Entry[]): Promise<Outcome> {
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
        if (account.faults.strikes('redelivery', mapping.FunctionName)) return 'failed';
        return resumeAt(mapping, batch, result);
      } catch (error) {
        account.record({ source: 'event-source-mapping', what: 'not invoked', error: (error as Error).name });
        return 'not invoked';
      }
    }

    /** The records of the batch that are too old; the oldest come first. */
    function tooOld(batch: readonly Entry[]): readonly Entry[] {
      const maximumAge = mapping.MaximumRecordAgeInSeconds ?? -1;
      const young = batch.findIndex(({ at }) => account.clock.now() - at <= maximumAge * 1000);
      return maximumAge < 0 ? [] : batch.slice(0, young < 0 ? batch.length : young);
    }

    /** Brings a batch through: done, or given up and told. */
    async function deliver(lane: Lane, given: readonly Entry[]): Promise<void> {
      let batch = given;
      let retries = 0;
      for (let attempt = 0; batch.length > 0; attempt++) {
        const outcome = await invoke(batch);
        if (typeof outcome === 'number') batch = batch.slice(outcome);
        if (batch.length === 0) return;
        const old = tooOld(batch);
        if (old.length > 0) {
          await tell(lane, old, 'RecordAgeExceeded');
          batch = batch.slice(old.length);
          continue;
        }
        const halves = outcome === 'failed' && mapping.BisectBatchOnFunctionError && batch.length > 1;
        if (outcome !== 'not invoked' && !halves && retries++ === mapping.MaximumRetryAttempts)
          return tell(lane, batch, 'RetryAttemptsExhausted');
        await account.clock.sleep(Math.min(retryMs.first * 2 ** attempt, retryMs.most));
        if (!halves) continue;
        const half = Math.ceil(batch.length / 2);
        await deliver(lane, batch.slice(0, half));
        return deliver(lane, batch.slice(half));
      }
    }

    /** What waits and fits into one invocation. */
    function nextBatch(lane: Lane): Entry[] {
      let count = 0;
      for (let bytes = 0; count < Math.min(lane.waiting.length, mapping.BatchSize); count++) {
        bytes += Buffer.byteLength(JSON.stringify((lane.waiting[count] as Entry).event)) + 1;
        if (count > 0 && bytes > maximumBatchBytes) break;
      }
      return lane.waiting.splice(0, count);
    }

    function wake(lane: Lane, afterMs: number): void {
      if (lane.busy || lane.waiting.length === 0) return;
      lane.busy = true;
      account.clock.after(afterMs, async () => {
        await deliver(lane, nextBatch(lane));
        lane.busy = false;
        wake(lane, 1);
      });
    }

    const patterns = mapping.FilterCriteria?.Filters.map(({ Pattern }) => patternOf(Pattern));

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
