/** A device whose clock may jump once, by anything, at any time: what it measured last is never set aside. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Timeliness } from '../../../handlers/reading/late.ts';
import { batches, consumed, life, type Measured, streamOf } from './device-lives.ts';

const seed = 29;
const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });

test('what is set aside is older than another trusted reading that is known by then, whatever the clock did', () => {
  fc.assert(
    fc.property(life, lengths, (of, cut) => {
      const stream = streamOf(of);
      const known = new Set<Measured>();
      const standing = consumed(stream, cut, (once, twice) => {
        for (const [index, item] of twice.entries()) expect(item).toBe(once[index]);
      });
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

test('a clock that never jumps is doubted only when two outages have held a reading back for the same time', () => {
  fc.assert(
    fc.property(life, lengths, (of, cut) => {
      const stream = streamOf({ ...of, jump: { atMinute: 0, seconds: 0 } });
      const delayMs = ({ one: { reading } }: Measured) =>
        Date.parse(reading.arrivedAt) - Date.parse(reading.measuredAt);
      for (const [measured, standing] of consumed(stream, cut))
        if (standing === 'clockDoubted')
          expect(
            stream.filter((other) => Math.abs(delayMs(other) - delayMs(measured)) <= 60_000).length,
          ).toBeGreaterThan(1);
    }),
    { seed, numRuns: 1000 },
  );
});

test('a clock that is behind by more than five minutes is doubted from its second reading on, however seldom it measures', () => {
  const behind = life.filter(({ jump }) => jump.seconds < -330);
  fc.assert(
    fc.property(behind, lengths, (of, cut) => {
      const stream = streamOf({ ...of, outages: [], jump: { ...of.jump, atMinute: -1 } });
      const found = consumed(stream, cut);
      for (const measured of stream.slice(1)) expect(found.get(measured)).toBe('clockDoubted');
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
  for (const standing of ['inTime', 'late', 'clockDoubted', 'overtaken'] as const)
    expect([standing, (seen.get(standing) ?? 0) > 50]).toEqual([standing, true]);
});
