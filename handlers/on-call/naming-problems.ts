/**
 * Names that people could not read, or not tell apart, in a mail, and such as no device can have. A file is refused for
 * them; a roster that was published before is not, since an odd name pages the right people and no roster pages nobody.
 */

import { firstInvisible } from '../naming/one-line.ts';
import { ascii, LEAST_WARD_CHARACTERS, shortPlace } from '../naming/place.ts';
import { isStandIn, UNREGISTERED } from '../naming/stand-in.ts';
import type { AnyRoster } from './roster.ts';
import type { Problem } from './roster-problems.ts';

/** A bed stands whole in every subject: beside the longest headline and a short ward this is the room that is left. */
const BED_CHARACTERS = 24;

/** Every problem, in the order of the file. */
export function namingProblems(hospital: AnyRoster): Problem[] {
  return [
    ...invisibleIn(hospital, []),
    ...bedsTooLong(hospital),
    ...readAlike(hospital),
    ...notADevice(hospital),
  ];
}

/** Texts with characters that nobody sees, at any depth; keys are the schema's own. */
function invisibleIn(value: unknown, path: readonly PropertyKey[]): Problem[] {
  if (typeof value === 'string') {
    const found = firstInvisible(value);
    return found ? [{ path, message: `holds ${found}, which nobody sees` }] : [];
  }
  if (Array.isArray(value)) return value.flatMap((entry, index) => invisibleIn(entry, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => invisibleIn(entry, [...path, key]));
}

/** Every bed with the path of its field. */
function bedsOf({ wards, devices }: AnyRoster): { path: Problem['path']; ward: string; bed: string }[] {
  return [
    ...wards.flatMap(({ id, beds = [] }, ward) =>
      beds.map((bed, index) => ({ path: ['wards', ward, 'beds', index], ward: id, bed })),
    ),
    ...devices.map(({ ward, bed }, index) => ({ path: ['devices', index, 'bed'], ward, bed })),
  ];
}

/** A telephone that two people carry wakes both. The number is nobody's to read in a log. */
export function phoneRemarks({ clinicians }: AnyRoster): Problem[] {
  return clinicians.flatMap(({ phone }, index) => {
    const first = clinicians.findIndex((one) => one.phone === phone);
    if (phone === undefined || first === index) return [];
    return [{ path: ['clinicians', index, 'phone'], message: `the same as clinicians[${first}].phone` }];
  });
}

function bedsTooLong(hospital: AnyRoster): Problem[] {
  return bedsOf(hospital)
    .filter(({ bed }) => ascii(bed).length > BED_CHARACTERS)
    .map(({ path }) => ({
      path,
      message: `longer than ${BED_CHARACTERS} characters as a mail's subject spells it`,
    }));
}

/** Wards, and beds of one ward, that a subject would spell alike. */
function readAlike(hospital: AnyRoster): Problem[] {
  const wards = hospital.wards.map(({ id }, index) => ({
    path: ['wards', index, 'id'],
    name: id,
    spelled: shortPlace(
      { ward: id, bed: '', device: '', deviceRegistered: true },
      LEAST_WARD_CHARACTERS + ' bed '.length,
    ),
  }));
  const beds = bedsOf(hospital).map(({ path, ward, bed }) => ({
    path,
    name: bed,
    spelled: JSON.stringify([ward, ascii(bed)]),
  }));
  return [...alike(wards), ...alike(beds)];
}

/** What stands for other devices, or for none, in alerts and items. */
function notADevice({ devices }: AnyRoster): Problem[] {
  return devices.flatMap(({ id }, index) => {
    const path = ['devices', index, 'id'];
    if (id === UNREGISTERED)
      return [{ path, message: `${id} stands for every device that is not registered` }];
    return isStandIn(id) ? [{ path, message: 'begins with #, as no device can name itself' }] : [];
  });
}

function alike(names: readonly { path: Problem['path']; name: string; spelled: string }[]): Problem[] {
  const first = new Map<string, string>();
  return names.flatMap(({ path, name, spelled }) => {
    // Nobody tells capitals and spaces apart, and no device does (handlers/reading/device-registry.ts).
    const read = spelled.toLowerCase().replace(/\s+/g, ' ');
    const other = first.get(read) ?? name;
    first.set(read, other);
    return other === name ? [] : [{ path, message: `reads like ${other} in the subject of a mail` }];
  });
}
