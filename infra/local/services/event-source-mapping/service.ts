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
 * - Without an age limit it goes on until the stream has lost the record; nothing is left of it then.
 *   https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 * - A record that matches none of the filters is passed over, and the function never hears of it.
 *   https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 * - The function's role reads the stream. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 */
import { createHash } from 'node:crypto';
import { type Account, type Payload, type Permission, resource, type Service } from '../../engine/service.ts';
import type { DynamoDbService } from '../dynamodb/service.ts';
import type { KinesisService } from '../kinesis.ts';
import type { LambdaService } from '../lambda/service.ts';
import { type Entry, kinesisEntry, tableEntry } from './entries.ts';
import { failureObject, type GivenUp, uuid } from './failure.ts';
import { fits, patternOf } from './filter.ts';
import { type Mapping, mappingProperties } from './properties.ts';

/** A synchronous invocation's payload; what else the event has beside its records is a few bytes. */
const maximumBatchBytes = 6 * 1024 * 1024 - 100;
/** Lambda polls a shard about once a second. */
const pollMs = 1000;
/** A table's stream keeps its records for 24 hours. */
const tableRetentionMs = 24 * 3_600_000;
/** Waits between attempts double up to a minute; AWS names no figure. */
const retryMs = { first: 500, most: 60_000 };

type ShardLane = { waiting: Entry[]; busy: boolean };

const readActions = {
  kinesis: ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'],
  dynamodb: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'],
};

type BatchResult = number | 'failed' | 'not invoked';
/** What the function has answered so far to a batch and those that it was cut from. */
type Tries = Pick<GivenUp, 'invocations' | 'response'>;

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
  const ids = account.random('event-source-mapping ids');

  function run(id: string, mapping: Mapping): void {
    const lanes = new Map<string, ShardLane>();
    const streamArn = mapping.EventSourceArn;
    const source = streamArn.includes(':kinesis:') ? 'kinesis' : 'dynamodb';
    const roleArn = account.service<LambdaService>('lambda').roleOf(mapping.FunctionName);
    const caller = { name: mapping.FunctionName, roleArn };
    const origin = { streamArn, region: account.region, roleArn };
    const functionArn = `arn:aws:lambda:${account.region}:${account.accountId}:function:${mapping.FunctionName}`;
    const retentionMs =
      source === 'kinesis'
        ? account.service<KinesisService>('kinesis').retentionMs(streamArn)
        : tableRetentionMs;
    const needed: Permission[] = readActions[source].map((action) => ({
      action: `${source}:${action}`,
      resource: streamArn,
    }));

    async function tell(
      batch: readonly Entry[],
      condition: GivenUp['condition'],
      tries: Tries,
    ): Promise<void> {
      account.record({ source: 'event-source-mapping', what: 'discarded', condition, records: batch.length });
      const bucketArn = mapping.DestinationConfig?.OnFailure.Destination;
      if (!bucketArn) return;
      const given = { mappingId: id, functionArn, streamArn, condition, batch, ...tries };
      const object = failureObject(given, account.clock.now(), ids);
      try {
        account.authorize(caller, [{ action: 's3:ListBucket', resource: bucketArn }]);
        await account.call(caller, 's3', 'PutObject', {
          Bucket: bucketArn.replace('arn:aws:s3:::', ''),
          ...object,
        });
      } catch (error) {
        const { name } = error as Error;
        account.record({ source: 'event-source-mapping', what: 'destination failed', error: name });
      }
    }

    async function invoke(batch: readonly Entry[], tries: Tries): Promise<BatchResult> {
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
        tries.invocations++;
        tries.response = result;
        // What was done is done again: Lambda may deliver a batch once more although the function had succeeded.
        if (account.faults.strikes('redelivery', mapping.FunctionName)) return 'failed';
        return resumeAt(mapping, batch, result);
      } catch (error) {
        account.record({ source: 'event-source-mapping', what: 'not invoked', error: (error as Error).name });
        return 'not invoked';
      }
    }

    /** The records of the batch that are older than that; the oldest come first. */
    function olderThan(ageMs: number, batch: readonly Entry[]): readonly Entry[] {
      const young = batch.findIndex(({ at }) => account.clock.now() - at <= ageMs);
      return batch.slice(0, young < 0 ? batch.length : young);
    }

    /** What is left of the batch once its records that are too old are told of, or lost. */
    async function withoutOld(batch: readonly Entry[], tries: Tries): Promise<readonly Entry[]> {
      const maximumAge = mapping.MaximumRecordAgeInSeconds ?? -1;
      const old = olderThan(maximumAge < 0 ? Number.POSITIVE_INFINITY : maximumAge * 1000, batch);
      if (old.length > 0) await tell(old, 'RecordAgeExceeded', tries);
      const expired = olderThan(retentionMs, batch).length;
      if (expired > old.length)
        account.record({ source: 'event-source-mapping', what: 'expired', records: expired - old.length });
      return batch.slice(Math.max(old.length, expired));
    }

    /** Brings a batch through: done, or given up and told. */
    async function deliver(given: readonly Entry[], before: Tries): Promise<void> {
      let batch = given;
      let retries = 0;
      const tries = { ...before };
      for (let attempt = 0; batch.length > 0; attempt++) {
        const outcome = await invoke(batch, tries);
        if (typeof outcome === 'number') batch = batch.slice(outcome);
        if (batch.length === 0) return;
        const young = await withoutOld(batch, tries);
        if (young.length < batch.length) {
          batch = young;
          continue;
        }
        const halves = outcome === 'failed' && mapping.BisectBatchOnFunctionError && batch.length > 1;
        if (outcome !== 'not invoked' && !halves && retries++ === mapping.MaximumRetryAttempts)
          return tell(batch, 'RetryAttemptsExhausted', tries);
        await account.clock.sleep(Math.min(retryMs.first * 2 ** attempt, retryMs.most));
        if (!halves) continue;
        const half = Math.ceil(batch.length / 2);
        await deliver(batch.slice(0, half), tries);
        return deliver(batch.slice(half), tries);
      }
    }

    /** What waits and fits into one invocation. */
    function nextBatch(lane: ShardLane): Entry[] {
      let count = 0;
      for (let bytes = 0; count < Math.min(lane.waiting.length, mapping.BatchSize); count++) {
        bytes += Buffer.byteLength(JSON.stringify((lane.waiting[count] as Entry).event)) + 1;
        if (count > 0 && bytes > maximumBatchBytes) break;
      }
      return lane.waiting.splice(0, count);
    }

    function wake(lane: ShardLane, afterMs: number): void {
      if (lane.busy || lane.waiting.length === 0) return;
      lane.busy = true;
      account.clock.after(afterMs + account.faults.streamDelayMs(mapping.FunctionName), async () => {
        await deliver(nextBatch(lane), { invocations: 0, response: undefined });
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
      const lane = lanes.get(name) ?? { waiting: [], busy: false };
      lanes.set(name, lane);
      lane.waiting.push(entry);
      wake(lane, 1 + random.below(pollMs));
    }

    if (source === 'kinesis')
      account
        .service<KinesisService>('kinesis')
        .onRecord(streamArn, (record) => receive(kinesisEntry(origin, record), record.partitionKey));
    else
      account
        .service<DynamoDbService>('dynamodb')
        .onStreamRecord(streamArn, (record) => receive(tableEntry(origin, record), record.keys.pk.S));
  }

  return {
    id: 'event-source-mapping',
    operations: {},
    resources: {
      'AWS::Lambda::EventSourceMapping': resource(mappingProperties, ({ properties }) => {
        const id = uuid(ids);
        mappings.push({ id, mapping: properties });
        return { ref: id };
      }),
    },
    start() {
      for (const { id, mapping } of mappings) run(id, mapping);
    },
  };
}
