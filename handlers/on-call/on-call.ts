/** Who is on call: a pure function of the roster and an instant. */
import { DateTime } from 'luxon';
import type { Place } from '../naming/place.ts';
import { dealtTo, isWithin } from './dealing.ts';
import type { Roster } from './roster.ts';

type Person = { readonly id: string; readonly role: string; readonly wards: readonly string[] };
export type RosterOf<Clinician> = Pick<
  Roster,
  'zone' | 'fallbackWard' | 'wards' | 'rotations' | 'bedAssignments' | 'swaps'
> & {
  readonly clinicians: readonly Clinician[];
};
export type Level = Roster['rotations'][number]['role'];

/** Quietest first. */
export const LEVELS: readonly Level[] = ['nurse', 'doctor', 'lead'];

/**
 * The clinicians whom a ward's rotations have on call on a level at an instant (ISO 8601 with offset), one for each rotation
 * and each person once. Nobody before the first shift, and when there is no rotation. A ward that the roster does not know is
 * answered for by the fallback ward.
 */
export function whoIsOnCall<Clinician extends Person>(
  roster: RosterOf<Clinician>,
  ward: string,
  level: Level,
  at: string,
): Clinician[] {
  const known = knownWard(roster, ward);
  const ids = roster.rotations
    .filter((rotation) => rotation.ward === known && rotation.role === level)
    .map((rotation) => dealtTo(rotation, roster.zone, Date.parse(at)));
  return peopleOf(roster, { ward: known, level, at }, ids);
}

/** Who is asked for a place on these levels, in their order, each person once: the bed's own nurse comes before the ward's. */
export function addressees<Clinician extends Person>(
  roster: RosterOf<Clinician>,
  place: Pick<Place, 'ward' | 'bed'>,
  levels: readonly Level[],
  at: string,
): Clinician[] {
  const asked = levels.flatMap((level) => {
    const ofBed = level === 'nurse' && place.bed !== null ? bedNurse(roster, place.ward, place.bed, at) : [];
    return ofBed.length > 0 ? ofBed : whoIsOnCall(roster, place.ward, level, at);
  });
  return [...new Set(asked)];
}

/** Whoever is on call for a ward on any level, or has one of its beds, each person once. */
export function onCallForWard<Clinician extends Person>(
  roster: RosterOf<Clinician>,
  ward: string,
  at: string,
): Clinician[] {
  return [...new Set(LEVELS.flatMap((level) => onCallOnLevel(roster, ward, level, at)))];
}

/** Whoever is on call for a ward on a level, nurses of its beds among them, each person once. */
export function onCallOnLevel<Clinician extends Person>(
  roster: RosterOf<Clinician>,
  ward: string,
  level: Level,
  at: string,
): Clinician[] {
  const ofBeds = level === 'nurse' ? bedNurses(roster, knownWard(roster, ward), at) : [];
  return [...new Set([...whoIsOnCall(roster, ward, level, at), ...ofBeds])];
}

function bedNurses<Clinician extends Person>(
  roster: RosterOf<Clinician>,
  ward: string,
  at: string,
): Clinician[] {
  const atMs = Date.parse(at);
  const present = (roster.bedAssignments ?? []).filter(
    (one) => one.ward === ward && isWithin(one, roster.zone, atMs),
  );
  const beds = new Set(present.flatMap((one) => one.beds));
  const ids = Array.from(beds, (bed) => present.findLast((one) => one.beds.includes(bed))?.clinicianId);
  return peopleOf(roster, { ward, level: 'nurse', at }, ids);
}

/** The usual day of a ward, where a roster says none. */
const TECHNICAL_HOURS = { from: '08:00', to: '18:00' };

/** True while a ward's nurse sees to its devices; at any other time its lead does. */
export function isTechnicalTime(roster: Roster, ward: string, at: string): boolean {
  const known = roster.wards.find(({ id }) => id === knownWard(roster, ward));
  const { from, to } = known?.technicalHours ?? roster.technicalHours ?? TECHNICAL_HOURS;
  const time = DateTime.fromISO(at, { zone: roster.zone }).toFormat('HH:mm');
  return from <= time && time < to;
}

/** All nurses, doctors and leads of a ward, on call or not, and whoever is on call for it at an instant though of another. */
export function everyoneOfWard<Clinician extends Person>(
  roster: RosterOf<Clinician>,
  ward: string,
  at: string,
): Clinician[] {
  const known = knownWard(roster, ward);
  const onCall = onCallForWard(roster, known, at);
  return roster.clinicians.filter(
    (clinician) =>
      onCall.includes(clinician) || (clinician.role !== 'quality' && clinician.wards.includes(known)),
  );
}

/** The nurse to whom a bed is assigned at an instant; of several assignments the last counts. Perhaps nobody. */
export function bedNurse<Clinician extends Person>(
  roster: RosterOf<Clinician>,
  ward: string,
  bed: string,
  at: string,
): Clinician[] {
  const assignment = roster.bedAssignments?.findLast(
    (one) => one.ward === ward && one.beds.includes(bed) && isWithin(one, roster.zone, Date.parse(at)),
  );
  return peopleOf(roster, { ward, level: 'nurse', at }, [assignment?.clinicianId]);
}

function knownWard(roster: Pick<Roster, 'wards' | 'fallbackWard'>, ward: string): string {
  return roster.wards.some(({ id }) => id === ward) ? ward : roster.fallbackWard;
}

/** These people, or who has swapped with them. */
function peopleOf<Clinician extends Person>(
  roster: RosterOf<Clinician>,
  { ward, level, at }: { ward: string; level: Level; at: string },
  ids: readonly (string | undefined)[],
): Clinician[] {
  const atMs = Date.parse(at);
  const swaps = (roster.swaps ?? []).filter(
    (swap) => swap.ward === ward && swap.role === level && isWithin(swap, roster.zone, atMs),
  );
  const present = ids.map((id) =>
    swaps.reduce((person, swap) => (swap.replaces === person ? swap.clinicianId : person), id),
  );
  const found = present.map((id) => roster.clinicians.find((clinician) => clinician.id === id));
  return [...new Set(found.filter((clinician) => clinician !== undefined))];
}
