import { describe, expect, test } from 'vitest';
import {
  type Danger,
  dangerOf,
  furthest,
  isClearlyFurther,
  milder,
  noDanger,
} from '../../../handlers/clinical/danger.ts';
import { adult, obstetric, seed } from '../../../handlers/clinical/policies.ts';

const danger = (systolicMmHg: number | null, diastolicMmHg: number | null, { limits } = adult) =>
  dangerOf({ systolicMmHg, diastolicMmHg }, 'critical', limits);

describe('how far a reading is beyond the critical limits', () => {
  test.each<[number | null, number | null, Partial<Danger>]>([
    [179, 100, {}],
    [180, 100, { systolicHigh: { mmHg: 180, limitMmHg: 180 } }],
    [181, 100, { systolicHigh: { mmHg: 181, limitMmHg: 180 } }],
    [232, 133, { systolicHigh: { mmHg: 232, limitMmHg: 180 }, diastolicHigh: { mmHg: 133, limitMmHg: 120 } }],
    [90, 60, {}],
    [62, 40, { systolicLow: { mmHg: 62, limitMmHg: 90 } }],
    [185.5, null, { systolicHigh: { mmHg: 185.5, limitMmHg: 180 } }],
    [null, 130, { diastolicHigh: { mmHg: 130, limitMmHg: 120 } }],
  ])('%s/%s of an adult: %j', (systolic, diastolic, beyond) => {
    expect(danger(systolic, diastolic)).toEqual({ ...noDanger, ...beyond });
  });

  test('is measured from the limits that it was judged by', () => {
    expect(danger(186, 112, obstetric)).toEqual({
      systolicHigh: { mmHg: 186, limitMmHg: 160 },
      systolicLow: null,
      diastolicHigh: { mmHg: 112, limitMmHg: 110 },
    });
    expect(danger(60, 40, seed)).toEqual(noDanger);
    expect(dangerOf({ systolicMmHg: 232, diastolicMmHg: 133 }, 'critical', {})).toEqual(noDanger);
  });

  test('is measured from the emergency limits where a policy has no critical ones', () => {
    const emergencyOnly = {
      emergencySystolicHigh: 220,
      emergencySystolicLow: 70,
      criticalSystolicHigh: null,
    };
    const of = (systolicMmHg: number) =>
      dangerOf({ systolicMmHg, diastolicMmHg: 100 }, 'emergency', emergencyOnly);
    expect(of(241)).toEqual({ ...noDanger, systolicHigh: { mmHg: 241, limitMmHg: 220 } });
    expect(of(60)).toEqual({ ...noDanger, systolicLow: { mmHg: 60, limitMmHg: 70 } });
    expect(isClearlyFurther(of(45), of(65))).toBe(true);
  });

  test.each(['suspect-critical', 'suspect-emergency'] as const)('is nothing that a %s one tells', (level) => {
    expect(dangerOf({ systolicMmHg: 320, diastolicMmHg: 210 }, level, adult.limits)).toEqual(noDanger);
  });
});

describe('clearly worse', () => {
  test.each<[Danger, Danger, boolean]>([
    [danger(199, 100), noDanger, false],
    [danger(200, 100), noDanger, true],
    [danger(204.9, 100), danger(185, 100), false],
    [danger(205, 100), danger(185, 100), true],
    [danger(205.3, 100), danger(185.3, 100), true],
    [danger(71, 40), noDanger, false],
    [danger(70, 40), danger(200, 100), true],
    [danger(185, 139), danger(185, 120), false],
    [danger(185, 140), danger(205, 120), true],
    [danger(185, 100), danger(240, 100), false],
  ])('%j after %j: %s', (now, announced, expected) => {
    expect(isClearlyFurther(now, announced)).toBe(expected);
  });

  test.each<[string, Danger, Danger, boolean]>([
    ['too low after too high', danger(89, 50), danger(190, 90), true],
    ['too low after the least that is too high', danger(89, 50), danger(180, 90), true],
    ['too high after too low', danger(180, 90), danger(85, 50), true],
    ['too low after a diastolic too high', danger(85, 50), danger(170, 125), true],
    ['a diastolic too high after too low', danger(150, 120), danger(85, 50), true],
    ['too low after both were told', danger(72, 50), furthest([danger(190, 90), danger(85, 50)]), false],
    ['a diastolic too high after a systolic', danger(170, 121), danger(190, 100), false],
    ['no more too high', danger(120, 80), danger(85, 50), false],
  ])('%s', (_what, now, announced, expected) => {
    expect(isClearlyFurther(now, announced)).toBe(expected);
  });

  test('goes by the furthest in each way', () => {
    expect(furthest([danger(232, 121), danger(62, 140)])).toEqual({
      systolicHigh: { mmHg: 232, limitMmHg: 180 },
      systolicLow: { mmHg: 62, limitMmHg: 90 },
      diastolicHigh: { mmHg: 140, limitMmHg: 120 },
    });
  });

  test.each([
    [191, 180, 211, 190, true],
    [191, 180, 210, 190, false],
    [205, 200, 224, 180, false],
    [205, 200, 225, 180, true],
    [185, 180, 209, 190, false],
    [185, 180, 210, 190, true],
  ])('%s under a limit of %s, then %s under %s: %s', (before, beforeLimit, now, limit, expected) => {
    const high = (mmHg: number, criticalSystolicHigh: number) =>
      dangerOf({ systolicMmHg: mmHg, diastolicMmHg: 100 }, 'critical', { criticalSystolicHigh });
    expect(isClearlyFurther(high(now, limit), high(before, beforeLimit))).toBe(expected);
  });

  test('is less far by whichever is, and not at all where only one is', () => {
    expect(milder(danger(232, 121), danger(200, 100))).toEqual(danger(200, 100));
    expect(milder(danger(62, 100), danger(70, 140))).toEqual(danger(70, 100));
  });
});
