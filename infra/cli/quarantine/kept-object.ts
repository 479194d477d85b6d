/**
 * What the archive bucket keeps of records that were not judged: what could not be read (handlers/aws/s3/quarantine.ts), an
 * object each, and the batches that were given up (decisions/0005), as Lambda writes them:
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
import { z } from 'zod';

export const KEPT_PREFIXES = ['quarantine/', 'aws/lambda/'];

/** `arrivedAt`: when it first came, ISO 8601 UTC. */
type KeptRecord = { partitionKey: string; arrivedAt: string; bytes: Buffer };
export type KeptObject = {
  key: string;
  reason: string;
  /** When it came, or when it was given up: ISO 8601 UTC; empty where the object does not say. */
  at: string;
  /** Where in the stream it stood, or where its batch began. */
  shardId: string;
  sequenceNumber: string;
  /** Which reading of the record; null for a batch. */
  index: number | null;
  /** Of the stream, in their order; none of the table's stream, which holds events and no readings. */
  records: KeptRecord[];
};

const Row = z.object({
  shard_id: z.string(),
  sequence_number: z.string(),
  item_index: z.int(),
  arrived_at: z.string(),
  reason: z.string(),
  /** Absent from what was kept before it was written down. */
  partition_key: z.string().nullable().optional(),
  bytes_base64: z.base64(),
});

const Position = z.object({ shardId: z.string(), startSequenceNumber: z.string() });
const GivenUp = z.object({
  requestContext: z.object({ condition: z.string() }),
  timestamp: z.string(),
  KinesisBatchInfo: Position.optional(),
  DDBStreamBatchInfo: Position.optional(),
  payload: z.string(),
});
const Batch = z.object({
  Records: z.array(
    z.object({
      kinesis: z.object({
        partitionKey: z.string(),
        approximateArrivalTimestamp: z.number(),
        data: z.base64(),
      }),
    }),
  ),
});

/** An object that is neither holds no records, and says so: it keeps nobody from the others. */
export function keptObject(key: string, text: string): KeptObject {
  try {
    const content: unknown = JSON.parse(text);
    return key.startsWith('quarantine/')
      ? ofRow(key, Row.parse(content))
      : ofBatch(key, GivenUp.parse(content));
  } catch {
    const reason = 'neither a quarantined record nor a batch that was given up';
    return { key, reason, at: '', shardId: '', sequenceNumber: '0', index: null, records: [] };
  }
}

function ofRow(key: string, row: z.infer<typeof Row>): KeptObject {
  const { shard_id: shardId, sequence_number: sequenceNumber } = row;
  const arrivedAt = new Date(`${row.arrived_at}Z`).toISOString();
  return {
    key,
    reason: row.reason,
    at: arrivedAt,
    shardId,
    sequenceNumber,
    index: row.item_index,
    // The key may be all that names the device. Without it, what one record held goes the same way, and keeps its order.
    records: [
      {
        partitionKey: row.partition_key ?? `${shardId}-${sequenceNumber}`,
        arrivedAt,
        bytes: Buffer.from(row.bytes_base64, 'base64'),
      },
    ],
  };
}

function ofBatch(
  key: string,
  { requestContext, timestamp, payload, ...info }: z.infer<typeof GivenUp>,
): KeptObject {
  const { shardId, startSequenceNumber } = Position.parse(info.KinesisBatchInfo ?? info.DDBStreamBatchInfo);
  const records = info.KinesisBatchInfo ? Batch.parse(JSON.parse(payload)).Records : [];
  return {
    key,
    reason: `given up: ${requestContext.condition}`,
    at: new Date(timestamp).toISOString(),
    shardId,
    sequenceNumber: startSequenceNumber,
    index: null,
    records: records.map(({ kinesis: { partitionKey, approximateArrivalTimestamp, data } }) => ({
      partitionKey,
      arrivedAt: new Date(Math.round(approximateArrivalTimestamp * 1000)).toISOString(),
      bytes: Buffer.from(data, 'base64'),
    })),
  };
}

export function sizeOf({ records }: KeptObject): number {
  return records.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
