/** Nobody is asked who is not on call just then, by a count of the shifts that is not the product's. */
import { type Alert, responsible } from '../../../handlers/alert/alert.ts';
import type { EventOf } from '../../../handlers/alert/event.ts';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { isOfEmergency, type Tell, type WeekRule } from './rule.ts';
import type { Shifts } from './shifts.ts';

type Asked = EventOf<'asking'>['pages'][number];
const levels = ['nurse', 'doctor', 'lead'] as const;

export function rosterRules(tell: Tell, hospital: Hospital, shifts: Shifts): WeekRule {
  const people = new Map(hospital.clinicians.map((person) => [person.id, person]));

  /** Whoever the level names, and below it in an emergency, or where the ward is new to the alert. */
  function isOfLevel(alert: Alert, id: string, atMs: number): boolean {
    const { place, step, worst, told } = alert;
    const { ward, bed } = place;
    const { escalationLevel } = step;
    if (escalationLevel === 'everyone' && worst !== 'technical')
      return people.get(id)?.wards.includes(ward) === true || shifts.isOnCall(ward, id, atMs);
    const top = escalationLevel === 'everyone' ? 'lead' : escalationLevel;
    const highest = isOfEmergency(alert) && top === 'nurse' ? 'doctor' : top;
    const isEveryLevel =
      isOfEmergency(alert) || escalationLevel === 'everyone' || told.some((before) => before.ward !== ward);
    return levels
      .slice(0, levels.indexOf(highest) + 1)
      .some((level) => (isEveryLevel || level === highest) && shifts.onCall(ward, level, bed, atMs) === id);
  }

  /** Who has it still, unless their shift has ended since. */
  function isOwner(alert: Alert, id: string, atMs: number): boolean {
    const owner = responsible(alert);
    if (owner?.clinicianId !== id) return false;
    const wards = [alert.place.ward, ...(people.get(id)?.wards ?? [])];
    const isOnCall = (ms: number) => wards.some((ward) => shifts.isOnCall(ward, id, ms));
    return isOnCall(atMs) || !isOnCall(Date.parse(owner.acceptedAt));
  }

  function mayBeAsked(before: Alert, after: Alert, { clinicianId, purpose }: Asked, atMs: number): boolean {
    const wasAsked = clinicianId in before.round.pages;
    return (
      after.round.handedTo === clinicianId ||
      // Who was sent to the former bed hears where the patient is now.
      (wasAsked && after.told.length > 1) ||
      isOfLevel(after, clinicianId, atMs) ||
      // A nurse with beds alone checks in as well.
      (after.worst === 'check-in' && shifts.isOnCall(after.place.ward, clinicianId, atMs)) ||
      (purpose !== 'page' && isOwner(after, clinicianId, atMs))
    );
  }

  return {
    onAlert({ before, after, event }) {
      if (event.type !== 'asking' || !before) return;
      const wrong = event.pages.filter((page) => !mayBeAsked(before, after, page, Date.parse(event.at)));
      for (const { clinicianId, role } of wrong)
        tell('other', 'whoever is asked is on call', after.pk, `${clinicianId} is not on call as ${role}`);
    },
  };
}
