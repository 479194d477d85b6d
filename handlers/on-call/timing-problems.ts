/**
 * Timings that would let an alert wait too long for a person or an alarm, or that belong to no policy: a hospital's file is
 * refused for them. A roster that was published before is not.
 */
import { isPolicyName } from '../clinical/choose-policy.ts';
import type { Cohort } from '../clinical/reading.ts';
import { defaultTimings, type OwnTimings, timingsOf } from '../timings/timings.ts';
import { sumInWords, worstCases } from '../timings/worst-case.ts';
import type { AnyRoster } from './roster.ts';
import type { Problem } from './roster-problems.ts';

const COHORTS: readonly Cohort[] = ['adult', 'obstetric', 'child'];

/** Every problem, in the order of the file: of each severity that is stated, and with the policy that makes it slowest. */
export function timingProblems(roster: AnyRoster): Problem[] {
  const late = (own: OwnTimings, path: Problem['path'], ward: string, policies: readonly string[]) => {
    const cases = policies.flatMap((policy) =>
      worstCases(timingsOf(roster, ward, policy) ?? defaultTimings).map((worst) => ({ policy, ...worst })),
    );
    return (['critical', 'emergency'] as const).flatMap((severity) => {
      const [slowest] = cases
        .filter((worst) => worst.severity === severity && own[severity] && worst.seconds > worst.most)
        .toSorted((one, other) => other.seconds - one.seconds);
      if (!slowest) return [];
      return [{ path: [...path, severity], message: `with ${slowest.policy}: ${sumInWords(slowest)}` }];
    });
  };
  return [
    ...roster.wards.flatMap((ward, index) =>
      ward.timings ? late(ward.timings, ['wards', index, 'timings'], ward.id, policiesOf(ward)) : [],
    ),
    ...Object.entries(roster.timings ?? {}).flatMap(([policy, own]) =>
      isPolicyName(policy, roster)
        ? late(own, ['timings', policy], '', [policy])
        : [{ path: ['timings', policy], message: `no policy has the name ${policy}` }],
    ),
  ];
}

/** The policies that may judge patients of a ward, each once: its own, and the default until they begin. */
function policiesOf({ policies = {} }: AnyRoster['wards'][number]): string[] {
  return [...new Set(COHORTS.flatMap((cohort) => [policies[cohort] ?? cohort, cohort]))];
}
