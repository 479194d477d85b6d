/** Bytes of the stream as text: unpacked from aggregated and compressed records, in UTF-8 or UTF-16. Total. */
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { isAggregated, recordsIn } from './kpl.ts';
import { budgetOfRecord, type RecordBudget } from './record-budget.ts';

/** `bytes`: what it was decoded from, as it came. `subsequence`: which of the aggregated records, as AWS counts them. */
type Source = { bytes: Uint8Array; subsequence?: number };
/** `isLossy`: what is no character stands as U+FFFD. */
export type Text = Source & { text: string; isLossy: boolean };
export type Undecoded = Source & { reason: string };

/** Compressed within aggregated within compressed. */
const MOST_LAYERS = 4;

/** What unpacks to more than is allowed is no reading. */
export function textsOf(
  bytes: Uint8Array,
  budget = budgetOfRecord(),
  layers = MOST_LAYERS,
): (Text | Undecoded)[] {
  if (layers === 0) return [{ reason: 'record: packed more often than anybody does', bytes }];
  if (isAggregated(bytes)) {
    const records = recordsIn(bytes);
    if (records === undefined) return [{ reason: 'record: aggregated, and damaged', bytes }];
    if (records.length === 0) return [{ reason: 'record: aggregated, and empty', bytes }];
    if (records.length > budget.values)
      return [{ reason: 'record: aggregated from more records than anybody sends', bytes }];
    budget.values -= records.length;
    return records.flatMap((record, subsequence) =>
      textsOf(record, budget, layers - 1).map((it) => ({ ...it, subsequence })),
    );
  }
  const unpacked = unpack(bytes, budget);
  if (unpacked === 'damaged') return [{ reason: 'record: compressed, and damaged or too large', bytes }];
  if (unpacked) return textsOf(unpacked, budget, layers - 1).map((it) => ({ ...it, bytes }));
  const text = utf16(bytes) ?? new TextDecoder('utf-8').decode(bytes);
  const isLossy = text.includes('\ufffd');
  if (isLossy) {
    // Deflate without a header begins with anything, and is no text.
    const raw = unpackedBy(inflateRawSync, bytes, budget);
    if (raw && looksLikeJson(new TextDecoder().decode(raw.subarray(0, 100))))
      return textsOf(raw, budget, layers - 1).map((it) => ({ ...it, bytes }));
  }
  return [
    ...(textsInBase64(text, layers - 1, budget)?.map((it) => ({ ...it, bytes })) ?? [
      { text, isLossy, bytes },
    ]),
  ];
}

/** Shorter ones are words. */
const LEAST_BASE64 = 24;

/** The texts that a text in base64 (RFC 4648) holds, when they look like JSON; undefined when it is no such text. */
export function textsInBase64(text: string, layers: number, budget = budgetOfRecord()): Text[] | undefined {
  const packed = text.trim();
  if (packed.length < LEAST_BASE64 || !/^[\w+/\r\n-]+={0,2}$/.test(packed)) return undefined;
  const texts = textsOf(Buffer.from(packed, 'base64'), budget, layers);
  const isJson = (it: Text | Undecoded): it is Text => 'text' in it && looksLikeJson(it.text);
  return texts.every(isJson) ? texts : undefined;
}

/** A list, an object, or a text that may hold one. */
export function looksLikeJson(text: string): boolean {
  return /^\s*["[{]/.test(text);
}

/** Of gzip (RFC 1952) or zlib, which HTTP calls deflate (RFC 1950); undefined when it is neither. */
function unpack(bytes: Uint8Array, budget: RecordBudget): Uint8Array | 'damaged' | undefined {
  const [first = 0, second = 0] = bytes;
  if (first === 0x1f && second === 0x8b) return unpackedBy(gunzipSync, bytes, budget) ?? 'damaged';
  const isZlib = first % 16 === 8 && first < 0x80 && (first * 256 + second) % 31 === 0;
  return isZlib ? unpackedBy(inflateSync, bytes, budget) : undefined;
}

/** What fails may have cost as much as what succeeds, and nothing tells how much it was. */
const COST_OF_FAILURE = 64 * 1024;

function unpackedBy(
  unpacking: typeof gunzipSync,
  bytes: Uint8Array,
  budget: RecordBudget,
): Uint8Array | undefined {
  if (budget.bytes <= 0) return undefined;
  try {
    const unpacked = unpacking(bytes, { maxOutputLength: budget.bytes });
    budget.bytes -= unpacked.length;
    return unpacked;
  } catch {
    budget.bytes -= COST_OF_FAILURE;
    return undefined;
  }
}

/** With its mark, or where every JSON text begins: with a character below 128, so with a zero before or behind it. */
function utf16(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && first < 0x80 && second === 0))
    return new TextDecoder('utf-16le').decode(bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && second < 0x80))
    return new TextDecoder('utf-16be').decode(bytes);
  return undefined;
}
