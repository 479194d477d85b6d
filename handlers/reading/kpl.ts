/**
 * Records that the Kinesis Producer Library packed into one, by its format:
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
import { createHash } from 'node:crypto';

const MAGIC = [0xf3, 0x89, 0x9a, 0xc2];
const MD5_BYTES = 16;
/** `AggregatedRecord.records` and `Record.data`. */
const RECORDS = 3;
const DATA = 3;
/** What follows a tag of that kind, beside a number that says so itself. */
const FIXED_BYTES = new Map([
  [0, 0],
  [1, 8],
  [5, 4],
]);

export function isAggregated(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length + MD5_BYTES && MAGIC.every((byte, at) => bytes[at] === byte);
}

/** The data of each record in it; undefined when the checksum is wrong, or what it covers is no such message. */
export function recordsIn(aggregated: Uint8Array): Uint8Array[] | undefined {
  const message = aggregated.subarray(MAGIC.length, -MD5_BYTES);
  if (!createHash('md5').update(message).digest().equals(aggregated.subarray(-MD5_BYTES))) return undefined;
  const data = fieldsOf(message, RECORDS)?.map((record) => fieldsOf(record, DATA)?.[0]);
  return data?.every((bytes) => bytes !== undefined) ? data : undefined;
}

/**
 * The length-delimited fields of that number in a message of protocol buffers; the others are skipped
 * (https://protobuf.dev/programming-guides/encoding/). Undefined when it ends in the middle of one.
 */
function fieldsOf(message: Uint8Array, wanted: number): Uint8Array[] | undefined {
  const found: Uint8Array[] = [];
  let at = 0;
  while (at < message.length) {
    const tag = varint();
    const kind = tag % 8;
    const number = kind === 0 || kind === 2 ? varint() : 0;
    const end = at + (kind === 2 ? number : (FIXED_BYTES.get(kind) ?? Number.NaN));
    if (!(end <= message.length)) return undefined;
    if (kind === 2 && Math.floor(tag / 8) === wanted) found.push(message.subarray(at, end));
    at = end;
  }
  return found;

  /** NaN beyond the end; what is larger than a double holds exactly is no length of ours. */
  function varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined) return Number.NaN;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  }
}
