/**
 * What a record is put into when it goes into the stream again: a line before its bytes that says when it first came, since
 * the stream knows only of the second time (decisions/0029).
 */
import type { Origin } from './identity.ts';

const BEGINS = Buffer.from('vigil-redriven ');
/** As long as every instant of the years that are read. */
const INSTANT_CHARACTERS = '2026-01-01T00:00:00.000Z'.length;
const CONTENT_AT = BEGINS.length + INSTANT_CHARACTERS + 1;

/** Longer than anybody waits with re-driving. */
const KEPT_MS = 366 * 86_400_000;

/** One that was re-driven before says when it first came. */
export function asRedriven(bytes: Uint8Array, firstArrivedAt: string): Uint8Array {
  if (isRedriven(bytes)) return bytes;
  return Buffer.concat([BEGINS, Buffer.from(`${firstArrivedAt}\n`), bytes]);
}

export function isRedriven(bytes: Uint8Array): boolean {
  return firstArrivalOf(bytes) !== undefined;
}

/** The record as it first came, and when. */
export function contentOf(record: Uint8Array, origin: Origin): { bytes: Uint8Array; origin: Origin } {
  const firstArrivedAt = firstArrivalOf(record);
  if (firstArrivedAt === undefined || !mayBeFirst(firstArrivedAt, origin.arrivedAt))
    return { bytes: record, origin };
  return { bytes: record.subarray(CONTENT_AT), origin: { ...origin, firstArrivedAt } };
}

/** Anybody may write such a line. */
function mayBeFirst(firstArrivedAt: string, arrivedAt: string): boolean {
  const ageMs = Date.parse(arrivedAt) - Date.parse(firstArrivedAt);
  return ageMs >= 0 && ageMs <= KEPT_MS;
}

function firstArrivalOf(record: Uint8Array): string | undefined {
  if (record[0] !== BEGINS[0] || !BEGINS.every((byte, at) => record[at] === byte)) return undefined;
  const line = Buffer.from(record.subarray(BEGINS.length, CONTENT_AT)).toString('latin1');
  const at = new Date(line.slice(0, INSTANT_CHARACTERS));
  return !Number.isNaN(+at) && line === `${at.toISOString()}\n` ? at.toISOString() : undefined;
}
