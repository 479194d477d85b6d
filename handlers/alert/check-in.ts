/** A check-in: whoever begins a shift shows that mail arrives, and that somebody reads it. Who, and on which level, stands in its key. */
import { addressees, type Level } from '../on-call/on-call.ts';
import type { Clinician, Roster } from '../on-call/roster.ts';
import type { Alert } from './alert.ts';
import type { ClosingReason } from './closing-reasons.ts';

/** Who is to check in. */
export type CheckIn = { ward: string; role: Level; clinicianId: string };

export function checkInKeyOf({ ward, role, clinicianId }: CheckIn): string {
  return `CHECKIN#${ward}#${role}#${clinicianId}`;
}

/** Undefined for any other key. */
export function checkInOf(alertKey: string): CheckIn | undefined {
  const [, ward, role, clinicianId] = /^CHECKIN#(.+)#(nurse|doctor|lead)#([\w-]+)$/s.exec(alertKey) ?? [];
  return ward && role && clinicianId ? { ward, role: role as Level, clinicianId } : undefined;
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
  const { ward, clinicianId } = checkIn;
  return asksWhoBegan(alert)
    ? roster.clinicians.filter(({ id }) => id === clinicianId)
    : addressees(roster, { ward, bed: null }, ['lead'], now).filter(({ id }) => id !== clinicianId);
}

/** By whoever has accepted. */
export function checkInAnswered(alertKey: string, ownerId: string): ClosingReason {
  return checkInOf(alertKey)?.clinicianId === ownerId ? 'checkedIn' : 'seenTo';
}
