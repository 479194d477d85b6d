/** The table's stream: each write of an alert becomes the archive's rows of its event. */
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { z } from 'zod';
import { Claim } from './alert/claim.ts';
import { alertRows, asideRows, claimRows, type EventRow } from './alert/event-rows.ts';
import { SetAside } from './alert/set-aside.ts';
import { StoredAlert } from './aws/dynamodb/alert-store.ts';
import { parseItem, problemOf } from './aws/dynamodb/item.ts';
import { Images, StreamBatch, type StreamRecord } from './aws/dynamodb/stream-image.ts';
import { archiveRows } from './aws/event-archive.ts';
import { environment } from './runtime/environment.ts';
import { logger, metrics, publishMetrics } from './runtime/logger.ts';

const settings = environment({ EVENTS_DELIVERY_STREAM: z.string().min(1) });

/** Delivery is at least once; rows carry ids, by which every query counts them once. */
export async function handler(event: unknown): Promise<DynamoDBBatchResponse> {
  const { EVENTS_DELIVERY_STREAM } = settings();
  const records = StreamBatch.parse(event).Records.map(({ dynamodb }) => dynamodb);
  const cameFrom = new Map<EventRow, string>();
  for (const record of records) {
    for (const row of rowsOf(record)) cameFrom.set(row, record.SequenceNumber);
  }
  const refused = await archiveRows(EVENTS_DELIVERY_STREAM, [...cameFrom.keys()]);
  const failed = new Set(refused.map((row) => cameFrom.get(row)));
  if (refused.length > 0) {
    logger.error('events-not-archived', { rows: refused.length });
    metrics.addMetric('EventsNotArchived', 'Count', refused.length);
  }
  publishMetrics();
  return {
    batchItemFailures: records
      .filter(({ SequenceNumber }) => failed.has(SequenceNumber))
      .map(({ SequenceNumber }) => ({ itemIdentifier: SequenceNumber })),
  };
}

/**
 * A record that tells nothing of its event would tell nothing the next time either, and hold up its shard for a day: it is
 * counted, and the archive goes on. The gap in `seq` that it leaves is what the reconciliation finds the next morning.
 */
function rowsOf({ SequenceNumber, ...images }: StreamRecord): EventRow[] {
  try {
    const { OldImage: before, NewImage: after } = Images.parse(images);
    switch (after?.kind) {
      case 'alert':
        return alertRows(before, parseItem(StoredAlert, after).alert);
      case 'claim':
        return claimRows(before, parseItem(Claim, after));
      case 'setAside':
        return before ? [] : asideRows(parseItem(SetAside, after));
      default:
        return [];
    }
  } catch (error) {
    logger.error('event-not-readable', { sequenceNumber: SequenceNumber, error: problemOf(error) });
    metrics.addMetric('EventsNotReadable', 'Count', 1);
    return [];
  }
}
