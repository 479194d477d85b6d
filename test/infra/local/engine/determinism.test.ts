/** The process's own time and randomness, made the account's and given back. */
import crypto, { randomBytes, randomInt, randomUUID, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { install } from '../../../../infra/local/engine/determinism.ts';
import { fakeAccount } from '../fake-account.ts';

const timers = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
];
const drawn = ['randomBytes', 'randomUUID', 'randomInt', 'scrypt'];
/** Everything that is replaced, as it is now: with how it is described, since undoing restores that too. */
const everything = () => ({
  globals: ['Date', ...timers].map((name) => Object.getOwnPropertyDescriptor(globalThis, name)),
  crypto: drawn.map((name) => Object.getOwnPropertyDescriptor(crypto, name)),
  random: Object.getOwnPropertyDescriptor(Math, 'random'),
  timeout: Object.getOwnPropertyDescriptor(AbortSignal, 'timeout'),
  imported: [randomBytes, randomUUID, randomInt, scrypt],
});
const real = everything();
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

test('what is given up after some time is given up by the account’s clock', async () => {
  const { clock } = installed();
  const signal = AbortSignal.timeout(5000);
  await clock.run(clock.now() + 4999);
  expect(signal.aborted).toBe(false);
  await clock.run(clock.now() + 1);
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
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

test('scrypt tells passwords, salts, lengths and costs apart, also those that are no text', async () => {
  const cases: [Buffer, Buffer, number, crypto.ScryptOptions][] = [
    [Buffer.from([0xff]), Buffer.from('salt'), 16, {}],
    [Buffer.from([0xfe]), Buffer.from('salt'), 16, {}],
    [Buffer.from([0xff]), Buffer.from([0xff]), 16, {}],
    [Buffer.from([0xff]), Buffer.from('salt'), 24, {}],
    [Buffer.from([0xff]), Buffer.from('salt'), 16, { cost: 1024 }],
  ];
  const expected = cases.map((of) => crypto.scryptSync(...of).toString('hex'));
  const { clock } = installed();
  const derive = promisify<Buffer, Buffer, number, crypto.ScryptOptions, Buffer>(crypto.scrypt);
  const derived = Promise.all(cases.map((of) => derive(...of)));
  await clock.run(clock.now() + 1);
  expect((await derived).map((key) => key.toString('hex'))).toEqual(expected);
});

test('scrypt: what one caller does to its key does not reach the next', async () => {
  const { clock } = installed();
  const keys: Buffer[] = [];
  const derive = () => crypto.scrypt('pin', 'salt', 16, (_error, key) => keys.push(key));
  derive();
  await clock.run(clock.now() + 1);
  const first = keys[0]?.toString('hex');
  keys[0]?.fill(0);
  derive();
  await clock.run(clock.now() + 1);
  expect(keys[1]?.toString('hex')).toBe(first);
});

test('scrypt: parameters that Node refuses come as an error', async () => {
  const { clock } = installed();
  const errors: (Error | null)[] = [];
  crypto.scrypt('pin', 'salt', 16, { cost: 2 ** 20, maxmem: 1024 }, (error) => errors.push(error));
  await clock.run(clock.now() + 1);
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toMatch(/memory limit|Invalid scrypt/);
});

test('functions that a module imports by name are the account’s too', () => {
  const before = randomUUID;
  installed();
  expect(randomUUID).not.toBe(before);
  expect(randomBytes(4)).toHaveLength(4);
  const numbers = Array.from({ length: 50 }, () => randomInt(3, 6));
  expect([...new Set(numbers)].sort()).toEqual([3, 4, 5]);
});

test('timers of no time run at once, in virtual time; an interval of none lets time go on', async () => {
  const { clock } = installed();
  const seen: string[] = [];
  setImmediate(() => seen.push('immediate'));
  const cancelled = setImmediate(() => seen.push('cancelled'));
  clearImmediate(cancelled);
  setTimeout((...args: number[]) => seen.push(`after ${args}`), 0, 1, 2);
  const interval = setInterval(() => seen.push('tick'), 0);
  await clock.run(clock.now() + 3);
  clearInterval(interval);
  expect(seen.toSorted()).toEqual(['after 1,2', 'immediate', 'tick', 'tick', 'tick']);
  expect(clock.nextAt()).toBeUndefined();
});

test('real time that passes is no virtual time', async () => {
  const realTimeout = setTimeout;
  installed();
  const before = Date.now();
  await new Promise((resolve) => realTimeout(resolve, 20));
  expect(Date.now()).toBe(before);
});

test('what was installed is taken away again, all of it', () => {
  installed();
  const meanwhile = everything();
  expect(meanwhile.globals.map((one, index) => one?.value === real.globals[index]?.value)).not.toContain(
    true,
  );
  expect(meanwhile.crypto.map((one, index) => one?.value === real.crypto[index]?.value)).not.toContain(true);
  undo();
  undo = () => {};
  expect(everything()).toEqual(real);
});
