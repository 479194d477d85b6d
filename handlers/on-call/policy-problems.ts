/**
 * Limits that nobody can mean: a file is refused for them. A roster that was published before is not: an odd limit pages too
 * often, and no roster pages nobody. A patient's own are refused whenever they are written.
 */
import { defaultPolicy } from '../clinical/choose-policy.ts';
import { MOST_HOURS } from '../clinical/patient-limits.ts';
import { type LimitName, limitNames } from '../clinical/policies.ts';
import { DIASTOLIC_RANGE_MMHG, SYSTOLIC_RANGE_MMHG } from '../clinical/suspect.ts';
import { later } from '../time/instant.ts';
import type { AnyRoster, Roster } from './roster.ts';
import type { Problem } from './roster-problems.ts';

/** What a patient's own limits, or a policy, have. */
type SomeLimits = { readonly [name in LimitName]?: number | null };

/** Every problem, in the order of the file. */
export function policyProblems({ policies = [] }: AnyRoster): Problem[] {
  return policies.flatMap(({ limits }, index) => limitProblems(limits, ['policies', index, 'limits']));
}

/** Legal, but perhaps not meant: a policy that shows on no phone, or one in place of a default that has less. */
export function policyRemarks({ policies = [] }: AnyRoster): Problem[] {
  return policies.flatMap(({ name, limits }, index) => {
    const path = ['policies', index, 'limits'];
    const had = defaultPolicy(name, null)?.limits;
    const dropped = had ? given(had, limitNames).filter((limit) => limits[limit.name] === null) : [];
    const lacks = dropped.map((limit) => limit.name).join(', ');
    return [
      ...(given(limits, limitNames).some((limit) => !limit.name.startsWith('warning'))
        ? []
        : [{ path, message: 'warnings alone, so nobody is paged but for a zero' }]),
      ...(lacks ? [{ path, message: `without ${lacks}, which the default ${name} has` }] : []),
    ];
  });
}

/** Every problem of patients' own limits. */
export function patientLimitProblems({ patientLimits = [] }: Roster): Problem[] {
  return patientLimits.flatMap(({ limits, from, until }, index) => {
    const latest = later(from, MOST_HOURS * 3600);
    const isTooLong = until < from || until > latest;
    const message = `not within ${MOST_HOURS} hours after \`from\``;
    return [
      ...limitProblems(limits, ['patientLimits', index, 'limits']),
      ...(isTooLong ? [{ path: ['patientLimits', index, 'until'], message }] : []),
    ];
  });
}

/** Each list from the outermost limit to the innermost: what is an emergency is critical, and what is critical is a warning. */
const systolicLows: LimitName[] = ['emergencySystolicLow', 'criticalSystolicLow', 'warningSystolicLow'];
const systolicHighs: LimitName[] = ['emergencySystolicHigh', 'criticalSystolicHigh', 'warningSystolicHigh'];
const diastolicHighs: LimitName[] = ['criticalDiastolicHigh', 'warningDiastolicHigh'];

/**
 * What a limit may be. The highest pressures that are trusted, 300/200 mmHg, are 40/26.7 kPa, so what lies below those numbers
 * is most likely in kPa, and no limit in mmHg that anybody needs: a systolic below 40 is not trusted, and a diastolic high
 * limit below 27 would be passed by every heart that beats.
 */
const DIASTOLIC_HIGHS = { least: 27, most: DIASTOLIC_RANGE_MMHG.most };

/** Only when every limit is a pressure is their order looked at. */
function limitProblems(limits: SomeLimits, path: Problem['path']): Problem[] {
  if (given(limits, limitNames).length === 0) return [{ path, message: 'no limit at all' }];
  const outside = (names: LimitName[], kind: string, { least, most }: typeof DIASTOLIC_HIGHS) =>
    given(limits, names)
      .filter(({ value }) => value < least || value > most)
      .map(({ name, value }) => ({
        path: [...path, name],
        message: `not a ${kind} limit in mmHg, from ${least} to ${most}${value < least ? '; is it in kPa?' : ''}`,
      }));
  const foreign = [
    ...outside([...systolicLows, ...systolicHighs], 'systolic', SYSTOLIC_RANGE_MMHG),
    ...outside(diastolicHighs, 'diastolic', DIASTOLIC_HIGHS),
  ];
  if (foreign.length > 0) return foreign;
  const outOfOrder = [
    ...descents(given(limits, systolicLows)),
    ...descents(given(limits, systolicHighs).reverse()),
    ...descents(given(limits, diastolicHighs).reverse()),
    ...crossed(limits),
  ];
  return outOfOrder.map((message) => ({ path, message }));
}

type Given = { name: LimitName; value: number };

function given(limits: SomeLimits, names: readonly LimitName[]): Given[] {
  return names.flatMap((name) => {
    const value = limits[name];
    return value === null || value === undefined ? [] : [{ name, value }];
  });
}

/** Limits that should not descend, and do. */
function descents(ordered: Given[]): string[] {
  return ordered.flatMap(({ name, value }, index) => {
    const next = ordered[index + 1];
    return next && value > next.value ? [`${name} is above ${next.name}`] : [];
  });
}

/** A reading between a low limit and a high one that is not above it is both: every reading alarms. */
function crossed(limits: SomeLimits): string[] {
  const [low] = given(limits, systolicLows).sort((a, b) => b.value - a.value);
  const [high] = given(limits, systolicHighs).sort((a, b) => a.value - b.value);
  return low && high && low.value >= high.value ? [`${low.name} is not below ${high.name}`] : [];
}
