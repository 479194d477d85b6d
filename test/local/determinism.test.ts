import crypto from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { install } from '../../infra/local/determinism.ts';
import { fakeAccount } from './fake-account.ts';

const real = { Date, setTimeout, random: Math.random, randomUUID: crypto.randomUUID, scrypt: crypto.scrypt };
let undo = () => {};
afterEach(() => undo());

function installed() {
  const account = fakeAccount('2026-03-01T00:00:00.000Z');
  undo = install(account.clock, account.random('process'));
  return account;
}

test('the time is the account’s, and dates made before or by others are still dates', async () => {
  const before = new Date(0);
  const { clock } = installed();
  expect(new Date().toISOString()).toBe('2026-03-01T00:00:00.000Z');
  await clock.run(clock.now() + 5000);
  expect(Date.now()).toBe(Date.parse('2026-03-01T00:00:05.000Z'));
  expect(before instanceof Date).toBe(true);
  expect(new Date('2020-01-01T00:00:00Z').getUTCFullYear()).toBe(2020);
});

test('timers run in virtual time, can be cleared, and repeat', async () => {
  const { clock } = installed();
  const seen: string[] = [];
  setTimeout(() => seen.push('never'), 50).unref();
  clearTimeout(setTimeout(() => seen.push('cleared'), 10));
  const interval = setInterval(() => seen.push('tick'), 20);
  await clock.run(clock.now() + 65);
  clearInterval(interval);
  await clock.run(clock.now() + 100);
  expect(seen).toEqual(['tick', 'tick', 'never', 'tick']);
});

test('randomness comes from the seed', () => {
  const draw = () => {
    installed();
    const drawn = [
      Math.random(),
      crypto.randomUUID(),
      crypto.randomBytes(4).toString('hex'),
      crypto.randomInt(10),
    ];
    undo();
    return drawn;
  };
  const first = draw();
  expect(draw()).toEqual(first);
  expect(first[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('scrypt gives what it always gives, once derived and then from memory', async () => {
  const expected = crypto.scryptSync('pin', 'salt', 32).toString('hex');
  const { clock } = installed();
  const keys: string[] = [];
  for (let times = 0; times < 2; times++)
    crypto.scrypt('pin', 'salt', 32, { cost: 16_384 }, (_error, key) => keys.push(key.toString('hex')));
  await clock.run(clock.now() + 1);
  expect(keys).toEqual([expected, expected]);
});

test('what was installed is taken away again', () => {
  installed();
  undo();
  undo = () => {};
  expect({
    Date,
    setTimeout,
    random: Math.random,
    randomUUID: crypto.randomUUID,
    scrypt: crypto.scrypt,
  }).toEqual(real);
});
