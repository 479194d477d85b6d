/** Whom the alert's present rung addresses, by the roster. */
import { addressees, everyoneOfWard } from '../on-call/on-call.ts';
import type { Clinician, Roster } from '../on-call/roster.ts';
import type { Alert } from './alert.ts';
import { isOwned } from './answers.ts';
import { rolesOn, rungOf } from './ladder.ts';
import type { Person } from './look.ts';
import { hasChangedWards, isElsewhere } from './newest-place.ts';

/**
 * Those of the ward where the patient lies now, and whoever was asked before the patient was moved. `now` is ISO 8601 UTC.
 * Each person once.
 */
export function peopleAddressed(roster: Roster, alert: Alert, now: string): Person[] {
  const roles = rolesOn(alert.rung, alert.worst, hasChangedWards(alert));
  const clinicians = new Set(
    roles === 'everyone'
      ? everyoneOfWard(roster, alert.ward, now)
      : [...ownerAskedAgain(roster, alert, now), ...addressees(roster, alert.ward, roles, now)],
  );
  const before = askedElsewhere(alert);
  const others = roster.clinicians.filter((person) => before.includes(person.id) && !clinicians.has(person));
  return [
    ...Array.from(clinicians, ({ id, role }) => ({ id, role })),
    ...others.map(({ id, role }) => ({ id, role, askedElsewhere: true as const })),
  ];
}

/** Whoever was sent to a bed where the patient is not any more: in this round, until it is told; then in this step. */
function askedElsewhere(alert: Alert): string[] {
  if (isElsewhere(alert)) return Object.keys(alert.pages);
  return alert.told.length > 1 ? alert.asked : [];
}

/**
 * On the owner's own rung a new round asks the owner, who has the patient, also when another one is on call: not everyone
 * who took an alert was. Whoever was on call when taking it and is not any more has gone home, and is left alone.
 */
function ownerAskedAgain(roster: Roster, alert: Alert, now: string): Clinician[] {
  const owner = roster.clinicians.find(({ id }) => id === alert.ownerId);
  if (!owner || isOwned(alert) || alert.rung !== rungOf(owner.role)) return [];
  const isOnCall = (at: string) =>
    [alert.ward, ...owner.wards].some((ward) =>
      addressees(roster, ward, ['nurse', 'doctor', 'lead'], at).includes(owner),
    );
  const wentHome = alert.acceptedAt !== null && isOnCall(alert.acceptedAt) && !isOnCall(now);
  return wentHome ? [] : [owner];
}
