/** Puts readings on the stream, as a device gateway would. */
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { kinesisClient } from './clients.ts';

/** PutRecords takes at most 500 records a call. */
const RECORDS_A_CALL = 500;
/** A shard has room again within a second: 0.3, 0.6 and 1.2 s are ample. The SDK's own retries are for whole calls. */
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 300;

/** Some records that the stream took at no attempt. */
class NotStreamed extends Error {
  override readonly name = 'NotStreamed';
  constructor(count: number, of: number) {
    super(`${count} of ${of} readings were not taken by the stream in ${ATTEMPTS} attempts`);
  }
}

/** Partition key: the device, so that its readings keep their order. Throws NotStreamed for what was not taken. */
export async function streamReadings(
  streamName: string,
  readings: readonly { deviceId: string; content: unknown }[],
): Promise<void> {
  let waiting = readings.map(({ deviceId, content }) => ({
    Data: new TextEncoder().encode(JSON.stringify(content)),
    PartitionKey: deviceId,
  }));
  for (let attempt = 0; attempt < ATTEMPTS && waiting.length > 0; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
    const refused: typeof waiting = [];
    for (let from = 0; from < waiting.length; from += RECORDS_A_CALL) {
      const sent = waiting.slice(from, from + RECORDS_A_CALL);
      const { Records = [] } = await kinesisClient().send(
        new PutRecordsCommand({ StreamName: streamName, Records: sent }),
      );
      refused.push(...sent.filter((_, index) => Records[index]?.ErrorCode !== undefined));
    }
    waiting = refused;
  }
  if (waiting.length > 0) throw new NotStreamed(waiting.length, readings.length);
}
