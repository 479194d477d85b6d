import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWorseJudged, type Judgement, judge } from '../../../handlers/clinical/judge.ts';
import { adult, childPolicy, obstetric, type Policy, seed } from '../../../handlers/clinical/policies.ts';
import { suspectBecause } from '../../../handlers/clinical/suspect.ts';
import { aReading } from '../reading/builders.ts';

function severityOf(policy: Policy, systolicMmHg: number, diastolicMmHg: number): string {
  return judge(aReading({ systolicMmHg, diastolicMmHg }), policy).severity;
}

describe('every threshold, on either side of it', () => {
  // [policy, systolic, diastolic, severity]
  test.each([
    [adult, 69.9, 50, 'emergency'],
    [adult, 70, 50, 'critical'],
    [adult, 89.9, 50, 'critical'],
    [adult, 90, 50, 'warning'],
    [adult, 100.9, 50, 'warning'],
    [adult, 101, 50, 'normal'],
    [adult, 159.9, 80, 'normal'],
    [adult, 160, 80, 'warning'],
    [adult, 179.9, 80, 'warning'],
    [adult, 180, 80, 'critical'],
    [adult, 219.9, 80, 'critical'],
    [adult, 220, 80, 'emergency'],
    [adult, 150, 99.9, 'normal'],
    [adult, 150, 100, 'warning'],
    [adult, 150, 119.9, 'warning'],
    [adult, 150, 120, 'critical'],
    [obstetric, 69.9, 50, 'emergency'],
    [obstetric, 70, 50, 'critical'],
    [obstetric, 89.9, 50, 'critical'],
    [obstetric, 90, 50, 'warning'],
    [obstetric, 100.9, 50, 'warning'],
    [obstetric, 101, 50, 'normal'],
    [obstetric, 139.9, 80, 'normal'],
    [obstetric, 140, 80, 'warning'],
    [obstetric, 159.9, 80, 'warning'],
    [obstetric, 160, 80, 'critical'],
    [obstetric, 220, 80, 'emergency'],
    [obstetric, 130, 89.9, 'normal'],
    [obstetric, 130, 90, 'warning'],
    [obstetric, 130, 109.9, 'warning'],
    [obstetric, 130, 110, 'critical'],
    [seed, 199.9, 80, 'normal'],
    [seed, 200, 80, 'critical'],
    [seed, 299, 80, 'critical'],
    [seed, 150, 119.9, 'normal'],
    [seed, 150, 120, 'critical'],
    [seed, 45, 30, 'normal'],
    [childPolicy(5), 179.9, 80, 'normal'],
    [childPolicy(5), 180, 80, 'critical'],
    [childPolicy(5), 220, 80, 'emergency'],
    [childPolicy(5), 150, 120, 'critical'],
    [childPolicy(5), 45, 30, 'critical'],
  ] as const)('$0.name: $1/$2 is $3', (policy, systolic, diastolic, severity) => {
    expect(severityOf(policy, systolic, diastolic)).toBe(severity);
  });

  // [age in years, systolic limit of hypotension]
  test.each([
    [0, 60],
    [0.08, 60],
    [1 / 12, 70],
    [0.99, 70],
    [1, 72],
    [1.5, 73],
    [4, 78],
    [9.5, 89],
    [10, 90],
    [12.9, 90],
    [null, 90],
  ])('a child of %s years is hypotensive below %s', (ageYears, limit) => {
    const policy = childPolicy(ageYears);
    expect(severityOf(policy, limit, 40)).toBe('normal');
    expect(severityOf(policy, limit - 0.1, 40)).toBe('critical');
  });
});

describe('suspect', () => {
  test.each([
    [{ systolicMmHg: null }, 'systolic missing'],
    [{ diastolicMmHg: null }, 'diastolic missing'],
    [{ systolicMmHg: 0 }, 'systolic zero or negative'],
    [{ systolicMmHg: -120 }, 'systolic zero or negative'],
    [{ diastolicMmHg: 0 }, 'diastolic zero or negative'],
    [{ systolicMmHg: 80, diastolicMmHg: 80 }, 'systolic not above diastolic'],
    [{ systolicMmHg: 89.9, diastolicMmHg: 80 }, 'pulse pressure too small'],
    [{ systolicMmHg: 90, diastolicMmHg: 80 }, null],
    [{ systolicMmHg: 39.9, diastolicMmHg: 25 }, 'systolic out of range'],
    [{ systolicMmHg: 40, diastolicMmHg: 25 }, null],
    [{ systolicMmHg: 300, diastolicMmHg: 100 }, null],
    [{ systolicMmHg: 300.1, diastolicMmHg: 100 }, 'systolic out of range'],
    [{ systolicMmHg: 100, diastolicMmHg: 19.9 }, 'diastolic out of range'],
    [{ systolicMmHg: 100, diastolicMmHg: 20 }, null],
    [{ systolicMmHg: 250, diastolicMmHg: 200 }, null],
    [{ systolicMmHg: 250, diastolicMmHg: 200.1 }, 'diastolic out of range'],
    [{ meanArterialMmHg: 77.9 }, 'mean not between the pressures'],
    [{ meanArterialMmHg: 78 }, null],
    [{ meanArterialMmHg: 124 }, null],
    [{ meanArterialMmHg: 124.1 }, 'mean not between the pressures'],
    [{ quality: 'invalid' as const }, 'the device says invalid'],
    [{ quality: 'questionable' as const }, null],
  ])('%j: %s', (said, because) => {
    expect(suspectBecause(aReading(said))).toBe(because);
    const { severity, ...judgement } = judge(aReading(said), adult);
    expect(severity === 'suspect').toBe(because !== null);
    expect('suspectBecause' in judgement).toBe(because !== null);
  });
});

describe('how loudly', () => {
  const onlyMean = (meanArterialMmHg: number) => ({
    systolicMmHg: null,
    diastolicMmHg: null,
    meanArterialMmHg,
  });

  test.each([
    ['a trusted critical reading', { systolicMmHg: 185 }, 'critical', 'critical'],
    ['a trusted emergency', { systolicMmHg: 225 }, 'emergency', 'emergency'],
    ['a warning', { systolicMmHg: 165 }, 'warning', null],
    ['a lost cuff: both zero', { systolicMmHg: 0, diastolicMmHg: 0 }, 'critical', 'suspect-critical'],
    ['zero, and the other pressure normal', { systolicMmHg: 0 }, 'critical', 'suspect-critical'],
    ['a diastolic of zero beside a normal systolic', { diastolicMmHg: 0 }, 'critical', 'suspect-critical'],
    [
      'zero, and the other pressure an emergency',
      { systolicMmHg: 65, diastolicMmHg: 0 },
      'emergency',
      'suspect-emergency',
    ],
    ['a lost digit: 4/85', { systolicMmHg: 4, diastolicMmHg: 85 }, 'emergency', 'suspect-emergency'],
    ['62/68', { systolicMmHg: 62, diastolicMmHg: 68 }, 'emergency', 'suspect-emergency'],
    [
      'a missing systolic beside a critical diastolic',
      { systolicMmHg: null, diastolicMmHg: 125 },
      'critical',
      'suspect-critical',
    ],
    ['a missing systolic beside a normal diastolic', { systolicMmHg: null }, 'normal', null],
    ['a negative systolic beside a normal diastolic', { systolicMmHg: -1 }, 'normal', null],
    ['nothing measured at all', { systolicMmHg: null, diastolicMmHg: null }, 'normal', null],
    ['a mean of shock alone', onlyMean(64.9), 'critical', 'suspect-critical'],
    ['a mean alone that is enough', onlyMean(65), 'normal', null],
    ['a mean of zero alone', onlyMean(0), 'critical', 'suspect-critical'],
    [
      'a low mean beside error codes',
      { ...onlyMean(45), systolicMmHg: -1, diastolicMmHg: -1 },
      'critical',
      'suspect-critical',
    ],
    ['a low mean beside a diastolic', { systolicMmHg: null, meanArterialMmHg: 45 }, 'normal', null],
    ['a low mean beside a systolic', { diastolicMmHg: null, meanArterialMmHg: 45 }, 'normal', null],
    [
      'invalid, but it would be critical',
      { systolicMmHg: 185, quality: 'invalid' },
      'critical',
      'suspect-critical',
    ],
    ['invalid and harmless', { quality: 'invalid' }, 'normal', null],
    ['a demonstration of an emergency', { systolicMmHg: 230, quality: 'demo' }, 'emergency', null],
    ['a test with an empty cuff', { systolicMmHg: 0, diastolicMmHg: 0, quality: 'test' }, 'critical', null],
  ] as const)('%s', (_, said, readsAs, level) => {
    expect(judge(aReading(said), adult)).toMatchObject({ readsAs, level });
  });
});

describe('of two judgements the worse is', () => {
  const [normal, warning, critical, emergency] = [124, 165, 185, 225].map((systolicMmHg) =>
    judge(aReading({ systolicMmHg }), adult),
  ) as [Judgement, Judgement, Judgement, Judgement];
  const doubted = judge(aReading({ systolicMmHg: 225, quality: 'invalid' }), adult);
  const demo = judge(aReading({ systolicMmHg: 225, quality: 'demo' }), adult);

  test.each([
    ['the louder one', emergency, critical],
    ['the one that alarms', critical, warning],
    ['the one that alarms, whatever the other reads as', critical, demo],
    ['a doubted emergency beside a trusted critical', doubted, critical],
    ['where neither alarms, the one that reads as worse', warning, normal],
  ])('%s', (_, worse, other) => {
    expect([isWorseJudged(worse, other), isWorseJudged(other, worse)]).toEqual([true, false]);
  });

  test.each([
    ['alarms', critical],
    ['does not', warning],
  ])('neither of two that are alike: one that %s', (_, one) => {
    expect(isWorseJudged(one, one)).toBe(false);
  });
});

test('every reading has a judgement, and only what alarms has a level', () => {
  const value = fc.option(fc.oneof(fc.double(), fc.integer({ min: -10, max: 320 })));
  const reading = fc.record({
    systolicMmHg: value,
    diastolicMmHg: value,
    meanArterialMmHg: value,
    quality: fc.constantFrom('measured', 'questionable', 'invalid', 'test', 'demo', 'withdrawn'),
  });
  const policy = fc.oneof(
    fc.constantFrom(adult, obstetric, seed),
    fc.option(fc.double({ min: 0, max: 13 })).map(childPolicy),
  );
  fc.assert(
    fc.property(reading, policy, (said, by) => {
      const judgement = judge(said, by);
      const alarming = judgement.readsAs === 'critical' || judgement.readsAs === 'emergency';
      const ofNobody = ['test', 'demo', 'withdrawn'].includes(said.quality);
      expect(judgement.level !== null).toBe(alarming && !ofNobody);
      expect(judgement.level?.startsWith('suspect-') ?? false).toBe(
        judgement.level !== null && judgement.severity === 'suspect',
      );
      expect(judgement.severity === 'suspect' || judgement.severity === judgement.readsAs).toBe(true);
      expect(judgement.suspectBecause !== undefined).toBe(judgement.severity === 'suspect');
      expect(judgement.limits).toEqual(by.limits);
    }),
    { seed: 11 },
  );
});
