/** Versions of the hospital's policies: told apart, and announced before they begin. */
import { isPolicyName, startOf, versionInForce } from '../clinical/choose-policy.ts';
import type { PolicyVersion } from '../clinical/policies.ts';
import { later } from '../time/instant.ts';
import type { Roster } from './roster.ts';
import type { Problem } from './roster-problems.ts';

/**
 * What judges readings is published this long before it does. The consumer and the archive may each know a roster for 60
 * seconds (handlers/aws/s3/roster-store.ts); the other 60 are for writing it, and for clocks that differ.
 */
export const ANNOUNCED_SECONDS = 120;

/** Two versions of one name that are called the same, or begin at the same instant: nobody could say which one counts. */
export function versionProblems(policies: readonly PolicyVersion[] = []): Problem[] {
  return policies.flatMap((policy, index) => {
    const first = policies.findIndex(
      (other) => other.name === policy.name && (isSameVersion(other, policy) || beginsWith(other, policy)),
    );
    const earlier = policies[first];
    if (!earlier || first === index) return [];
    const what = isSameVersion(earlier, policy) ? 'version' : 'validFrom';
    const message = `the same ${what} of ${policy.name} as policies[${first}]; each version has its own`;
    return [{ path: ['policies', index, what], message }];
  });
}

/**
 * Why these policies cannot follow what is published: a version that is known has changed, one that is not begins too soon for
 * everybody to know of it, or the one in force is gone though no later one is. A policy that no ward can name any more may go.
 * `now` is ISO 8601 UTC.
 */
export function announcementProblems(
  { policies = [] }: Pick<Roster, 'policies'>,
  published: Pick<Roster, 'policies'>,
  now: string,
): Problem[] {
  const earliest = later(now, ANNOUNCED_SECONDS);
  const { policies: before = [] } = published;
  const names = new Set(before.map(({ name }) => name));
  return [
    ...policies.flatMap((policy, index) => {
      const known = before.find((other) => other.name === policy.name && isSameVersion(other, policy));
      const found = known ? changeOf(known, policy) : tooSoon(policy, earliest);
      return found ? [{ path: ['policies', index, found.field], message: found.message }] : [];
    }),
    ...[...names].flatMap((name) => {
      const inForce = versionInForce(name, earliest, before);
      const after = versionInForce(name, earliest, policies);
      // One that is there and has changed was told of above.
      const isThere = policies.some((policy) => policy.name === name && policy.version === inForce?.version);
      if (!inForce || isThere || (after && startOf(after) > startOf(inForce))) return [];
      // Without any version of a name, and without a default of it, parsing refuses the wards that say it.
      if (!isPolicyName(name, { policies })) return [];
      const index = policies.findIndex((policy) => policy.name === name);
      const message = `keep version ${inForce.version} of ${name}, in force, or give a later version the limits that you mean`;
      return [{ path: index < 0 ? ['policies'] : ['policies', index, 'validFrom'], message }];
    }),
  ];
}

type Found = { field: string; message: string } | undefined;

function changeOf(known: PolicyVersion, policy: PolicyVersion): Found {
  const message = `version ${policy.version} is published otherwise: give the change a version and a validFrom of its own`;
  if (!beginsWith(known, policy)) return { field: 'validFrom', message };
  return JSON.stringify(known.limits) === JSON.stringify(policy.limits)
    ? undefined
    : { field: 'limits', message };
}

function tooSoon({ validFrom }: PolicyVersion, earliest: string): Found {
  if (validFrom !== undefined && Date.parse(validFrom) >= Date.parse(earliest)) return undefined;
  const message = `a new version begins two minutes ahead or later: ${earliest} at the earliest`;
  return { field: 'validFrom', message };
}

function isSameVersion(one: PolicyVersion, other: PolicyVersion): boolean {
  return one.version === other.version;
}

function beginsWith(one: PolicyVersion, other: PolicyVersion): boolean {
  return startOf(one) === startOf(other);
}
