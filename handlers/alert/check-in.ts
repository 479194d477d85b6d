/** A check-in: whoever begins a shift shows that mail arrives, and that somebody reads it. On which level, and a hash of who, stand in its key. */
import { hashed } from '../naming/hashed.ts';
import { addressees, type Level } from '../on-call/on-call.ts';
import type { Clinician, Roster } from '../on-call/roster.ts';
import type { Alert } from './alert.ts';
import type { ClosingReason } from './closing-reasons.ts';

/** Who is to check in. */
export type CheckIn = { ward: string; role: Level; clinicianId: string };

/** What executions and logs show of it names nobody: an id is often a first name. */
export function checkInKeyOf({ ward, role, clinicianId }: CheckIn): string {
  return `CHECKIN#${ward}#${role}#${hashed(clinicianId)}`;
}

/** Undefined for any other key. */
export function checkInOf(
  alertKey: string,
): { ward: string; role: Level; clinicianHash: string } | undefined {
  const [, ward, role, clinicianHash] =
    /^CHECKIN#(.+)#(nurse|doctor|lead)#([0-9a-f]{32})$/s.exec(alertKey) ?? [];
  return ward && role && clinicianHash ? { ward, role: role as Level, clinicianHash } : undefined;
}

/** True while that person is asked, and not yet somebody else. */
export function asksWhoBegan({ pk, step }: Pick<Alert, 'pk' | 'step'>): boolean {
  return step.escalationLevel === checkInOf(pk)?.role;
}

/** The person; when they do not answer the ward's lead, who is not told who it is by name. Then nobody of the ward. */
export function checkInResponders(
  roster: Roster,
  alert: Pick<Alert, 'pk' | 'step'>,
  now: string,
): Clinician[] {
  const checkIn = checkInOf(alert.pk);
  if (!checkIn || alert.step.escalationLevel === 'everyone') return [];
  const { ward, clinicianHash } = checkIn;
  const isOf = ({ id }: Clinician) => hashed(id) === clinicianHash;
  return asksWhoBegan(alert)
    ? roster.clinicians.filter(isOf)
    : addressees(roster, { ward, bed: null }, ['lead'], now).filter((lead) => !isOf(lead));
}

/** By whoever has accepted. */
export function checkInAnswered(alertKey: string, ownerId: string): ClosingReason {
  return checkInOf(alertKey)?.clinicianHash === hashed(ownerId) ? 'checkedIn' : 'seenTo';
}
