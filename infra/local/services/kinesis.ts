/**
 * Amazon Kinesis Data Streams, on demand.
 *
 * - An on-demand stream begins with four shards; the MD5 hash of the partition key chooses the shard.
 *   https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
 *   https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key
 * - Within a shard, records keep the order of their sequence numbers.
 *   https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#sequence-number
 * - PutRecords takes up to 500 records and 5 MiB a call, 1 MiB a record with its key, and refuses the call as a whole for
 *   more. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
 *
 * - A shard takes 1,000 records a second; of a call of PutRecords it refuses those beyond, one by one, and takes the others.
 *   https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 *
 * That it takes 1 MiB a second is not modelled. Readers here are told of each record instead of polling; each keeps its own
 * place, and lets go of what is older than the stream's retention.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../engine/aws-error.ts';
import { inert } from '../engine/inert.ts';
import { onlyOptions } from '../engine/options.ts';
import { type Account, type Payload, resource, type Service } from '../engine/service.ts';

const shardCount = 4;
const shardRecordsPerSecond = 1000;
const maximumRecords = 500;
const maximumRecordBytes = 1024 * 1024;
const maximumRequestBytes = 5 * 1024 * 1024;
const entryOptions = ['PartitionKey', 'Data'];

export type KinesisRecord = {
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
  data: Buffer;
  /** Approximate arrival, epoch milliseconds. */
  arrivedAt: number;
};

export type KinesisService = Service & {
  /** Every record of the stream from now on, in the order of each shard. */
  onRecord(streamArn: string, listener: (record: KinesisRecord) => void): void;
  /** How long the stream keeps a record. */
  retentionMs(streamArn: string): number;
};

const streamProperties = z.strictObject({
  Name: z.string(),
  RetentionPeriodHours: z.number().min(24).max(8760),
  StreamModeDetails: z.strictObject({ StreamMode: z.literal('ON_DEMAND') }),
  StreamEncryption: inert(
    'encryption at rest changes nothing that a caller sees',
    z.strictObject({ EncryptionType: z.literal('KMS'), KeyId: z.string() }).optional(),
  ),
});

type Stream = {
  retentionMs: number;
  listeners: ((record: KinesisRecord) => void)[];
  /** How many records each shard took in which second. */
  taken: Map<string, { second: number; records: number }>;
};

type Put = { ShardId: string; SequenceNumber: string } | { ErrorCode: string; ErrorMessage: string };

export function kinesis(account: Account): KinesisService {
  const streams = new Map<string, Stream>();
  let sequence = 0n;

  const arnOf = (input: Payload): string =>
    `arn:aws:kinesis:${account.region}:${account.accountId}:stream/${input.StreamName}`;

  function streamOf(arn: string): Stream {
    const found = streams.get(arn);
    if (!found) throw new AwsError('ResourceNotFoundException', `Stream ${arn} not found`);
    return found;
  }

  /** False when the shard has taken as many as it may in this second. */
  function hasRoom({ taken }: Stream, shardId: string): boolean {
    const second = Math.floor(account.clock.now() / 1000);
    const before = taken.get(shardId);
    const records = before?.second === second ? before.records : 0;
    if (records >= shardRecordsPerSecond) return false;
    taken.set(shardId, { second, records: records + 1 });
    return true;
  }

  function put(stream: Stream, entry: Payload): Put {
    const hash = BigInt(`0x${createHash('md5').update(entry.PartitionKey).digest('hex')}`);
    const shardId = `shardId-${String((hash * BigInt(shardCount)) >> 128n).padStart(12, '0')}`;
    if (!hasRoom(stream, shardId))
      return {
        ErrorCode: 'ProvisionedThroughputExceededException',
        ErrorMessage: `Rate exceeded for shard ${shardId}`,
      };
    const sequenceNumber = String(49600000000000000000000000000000000000000000000000000000n + ++sequence);
    const record = {
      shardId,
      sequenceNumber,
      partitionKey: entry.PartitionKey,
      data: Buffer.from(entry.Data),
      arrivedAt: account.clock.now(),
    };
    for (const listener of stream.listeners) listener(record);
    return { ShardId: shardId, SequenceNumber: sequenceNumber };
  }

  function checked(entry: Payload): number {
    if (!entry.PartitionKey || entry.PartitionKey.length > 256)
      throw new AwsError('ValidationException', 'PartitionKey: 1 to 256 characters');
    const bytes = Buffer.byteLength(entry.Data) + Buffer.byteLength(entry.PartitionKey);
    if (bytes > maximumRecordBytes)
      throw new AwsError('InvalidArgumentException', 'Record size exceeds the limit of 1048576 bytes');
    return bytes;
  }

  const onStream = (action: string) => (input: Payload) => [{ action, resource: arnOf(input) }];

  return {
    id: 'kinesis',
    onRecord: (streamArn, listener) => void streamOf(streamArn).listeners.push(listener),
    retentionMs: (streamArn) => streamOf(streamArn).retentionMs,
    operations: {
      PutRecord: {
        options: ['StreamName', ...entryOptions],
        permissions: onStream('kinesis:PutRecord'),
        run(input) {
          checked(input);
          const result = put(streamOf(arnOf(input)), input);
          if ('ErrorCode' in result) throw new AwsError(result.ErrorCode, result.ErrorMessage);
          return result;
        },
      },
      PutRecords: {
        options: ['StreamName', 'Records'],
        permissions: onStream('kinesis:PutRecords'),
        run(input) {
          const target = streamOf(arnOf(input));
          if (input.Records.length < 1 || input.Records.length > maximumRecords)
            throw new AwsError('ValidationException', `Records: 1 to ${maximumRecords}`);
          for (const entry of input.Records) onlyOptions('kinesis:PutRecords', entry, entryOptions);
          const bytes = input.Records.reduce((sum: number, entry: Payload) => sum + checked(entry), 0);
          if (bytes > maximumRequestBytes)
            throw new AwsError('InvalidArgumentException', 'Records size exceeds the limit of 5 MiB');
          const Records: Put[] = input.Records.map((entry: Payload) => put(target, entry));
          return { FailedRecordCount: Records.filter((result) => 'ErrorCode' in result).length, Records };
        },
      },
    },
    resources: {
      'AWS::Kinesis::Stream': resource(streamProperties, ({ properties }) => {
        const arn = arnOf({ StreamName: properties.Name });
        streams.set(arn, {
          retentionMs: properties.RetentionPeriodHours * 3_600_000,
          listeners: [],
          taken: new Map(),
        });
        return { ref: properties.Name, attributes: { Arn: arn } };
      }),
    },
  };
}
