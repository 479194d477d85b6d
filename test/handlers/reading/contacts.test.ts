import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hear, mergeContacts } from '../../../handlers/reading/contacts.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 10) + minute * 60_000).toISOString();
/** Arrived at that minute, and says that it was measured so many before. */
const heardAt = (minute: number, delay = 0) => ({ measuredAt: at(minute - delay), arrivedAt: at(minute) });
const minutes = (count: number) => count * 60_000;

describe('the contacts of a device', () => {
  test('are stretches of time without a pause of more than five minutes, with the least and the most delay', () => {
    expect(hear([], [heardAt(10), heardAt(15, 3), heardAt(21), heardAt(12, 60)])).toEqual([
      { from: at(10), to: at(15), leastDelayMs: 0, mostDelayMs: minutes(60) },
      { from: at(21), to: at(21), leastDelayMs: 0, mostDelayMs: 0 },
    ]);
  });

  test('are two when the pause is longer by a moment', () => {
    const ms = 1 / 60_000;
    expect(hear([], [heardAt(10), heardAt(15)])).toHaveLength(1);
    expect(hear([], [heardAt(10), heardAt(15 + ms)])).toHaveLength(2);
  });

  test('are the last twenty', () => {
    const heard = hear(
      [],
      Array.from({ length: 21 }, (_, index) => heardAt(index * 10)),
    );
    expect(heard).toHaveLength(20);
    expect(heard[0]?.from).toBe(at(10));
  });

  test('become one version older with what is new, and nothing else has to be written', () => {
    const known = mergeContacts(undefined, 'bp-1', [heardAt(10), heardAt(20)]);
    expect(known).toMatchObject({ pk: 'CONTACTS#bp-1', kind: 'contacts', deviceId: 'bp-1', version: 1 });
    expect(mergeContacts(known, 'bp-1', [heardAt(10)])).toBe(known);
    expect(mergeContacts(known, 'bp-1', [heardAt(10, 1)]).version).toBe(2);
    expect(mergeContacts(known, 'bp-1', [heardAt(15)]).version).toBe(2);
  });

  test('are the same in whatever order, groups and repetitions its readings come', () => {
    const reading = fc
      .tuple(fc.nat({ max: 90 }), fc.nat({ max: 90 }))
      .map(([minute, delay]) => heardAt(minute, delay));
    const story = fc
      .array(reading, { minLength: 1, maxLength: 60 })
      .chain((readings) =>
        fc.tuple(fc.constant(readings), fc.shuffledSubarray(readings), fc.nat({ max: 60 })),
      );
    fc.assert(
      fc.property(story, ([readings, again, cut]) => {
        const once = hear([], readings);
        const shuffled = [...again, ...readings.toReversed()];
        expect(hear(hear([], shuffled.slice(0, cut)), shuffled.slice(cut))).toEqual(once);
        expect(hear(once, again)).toEqual(once);
      }),
      { seed: 5 },
    );
  });
});
