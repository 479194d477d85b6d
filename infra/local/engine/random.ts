/** Seeded random numbers: one independent stream per purpose, so that adding a draw here moves nothing there. */
import { createHash } from 'node:crypto';

export type Random = {
  /** In [0, 1). */
  next(): number;
  /** A whole number, 0 <= n < below. */
  below(below: number): number;
  bytes(length: number): Buffer;
};

/** mulberry32 (public domain, Tommy Ettinger), seeded by a hash of seed and purpose. */
export function seededRandom(seed: number | string, purpose: string): Random {
  let state = createHash('sha256').update(`${seed}/${purpose}`).digest().readUInt32LE(0);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const bytes = (length: number) => {
    const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => below(2 ** 32));
    return Buffer.from(words.buffer, 0, length);
  };
  return { next, below, bytes };
}
