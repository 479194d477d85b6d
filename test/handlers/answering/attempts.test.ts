import { describe, expect, test } from 'vitest';
import {
  allowances,
  counted,
  countOf,
  nextTryAt,
  uncounted,
  type WrongPins,
} from '../../../handlers/answering/attempts.ts';

const at = (time: string) => `2026-11-24T${time}:00.000Z`;
const now = at('03:00');
const { elsewhere, newestPage } = allowances;
const today = (count: number, lastAt = now): WrongPins => ({ byDay: { '2026-11-24': count }, lastAt });

describe('elsewhere tries become slower', () => {
  test.each([
    [0, undefined],
    [4, undefined],
    [5, at('03:01')],
    [6, at('03:10')],
    [7, at('04:00')],
    [8, '2026-12-26T00:00:00.000Z'],
  ])('after %i wrong ones', (count, next) => {
    expect(nextTryAt(today(count), elsewhere, now)).toBe(next);
  });

  test('a wait is over at its instant', () => {
    expect(nextTryAt(today(5), elsewhere, '2026-11-24T03:00:59.999Z')).toBe(at('03:01'));
    expect(nextTryAt(today(5), elsewhere, at('03:01'))).toBeUndefined();
  });
});

test.each([
  [149, undefined],
  [150, '2026-12-26T00:00:00.000Z'],
])('a newest page takes the next try at once after %i, or not', (count, next) => {
  expect(nextTryAt(today(count), newestPage, now)).toBe(next);
});

describe('a wrong PIN counts for a month, wherever that begins', () => {
  const one = counted(undefined, '2026-10-01T23:59:59.999Z');
  test.each([
    ['2026-11-01T23:59:59.999Z', 1],
    ['2026-11-02T00:00:00.000Z', 0],
  ])('at %s', (later, count) => {
    expect(countOf(one, later)).toBe(count);
  });

  test('forgotten days are left out, and the next midnight that helps is named', () => {
    const spread = {
      byDay: { '2026-09-01': 9, '2026-11-01': 2, '2026-11-20': 6, '2026-11-24': 2 },
      lastAt: now,
    };
    expect(counted(spread, now).byDay).toEqual({ '2026-11-01': 2, '2026-11-20': 6, '2026-11-24': 3 });
    // Ten, of which eight are allowed: with the first two gone it is still one too many.
    expect(nextTryAt(spread, elsewhere, now)).toBe('2026-12-22T00:00:00.000Z');
  });
});

describe('an attempt that is given back', () => {
  test('leaves nothing, and the wait of the one before it', () => {
    expect(uncounted(counted(undefined, now), now, undefined)).toBeUndefined();
    const before = today(5, at('02:58'));
    expect(uncounted(counted(before, now), now, before)).toEqual(before);
  });

  test('leaves what others have counted since', () => {
    const before = today(1, at('02:58'));
    const others = counted(counted(before, now), at('03:01'));
    expect(uncounted(others, now, before)).toEqual({ byDay: { '2026-11-24': 2 }, lastAt: at('03:01') });
  });

  test('over midnight, it is its own day that it leaves', () => {
    const late = '2026-11-23T23:59:59.990Z';
    const others = counted(counted(undefined, late), now);
    expect(uncounted(others, late, undefined)).toEqual(today(1));
  });
});
