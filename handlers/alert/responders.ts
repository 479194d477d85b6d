/** Whom the alert's present level addresses, by the roster. */
import { addressees, everyoneOfWard, isTechnicalTime, onCallForWard } from '../on-call/on-call.ts';
import type { Clinician, Roster } from '../on-call/roster.ts';
import { type Alert, isOwned, responsible } from './alert.ts';
import { alertKindOf } from './alert-key.ts';
import { checkInResponders } from './check-in.ts';
import { levelOf, rolesOn } from './escalation-levels.ts';
import { hasChangedWards, isElsewhere } from './newest-place.ts';

/** Somebody whom the present level addresses, and in which role. */
export type Responder = {
  id: string;
  role: string;
  /** Asked before the patient was moved, and not of this step: told of the new place, free to answer, not waited for. */
  askedElsewhere?: true;
};

/**
 * Those of the ward where the patient lies now, and whoever was asked before the patient was moved. `now` is ISO 8601 UTC.
 * Each person once. Whom it is handed over to comes alone.
 */
export function respondersOf(roster: Roster, alert: Alert, now: string): Responder[] {
  if (alertKindOf(alert.pk) === 'checkIn')
    return checkInResponders(roster, alert, now).map(({ id, role }) => ({ id, role }));
  const roles = rolesNow(roster, alert, now);
  const { handedTo } = alert.round;
  if (handedTo === null && alert.step.escalationLevel === 'nurse' && roles.length === 0) return [];
  const clinicians = new Set(
    handedTo !== null
      ? roster.clinicians.filter(({ id }) => id === handedTo)
      : roles === 'everyone'
        ? everyoneOfWard(roster, alert.place.ward, now)
        : [...ownerAskedAgain(roster, alert, now), ...addressees(roster, alert.place, roles, now)],
  );
  const before = askedElsewhere(alert);
  const others = roster.clinicians.filter((person) => before.includes(person.id) && !clinicians.has(person));
  return [
    ...Array.from(clinicians, ({ id, role }) => ({ id, role })),
    ...others.map(({ id, role }) => ({ id, role, askedElsewhere: true as const })),
  ];
}

/** Outside of its working time no nurse is asked to see to a device: the lead is. */
function rolesNow(roster: Roster, alert: Alert, now: string): ReturnType<typeof rolesOn> {
  const { worst, step, place } = alert;
  const roles = rolesOn(step.escalationLevel, worst, hasChangedWards(alert));
  const isAnyTime = worst !== 'technical' || isTechnicalTime(roster, place.ward, now);
  return isAnyTime || roles === 'everyone' ? roles : roles.filter((role) => role !== 'nurse');
}

/** Whoever was sent to a bed where the patient is not any more: in this round, until it is told; then in this step. */
function askedElsewhere(alert: Alert): string[] {
  if (isElsewhere(alert)) return Object.keys(alert.round.pages);
  return alert.told.length > 1 ? alert.step.asked : [];
}

/**
 * On the owner's own level a new round asks the owner, who has the patient, also when another one is on call: not everyone
 * who took an alert was. Whoever was on call when taking it and is not any more has gone home, and is left alone.
 */
function ownerAskedAgain(roster: Roster, alert: Alert, now: string): Clinician[] {
  const former = isOwned(alert) ? null : responsible(alert);
  const owner = roster.clinicians.find(({ id }) => id === former?.clinicianId);
  if (!former || !owner || alert.step.escalationLevel !== levelOf(owner.role)) return [];
  const isOnCall = (at: string) =>
    [alert.place.ward, ...owner.wards].some((ward) => onCallForWard(roster, ward, at).includes(owner));
  const wentHome = isOnCall(former.acceptedAt) && !isOnCall(now);
  return wentHome ? [] : [owner];
}
