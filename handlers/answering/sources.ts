/** How often one network address may ask for a page, and by what it is known in a log (decisions/0015). */
import { createHmac } from 'node:crypto';

/**
 * A request takes about 50 ms of an instance, which takes one at a time: 10 a second are half of its time, and the other half
 * is left for everybody else.
 */
const REFILLED_PER_SECOND = 10;
/**
 * A hospital's clinicians may share an address. Thirty of them, each with a mail scanner before them, twice over, are 420
 * requests. In a storm of alerts they may keep instances busy, 20 requests a second each: for 160 s, until the levels are
 * through and everyone has been called.
 */
const MOST_AT_ONCE = 1600;
/** A few megabytes. Who has more addresses than this is not stopped by a limit for each. */
const MOST_REMEMBERED = 10_000;

type Bucket = { left: number; atMs: number };

/** What each source has left: a bucket of requests that fills up again. One for each instance, so that counting costs nothing. */
export class Sources {
  /** The one that asked last is the last. */
  readonly #buckets = new Map<string, Bucket>();

  /** Takes one of the source's requests; false when it has none left. */
  admits(source: string, nowMs: number): boolean {
    const { left, atMs } = this.#buckets.get(source) ?? { left: MOST_AT_ONCE, atMs: nowMs };
    const refilled = (Math.max(0, nowMs - atMs) / 1000) * REFILLED_PER_SECOND;
    const has = Math.min(MOST_AT_ONCE, left + refilled);
    const admitted = has >= 1;
    this.#buckets.delete(source);
    this.#buckets.set(source, { left: admitted ? has - 1 : has, atMs: Math.max(atMs, nowMs) });
    if (this.#buckets.size > MOST_REMEMBERED) {
      const [quietest] = this.#buckets.keys();
      if (quietest !== undefined) this.#buckets.delete(quietest);
    }
    return admitted;
  }
}

/**
 * The source that an address belongs to. Whoever has one address of IPv6 has a network of 2^64 of them (RFC 6177), so that
 * network is one source: its first four groups.
 */
export function sourceOf(address: string): string {
  // A URL's host is written in one way only: in small letters, without zeros in front, IPv4 in hexadecimal.
  const host = URL.parse(`http://[${address.replace(/%.*/, '')}]`)?.hostname.slice(1, -1);
  if (host === undefined) return address;
  const [head = [], tail = []] = host
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array(8 - head.length - tail.length).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}

/** The same for a source's requests of one UTC day; without the key nobody finds the address, of which there are few, by trying. */
export function sourceHash(key: Uint8Array, source: string, now: string): string {
  return createHmac('sha256', key)
    .update(JSON.stringify(['source', now.slice(0, 10), source]))
    .digest('hex')
    .slice(0, 16);
}
