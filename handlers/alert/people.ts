/** Whom the alert's present rung addresses, by the roster. */
import { addressees, everyoneOfWard } from '../on-call/on-call.ts';
import type { Roster } from '../on-call/roster.ts';
import type { Alert } from './alert.ts';
import { rolesOn } from './ladder.ts';
import type { Person } from './look.ts';

/** `now` is ISO 8601 UTC. Empty when nobody is on call. */
export function peopleAddressed(roster: Roster, { ward, rung, worst }: Alert, now: string): Person[] {
  const roles = rolesOn(rung, worst);
  const clinicians =
    roles === 'everyone' ? everyoneOfWard(roster, ward) : addressees(roster, ward, roles, now);
  return clinicians.map(({ id, role }) => ({ id, role }));
}
