/** Puts readings on the stream, as a device gateway would. */
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { kinesisClient } from './clients.ts';

/** PutRecords takes at most 500 records a call. */
const RECORDS_A_CALL = 500;
/** A throttled shard recovers within a second; the SDK's own retries cover a whole call that fails, not its single records. */
const ATTEMPTS = 3;

/** Partition key: the device, so that its readings keep their order. Gives how many the stream would not take. */
export async function streamReadings(
  streamName: string,
  readings: readonly { deviceId: string }[],
): Promise<number> {
  let notTaken = 0;
  for (let from = 0; from < readings.length; from += RECORDS_A_CALL) {
    let waiting = readings.slice(from, from + RECORDS_A_CALL).map((reading) => ({
      Data: new TextEncoder().encode(JSON.stringify(reading)),
      PartitionKey: reading.deviceId,
    }));
    for (let attempt = 1; attempt <= ATTEMPTS && waiting.length > 0; attempt++) {
      const { Records = [] } = await kinesisClient().send(
        new PutRecordsCommand({ StreamName: streamName, Records: waiting }),
      );
      waiting = waiting.filter((_, index) => Records[index]?.ErrorCode !== undefined);
    }
    notTaken += waiting.length;
  }
  return notTaken;
}
