/** Where unreadable records are kept with their bytes: one S3 object each, in the rows of sql/tables/quarantine.sql. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Origin } from '../../reading/identity.ts';
import type { Unreadable } from '../../reading/parse-record.ts';
import { archiveTimestamp } from '../../time/instant.ts';
import { s3Client } from '../clients.ts';

/** Named by shard, sequence number and index: a redelivery writes the same object again. */
export async function quarantine(bucket: string, unreadable: Unreadable, origin: Origin): Promise<void> {
  const { shardId, sequenceNumber, arrivedAt, partitionKey = null } = origin;
  const row = {
    shard_id: shardId,
    sequence_number: sequenceNumber,
    item_index: unreadable.index,
    arrived_at: archiveTimestamp(arrivedAt),
    reason: unreadable.reason,
    partition_key: partitionKey,
    bytes_base64: Buffer.from(unreadable.bytes).toString('base64'),
  };
  await s3Client().send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: `quarantine/dt=${arrivedAt.slice(0, 10)}/${shardId}-${sequenceNumber}-${unreadable.index}.json`,
      Body: `${JSON.stringify(row)}\n`,
      ContentType: 'application/json',
    }),
  );
}
