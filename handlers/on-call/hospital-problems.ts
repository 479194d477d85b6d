/**
 * What a hospital's file is refused for although it could be used. A roster that was published before is not refused for it: no
 * roster pages nobody.
 */
import { unattendedWards } from './coverage-problems.ts';
import type { AnyRoster } from './roster.ts';
import type { Problem } from './roster-problems.ts';
import { isZoneName } from './zone-name.ts';

/** Every problem, in the order of the file. */
export function hospitalProblems(hospital: AnyRoster): Problem[] {
  return [...zoneProblems(hospital), ...unattendedWards(hospital)];
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
