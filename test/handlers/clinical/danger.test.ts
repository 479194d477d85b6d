import { describe, expect, test } from 'vitest';
import {
  type Danger,
  dangerOf,
  furthest,
  isClearlyFurther,
  noDanger,
} from '../../../handlers/clinical/danger.ts';
import { adult, obstetric, seed } from '../../../handlers/clinical/policies.ts';

const danger = (systolicMmHg: number | null, diastolicMmHg: number | null, { limits } = adult) =>
  dangerOf({ systolicMmHg, diastolicMmHg }, 'critical', limits);

describe('how far a reading is beyond the critical limits', () => {
  test.each<[number | null, number | null, Partial<Danger>]>([
    [180, 100, {}],
    [181, 100, { systolicHigh: 1 }],
    [232, 133, { systolicHigh: 52, diastolicHigh: 13 }],
    [90, 60, {}],
    [62, 40, { systolicLow: 28 }],
    [185.5, null, { systolicHigh: 5.5 }],
    [null, 130, { diastolicHigh: 10 }],
  ])('%s/%s of an adult: %j', (systolic, diastolic, beyond) => {
    expect(danger(systolic, diastolic)).toEqual({ ...noDanger, ...beyond });
  });

  test('is measured from the limits that it was judged by', () => {
    expect(danger(186, 112, obstetric)).toEqual({ systolicHigh: 26, systolicLow: 0, diastolicHigh: 2 });
    expect(danger(60, 40, seed)).toEqual(noDanger);
    expect(dangerOf({ systolicMmHg: 232, diastolicMmHg: 133 }, 'critical', {})).toEqual(noDanger);
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

  test('goes by the furthest in each way', () => {
    expect(furthest(danger(232, 121), danger(62, 140))).toEqual({
      systolicHigh: 52,
      systolicLow: 28,
      diastolicHigh: 20,
    });
  });
});
