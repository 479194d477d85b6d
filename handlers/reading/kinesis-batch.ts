/** A batch of the stream as Lambda hands it over, and what is in it: readings by patient, and what cannot be read. */
import { z } from 'zod';
import { registeredDevice } from './device-registry.ts';
import type { Origin } from './identity.ts';
import { instantWriter } from './instant-writer.ts';
import { parseRecord, type Readable, type Unreadable, type WardRegistry } from './parse-record.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html: arrival in epoch seconds, the shard before the colon. */
const KinesisBatch = z.object({
  Records: z.array(
    z.object({
      eventID: z.string(),
      kinesis: z.object({
        sequenceNumber: z.string(),
        data: z.string(),
        partitionKey: z.string(),
        approximateArrivalTimestamp: z.number(),
      }),
    }),
  ),
});

type Received = { bytes: Uint8Array; origin: Origin & { partitionKey: string } };

/** The records of Lambda's event, in their order; throws ZodError for any other. */
export function recordsOf(event: unknown): Received[] {
  const written = instantWriter();
  return KinesisBatch.parse(event).Records.map(({ eventID, kinesis }) => ({
    bytes: Buffer.from(kinesis.data, 'base64'),
    origin: {
      shardId: eventID.split(':', 1)[0] as string,
      sequenceNumber: kinesis.sequenceNumber,
      partitionKey: kinesis.partitionKey,
      arrivedAt: written(Math.round(kinesis.approximateArrivalTimestamp * 1000)),
    },
  }));
}

/** `device`: the registered one that it comes from (device-registry.ts). */
export type Arrival = Readable & { sequenceNumber: string; device: string };
export type Refused = { unreadable: Unreadable; origin: Origin; device: string };

/** All keep the order of the stream; patients that of their first reading. */
export function readBatch(
  records: readonly { bytes: Uint8Array; origin: Origin }[],
  registry: WardRegistry,
): {
  items: (Arrival | Refused)[];
  arrivals: Arrival[];
  byPatient: Map<string, Arrival[]>;
  refused: Refused[];
} {
  const items: (Arrival | Refused)[] = [];
  const arrivals: Arrival[] = [];
  const byPatient = new Map<string, Arrival[]>();
  const refused: Refused[] = [];
  for (const { bytes, origin } of records) {
    for (const item of parseRecord(bytes, origin, registry)) {
      const stated = 'reading' in item ? item.reading.deviceId : item.deviceId;
      const device = registeredDevice(stated, origin.partitionKey, registry);
      if (!('reading' in item)) {
        const kept = { unreadable: item, origin, device };
        refused.push(kept);
        items.push(kept);
        continue;
      }
      const arrival: Arrival = { ...item, sequenceNumber: origin.sequenceNumber, device };
      arrivals.push(arrival);
      items.push(arrival);
      const { patientId } = item.reading;
      const ofPatient = byPatient.get(patientId);
      if (ofPatient) ofPatient.push(arrival);
      else byPatient.set(patientId, [arrival]);
    }
  }
  return { items, arrivals, byPatient, refused };
}
