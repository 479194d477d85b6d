/**
 * What a hospital's file is refused for although it could be used. A roster that was published before is not refused for it: an
 * odd limit pages too often, and no roster pages nobody.
 */
import type { Limits } from '../clinical/policies.ts';
import { DIASTOLIC_RANGE_MMHG, SYSTOLIC_RANGE_MMHG } from '../clinical/suspect.ts';
import { unattendedWards } from './coverage-problems.ts';
import type { AnyRoster } from './roster.ts';
import type { Problem } from './roster-problems.ts';
import { isZoneName } from './zone-name.ts';

/** Every problem, in the order of the file. */
export function hospitalProblems(hospital: AnyRoster): Problem[] {
  return [
    ...zoneProblems(hospital),
    ...(hospital.policies ?? []).flatMap(({ limits }, index) =>
      limitProblems(limits, ['policies', index, 'limits']),
    ),
    ...unattendedWards(hospital),
  ];
}

function zoneProblems({ zone, rotations }: AnyRoster): Problem[] {
  const zones = [
    { path: ['zone'], zone },
    ...rotations.map((rotation, index) => ({ path: ['rotations', index, 'zone'], zone: rotation.zone })),
  ];
  return zones.flatMap(({ path, zone }) =>
    zone === undefined || isZoneName(zone) ? [] : [{ path, message: 'not an IANA time zone' }],
  );
}

type LimitName = keyof Limits;

/** Each list from the outermost limit to the innermost: what is an emergency is critical, and what is critical is a warning. */
const systolicLows: LimitName[] = ['emergencySystolicLow', 'criticalSystolicLow', 'warningSystolicLow'];
const systolicHighs: LimitName[] = ['emergencySystolicHigh', 'criticalSystolicHigh', 'warningSystolicHigh'];
const diastolicHighs: LimitName[] = ['criticalDiastolicHigh', 'warningDiastolicHigh'];

/** A limit outside of what is trusted as a pressure is another unit; only when there is none is their order looked at. */
function limitProblems(limits: Limits, path: Problem['path']): Problem[] {
  const outside = (names: LimitName[], kind: string, { least, most }: typeof SYSTOLIC_RANGE_MMHG) =>
    given(limits, names)
      .filter(({ value }) => value < least || value > most)
      .map(({ name }) => ({
        path: [...path, name],
        message: `not a ${kind} pressure in mmHg, from ${least} to ${most}`,
      }));
  const foreign = [
    ...outside([...systolicLows, ...systolicHighs], 'systolic', SYSTOLIC_RANGE_MMHG),
    ...outside(diastolicHighs, 'diastolic', DIASTOLIC_RANGE_MMHG),
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

function given(limits: Limits, names: LimitName[]): Given[] {
  return names.flatMap((name) => {
    const value = limits[name];
    return value === null ? [] : [{ name, value }];
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
function crossed(limits: Limits): string[] {
  const [low] = given(limits, systolicLows).sort((a, b) => b.value - a.value);
  const [high] = given(limits, systolicHighs).sort((a, b) => a.value - b.value);
  return low && high && low.value >= high.value ? [`${low.name} is not below ${high.name}`] : [];
}
