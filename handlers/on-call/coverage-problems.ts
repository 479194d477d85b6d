/** Whom a roster leaves unanswered for: wards without anybody, levels without anybody, people whom nobody calls. */
import { localTimeMs } from '../time/local-time.ts';
import { unreachableBecause } from './address.ts';
import { everyoneOfWard } from './on-call.ts';
import type { AnyRoster } from './roster.ts';
import type { Problem } from './roster-problems.ts';

const LEVELS = ['nurse', 'doctor', 'lead'] as const;

/** Wards of which even the last level, everyone, would be nobody. */
export function unattendedWards({ wards, clinicians, rotations }: AnyRoster): Problem[] {
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

/** Wards that nobody answers for yet: nobody works there, and the first shift is still to come. */
export function notYetAttendedWards(roster: AnyRoster, at: string): Problem[] {
  return roster.wards.flatMap(({ id }, index) => {
    const first = roster.rotations.filter(({ ward }) => ward === id).map(({ startsOn }) => startsOn);
    if (first.length === 0 || everyoneOfWard(roster, id, at).length > 0) return [];
    const message = `nobody works there, and nobody would be paged before the first shift on ${first.sort()[0]}`;
    return [{ path: ['wards', index], message }];
  });
}

/** Legal, but perhaps not meant; every one of it, in the order of the file. */
export function coverageRemarks(roster: AnyRoster, at: string): Problem[] {
  return [
    ...emptyLevels(roster),
    ...addressRemarks(roster),
    ...unusedClinicians(roster),
    ...roster.rotations.flatMap((_, index) => [
      ...notYetBegun(roster, index, at),
      ...onTwoLevels(roster, index),
      ...strangers(roster, index),
    ]),
  ];
}

function emptyLevels({ wards, rotations }: AnyRoster): Problem[] {
  return wards.flatMap(({ id }, index) => {
    const empty = LEVELS.filter(
      (role) => !rotations.some(({ ward, ...level }) => ward === id && level.role === role),
    );
    const message = `no rotation for ${empty.join(', ')}: an alert goes on to the next level at once`;
    return empty.length === 0 ? [] : [{ path: ['wards', index], message }];
  });
}

function addressRemarks({ clinicians }: AnyRoster): Problem[] {
  const addresses = clinicians.map(({ email }) => email.toLowerCase());
  return addresses.flatMap((address, index) => {
    const first = addresses.indexOf(address);
    const same =
      first < index ? `the same as clinicians[${first}].email: one mailbox is asked for both` : undefined;
    return [same, unreachableBecause(address)].flatMap((message) =>
      message === undefined ? [] : [{ path: ['clinicians', index, 'email'], message }],
    );
  });
}

function unusedClinicians({ clinicians, rotations }: AnyRoster): Problem[] {
  const onCall = new Set(rotations.flatMap((rotation) => peopleOf(rotation).map(({ id }) => id)));
  return clinicians.flatMap(({ id, role, wards }, index) =>
    role === 'quality' || wards.length > 0 || onCall.has(id)
      ? []
      : [
          {
            path: ['clinicians', index],
            message: `${id} works in no ward and is in no rotation: never paged`,
          },
        ],
  );
}

type Rotation = AnyRoster['rotations'][number];

/** Whoever a rotation names, with the path below it. */
function peopleOf({ order, overrides = [] }: Rotation): { path: Problem['path']; id: string }[] {
  return [
    ...order.map((id, index) => ({ path: ['order', index], id })),
    ...overrides.map(({ clinicianId }, index) => ({
      path: ['overrides', index, 'clinicianId'],
      id: clinicianId,
    })),
  ];
}

function notYetBegun({ zone: hospitalZone, rotations }: AnyRoster, index: number, at: string): Problem[] {
  const { startsOn, shiftStarts, zone = hospitalZone } = rotations[index] as Rotation;
  if (localTimeMs(`${startsOn}T${shiftStarts[0]}`, zone) <= Date.parse(at)) return [];
  return [{ path: ['rotations', index, 'startsOn'], message: `nobody is on call before ${startsOn}` }];
}

/** A person on two levels of a ward is asked again when the first page was in vain. */
function onTwoLevels({ rotations }: AnyRoster, index: number): Problem[] {
  const rotation = rotations[index] as Rotation;
  return peopleOf(rotation).flatMap(({ path, id }) => {
    const other = rotations.findIndex(
      (before) => before.ward === rotation.ward && peopleOf(before).some((person) => person.id === id),
    );
    if (other >= index) return [];
    const message = `${id} is also in rotations[${other}], and asked again when that page was in vain`;
    return [{ path: ['rotations', index, ...path], message }];
  });
}

/** People of other wards: they are among everyone only while they are on call. */
function strangers({ rotations, clinicians }: AnyRoster, index: number): Problem[] {
  const rotation = rotations[index] as Rotation;
  return peopleOf(rotation).flatMap(({ path, id }) => {
    const person = clinicians.find((clinician) => clinician.id === id);
    if (!person || person.wards.includes(rotation.ward)) return [];
    return [{ path: ['rotations', index, ...path], message: `${id} does not work in ${rotation.ward}` }];
  });
}
