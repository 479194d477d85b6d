/** Whose turn it is at an address, on the account's own table: never more than SNS bears, and the urgent first. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mayRenew, TooManyMails, takeTurn } from '../../../handlers/aws/dynamodb/turn-store.ts';
import {
  isStillTurn,
  isTimeToComeBack,
  type Lane,
  latestTurn,
  timeToComeBack,
  WAITED_FOR_MS,
} from '../../../handlers/mail/pace.ts';
import { LocalAws } from '../../local-aws.ts';

const seed = 20261126;
const start = Date.parse('2026-03-01T00:00:00.000Z');
const at = (ms: number) => new Date(start + ms).toISOString();
const topic = 'arn:aws:sns:eu-west-2:111122223333:vigil-clinician-nurse-1';
/** A mail comes with its call, which may take this much longer than another one. */
const MOST_PER_SECOND = 10;
let aws: LocalAws;

beforeEach(() => {
  aws = new LocalAws();
});
afterEach(() => vi.restoreAllMocks());

/** The milliseconds from the start until the turn; undefined when it would be too late. */
async function turn(
  nowMs: number,
  lane: Lane = 'routine',
  latestMs = 3_600_000,
): Promise<number | undefined> {
  try {
    const taken = await takeTurn(aws.tableName, topic, lane, { now: at(nowMs), latest: at(latestMs) });
    return Date.parse(taken) - start;
  } catch (error) {
    if (error instanceof TooManyMails) return undefined;
    throw error;
  }
}

async function turns(count: number, lane: Lane, nowMs = 0): Promise<(number | undefined)[]> {
  const taken = [];
  for (let n = 0; n < count; n++) taken.push(await turn(nowMs, lane));
  return taken;
}

test('nobody waits where nobody else does, and the next ones follow in their order', async () => {
  expect(await turns(4, 'routine')).toEqual([0, 200, 400, 600]);
  expect(await turn(90_000)).toBe(90_000);
});

test('an emergency does not wait behind a hundred others', async () => {
  await turns(100, 'routine');
  expect(await turn(50, 'urgent')).toBe(50);
});

test('emergencies have the other lane too, while nobody waits in it', async () => {
  expect(await turns(4, 'urgent')).toEqual([0, 0, 400, 800]);
});

test('whoever is asked to see a patient does not wait behind hundreds of faults of devices', async () => {
  expect((await turns(300, 'background')).slice(0, 3)).toEqual([0, 2000, 4000]);
  expect(await turn(50)).toBe(50);
  expect(await turn(50, 'urgent')).toBe(50);
});

test.each<Lane>(['routine', 'urgent', 'background'])('in a storm a %s turn costs one write', async (lane) => {
  await turns(3, lane);
  aws.calls.length = 0;
  await turns(50, lane);
  expect(aws.calls).toHaveLength(50);
});

test('another address has turns of its own', async () => {
  await turns(10, 'routine');
  const other = await takeTurn(aws.tableName, `${topic}-b`, 'routine', { now: at(5), latest: at(1000) });
  expect(other).toBe(at(5));
});

test('a turn that would come too late is not taken, and takes nobody else’s', async () => {
  await turns(5, 'routine');
  expect(await turn(0, 'routine', 900)).toBeUndefined();
  expect(await turn(0, 'routine', 1000)).toBe(1000);
});

describe('an item of another shape', () => {
  const pk = 'TURN#vigil-clinician-nurse-1';
  const aDay = 86_400_000;

  test.each([
    ['texts', { urgent: at(0), routine: at(0), renewedAt: at(0) }],
    ['another unit', { urgent: start * 1000, routine: start * 1000, renewedAt: start * 1000 }],
    ['what is no time at all', { urgent: [1], routine: { at: 1 }, renewedAt: null }],
    ['a lane that leads a day ahead', { urgent: start + aDay + 1, routine: start + aDay + 1 }],
  ])('of %s stops no mail, and after it turns are given as ever', async (_what, item) => {
    aws.items.set(pk, { kind: 'turn', ...item });
    expect(await turns(3, 'urgent')).toEqual([0, 0, 400]);
    expect(await turns(2, 'routine')).toEqual([200, 400]);
    expect(await mayRenew(aws.tableName, topic, at(0), 15)).toBe(true);
    expect(await mayRenew(aws.tableName, topic, at(0), 15)).toBe(false);
  });

  test('keeps what of it can be read: who waits in the other lane is not overtaken', async () => {
    await turns(3, 'routine');
    aws.items.set(pk, { ...aws.items.get(pk), urgent: 'now', renewedAt: 'now' });
    expect(await turns(2, 'urgent')).toEqual([0, 400]);
    expect(await turn(0, 'routine')).toBe(600);
  });

  test('is put in order by one of many', async () => {
    aws.items.set(pk, { urgent: 'now', routine: 'now' });
    aws.before = (call) => {
      // Another one is between this one's reading and its writing.
      if (aws.calls.filter((other) => other === call).length === 2)
        aws.items.set(pk, { routine: start + 200 });
      return undefined;
    };
    expect(await turn(0)).toBe(200);
  });
});

test(`any storm: never more than SNS bears in any second, each turn once (seed ${seed})`, async () => {
  const call = fc.record({
    after: fc.oneof(fc.constant(0), fc.nat(50), fc.nat(3000)),
    lane: fc.constantFrom<Lane>('urgent', 'routine', 'background'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 30, maxLength: 80 }),
      fc.nat(1e9),
      async (calls, address) => {
        let nowMs = 0;
        const sent: number[] = [];
        for (const { after, lane } of calls) {
          nowMs += after;
          const taken = await takeTurn(aws.tableName, `${topic}-${address}`, lane, {
            now: at(nowMs),
            latest: at(3_600_000),
          });
          expect(Date.parse(taken) - start).toBeGreaterThanOrEqual(nowMs);
          sent.push(Date.parse(taken));
        }
        for (const first of sent) {
          const within = sent.filter((other) => other >= first && other <= first + 1000);
          expect(within.length).toBeLessThanOrEqual(MOST_PER_SECOND);
        }
      },
    ),
    { seed, numRuns: 60 },
  );
});

describe('what a turn is worth', () => {
  test('half of the time that is left is the addressee’s', () => {
    expect(latestTurn(at(120_000), at(0))).toBe(at(60_000));
    expect(latestTurn(at(120_000), at(130_000))).toBe(at(130_000));
  });

  test('one that was missed by as long as a call takes is still good, one that others could be missed with is not', () => {
    expect(isStillTurn(at(5000), at(0))).toBe(true);
    expect(isStillTurn(at(0), at(100))).toBe(true);
    expect(isStillTurn(at(0), at(101))).toBe(false);
  });

  test(`a time to come back at is no turn, even when it has come; it is past what a function waits for, and not too late (seed ${seed})`, () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat(60_000),
        (random, leftMs) => {
          const time = timeToComeBack(random, { now: at(0), latest: at(leftMs) });
          expect(isTimeToComeBack(time)).toBe(true);
          expect(isStillTurn(time, at(0))).toBe(false);
          expect(isStillTurn(time, new Date(Date.parse(time)).toISOString())).toBe(false);
          const afterMs = Date.parse(time) - start;
          expect(afterMs).toBeGreaterThanOrEqual(Math.min(WAITED_FOR_MS, leftMs));
          expect(afterMs).toBeLessThanOrEqual(Math.min(10_000, leftMs));
          // As text it is in its place among turns: what is nearest is found by sorting.
          expect(time > at(afterMs - 1) && time < at(afterMs + 1)).toBe(true);
        },
      ),
      { seed },
    );
    expect(isTimeToComeBack(at(0))).toBe(false);
  });
});

test('of many who see that a subscription has lapsed, one asks, and another one some time later', async () => {
  const asks = [0, 10, 899_000, 900_000].map((ms) => () => mayRenew(aws.tableName, topic, at(ms), 15));
  const asked = [];
  for (const ask of asks) asked.push(await ask());
  expect(asked).toEqual([true, false, false, true]);
});
