/** Who says so: the source of every number of the default policies, for the people who answer for them. */
import type { Limits } from './policies.ts';

/** By limit; a limit that a policy does not have needs no source. */
type Sources = Partial<Record<keyof Limits, string>>;

const met = 'MET calling criteria: systolic below 90; NEWS2 (RCP 2017) scores 90 or less with 3';
const crisis = 'AHA/ACC 2025 section 6.2 (above 180/120) and NICE NG136 (180/120 or more)';
const news2High = 'NEWS2 (RCP 2017): systolic of 220 or more scores 3';
const stage2 = 'NICE NG136 stage 2 in the clinic: 160/100';
const acog767 = 'ACOG Committee Opinion 767: 160/110 or more is treated within 30 to 60 minutes';
const acog222 = 'ACOG Practice Bulletin 222: hypertension in pregnancy begins at 140/90';
const seedQuery = 'the query that this project began with: systolic >= 200 or diastolic >= 120';

const adult: Sources = {
  emergencySystolicLow: "Vigil's own rule, 20 below the MET criterion: no time for the slow escalation",
  emergencySystolicHigh: news2High,
  criticalSystolicLow: met,
  criticalSystolicHigh: crisis,
  criticalDiastolicHigh: crisis,
  warningSystolicLow: 'NEWS2 (RCP 2017): 91 to 100 scores 2',
  warningSystolicHigh: stage2,
  warningDiastolicHigh: stage2,
};

const byPolicy: Record<string, Sources> = {
  adult,
  obstetric: {
    ...adult,
    criticalSystolicHigh: acog767,
    criticalDiastolicHigh: acog767,
    warningSystolicHigh: acog222,
    warningDiastolicHigh: acog222,
  },
  child: {
    emergencySystolicHigh: news2High,
    criticalSystolicLow:
      'PALS: 60 under a month of age, 70 under a year, 70 + 2 x age under 10 years, then or without an age 90',
    criticalSystolicHigh: `${crisis}: an adult's, finer ones need height centiles`,
    criticalDiastolicHigh: `${crisis}: an adult's, finer ones need height centiles`,
  },
  seed: { criticalSystolicHigh: seedQuery, criticalDiastolicHigh: seedQuery },
};

/** Undefined for a policy that is not one of the defaults. */
export function limitSource(policy: string, limit: keyof Limits): string | undefined {
  return byPolicy[policy]?.[limit];
}
