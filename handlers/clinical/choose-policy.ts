/** Which policy judges a reading: the ward's own for the cohort, else the cohort's default. */

import { adult, childPolicy, obstetric, type Policy, seed } from './policies.ts';
import type { Cohort, Reading } from './reading.ts';

/** What the roster says of policies; a ward names one per cohort, the hospital may add its own. */
export type WardPolicies = {
  readonly wards: readonly {
    readonly id: string;
    readonly policies?: { readonly [cohort in Cohort]?: string | undefined } | undefined;
  }[];
  readonly policies?: readonly Policy[] | undefined;
};

/** A name that nobody defines counts as the cohort's default: publishing a roster refuses it, and a reading is always judged. */
export function choosePolicy(
  reading: Pick<Reading, 'ward' | 'cohort' | 'ageYears'>,
  hospital: WardPolicies,
): Policy {
  const name = hospital.wards.find((ward) => ward.id === reading.ward)?.policies?.[reading.cohort];
  return (
    (name === undefined ? undefined : policyNamed(name, reading.ageYears, hospital)) ??
    (policyNamed(reading.cohort, reading.ageYears, hospital) as Policy)
  );
}

/** The hospital's own policy of that name, else the default one; undefined when there is neither. */
export function policyNamed(
  name: string,
  ageYears: number | null,
  hospital: Pick<WardPolicies, 'policies'>,
): Policy | undefined {
  const own = hospital.policies?.find((policy) => policy.name === name);
  if (own) return own;
  if (name === 'child') return childPolicy(ageYears);
  return [adult, obstetric, seed].find((policy) => policy.name === name);
}
