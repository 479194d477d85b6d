/** A batch of the stream as Lambda hands it over, and what is in it: readings by patient, and what cannot be read. */
import { z } from 'zod';
import type { Origin } from './identity.ts';
import { parseRecord, type Readable, type Unreadable, type WardRegistry } from './parse-record.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html: arrival in epoch seconds, the shard before the colon. */
export const KinesisBatch = z.object({
  Records: z.array(
    z
      .object({
        eventID: z.string(),
        kinesis: z.object({
          sequenceNumber: z.string(),
          data: z.string(),
          approximateArrivalTimestamp: z.number(),
        }),
      })
      .transform(({ eventID, kinesis }) => ({
        bytes: Buffer.from(kinesis.data, 'base64'),
        origin: {
          shardId: eventID.split(':')[0] as string,
          sequenceNumber: kinesis.sequenceNumber,
          arrivedAt: new Date(Math.round(kinesis.approximateArrivalTimestamp * 1000)).toISOString(),
        },
      })),
  ),
});

export type Arrival = Readable & { sequenceNumber: string };
export type Refused = { unreadable: Unreadable; origin: Origin };

/** Readings keep the order of the stream; patients that of their first reading. */
export function readBatch(
  records: z.infer<typeof KinesisBatch>['Records'],
  registry: WardRegistry,
): { arrivals: Arrival[]; byPatient: Map<string, Arrival[]>; refused: Refused[] } {
  const arrivals: Arrival[] = [];
  const byPatient = new Map<string, Arrival[]>();
  const refused: Refused[] = [];
  for (const { bytes, origin } of records) {
    for (const item of parseRecord(bytes, origin, registry)) {
      if (!('reading' in item)) {
        refused.push({ unreadable: item, origin });
        continue;
      }
      const arrival: Arrival = Object.assign(item, { sequenceNumber: origin.sequenceNumber });
      arrivals.push(arrival);
      const { patientId } = item.reading;
      const ofPatient = byPatient.get(patientId);
      if (ofPatient) ofPatient.push(arrival);
      else byPatient.set(patientId, [arrival]);
    }
  }
  return { arrivals, byPatient, refused };
}
