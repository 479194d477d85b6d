/** What is wrong in a roster although each field for itself is right: names that nobody bears, ids given twice, PINs that anybody guesses. */
import { DateTime } from 'luxon';
import type { AnyRoster, Roster } from './roster.ts';
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
  const rotation = roster.rotations[index] as Roster['rotations'][number];
  const at = (...path: PropertyKey[]) => ['rotations', index, ...path];
  const problems: Problem[] = [];
  const first = roster.rotations.findIndex(
    ({ ward, role }) => ward === rotation.ward && role === rotation.role,
  );
  if (first !== index) {
    problems.push({ path: at(), message: `rotations[${first}] is for the same ward and role` });
  }
  const { shiftStarts } = rotation;
  if (shiftStarts.some((start, position) => position > 0 && start <= (shiftStarts[position - 1] as string))) {
    problems.push({ path: at('shiftStarts'), message: 'not in the order of the day' });
  }
  const mayTakeShifts = (path: Problem['path'], id: string) => {
    const clinician = roster.clinicians.find((candidate) => candidate.id === id);
    if (!clinician) problems.push({ path, message: `no clinician has the id ${id}` });
    else if (clinician.role === 'quality') problems.push({ path, message: `${id} does not take shifts` });
  };
  for (const [position, id] of rotation.order.entries()) mayTakeShifts(at('order', position), id);
  for (const [position, { from, to, clinicianId }] of (rotation.overrides ?? []).entries()) {
    mayTakeShifts(at('overrides', position, 'clinicianId'), clinicianId);
    const zone = rotation.zone ?? roster.zone;
    if (DateTime.fromISO(to, { zone }) <= DateTime.fromISO(from, { zone })) {
      problems.push({ path: at('overrides', position, 'to'), message: 'not after `from`' });
    }
  }
  return problems;
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
