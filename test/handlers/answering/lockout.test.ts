import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { lanesOf, type PinLane } from '../../../handlers/answering/lanes.ts';
import {
  type Allowance,
  allowances,
  isUsedUp,
  nextTryAt,
  triesAt,
} from '../../../handlers/answering/lockout.ts';
import { giveBackTries, type UsedTries, useTries } from '../../../handlers/aws/dynamodb/lockout-store.ts';
import { logger } from '../../../handlers/runtime/logger.ts';

import { LocalAws } from '../../local-aws.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const monthMs = 31 * 24 * hourMs;
const epoch = Date.parse('2026-11-24T00:00:00.000Z');
const at = (ms: number) => new Date(epoch + ms).toISOString();

const lane: PinLane = { pk: 'PIN#nurse-1#newestPage', allowance: { atOnce: 3, everyMs: hourMs } };
let aws: LocalAws;
beforeEach(() => {
  vi.restoreAllMocks();
  aws = new LocalAws();
});

const tried = async (now: string, lanes = [lane]) => {
  const result = await useTries(aws.tableName, lanes, now);
  return 'lockedOut' in result ? undefined : result;
};
const counted = async (times: number, now: string, lanes = [lane]) => {
  const uses = await Promise.all(Array.from({ length: times }, () => tried(now, lanes)));
  return uses.filter((one) => one !== undefined).length;
};

describe('a lane', () => {
  test('has so many tries at once, and one more each so often, up to as many', async () => {
    expect(await counted(5, at(minuteMs))).toBe(3);
    expect(await counted(5, at(hourMs - 1))).toBe(0);
    expect(await counted(5, at(hourMs))).toBe(1);
    expect(await counted(5, at(3.5 * hourMs))).toBe(2);
    expect(await counted(9, at(100 * hourMs))).toBe(3);
  });

  test('that is used up says when it takes the next, and writes nothing more', async () => {
    await counted(3, at(minuteMs));
    aws.done.length = 0;
    expect(await useTries(aws.tableName, [lane], at(2 * minuteMs))).toEqual({
      lockedOut: { until: at(hourMs), usedUp: true },
    });
    expect(aws.writes).toEqual([]);
    expect(nextTryAt(lane.allowance, at(minuteMs))).toBe(at(hourMs));
  });

  test('tells of the lockout that its last try brings', async () => {
    await counted(2, at(minuteMs));
    expect((await tried(at(minuteMs)))?.lockout).toEqual({ until: at(hourMs), usedUp: true });
    const waits = { ...lane, allowance: { ...lane.allowance, atOnce: 1, slows: true as const } };
    expect((await tried(at(5 * hourMs), [waits]))?.lockout?.usedUp).toBe(false);
  });

  test('keeps its item for as long as it says anything, and a day more', async () => {
    await counted(3, at(minuteMs));
    expect(aws.items.get(lane.pk).expiresAt * 1000).toBe(epoch + 4 * hourMs + 24 * hourMs);
  });
});

describe('a try that is given back', () => {
  test('leaves the others, and is there again at once', async () => {
    const [mine] = [(await tried(at(minuteMs))) as UsedTries, await counted(2, at(minuteMs))];
    expect(await counted(1, at(minuteMs))).toBe(0);
    await giveBackTries(aws.tableName, mine, at(minuteMs));
    expect(await counted(5, at(minuteMs))).toBe(1);
  });

  test('is not given back when it has lapsed, or will have before the request ends: what is begun stays begun', async () => {
    const mine = (await tried(at(hourMs - 5000))) as UsedTries;
    const { lastTry } = aws.items.get(lane.pk);
    await giveBackTries(aws.tableName, mine, at(hourMs - 5000));
    expect(aws.items.get(lane.pk).lastTry).toBe(lastTry);
    expect(await counted(5, at(hourMs))).toBe(3);
  });

  test('is given back of every lane, when one of them has none left meanwhile', async () => {
    const other = { ...lane, pk: 'PIN#.everybody#newestPage' };
    // Both lanes are free as they are read; then others are faster in the second.
    aws.before = (call) => {
      if (call === `Update ${lane.pk}` && !aws.items.has(other.pk))
        aws.items.set(other.pk, { lastTry: Math.floor((epoch + minuteMs) / hourMs) + 3 });
      return undefined;
    };
    expect(await tried(at(minuteMs), [lane, other])).toBeUndefined();
    expect(await counted(5, at(2 * minuteMs))).toBe(3);
  });
});

describe('an item that does not parse', () => {
  const { last } = triesAt(lane.allowance, at(minuteMs));
  const good = { pk: lane.pk, kind: 'wrong-pins', lastTry: last - 2, expiresAt: 2_000_000_000 };
  test.each([
    ['lastTry', { ...good, lastTry: String(last) }],
    ['lastTry', { ...good, lastTry: last - 0.5 }],
    ['lastTry', { ...good, lastTry: last + 700 }],
    ['lastTry', { ...good, lastTry: null }],
    ['kind', { ...good, kind: 'page' }],
    ['expiresAt', { ...good, expiresAt: 'never' }],
  ])('gives out no try, and the next one when a lane that is used up does: %s', async (field, item) => {
    const error = vi.spyOn(logger, 'error').mockReturnValue();
    aws.items.set(lane.pk, item);
    const { lastTry: broken } = item;
    expect(await useTries(aws.tableName, [lane], at(minuteMs))).toEqual({
      lockedOut: { until: at(hourMs), usedUp: true },
    });
    expect(await counted(5, at(hourMs - 1))).toBe(0);
    expect(await counted(5, at(hourMs))).toBe(1);
    expect(await counted(9, at(100 * hourMs))).toBe(3);
    expect(error.mock.calls).toEqual([
      ['item-invalid', { item: lane.pk, fields: [expect.stringMatching(field)] }],
    ]);
    const said = JSON.stringify(error.mock.calls);
    expect(said).toContain(lane.pk);
    expect(said).not.toContain(String(broken ?? 'page'));
  });

  test('of the whole hospital locks nobody out: some tries are left, once, and the others come back as ever', async () => {
    vi.spyOn(logger, 'error').mockReturnValue();
    for (const ofAll of [lanesOf('PIN#nurse-1', 'newestPage'), lanesOf('PIN#nurse-1', 'elsewhere')].map(
      (lanes) => lanes.slice(-1),
    )) {
      const { pk, allowance } = ofAll[0] as PinLane;
      const quarter = allowance.atOnce / 4;
      aws.items.set(pk, { ...good, lastTry: 'many' });
      expect(await counted(99, at(minuteMs), ofAll)).toBe(quarter);
      expect(await counted(99, at(minuteMs + 8 * hourMs), ofAll)).toBe(
        Math.floor((8 * hourMs) / allowance.everyMs),
      );
      // Right PINs use up none.
      aws.items.set(pk, { ...good, lastTry: 'many' });
      for (let right = 0; right < 99; right++)
        await giveBackTries(aws.tableName, (await tried(at(minuteMs), ofAll)) as UsedTries, at(minuteMs));
    }
  });

  test('of the whole hospital is put in order once: what others have used since stays used', async () => {
    vi.spyOn(logger, 'error').mockReturnValue();
    const ofAll = lanesOf('PIN#nurse-1', 'newestPage').slice(-1);
    const [{ pk, allowance } = lane] = ofAll;
    aws.items.set(pk, { ...good, lastTry: 'many' });
    aws.before = (call) => {
      if (!call.startsWith('Update')) return undefined;
      aws.before = () => undefined;
      aws.items.set(pk, { ...good, lastTry: triesAt(allowance, at(minuteMs)).last });
      return undefined;
    };
    expect(await tried(at(minuteMs), ofAll)).toBeUndefined();
  });

  test('in one lane leaves the others as they were', async () => {
    vi.spyOn(logger, 'error').mockReturnValue();
    const other = { ...lane, pk: 'PIN#.everybody#newestPage' };
    aws.items.set(lane.pk, { ...good, lastTry: 'many' });
    expect(await tried(at(minuteMs), [lane, other])).toBeUndefined();
    expect(await counted(5, at(minuteMs), [other])).toBe(3);
  });
});

test('many at once, on instances whose clocks differ: as many are counted as are left, in two writes each at most', async () => {
  await counted(1, at(hourMs + 1));
  aws.done.length = 0;
  const clocks = Array.from({ length: 60 }, (_, n) => at(2 * hourMs + (n % 7) * 10));
  const results = await Promise.all(clocks.map((now) => tried(now)));
  expect(results.filter((one) => one !== undefined)).toHaveLength(3);
  expect(aws.writes.length).toBe(3);
});

/** What any 31 days can be at most: the tries at once, and those that come back. */
const mostInAMonth = ({ atOnce, everyMs }: Allowance) => atOnce + Math.ceil(monthMs / everyMs);

test('whenever tries are made and given back, no month has more than its number', async () => {
  const hours = fc.integer({ min: 0, max: 60 * 24 });
  const steps = fc.array(
    fc.record({ hour: hours, times: fc.integer({ min: 1, max: 9 }), right: fc.boolean() }),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      aws.items.clear();
      const weekly: PinLane = { ...lane, allowance: { atOnce: 5, everyMs: 26 * hourMs } };
      const wrong: number[] = [];
      for (const { hour, times, right } of plan.sort((a, b) => a.hour - b.hour)) {
        for (let n = 0; n < times; n++) {
          const now = at(hour * hourMs + n);
          const one = await tried(now, [weekly]);
          if (one && right) await giveBackTries(aws.tableName, one, now);
          else if (one) wrong.push(hour * hourMs + n);
        }
      }
      for (const from of wrong)
        expect(wrong.filter((ms) => ms >= from && ms < from + monthMs).length).toBeLessThanOrEqual(
          mostInAMonth(weekly.allowance),
        );
    }),
    { numRuns: 60 },
  );
});

test('the hospital’s allowances, with one filling up a month: 966 in any month, below 0.1% of 994,744 PINs', () => {
  const { newestPageOfAll, elsewhereOfAll, knownBrowser } = allowances;
  const most = mostInAMonth(newestPageOfAll) + newestPageOfAll.atOnce + mostInAMonth(elsewhereOfAll);
  expect(most).toBe(966);
  expect(most / 994_744).toBeLessThan(0.00098);
  // A guesser who is of the staff has a browser that is known.
  expect((most + mostInAMonth(knownBrowser)) / 994_744).toBeLessThan(0.001);
});

test('a month is whole stretches of every lane of the hospital, and one mailbox uses half of what comes back to all', () => {
  const { newestPage, newestPageOfAll, elsewhereOfAll } = allowances;
  for (const { everyMs } of [newestPage, newestPageOfAll, elsewhereOfAll])
    expect((24 * hourMs) % everyMs).toBe(0);
  expect(newestPage.everyMs).toBe(2 * newestPageOfAll.everyMs);
  expect(isUsedUp(undefined, newestPage, at(0))).toBe(false);
});
