/**
 * Timings that would let an alert wait too long for a person or an alarm, or that belong to no policy: a hospital's file is
 * refused for them. A roster that was published before is not.
 */
import { isPolicyName } from '../clinical/choose-policy.ts';
import type { Cohort } from '../clinical/reading.ts';
import { defaultTimings, timingsOf } from '../timings/timings.ts';
import { sumInWords, worstCases } from '../timings/worst-case.ts';
import type { AnyRoster } from './roster.ts';
import type { Problem } from './roster-problems.ts';

const COHORTS: readonly Cohort[] = ['adult', 'obstetric', 'child'];

/** Every problem, in the order of the file. */
export function timingProblems(roster: AnyRoster): Problem[] {
  const late = (path: Problem['path'], ward: string, policy: string) =>
    worstCases(timingsOf(roster, ward, policy) ?? defaultTimings)
      .filter(({ seconds, most }) => seconds > most)
      .map((worst) => ({ path: [...path, worst.severity], message: `with ${policy}: ${sumInWords(worst)}` }));
  return [
    ...roster.wards.flatMap((ward, index) =>
      ward.timings
        ? policiesOf(ward).flatMap((policy) => late(['wards', index, 'timings'], ward.id, policy))
        : [],
    ),
    ...Object.keys(roster.timings ?? {}).flatMap((policy) =>
      isPolicyName(policy, roster)
        ? late(['timings', policy], '', policy)
        : [{ path: ['timings', policy], message: `no policy has the name ${policy}` }],
    ),
  ];
}

/** The policies that may judge patients of a ward, each once: its own, and the default until they begin. */
function policiesOf({ policies = {} }: AnyRoster['wards'][number]): string[] {
  return [...new Set(COHORTS.flatMap((cohort) => [policies[cohort] ?? cohort, cohort]))];
}
