/**
 * How fast the consumer's rules are: a thousand real records decoded, parsed, identified and judged, beside the least that
 * such work can cost and beside what one would write with a library and a schema alone. Ratios of medians of interleaved
 * runs in one process, so that they mean the same on every machine; each so short that a busy one seldom interrupts it.
 */
import { createHash } from 'node:crypto';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { z } from 'zod';
import { readBatch, recordsOf } from '../../handlers/reading/kinesis-batch.ts';
import type { WardRegistry } from '../../handlers/reading/parse-record.ts';
import { replayHospital } from '../local/replay/hospital.ts';
import { readRecordedReadings } from '../local/replay/recorded-readings.ts';
import { recordOf } from '../local/replay/replay.ts';

const RECORDS = 1000;
/** As many as Lambda hands over at once (infra/constructs/stream-consumer.ts). */
const BATCH = 100;
const ROUNDS = 60;
/** Until the compiler has seen enough. */
const WARM_UP_ROUNDS = 20;
const MICROSECONDS = 1000;

export type RulePath = {
  records: number;
  rounds: number;
  /** Of one record, the median of all batches of all rounds. */
  microsecondsPerRecord: { limit: number; powertools: number; vigil: number };
  /** Above 1: faster than that. */
  ratioToLimit: number;
  ratioToPowertools: number;
};

/** What a user would check of such a record. */
const Wire = z.object({
  deviceId: z.string(),
  patientId: z.string(),
  measuredAt: z.iso.datetime({ offset: true }),
  systolic: z.number().nullable(),
  diastolic: z.number().nullable(),
  meanArterial: z.number().optional(),
  pulse: z.number().optional(),
  ageYears: z.number().optional(),
});

/** The first thousand readings of the file, as Lambda hands them over. */
function batchesOf(fileName: string): { events: KinesisStreamEvent[]; registry: WardRegistry } {
  const readings = readRecordedReadings(fileName);
  const start = Date.parse('2026-03-02T00:00:00Z');
  const records = readings.slice(0, RECORDS).map((reading, index) => {
    const at = start + reading.minute * 60_000;
    const { PartitionKey, Data } = recordOf(reading, at);
    return {
      eventID: `shardId-000000000000:${index}`,
      eventSource: 'aws:kinesis',
      kinesis: {
        partitionKey: PartitionKey,
        sequenceNumber: String(index),
        data: Data.toString('base64'),
        approximateArrivalTimestamp: at / 1000 + 1,
        kinesisSchemaVersion: '1.0',
      },
    } as KinesisStreamRecord;
  });
  const registry = { ...replayHospital(readings, 'adult'), identityKey: Buffer.alloc(32, 'bench') };
  const events = Array.from({ length: Math.ceil(records.length / BATCH) }, (_, index) => ({
    Records: records.slice(index * BATCH, (index + 1) * BATCH),
  }));
  return { events, registry };
}

/** Each way to go through a batch; gives how many records it understood so far. */
function waysThrough(registry: WardRegistry) {
  const processor = new BatchProcessor(EventType.KinesisDataStreams);
  let understood = 0;
  return {
    limit: async (event: KinesisStreamEvent) => {
      for (const { kinesis } of event.Records) {
        const bytes = Buffer.from(kinesis.data, 'base64');
        const value = JSON.parse(bytes.toString());
        if (value && createHash('sha256').update(bytes).digest('hex')) understood++;
      }
      return understood;
    },
    powertools: async (event: KinesisStreamEvent) => {
      await processPartialResponse(
        event,
        async ({ kinesis }: KinesisStreamRecord) => {
          Wire.parse(JSON.parse(Buffer.from(kinesis.data, 'base64').toString()));
          understood++;
        },
        processor,
      );
      return understood;
    },
    vigil: async (event: KinesisStreamEvent) => {
      understood += readBatch(recordsOf(event), registry).arrivals.length;
      return understood;
    },
  };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

const rounded = (value: number) => Math.round(value * 100) / 100;

/** Runs all ways in turn; `onRound` hears of each round. */
export async function timeRulePath(
  fileName: string,
  onRound: (done: number, of: number) => void = () => {},
  rounds = ROUNDS,
): Promise<RulePath> {
  const { events, registry } = batchesOf(fileName);
  const ways = Object.entries(waysThrough(registry));
  const times = new Map<string, number[]>(ways.map(([name]) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const event of events)
      for (const [name, run] of ways) {
        const start = performance.now();
        await run(event);
        const took = performance.now() - start;
        if (round >= 0) times.get(name)?.push(took / event.Records.length);
      }
    if (round >= 0) onRound(round + 1, rounds);
  }
  const of = (name: string) => median(times.get(name) as number[]) * MICROSECONDS;
  const [limit, powertools, vigil] = [of('limit'), of('powertools'), of('vigil')];
  return {
    records: RECORDS,
    rounds,
    microsecondsPerRecord: {
      limit: rounded(limit),
      powertools: rounded(powertools),
      vigil: rounded(vigil),
    },
    ratioToLimit: rounded(limit / vigil),
    ratioToPowertools: rounded(powertools / vigil),
  };
}
