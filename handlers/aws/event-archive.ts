/** Rows for the archive, handed to Firehose. */
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { firehoseClient } from './clients.ts';

/** PutRecordBatch takes at most 500 records, and 4 MiB: a row has under a kilobyte. */
const ROWS_A_CALL = 500;
/** A throttled delivery stream recovers within a second; the SDK retries a whole call that fails, not its single records. */
const ATTEMPTS = 3;

/** Gives the rows that Firehose did not take; those that it took may come twice, when a reply was lost. */
export async function archiveRows<Row extends object>(
  deliveryStream: string,
  rows: readonly Row[],
): Promise<Row[]> {
  const refused: Row[] = [];
  for (let from = 0; from < rows.length; from += ROWS_A_CALL) {
    let waiting = rows.slice(from, from + ROWS_A_CALL);
    for (let attempt = 1; attempt <= ATTEMPTS && waiting.length > 0; attempt++) {
      waiting = await notTaken(deliveryStream, waiting);
    }
    refused.push(...waiting);
  }
  return refused;
}

async function notTaken<Row extends object>(deliveryStream: string, rows: readonly Row[]): Promise<Row[]> {
  try {
    const { RequestResponses = [] } = await firehoseClient().send(
      new PutRecordBatchCommand({
        DeliveryStreamName: deliveryStream,
        Records: rows.map((row) => ({ Data: new TextEncoder().encode(`${JSON.stringify(row)}\n`) })),
      }),
    );
    return rows.filter((_, index) => RequestResponses[index]?.RecordId === undefined);
  } catch (error) {
    if (error instanceof Error && '$metadata' in error) return [...rows];
    throw error;
  }
}
