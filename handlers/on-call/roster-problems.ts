/** What is wrong in a roster although each field for itself is right: names that nobody bears, ids given twice, PINs that anybody guesses. */
import { DateTime } from 'luxon';
import { dealingsOf, type Rotation } from './dealing.ts';
import type { AnyRoster } from './roster.ts';
import { isTrivialPin } from './trivial-pin.ts';

export type Problem = { path: readonly PropertyKey[]; message: string };

/** Every problem, in the order of the file; `isPolicy` says whether a policy of that name can be applied. */
export function rosterProblems(roster: AnyRoster, isPolicy: (name: string) => boolean): Problem[] {
  const wards = new Set(roster.wards.map(({ id }) => id));
  const wardAt = (path: Problem['path'], ward: string) =>
    wards.has(ward) ? [] : [{ path, message: `no ward has the id ${ward}` }];

  return [
    ...wardAt(['fallbackWard'], roster.fallbackWard),
    ...givenTwice('wards', 'id', roster.wards),
    ...roster.wards.flatMap(({ policies = {} }, ward) =>
      Object.entries(policies).flatMap(([cohort, name]) =>
        name === undefined || isPolicy(name)
          ? []
          : [{ path: ['wards', ward, 'policies', cohort], message: `no policy has the name ${name}` }],
      ),
    ),
    ...givenTwice('clinicians', 'id', roster.clinicians),
    ...pinProblems(roster),
    ...roster.clinicians.flatMap((clinician, index) =>
      clinician.wards.flatMap((ward, position) => wardAt(['clinicians', index, 'wards', position], ward)),
    ),
    ...roster.rotations.flatMap((rotation, index) => [
      ...wardAt(['rotations', index, 'ward'], rotation.ward),
      ...rotationProblems(roster, index),
    ]),
    ...(roster.bedAssignments ?? []).flatMap((assignment, index) => [
      ...wardAt(['bedAssignments', index, 'ward'], assignment.ward),
      ...spanProblems(roster, ['bedAssignments', index], assignment, roster.zone),
    ]),
    ...givenTwice('devices', 'id', roster.devices),
    ...roster.devices.flatMap(({ ward }, index) => wardAt(['devices', index, 'ward'], ward)),
  ];
}

/** Only the hospital's own file holds PINs. What is wrong is said without saying the PIN. */
function pinProblems({ clinicians }: AnyRoster): Problem[] {
  const pins = clinicians.map(({ pin }) => pin);
  return pins.flatMap((pin, index) => {
    if (pin === undefined) return [];
    const path = ['clinicians', index, 'pin'];
    const first = pins.indexOf(pin);
    return [
      ...(isTrivialPin(pin) ? [{ path, message: 'too easy to guess; draw one at random' }] : []),
      ...(first < index ? [{ path, message: `the same as clinicians[${first}].pin` }] : []),
    ];
  });
}

function rotationProblems(roster: AnyRoster, index: number): Problem[] {
  const rotation = roster.rotations[index] as Rotation;
  const zone = rotation.zone ?? roster.zone;
  const at = (...path: PropertyKey[]) => ['rotations', index, ...path];
  return [
    ...dealingsOf(rotation).flatMap(({ startsOn, shiftStarts, order }, position, dealings) => {
      const field = (name: string) => (position === 0 ? at(name) : at('changes', position - 1, name));
      const before = dealings[position - 1];
      return [
        ...(before && startsOn <= before.startsOn
          ? [{ path: field('startsOn'), message: `not after ${before.startsOn}, when the one before begins` }]
          : []),
        ...(shiftStarts.some((start, nth) => nth > 0 && start <= (shiftStarts[nth - 1] as string))
          ? [{ path: field('shiftStarts'), message: 'not in the order of the day' }]
          : []),
        ...order.flatMap((id, nth) => shiftProblem(roster, [...field('order'), nth], id)),
      ];
    }),
    ...(rotation.overrides ?? []).flatMap((override, position) =>
      spanProblems(roster, at('overrides', position), override, zone),
    ),
  ];
}

type Span = { from: string; to: string; clinicianId: string };

/** Who stands in, or has beds, from one instant up to another. */
function spanProblems(roster: AnyRoster, path: Problem['path'], span: Span, zone: string): Problem[] {
  const isBackward = DateTime.fromISO(span.to, { zone }) <= DateTime.fromISO(span.from, { zone });
  return [
    ...shiftProblem(roster, [...path, 'clinicianId'], span.clinicianId),
    ...(isBackward ? [{ path: [...path, 'to'], message: 'not after `from`' }] : []),
  ];
}

function shiftProblem({ clinicians }: AnyRoster, path: Problem['path'], id: string): Problem[] {
  const clinician = clinicians.find((candidate) => candidate.id === id);
  if (!clinician) return [{ path, message: `no clinician has the id ${id}` }];
  return clinician.role === 'quality' ? [{ path, message: `${id} does not take shifts` }] : [];
}

/** Entries of a list whose key an earlier one has. */
function givenTwice<Key extends string>(
  list: string,
  key: Key,
  entries: readonly { readonly [name in Key]: string }[],
): Problem[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    if (!seen.has(entry[key])) {
      seen.add(entry[key]);
      return [];
    }
    return [{ path: [list, index, key], message: `${entry[key]} is given twice` }];
  });
}
