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
      const standing = consumed(stream, cut, (once, twice) => expect(twice).toBe(once));
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
        const slackMs = -of.jump.seconds * 1000 - 302_000;
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
