import { setTimeout as realSleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Clock } from '../../../../infra/local/engine/clock.ts';
import { seededRandom } from '../../../../infra/local/engine/random.ts';

const clockOf = (seed: number) => new Clock(1000, seededRandom(seed, 'ties'));

test('timers run in the order of their instants, and time stands at each while it runs', async () => {
  const clock = clockOf(1);
  const seen: number[] = [];
  for (const at of [5000, 2000, 9000, 2500]) clock.at(at, () => seen.push(clock.now()));
  await clock.run(6000);
  expect(seen).toEqual([2000, 2500, 5000]);
  expect(clock.now()).toBe(6000);
});

test('an instant is a whole millisecond, as Date says it, and none is early', async () => {
  const clock = clockOf(1);
  const seen: number[] = [];
  for (const at of [2000.2, 2001]) clock.at(at, () => seen.push(clock.now()));
  await clock.run(3000);
  expect(seen).toEqual([2001, 2001]);
});

test('a cancelled timer never runs', async () => {
  const clock = clockOf(1);
  const seen: string[] = [];
  clock.after(10, () => seen.push('kept'));
  clock.after(5, () => seen.push('cancelled')).cancel();
  await clock.run(Number.POSITIVE_INFINITY);
  expect(seen).toEqual(['kept']);
});

test('equal instants are ordered by the seed alone', async () => {
  const orderOf = async (seed: number) => {
    const clock = clockOf(seed);
    const seen: number[] = [];
    for (let index = 0; index < 8; index++) clock.at(2000, () => seen.push(index));
    await clock.run(3000);
    return seen.join();
  };
  expect(await orderOf(1)).toBe(await orderOf(1));
  expect(new Set(await Promise.all([1, 2, 3, 4].map(orderOf))).size).toBeGreaterThan(1);
});

test('time does not move while something real is pending, and results keep the order of asking', async () => {
  const clock = clockOf(1);
  const seen: string[] = [];
  clock.after(1, () => {
    clock.real(realSleep(20, 'slow')).then((name) => seen.push(`${name} at ${clock.now()}`));
    clock.real(realSleep(1, 'fast')).then((name) => seen.push(`${name} at ${clock.now()}`));
  });
  clock.after(2, () => seen.push('next timer'));
  await clock.run(5000);
  expect(seen).toEqual(['slow at 1001', 'fast at 1001', 'next timer']);
});

test('work started by a real result is waited for too', async () => {
  const clock = clockOf(1);
  const seen: string[] = [];
  clock.after(1, () => {
    clock
      .real(realSleep(1))
      .then(() => clock.real(realSleep(5)).then(() => seen.push(`second at ${clock.now()}`)));
  });
  clock.after(2, () => seen.push('next timer'));
  await clock.run(5000);
  expect(seen).toEqual(['second at 1001', 'next timer']);
});
