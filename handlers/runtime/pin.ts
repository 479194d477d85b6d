/** PINs: how they are hashed when a roster is published, and checked when somebody answers. */
import { hkdfSync, scrypt, timingSafeEqual } from 'node:crypto';
import type { PinHash } from '../on-call/roster.ts';

/** OWASP's password storage cheat sheet asks for more where a hash is all; here the pepper stands in front, and few tries are taken. */
const SCRYPT = { cost: 16_384, blockSize: 8, parallelization: 1 } as const;
const HASH_BYTES = 32;
/** RFC 7914 leaves it open; 128 bits never collide. */
export const SALT_BYTES = 16;

/** The pepper, from the stage's root key (decisions/0004): a roster that leaks without it tells no PIN. */
export function pepperOf(rootKey: string): string {
  return Buffer.from(hkdfSync('sha256', rootKey, '', 'vigil PIN pepper', 32)).toString('base64');
}

export async function hashPin(pin: string, pepper: string, salt: Buffer): Promise<PinHash> {
  const hash = await derive(pin, pepper, salt, HASH_BYTES, SCRYPT);
  return {
    algorithm: 'scrypt',
    ...SCRYPT,
    salt: salt.toString('base64'),
    hash: hash.toString('base64'),
  };
}

/** By the costs that stand beside the hash; takes as long for a wrong PIN as for the right one. */
export async function pinMatches(pin: string, pepper: string, known: PinHash): Promise<boolean> {
  const expected = Buffer.from(known.hash, 'base64');
  const actual = await derive(pin, pepper, Buffer.from(known.salt, 'base64'), expected.length, known);
  return timingSafeEqual(actual, expected);
}

/** Matches no PIN, and takes as long to say so as a hash of one of these. */
export function nobodysPin(like: readonly { pinHash: PinHash }[]): PinHash {
  const zeros = Buffer.alloc(HASH_BYTES).toString('base64');
  return { algorithm: 'scrypt', ...SCRYPT, salt: zeros, ...like[0]?.pinHash, hash: zeros };
}

function derive(
  pin: string,
  pepper: string,
  salt: Buffer,
  bytes: number,
  { cost, blockSize, parallelization }: Pick<PinHash, 'cost' | 'blockSize' | 'parallelization'>,
): Promise<Buffer> {
  // scrypt takes 128 bytes for each unit of cost and block size, and a little more: Node's own limit of 32 MiB ends below 32,768.
  const maxmem = 256 * cost * blockSize;
  return new Promise((resolve, reject) => {
    scrypt(`${pin}${pepper}`, salt, bytes, { cost, blockSize, parallelization, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
