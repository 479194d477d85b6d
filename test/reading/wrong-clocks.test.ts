/**
 * A device that loses its connection and whose clock may jump once, by anything, at any time: what it measured last is never
 * set aside. True times are known here, and the rule never sees them.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Timeliness, timelinessOf } from '../../handlers/reading/late.ts';
import { type JudgedReading, mergeVitals } from '../../handlers/reading/merge-vitals.ts';
import type { Vitals } from '../../handlers/reading/vitals.ts';
import { judged } from './builders.ts';

const seed = 29;
const second = 1000;
const minute = 60 * second;
const start = Date.UTC(2026, 2, 28, 22);

type Measured = { trueMs: number; one: JudgedReading };
type Life = {
  /** Seconds from one measurement to the next: at least what a cuff needs. */
  pauses: number[];
  outages: { fromMinute: number; minutes: number }[];
  order: 'oldest first' | 'newest first';
  /** When it delivers what it kept: once there is a connection, or together with the next measurement. */
  delivers: 'connected' | 'measuring';
  jump: { atMinute: number; seconds: number };
};

const life: fc.Arbitrary<Life> = fc.record({
  pauses: fc.array(fc.oneof(fc.integer({ min: 31, max: 300 }), fc.integer({ min: 300, max: 7200 })), {
    minLength: 3,
    maxLength: 25,
  }),
  outages: fc.array(
    fc.record({ fromMinute: fc.nat({ max: 400 }), minutes: fc.integer({ min: 1, max: 300 }) }),
    { maxLength: 3 },
  ),
  order: fc.constantFrom('oldest first', 'newest first'),
  delivers: fc.constantFrom('connected', 'measuring'),
  jump: fc.record({
    atMinute: fc.integer({ min: -1, max: 500 }),
    // Zones, an adjustment by hand, the year 2000.
    seconds: fc.oneof(
      fc.constantFrom(-3600, 3600, -1800, -26 * 365 * 86_400),
      fc.integer({ min: -30_000, max: 30_000 }),
    ),
  }),
});

/** When there is a connection at or after this time. */
function connectedAt(atMs: number, outages: Life['outages']): number {
  const untilMs = outages.flatMap(({ fromMinute, minutes }) => {
    const fromMs = start + fromMinute * minute;
    const toMs = fromMs + minutes * minute;
    return fromMs <= atMs && atMs < toMs ? [toMs] : [];
  });
  return untilMs.length === 0 ? atMs : connectedAt(Math.max(...untilMs), outages);
}

/** What the stream holds of a device's life, in the order of arrival. */
function streamOf({ pauses, outages, order, delivers, jump }: Life): Measured[] {
  const jumpsAt = start + jump.atMinute * minute;
  const trueTimes = pauses.map((_, index) => {
    const seconds = pauses.slice(0, index + 1).reduce((sum, pause) => sum + pause, 0);
    return start + seconds * second;
  });
  const measured = trueTimes.map((trueMs, index) => {
    const connectedMs = connectedAt(trueMs, outages);
    const withNext = trueTimes.find((next) => next >= connectedMs && connectedAt(next, outages) === next);
    const backAt = (delivers === 'measuring' && withNext) || connectedMs;
    return { index, trueMs, backAt };
  });
  return measured
    .map((of) => {
      const flush = measured.filter(({ backAt }) => backAt === of.backAt);
      const place = order === 'oldest first' ? flush.indexOf(of) : flush.length - 1 - flush.indexOf(of);
      return { ...of, arrivedMs: of.backAt + second + place * 100 };
    })
    .sort((a, b) => a.arrivedMs - b.arrivedMs)
    .map(({ index, trueMs: at, arrivedMs }) => ({
      trueMs: at,
      one: judged({
        readingId: `reading-${index}`,
        measuredAt: new Date(at < jumpsAt ? at : at + jump.seconds * second).toISOString(),
        arrivedAt: new Date(arrivedMs).toISOString(),
        systolicMmHg: 230,
      }),
    }));
}

/** The stream cut into batches of these lengths, over and over. */
function batches<One>(stream: readonly One[], lengths: readonly number[]): One[][] {
  const cut: One[][] = [];
  for (let from = 0, turn = 0; from < stream.length; turn++) {
    const length = lengths[turn % lengths.length] as number;
    cut.push(stream.slice(from, from + length));
    from += length;
  }
  return cut;
}

/** What the consumer makes of each reading; every batch is delivered twice, which changes nothing. */
function consumed(stream: readonly Measured[], lengths: readonly number[]): Map<Measured, Timeliness> {
  const found = new Map<Measured, Timeliness>();
  let vitals: Vitals | undefined;
  for (const batch of batches(stream, lengths)) {
    const readings = batch.map(({ one }) => one);
    const merged = mergeVitals(vitals, 'patient-1', readings);
    expect(mergeVitals(merged, 'patient-1', readings)).toBe(merged);
    vitals = merged;
    for (const measured of batch) found.set(measured, timelinessOf(measured.one.reading, merged));
  }
  return found;
}

const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });

test('what is set aside is older than another trusted reading that is known by then, whatever the clock did', () => {
  fc.assert(
    fc.property(life, lengths, (of, cut) => {
      const stream = streamOf(of);
      const known = new Set<Measured>();
      const standing = consumed(stream, cut);
      for (const batch of batches(stream, cut)) {
        for (const measured of batch) known.add(measured);
        for (const measured of batch)
          if (standing.get(measured) === 'overtaken')
            expect([...known].some(({ trueMs }) => trueMs > measured.trueMs)).toBe(true);
      }
    }),
    { seed, numRuns: 3000 },
  );
});

test('a clock that never jumps is never doubted, whatever is held back', () => {
  fc.assert(
    fc.property(life, lengths, (of, cut) => {
      const stream = streamOf({ ...of, jump: { atMinute: 0, seconds: 0 } });
      expect([...consumed(stream, cut).values()]).not.toContain('clock doubted');
    }),
    { seed, numRuns: 1000 },
  );
});

test('a clock that fell by more than five minutes is doubted from the second reading that comes alone', () => {
  const fallen = life.filter(({ jump }) => jump.seconds < -330);
  fc.assert(
    fc.property(fallen, lengths, (of, cut) => {
      const stream = streamOf({ ...of, outages: [], jump: { ...of.jump, atMinute: -1 } });
      const sinceMs = ({ one }: Measured) => Date.parse(one.reading.arrivedAt);
      for (const [measured, standing] of consumed(stream, cut)) {
        const before = stream[stream.indexOf(measured) - 1];
        const slackMs = -of.jump.seconds * second - 300_000 - 2 * second;
        if (
          before &&
          sinceMs(measured) - sinceMs(before) < slackMs &&
          sinceMs(measured) - sinceMs(before) > 31_000
        )
          expect(standing).toBe('clock doubted');
      }
    }),
    { seed, numRuns: 1000 },
  );
});

test('how the stream is cut into batches changes only that an older reading is raised before the newer is known', () => {
  fc.assert(
    fc.property(life, lengths, (of, cut) => {
      const stream = streamOf(of);
      const whole = consumed(stream, [stream.length]);
      for (const [measured, standing] of consumed(stream, cut)) {
        const uncut = whole.get(measured);
        if (of.order === 'oldest first' && uncut === 'overtaken')
          expect(['overtaken', 'late']).toContain(standing);
        else expect(standing).toBe(uncut);
      }
    }),
    { seed, numRuns: 1000 },
  );
});

test('these lives hold late, doubted and overtaken readings', () => {
  const seen = new Map<Timeliness, number>();
  for (const of of fc.sample(life, { seed, numRuns: 500 }))
    for (const standing of consumed(streamOf(of), [7]).values())
      seen.set(standing, (seen.get(standing) ?? 0) + 1);
  for (const standing of ['in time', 'late', 'clock doubted', 'overtaken'] as const)
    expect([standing, (seen.get(standing) ?? 0) > 50]).toEqual([standing, true]);
});
