/** The sum from arrival to a person or an alarm: where its numbers come from, and that every accepted ladder keeps it. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { timingProblems } from '../../../handlers/on-call/timing-problems.ts';
import { secondsUntil } from '../../../handlers/time/instant.ts';
import { defaultTimings, OwnTimings, timingsOf } from '../../../handlers/timings/timings.ts';
import { FIRST_RETRY_SECONDS, sumInWords, worstCases } from '../../../handlers/timings/worst-case.ts';
import { aClaim, at, seenAs, when, whenRaised } from '../alert/builders.ts';
import { aHospital } from '../on-call/builders.ts';

const ofSeverity = (own: OwnTimings, severity: 'critical' | 'emergency') =>
  worstCases(timingsOf({ wards: [], timings: { adult: own } }, '', 'adult') ?? defaultTimings).find(
    (worst) => worst.severity === severity,
  );

test('the defaults, summand by summand', () => {
  expect(worstCases(defaultTimings).map(sumInWords)).toEqual([
    "880 s: 60 s in the stream, retries of its mapping included + 10 s to judge the reading and to open its alert + 240 s waiting for the nurse + 240 s waiting for the doctor + 240 s waiting for the lead + 60 s to move on 6 times + 10 s to call everyone, and the operations + 20 s until the mail's turn behind 99 others",
    "260 s: 60 s in the stream, retries of its mapping included + 10 s to judge the reading and to open its alert + 120 s waiting for the nurse + 20 s to move on 2 times + 10 s to call everyone, and the operations + 40 s until the mail's turn behind 99 others",
  ]);
});

test('an emergency is as slow as the slowest level that it may come on, its attempts counted', () => {
  expect(ofSeverity({ emergency: { leadSeconds: [60, 60, 30] } }, 'emergency')?.seconds).toBe(300);
  expect(
    ofSeverity({ emergency: { leadSeconds: [115], doctorSeconds: [60, 46] } }, 'emergency')?.seconds,
  ).toBe(260);
});

test('the escalation tries again as soon as is counted', () => {
  const asl = readFileSync('workflows/escalation.asl.json', 'utf8');
  const intervals = [...asl.matchAll(/"IntervalSeconds": (\d+)/g)].map(([, seconds]) => Number(seconds));
  expect(intervals.length).toBeGreaterThan(5);
  expect(new Set(intervals)).toEqual(new Set([FIRST_RETRY_SECONDS]));
});

describe('a hospital’s file', () => {
  const problemsOf = (timings: Record<string, OwnTimings>, ofWard?: OwnTimings) => {
    const [ward] = aHospital().wards;
    const wards = [{ ...(ward as { id: string; name: string }), ...(ofWard && { timings: ofWard }) }];
    return timingProblems(aHospital({ timings, wards })).map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );
  };

  test.each([
    ['critical', 900, { critical: { leadSeconds: [120, 140] } }, { critical: { leadSeconds: [120, 141] } }],
    [
      'emergency',
      300,
      { emergency: { nurseSeconds: [60, 100] } },
      { emergency: { nurseSeconds: [60, 101] } },
    ],
  ] as const)(
    '%s: %d s are kept, and a second more is refused with its sum',
    (severity, most, kept, refused) => {
      const accepted = OwnTimings.parse(kept);
      expect(ofSeverity(accepted, severity)?.seconds).toBe(most);
      expect(problemsOf({ adult: accepted })).toEqual([]);
      expect(problemsOf({}, accepted)).toEqual([]);
      const above = `${most + 1} s, above the ${most} s until a person or an alarm: 60 s in the stream`;
      expect(problemsOf({ adult: OwnTimings.parse(refused) })).toEqual([
        expect.stringContaining(`timings.adult.${severity}: with adult: ${above}`),
      ]);
      expect(problemsOf({}, OwnTimings.parse(refused))).toEqual([
        expect.stringContaining(`wards.0.timings.${severity}: with adult: ${above}`),
      ]);
    },
  );

  test('a ward’s on top of its policy’s are too slow together', () => {
    const policy = { obstetric: OwnTimings.parse({ critical: { nurseSeconds: [120, 130] } }) };
    expect(problemsOf(policy)).toEqual([]);
    expect(problemsOf(policy, OwnTimings.parse({ critical: { leadSeconds: [120, 131] } }))).toEqual([
      expect.stringContaining('wards.0.timings.critical: with obstetric: 901 s'),
    ]);
  });

  test('timings of a policy that nobody defines', () => {
    expect(problemsOf({ adlut: {} })).toEqual(['timings.adlut: no policy has the name adlut']);
  });
});

const attempts = fc.array(fc.integer({ min: 30, max: 150 }), { minLength: 1, maxLength: 3 });
const ladders = fc.record(
  { nurseSeconds: attempts, doctorSeconds: attempts, leadSeconds: attempts },
  { requiredKeys: [] },
);
const owns = fc.record({ critical: ladders, emergency: ladders }, { requiredKeys: [] });
/** The functions between two waits, as slow as they are counted: to assess, and to move. */
const MOVES_SECONDS = 10;

/** Nobody answers: seconds until everyone is called, or until an emergency joins after so many steps. */
function climb(alert: Alert, seconds: number, steps = Number.POSITIVE_INFINITY): [Alert, number] {
  if (alert.step.escalationLevel === 'everyone' || steps === 0 || !('deadline' in alert.standing))
    return [alert, seconds];
  const until = seconds + secondsUntil(alert.standing.deadline, at(seconds)) + MOVES_SECONDS;
  const moved = when(alert, { type: 'moveOn', seen: seenAs(alert), because: 'timeIsUp' }, at(until));
  return climb(moved, until, steps - 1);
}

test('whatever is accepted is climbed within the bound, and so is an emergency that comes on any step', () => {
  let accepted = 0;
  fc.assert(
    fc.property(owns, owns, fc.nat({ max: 14 }), (ofPolicy, ofWard, steps) => {
      const ward = { id: 'ward-001', name: 'Heron Ward', timings: ofWard };
      const hospital = aHospital({ wards: [ward], timings: { adult: ofPolicy } });
      if (timingProblems(hospital).length > 0) return;
      accepted++;
      const timings = timingsOf(hospital, 'ward-001', 'adult') ?? defaultTimings;
      // Stream, judging and opening before; calling everyone and the mail's turn after.
      const around = { critical: 60 + 10 + 10 + 20, emergency: 60 + 10 + 10 + 40 };
      for (const level of ['critical', 'emergency'] as const) {
        const raised = whenRaised(undefined, aClaim({ level, timings }), at(0));
        expect(climb(raised, 0)[1] + around[level]).toBeLessThanOrEqual(level === 'critical' ? 900 : 300);
      }
      const raised = whenRaised(undefined, aClaim({ timings }), at(0));
      const [alert, seconds] = climb(raised, 0, steps);
      const worse = whenRaised(alert, aClaim({ readingId: 'r-2', level: 'emergency', timings }), at(seconds));
      expect(climb(worse, seconds)[1] - seconds + around.emergency).toBeLessThanOrEqual(300);
    }),
    { numRuns: 3000 },
  );
  expect(accepted).toBeGreaterThan(100);
});
