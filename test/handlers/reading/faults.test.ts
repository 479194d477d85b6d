/** What is remembered of a device's faults does not depend on how its signs are cut into batches, nor on how often they come. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type DeviceSign,
  type FaultsByKind,
  foldFaults,
  tellOfFaults,
} from '../../../handlers/reading/faults.ts';

const minute = (n: number) => new Date(Date.parse('2026-11-24T10:00:00.000Z') + n * 60_000).toISOString();

const signs = fc
  .array(
    fc.record({
      shows: fc.subarray(['unreadable', 'errorCode', 'clockOff'] as const),
      isGood: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) => all.map((one, n): DeviceSign => ({ ...one, id: `sign-${n}`, at: minute(n) })));
/** Deliveries: each from somewhere, up to somewhere, and nothing left out before; the last reaches the end. */
const deliveries = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 8 });

function delivered(all: readonly DeviceSign[], cuts: readonly (readonly [number, number])[]) {
  let faults: FaultsByKind = {};
  let reached = 0;
  const claimed = new Set<string>();
  const take = (from: number, to: number) => {
    const folded = foldFaults(faults, all.slice(from, to));
    faults = folded.faults;
    for (const { kind, id } of folded.begun) claimed.add(`${kind} ${id}`);
    reached = Math.max(reached, to);
  };
  for (const [back, on] of cuts) take(Math.max(0, reached - back), Math.min(all.length, reached + on));
  take(reached, all.length);
  return { faults, claimed };
}

test('the same faults at last, and whichever is open then was raised', () => {
  fc.assert(
    fc.property(signs, deliveries, (all, cuts) => {
      const once = delivered(all, []);
      const cut = delivered(all, cuts);
      expect(cut.faults).toEqual(once.faults);
      for (const [kind, { since }] of Object.entries(cut.faults)) {
        const began = all.find(({ at }) => at === since);
        expect([...cut.claimed]).toContain(`${kind} ${began?.id}`);
      }
    }),
    { seed: 20261124, numRuns: 2000 },
  );
});

test('no more are raised than fault and good reading take turns', () => {
  fc.assert(
    fc.property(signs, deliveries, (all, cuts) => {
      const turns = all.filter(({ shows }, n) => shows.length > 0 && (n === 0 || all[n - 1]?.isGood)).length;
      const kinds = new Set(all.flatMap(({ shows }) => shows)).size;
      expect(delivered(all, cuts).claimed.size).toBeLessThanOrEqual((turns + 1) * kinds);
    }),
    { seed: 20261124, numRuns: 500 },
  );
});

test('nothing new is the same object, and nothing to see to', () => {
  const good: DeviceSign = { id: '1', at: minute(0), shows: [], isGood: true };
  const none: FaultsByKind = {};
  expect(foldFaults(none, [good]).faults).toBe(none);
  expect(tellOfFaults([good], undefined)).toBe(false);
  expect(tellOfFaults([good], { silent: { since: minute(0), endedAt: minute(1) } })).toBe(false);
  expect(tellOfFaults([good], { silent: { since: minute(0) } })).toBe(true);
  expect(tellOfFaults([{ ...good, shows: ['invalid'] }], undefined)).toBe(true);
});
