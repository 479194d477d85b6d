/** The default policies: which pressures are warning, critical or an emergency. Who says so stands in limit-sources.ts. */

/** All in mmHg; null: the policy has no such limit. Lows are strict (<), highs inclusive (>=). */
export type Limits = {
  emergencySystolicLow: number | null;
  emergencySystolicHigh: number | null;
  criticalSystolicLow: number | null;
  criticalSystolicHigh: number | null;
  criticalDiastolicHigh: number | null;
  warningSystolicLow: number | null;
  warningSystolicHigh: number | null;
  warningDiastolicHigh: number | null;
};

export type LimitName = keyof Limits;

export type Policy = { name: string; version: string; limits: Limits };

/** A version of a policy of the hospital's own. `validFrom`: ISO 8601 with offset; without it, it always was valid. */
export type PolicyVersion = Policy & { validFrom?: string };

/** A birthday at which adult limits begin: `ageYears` under 13 means child where no cohort is stated (PALS: to puberty). */
export const CHILD_UNDER_YEARS = 13;

/** Vigil's own rule: so much further beyond a critical limit than was last announced is clearly worse, and told again. */
export const CLEARLY_WORSE_MMHG = 20;

/** Raised whenever a number below changes, so that an archived judgement says by which table it was made. */
const VERSION = '1';

export const adult: Policy = {
  name: 'adult',
  version: VERSION,
  limits: {
    emergencySystolicLow: 70,
    emergencySystolicHigh: 220,
    criticalSystolicLow: 90,
    criticalSystolicHigh: 180,
    criticalDiastolicHigh: 120,
    warningSystolicLow: 101,
    warningSystolicHigh: 160,
    warningDiastolicHigh: 100,
  },
};

/** All that a policy can have. */
export const limitNames = Object.keys(adult.limits) as readonly LimitName[];

export const obstetric: Policy = {
  name: 'obstetric',
  version: VERSION,
  limits: {
    ...adult.limits,
    criticalSystolicHigh: 160,
    criticalDiastolicHigh: 110,
    warningSystolicHigh: 140,
    warningDiastolicHigh: 90,
  },
};

/** The query that this project began with: `systolic >= 200 or diastolic >= 120`. */
export const seed: Policy = {
  name: 'seed',
  version: VERSION,
  limits: {
    emergencySystolicLow: null,
    emergencySystolicHigh: null,
    criticalSystolicLow: null,
    criticalSystolicHigh: 200,
    criticalDiastolicHigh: 120,
    warningSystolicLow: null,
    warningSystolicHigh: null,
    warningDiastolicHigh: null,
  },
};

/** A child's policy at an age in years (fractions count); the highs are an adult's, finer ones need height centiles. */
export function childPolicy(ageYears: number | null): Policy {
  return {
    name: 'child',
    version: VERSION,
    limits: {
      emergencySystolicLow: null,
      emergencySystolicHigh: adult.limits.emergencySystolicHigh,
      criticalSystolicLow: hypotensionBelow(ageYears),
      criticalSystolicHigh: adult.limits.criticalSystolicHigh,
      criticalDiastolicHigh: adult.limits.criticalDiastolicHigh,
      warningSystolicLow: null,
      warningSystolicHigh: null,
      warningDiastolicHigh: null,
    },
  };
}

/** Systolic hypotension by age (PALS): 60 to a month, 70 to a year, 70 + 2 x age to 10 years, then or without an age 90. */
function hypotensionBelow(ageYears: number | null): number {
  if (ageYears === null || ageYears >= 10) return 90;
  if (ageYears < 1 / 12) return 60;
  if (ageYears < 1) return 70;
  return 70 + 2 * ageYears;
}
