/**
 * What a hospital's file is refused for although it could be used. A roster that was published before is not refused for it: no
 * roster pages nobody.
 */
import type { Hospital } from './roster.ts';
import type { Problem } from './roster-problems.ts';
import { isZoneName } from './zone-name.ts';

/** Every problem, in the order of the file. */
export function hospitalProblems(hospital: Hospital): Problem[] {
  return [...zoneProblems(hospital), ...unattended(hospital)];
}

/** Legal, but perhaps not meant: a person on two levels of a ward is asked again when the first page was in vain. */
export function hospitalRemarks({ rotations }: Hospital): Problem[] {
  return rotations.flatMap(({ ward, order }, index) =>
    order.flatMap((id, position) => {
      const other = rotations.findIndex((before) => before.ward === ward && before.order.includes(id));
      if (other >= index) return [];
      const message = `${id} is also in rotations[${other}], and asked again when that page was in vain`;
      return [{ path: ['rotations', index, 'order', position], message }];
    }),
  );
}

function zoneProblems({ zone, rotations }: Hospital): Problem[] {
  const zones = [
    { path: ['zone'], zone },
    ...rotations.map((rotation, index) => ({ path: ['rotations', index, 'zone'], zone: rotation.zone })),
  ];
  return zones.flatMap(({ path, zone }) =>
    zone === undefined || isZoneName(zone) ? [] : [{ path, message: 'not an IANA time zone' }],
  );
}

/** Wards of which even the last level, everyone, would be nobody. */
function unattended({ wards, clinicians, rotations }: Hospital): Problem[] {
  const attended = new Set([
    ...clinicians.filter(({ role }) => role !== 'quality').flatMap((clinician) => clinician.wards),
    ...rotations.map(({ ward }) => ward),
  ]);
  return wards.flatMap(({ id }, index) =>
    attended.has(id)
      ? []
      : [{ path: ['wards', index], message: 'nobody works there or is on call, so nobody would be paged' }],
  );
}
