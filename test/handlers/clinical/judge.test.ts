import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWorseJudged, type Judgement, judge } from '../../../handlers/clinical/judge.ts';
import { withPatientLimits } from '../../../handlers/clinical/patient-limits.ts';
import { adult, childPolicy, obstetric, type Policy, seed } from '../../../handlers/clinical/policies.ts';
import { suspectBecause } from '../../../handlers/clinical/suspect.ts';
import { aReading } from '../reading/builders.ts';

function severityOf(policy: Policy, systolicMmHg: number, diastolicMmHg: number): string {
  return judge(aReading({ systolicMmHg, diastolicMmHg }), policy).severity;
}

describe('every threshold, on either side of it', () => {
  /** A ward's own, and what a doctor set for a patient of that ward: numbers that no other policy has. */
  const ward: Policy = {
    name: 'ward',
    version: '3',
    limits: {
      emergencySystolicLow: 62.5,
      emergencySystolicHigh: 231,
      criticalSystolicLow: 83,
      criticalSystolicHigh: 171,
      criticalDiastolicHigh: 113,
      warningSystolicLow: 97,
      warningSystolicHigh: 151,
      warningDiastolicHigh: 93,
    },
  };
  const limits = { criticalSystolicLow: 76, criticalSystolicHigh: 205, warningSystolicHigh: 195 };
  const own = withPatientLimits(ward, { patientId: 'p', limits, setBy: 'd', from: '', until: '' });

  // [policy, pressure, limit, severity just below it, severity at it and just above]
  test.each([
    [adult, 'systolic', 70, 'emergency', 'critical'],
    [adult, 'systolic', 90, 'critical', 'warning'],
    [adult, 'systolic', 101, 'warning', 'normal'],
    [adult, 'systolic', 160, 'normal', 'warning'],
    [adult, 'systolic', 180, 'warning', 'critical'],
    [adult, 'systolic', 220, 'critical', 'emergency'],
    [adult, 'diastolic', 100, 'normal', 'warning'],
    [adult, 'diastolic', 120, 'warning', 'critical'],
    [obstetric, 'systolic', 70, 'emergency', 'critical'],
    [obstetric, 'systolic', 90, 'critical', 'warning'],
    [obstetric, 'systolic', 101, 'warning', 'normal'],
    [obstetric, 'systolic', 140, 'normal', 'warning'],
    [obstetric, 'systolic', 160, 'warning', 'critical'],
    [obstetric, 'systolic', 220, 'critical', 'emergency'],
    [obstetric, 'diastolic', 90, 'normal', 'warning'],
    [obstetric, 'diastolic', 110, 'warning', 'critical'],
    [seed, 'systolic', 200, 'normal', 'critical'],
    [seed, 'diastolic', 120, 'normal', 'critical'],
    [childPolicy(5), 'systolic', 80, 'critical', 'normal'],
    [childPolicy(5), 'systolic', 180, 'normal', 'critical'],
    [childPolicy(5), 'systolic', 220, 'critical', 'emergency'],
    [childPolicy(5), 'diastolic', 120, 'normal', 'critical'],
    [ward, 'systolic', 62.5, 'emergency', 'critical'],
    [ward, 'systolic', 83, 'critical', 'warning'],
    [ward, 'systolic', 97, 'warning', 'normal'],
    [ward, 'systolic', 151, 'normal', 'warning'],
    [ward, 'systolic', 171, 'warning', 'critical'],
    [ward, 'systolic', 231, 'critical', 'emergency'],
    [ward, 'diastolic', 93, 'normal', 'warning'],
    [ward, 'diastolic', 113, 'warning', 'critical'],
    [own, 'systolic', 62.5, 'emergency', 'critical'],
    [own, 'systolic', 76, 'critical', 'warning'],
    [own, 'systolic', 97, 'warning', 'normal'],
    [own, 'systolic', 195, 'normal', 'warning'],
    [own, 'systolic', 205, 'warning', 'critical'],
    [own, 'systolic', 231, 'critical', 'emergency'],
    [own, 'diastolic', 93, 'normal', 'warning'],
    [own, 'diastolic', 113, 'warning', 'critical'],
  ] as const)('%j: below %s %s it is %s, from there %s', (policy, which, limit, below, from) => {
    const found = [limit - 0.1, limit, limit + 0.1].map((value) =>
      which === 'systolic' ? severityOf(policy, value, 45) : severityOf(policy, 138, value),
    );
    expect(found).toEqual([below, from, from]);
  });

  test('where a policy has no limit, nothing lies beyond it', () => {
    expect([45, 299].map((systolic) => severityOf(seed, systolic, 30))).toEqual(['normal', 'critical']);
    expect([45, 179.9].map((systolic) => severityOf(childPolicy(5), systolic, 30))).toEqual([
      'critical',
      'normal',
    ]);
  });

  test("where a patient's limit lies beyond the ward's emergency, that is an emergency still", () => {
    const loose = withPatientLimits(ward, {
      ...{ patientId: 'p', setBy: 'd', from: '', until: '' },
      limits: { criticalSystolicHigh: 250 },
    });
    expect([230.9, 231].map((systolic) => severityOf(loose, systolic, 80))).toEqual(['warning', 'emergency']);
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
