/** What Firehose's processor does with a batch: each record becomes the flat rows of its readings. */
import { z } from 'zod';
import { archiveRow } from './archive-row.ts';
import type { Origin } from './identity.ts';
import { parseRecord, type WardRegistry } from './parse-record.ts';

/** https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html: arrival in epoch milliseconds. */
export const FirehoseBatch = z.object({
  records: z.array(
    z.object({
      recordId: z.string(),
      data: z.string(),
      kinesisRecordMetadata: z.object({
        shardId: z.string(),
        sequenceNumber: z.string(),
        /** Firehose takes aggregated records apart before it hands them over, and counts what was in one. */
        subsequenceNumber: z.coerce.number().catch(0).optional(),
        partitionKey: z.string().optional(),
        approximateArrivalTimestamp: z.number(),
      }),
    }),
  ),
});

type FirehoseRecord = z.infer<typeof FirehoseBatch>['records'][number];
export type Transformed = { recordId: string; result: 'Ok' | 'ProcessingFailed'; data: string };

/**
 * Rows follow each other as concatenated JSON, which Firehose's format conversion reads. A record without a single
 * reading has failed, and Firehose keeps its bytes; one that holds some gives those (the consumer quarantines the rest).
 */
export function archiveRecord(record: FirehoseRecord, registry: WardRegistry): Transformed {
  const { shardId, sequenceNumber, subsequenceNumber, partitionKey, approximateArrivalTimestamp } =
    record.kinesisRecordMetadata;
  const origin: Origin = {
    shardId,
    sequenceNumber,
    subsequence: subsequenceNumber ?? 0,
    arrivedAt: new Date(approximateArrivalTimestamp).toISOString(),
    ...(partitionKey !== undefined && { partitionKey }),
  };
  const items = parseRecord(Buffer.from(record.data, 'base64'), origin, registry);
  const rows = items.flatMap((item) => {
    if (!('reading' in item)) return [];
    return [`${JSON.stringify(archiveRow(item))}\n`];
  });
  const { recordId, data } = record;
  if (rows.length === 0) return { recordId, result: 'ProcessingFailed', data };
  return { recordId, result: 'Ok', data: Buffer.from(rows.join('')).toString('base64') };
}
