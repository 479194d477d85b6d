/**
 * Which policy judges a reading: the patient's own limits, else the ward's policy for the cohort, else the cohort's default,
 * each as it is in force when the reading arrives. Whoever judges the same reading later comes to the same one.
 */
import { limitsInForce, type PatientLimits, withPatientLimits } from './patient-limits.ts';
import { adult, childPolicy, obstetric, type Policy, type PolicyVersion, seed } from './policies.ts';
import type { Cohort, Reading } from './reading.ts';

/** What the roster says of policies; a ward names one per cohort, the hospital may add its own. */
export type WardPolicies = {
  readonly wards: readonly {
    readonly id: string;
    readonly policies?: { readonly [cohort in Cohort]?: string | undefined } | undefined;
  }[];
  readonly policies?: readonly PolicyVersion[] | undefined;
  readonly patientLimits?: readonly PatientLimits[] | undefined;
};

type Asked = Pick<Reading, 'patientId' | 'ward' | 'cohort' | 'ageYears' | 'arrivedAt'>;

/** Total: every reading has a policy. */
export function choosePolicy(reading: Asked, hospital: WardPolicies): Policy {
  const policy = policyOfWard(reading, hospital);
  const own = limitsInForce(reading, hospital.patientLimits);
  return own ? withPatientLimits(policy, own) : policy;
}

/** The policy that judges a patient of the ward who has no limits of the own. */
export function wardPolicyName(reading: Asked, hospital: WardPolicies): string {
  return policyOfWard(reading, hospital).name;
}

/** True when the hospital or Vigil defines a policy of that name, whenever it begins. */
export function isPolicyName(name: string, { policies = [] }: Pick<WardPolicies, 'policies'>): boolean {
  return policies.some((policy) => policy.name === name) || defaultPolicy(name, null) !== undefined;
}

/** A name that nobody defines, or not yet, counts as the cohort's default: publishing a roster refuses the former. */
function policyOfWard(
  { ward, cohort, ageYears, arrivedAt }: Asked,
  { wards, policies }: WardPolicies,
): Policy {
  const named = (name: string) => versionInForce(name, arrivedAt, policies) ?? defaultPolicy(name, ageYears);
  const name = wards.find(({ id }) => id === ward)?.policies?.[cohort];
  return (name === undefined ? undefined : named(name)) ?? (named(cohort) as Policy);
}

/** Of the hospital's versions the one that began last; undefined before the first. */
export function versionInForce(
  name: string,
  at: string,
  policies: readonly PolicyVersion[] = [],
): PolicyVersion | undefined {
  if (policies.length === 0) return undefined;
  const begun = policies.filter((policy) => policy.name === name && startOf(policy) <= Date.parse(at));
  return begun.toSorted((one, other) => startOf(other) - startOf(one))[0];
}

/** When a version begins, in epoch milliseconds; one that does not say it always was valid. */
export function startOf({ validFrom }: PolicyVersion): number {
  return validFrom === undefined ? Number.NEGATIVE_INFINITY : Date.parse(validFrom);
}

const defaults = new Map([adult, obstetric, seed].map((policy) => [policy.name, policy]));

/** Vigil's own of that name; undefined when there is none. */
export function defaultPolicy(name: string, ageYears: number | null): Policy | undefined {
  return name === 'child' ? childPolicy(ageYears) : defaults.get(name);
}
