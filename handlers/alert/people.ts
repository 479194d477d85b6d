/** Whom the alert's present rung addresses, by the roster. */
import { addressees, everyoneOfWard } from '../on-call/on-call.ts';
import type { Clinician, Roster } from '../on-call/roster.ts';
import type { Alert } from './alert.ts';
import { isOwned } from './answers.ts';
import { rolesOn, rungOf } from './ladder.ts';
import type { Person } from './look.ts';

/** `now` is ISO 8601 UTC. Empty when nobody is on call. Each person once. */
export function peopleAddressed(roster: Roster, alert: Alert, now: string): Person[] {
  const roles = rolesOn(alert.rung, alert.worst);
  const clinicians =
    roles === 'everyone'
      ? everyoneOfWard(roster, alert.ward, now)
      : [...ownerAskedAgain(roster, alert, now), ...addressees(roster, alert.ward, roles, now)];
  return [...new Set(clinicians)].map(({ id, role }) => ({ id, role }));
}

/**
 * On the owner's own rung a new round asks the owner, who has the patient, also when another one is on call: not everyone
 * who took an alert was. Whoever was on call when taking it and is not any more has gone home, and is left alone.
 */
function ownerAskedAgain(roster: Roster, alert: Alert, now: string): Clinician[] {
  const owner = roster.clinicians.find(({ id }) => id === alert.ownerId);
  if (!owner || isOwned(alert) || alert.rung !== rungOf(owner.role)) return [];
  const isOnCall = (at: string) =>
    addressees(roster, alert.ward, ['nurse', 'doctor', 'lead'], at).includes(owner);
  const wentHome = alert.acceptedAt !== null && isOnCall(alert.acceptedAt) && !isOnCall(now);
  return wentHome ? [] : [owner];
}
