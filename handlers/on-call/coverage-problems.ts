/** Whom a roster leaves unanswered for: wards without anybody, levels without anybody, people whom nobody calls. */
import { localTimeMs } from '../time/local-time.ts';
import { unreachableBecause } from './address.ts';
import { uncovered } from './coverage.ts';
import { dealingsOf, type Rotation } from './dealing.ts';
import { everyoneOfWard, LEVELS } from './on-call.ts';
import type { AnyRoster } from './roster.ts';
import type { Problem } from './roster-problems.ts';

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
    ...fewerThanRotations(roster, at),
    ...bedsOfNoWard(roster),
    ...bedsOfOthers(roster),
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
    const atNight = empty.includes('lead')
      ? '; outside of technicalHours nobody of the ward hears of a device'
      : '';
    const message = `no rotation for ${empty.join(', ')}: an alert goes on to the next level at once${atNight}`;
    return empty.length === 0 ? [] : [{ path: ['wards', index], message }];
  });
}

/** The first time of each level, in the days to come, that it has fewer people than rotations. */
function fewerThanRotations(roster: AnyRoster, at: string): Problem[] {
  const fewer = uncovered(roster, at).filter(({ is }) => is === 'fewer');
  const first = new Map(fewer.reverse().map((one) => [`${one.level} of ${one.ward}`, one]));
  return Array.from(first.values(), ({ ward, level, rotations, people, from, to }) => {
    const only = people.map(({ id }) => id).join(', ');
    const message = `${rotations} rotations for ${level}, and only ${only} on call from ${from} until ${to}`;
    return { path: ['wards', roster.wards.findIndex(({ id }) => id === ward)], message };
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

function unusedClinicians({ clinicians, rotations, bedAssignments = [], swaps = [] }: AnyRoster): Problem[] {
  const onCall = new Set([
    ...rotations.flatMap((rotation) => namedIn(rotation).map(({ id }) => id)),
    ...[...bedAssignments, ...swaps].map(({ clinicianId }) => clinicianId),
  ]);
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

/** Whoever a rotation names, with the path below it. */
function namedIn(rotation: Rotation): { path: Problem['path']; id: string }[] {
  const { overrides = [] } = rotation;
  return [
    ...dealingsOf(rotation).flatMap(({ order }, dealing) => {
      const where = dealing === 0 ? ['order'] : ['changes', dealing - 1, 'order'];
      return order.map((id, index) => ({ path: [...where, index], id }));
    }),
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

/** Beds by names that no reading bears: they stay the ward's nurse's. */
function bedsOfNoWard({ wards, devices, bedAssignments = [] }: AnyRoster): Problem[] {
  return bedAssignments.flatMap(({ ward, beds }, index) => {
    const known = [
      ...(wards.find(({ id }) => id === ward)?.beds ?? []),
      ...devices.filter((device) => device.ward === ward).map(({ bed }) => bed),
    ];
    return beds.flatMap((bed, position) =>
      known.includes(bed)
        ? []
        : [{ path: ['bedAssignments', index, 'beds', position], message: `${ward} has no bed ${bed}` }],
    );
  });
}

/** A person on two levels of a ward is asked again when the first page was in vain. */
function onTwoLevels({ rotations }: AnyRoster, index: number): Problem[] {
  const rotation = rotations[index] as Rotation;
  return namedIn(rotation).flatMap(({ path, id }) => {
    const other = rotations.findIndex(
      (before) =>
        before.ward === rotation.ward &&
        before.role !== rotation.role &&
        namedIn(before).some((person) => person.id === id),
    );
    if (other < 0 || other >= index) return [];
    const message = `${id} is also in rotations[${other}], and asked again when that page was in vain`;
    return [{ path: ['rotations', index, ...path], message }];
  });
}

/** People of other wards: they are among everyone only while they are on call. */
function strangers(roster: AnyRoster, index: number): Problem[] {
  const rotation = roster.rotations[index] as Rotation;
  return namedIn(rotation).flatMap(({ path, id }) =>
    strangerTo(roster, rotation.ward, id, ['rotations', index, ...path]),
  );
}

function strangerTo({ clinicians }: AnyRoster, ward: string, id: string, path: Problem['path']): Problem[] {
  const person = clinicians.find((clinician) => clinician.id === id);
  return !person || person.wards.includes(ward) ? [] : [{ path, message: `${id} does not work in ${ward}` }];
}

/** Beds that somebody of another ward has, or somebody who is no nurse. */
function bedsOfOthers(roster: AnyRoster): Problem[] {
  return (roster.bedAssignments ?? []).flatMap(({ ward, clinicianId: id }, index) => {
    const path = ['bedAssignments', index, 'clinicianId'];
    const { role = 'nurse' } = roster.clinicians.find((clinician) => clinician.id === id) ?? {};
    const message = `${id} is a ${role}, and asked as the nurse of these beds`;
    return [...(role === 'nurse' ? [] : [{ path, message }]), ...strangerTo(roster, ward, id, path)];
  });
}
