/** Who is on call: a pure function of the roster and an instant, right across both changes of the clock. */
import { DateTime } from 'luxon';
import { localTimeMs } from '../time/local-time.ts';
import type { Roster } from './roster.ts';

type Person = { readonly id: string; readonly role: string; readonly wards: readonly string[] };
type RosterOf<Clinician> = Pick<Roster, 'zone' | 'fallbackWard' | 'wards' | 'rotations'> & {
  readonly clinicians: readonly Clinician[];
};
type Role = Roster['rotations'][number]['role'];
type Rotation = Roster['rotations'][number];

/**
 * The clinician whom a ward's rotation has on call in a role at an instant (ISO 8601 with offset). Undefined before its
 * first shift, and when there is no rotation. A ward that the roster does not know is answered for by the fallback ward.
 */
export function whoIsOnCall<Clinician extends Person>(
  roster: RosterOf<Clinician>,
  ward: string,
  role: Role,
  at: string,
): Clinician | undefined {
  const known = knownWard(roster, ward);
  const rotation = roster.rotations.find((candidate) => candidate.ward === known && candidate.role === role);
  const id = rotation && onShift(rotation, roster.zone, at);
  return roster.clinicians.find((clinician) => clinician.id === id);
}

/** Who is on call in these roles, in their order, each person once. */
export function addressees<Clinician extends Person>(
  roster: RosterOf<Clinician>,
  ward: string,
  roles: readonly Role[],
  at: string,
): Clinician[] {
  const onCall = roles.map((role) => whoIsOnCall(roster, ward, role, at));
  return [...new Set(onCall.filter((clinician) => clinician !== undefined))];
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
  const onCall = addressees(roster, ward, ['nurse', 'doctor', 'lead'], at);
  return roster.clinicians.filter(
    (clinician) =>
      onCall.includes(clinician) || (clinician.role !== 'quality' && clinician.wards.includes(known)),
  );
}

function knownWard(roster: Pick<Roster, 'wards' | 'fallbackWard'>, ward: string): string {
  return roster.wards.some(({ id }) => id === ward) ? ward : roster.fallbackWard;
}

function onShift(rotation: Rotation, hospitalZone: string, at: string): string | undefined {
  const zone = rotation.zone ?? hospitalZone;
  const atMs = Date.parse(at);
  const standIn = rotation.overrides?.findLast(
    ({ from, to }) => overrideMs(from, zone) <= atMs && atMs < overrideMs(to, zone),
  );
  if (standIn) return standIn.clinicianId;
  const shift = shiftNumber(rotation, zone, atMs);
  return shift === undefined ? undefined : rotation.order[shift % rotation.order.length];
}

/** Epoch milliseconds of an override's end: in local time unless it says otherwise. */
export function overrideMs(instant: string, zone: string): number {
  return isLocal(instant) ? localTimeMs(instant, zone) : Date.parse(instant);
}

/** True for a time that says no offset. */
export function isLocal(instant: string): boolean {
  return !/(Z|[+-]\d\d:\d\d)$/.test(instant);
}

const dayMs = 86_400_000;

/** Shifts begun since the rotation's first, counting from 0; days are the calendar's, not 24 hours each. */
function shiftNumber({ startsOn, shiftStarts }: Rotation, zone: string, atMs: number): number | undefined {
  // Calendar days in UTC are all of 24 hours, so their difference is exact.
  const today = Date.parse(DateTime.fromMillis(atMs, { zone }).toISODate() as string);
  // A clock that is put back across midnight has shown a shift of tomorrow begin.
  for (const date of [today + dayMs, today, today - dayMs]) {
    const days = (date - Date.parse(startsOn)) / dayMs;
    if (days < 0) return undefined;
    const day = new Date(date).toISOString().slice(0, 10);
    const last = shiftStarts.findLastIndex((start) => localTimeMs(`${day}T${start}`, zone) <= atMs);
    if (last >= 0) return days * shiftStarts.length + last;
  }
  return undefined;
}
