/** The default policies: which pressures are warning, critical or an emergency, and who says so. */

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

export type Policy = { name: string; version: string; limits: Limits };

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
    // Vigil's own rule, 20 below the MET criterion: no time for the slow escalation.
    emergencySystolicLow: 70,
    // NEWS2 (RCP 2017): systolic of 220 or more scores 3.
    emergencySystolicHigh: 220,
    // MET calling criteria: systolic below 90; NEWS2 scores 90 or less with 3.
    criticalSystolicLow: 90,
    // AHA/ACC 2025 section 6.2 (above 180/120) and NICE NG136 (180/120 or more).
    criticalSystolicHigh: 180,
    criticalDiastolicHigh: 120,
    // NEWS2: 91 to 100 scores 2.
    warningSystolicLow: 101,
    // NICE NG136 stage 2 in the clinic: 160/100.
    warningSystolicHigh: 160,
    warningDiastolicHigh: 100,
  },
};

export const obstetric: Policy = {
  name: 'obstetric',
  version: VERSION,
  limits: {
    ...adult.limits,
    // ACOG Committee Opinion 767: 160/110 or more is treated within 30 to 60 minutes.
    criticalSystolicHigh: 160,
    criticalDiastolicHigh: 110,
    // ACOG Practice Bulletin 222: hypertension in pregnancy begins at 140/90.
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
