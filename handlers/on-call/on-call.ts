/** Who is on call: a pure function of the roster and an instant, right across both changes of the clock. */
import { DateTime } from 'luxon';
import type { Clinician, Roster } from './roster.ts';

type Role = Roster['rotations'][number]['role'];
type Rotation = Roster['rotations'][number];

/**
 * The clinician whom a ward's rotation has on call in a role at an instant (ISO 8601 with offset). Undefined before its
 * first shift, and when there is no rotation. A ward that the roster does not know is answered for by the fallback ward.
 */
export function whoIsOnCall(roster: Roster, ward: string, role: Role, at: string): Clinician | undefined {
  const known = knownWard(roster, ward);
  const rotation = roster.rotations.find((candidate) => candidate.ward === known && candidate.role === role);
  const id = rotation && onShift(rotation, roster.zone, at);
  return roster.clinicians.find((clinician) => clinician.id === id);
}

/** Who is on call in these roles, in their order, each person once. */
export function addressees(roster: Roster, ward: string, roles: readonly Role[], at: string): Clinician[] {
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
export function everyoneOfWard(roster: Roster, ward: string, at: string): Clinician[] {
  const known = knownWard(roster, ward);
  const onCall = addressees(roster, ward, ['nurse', 'doctor', 'lead'], at);
  return roster.clinicians.filter(
    (clinician) =>
      onCall.includes(clinician) || (clinician.role !== 'quality' && clinician.wards.includes(known)),
  );
}

function knownWard(roster: Roster, ward: string): string {
  return roster.wards.some(({ id }) => id === ward) ? ward : roster.fallbackWard;
}

function onShift(rotation: Rotation, hospitalZone: string, at: string): string | undefined {
  const zone = rotation.zone ?? hospitalZone;
  const local = DateTime.fromISO(at, { zone });
  const standIn = rotation.overrides?.findLast(
    ({ from, to }) => DateTime.fromISO(from, { zone }) <= local && local < DateTime.fromISO(to, { zone }),
  );
  if (standIn) return standIn.clinicianId;
  const shift = shiftNumber(rotation, zone, local);
  return shift === undefined ? undefined : rotation.order[shift % rotation.order.length];
}

const dayMs = 86_400_000;

/** Shifts begun since the rotation's first, counting from 0; days are the calendar's, not 24 hours each. */
function shiftNumber({ startsOn, shiftStarts }: Rotation, zone: string, local: DateTime): number | undefined {
  for (const daysAgo of [0, 1]) {
    // Calendar days in UTC are all of 24 hours, so their difference is exact.
    const date = new Date(Date.parse(local.toISODate() as string) - daysAgo * dayMs)
      .toISOString()
      .slice(0, 10);
    const days = (Date.parse(date) - Date.parse(startsOn)) / dayMs;
    if (days < 0) return undefined;
    const last = shiftStarts.findLastIndex(
      (start) => beginning(`${date}T${start}`, zone) <= local.toMillis(),
    );
    if (last >= 0) return days * shiftStarts.length + last;
  }
  return undefined;
}

/** Zones are slow to work out, and a shift is asked for at each step of each alert: some three times a day and zone. */
const beginnings = new Map<string, number>();

/**
 * Epoch milliseconds of a local time. One that the clock skips begins the shift when the clock jumps over it; one that it
 * shows twice, the first time.
 */
function beginning(localTime: string, zone: string): number {
  const key = `${localTime} ${zone}`;
  const known = beginnings.get(key);
  if (known !== undefined) return known;
  const instants = DateTime.fromISO(localTime, { zone }).getPossibleOffsets();
  const first = Math.min(...instants.map((instant) => instant.toMillis()));
  beginnings.set(key, first);
  return first;
}
