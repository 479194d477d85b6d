import { scryptSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashPin, nobodysPin, pepperOf, pinMatches } from '../../../handlers/runtime/pin.ts';

const pepper = pepperOf('R'.repeat(64));
const salt = Buffer.from('sixteen bytes ok');

test('a PIN matches its own hash, and no other PIN does', async () => {
  const hash = await hashPin('204817', pepper, salt);
  expect(await pinMatches('204817', pepper, hash)).toBe(true);
  expect(await pinMatches('204818', pepper, hash)).toBe(false);
});

test('without the pepper a stolen hash tells nothing, and the same PIN hashes differently with another salt', async () => {
  const hash = await hashPin('204817', pepper, salt);
  expect(await pinMatches('204817', '', hash)).toBe(false);
  expect(await pinMatches('204817', pepperOf('S'.repeat(64)), hash)).toBe(false);
  expect((await hashPin('204817', pepper, Buffer.from('another salt'))).hash).not.toBe(hash.hash);
});

test('the costs stand beside the hash, and are what a check uses', async () => {
  const hash = await hashPin('204817', pepper, salt);
  expect(hash).toMatchObject({ algorithm: 'scrypt', cost: 16_384, blockSize: 8, parallelization: 1 });
  expect(await pinMatches('204817', pepper, { ...hash, cost: 8192 })).toBe(false);
});

test('a hash of a higher cost than ours is checked, whatever memory Node would allow by itself', async () => {
  const costs = { cost: 32_768, blockSize: 8, parallelization: 1 };
  const hash = scryptSync(`204817${pepper}`, salt, 32, { ...costs, maxmem: 2 ** 30 }).toString('base64');
  const known = { algorithm: 'scrypt', ...costs, salt: salt.toString('base64'), hash } as const;
  expect(await pinMatches('204817', pepper, known)).toBe(true);
});

test('where nobody is meant no PIN matches, at the cost of those that are', async () => {
  const hash = await hashPin('204817', pepper, salt);
  const nobodys = nobodysPin([{ pinHash: { ...hash, cost: 8192 } }]);
  expect(nobodys.cost).toBe(8192);
  expect(await pinMatches('204817', pepper, nobodys)).toBe(false);
  expect(nobodysPin([])).toMatchObject({ cost: 16_384, blockSize: 8, parallelization: 1 });
});
