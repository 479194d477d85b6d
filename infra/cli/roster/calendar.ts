/** Shifts as an iCalendar file (RFC 5545): ids of wards and beds, and names on a ward's; nothing of patients. */
import { createHash } from 'node:crypto';
import ical, { ICalCalendarMethod } from 'ical-generator';
import { shiftsOf } from '../../../handlers/on-call/coverage.ts';
import { endMs } from '../../../handlers/on-call/dealing.ts';
import { bedNurse } from '../../../handlers/on-call/on-call.ts';
import type { AnyRoster } from '../../../handlers/on-call/roster.ts';
import { later } from '../../../handlers/time/instant.ts';

/** One clinician's own shifts in all wards, or everybody's of one ward. */
type Whose = { clinicianId: string } | { ward: string };
type Span = { from: string; to: string };
type Entry = Span & { ward: string; what: string; who: { id: string; name: string } };

/** Events have the same id each time, so that a calendar that reads the file again has no shift twice. */
export function calendarText(roster: AnyRoster, whose: Whose, shown: Span): string {
  const isOwn = 'clinicianId' in whose;
  const shifts = [...onCallShifts(roster, shown), ...bedShifts(roster, shown)].filter(({ ward, who }) =>
    isOwn ? who.id === whose.clinicianId : ward === whose.ward,
  );
  const calendar = ical({
    name: `On call: ${isOwn ? whose.clinicianId : whose.ward}`,
    prodId: { company: 'Vigil', product: 'Roster' },
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const { from, to, ward, what, who } of shifts) {
    const id = createHash('sha256').update([ward, what, who.id, from].join('\n')).digest('hex').slice(0, 32);
    const summary = isOwn ? `${ward}: ${what}` : `${who.name}: ${what}`;
    calendar.createEvent({ id: `${id}@vigil`, start: from, end: to, stamp: shown.from, summary });
  }
  return calendar.toString();
}

/** No shift is longer: a day, and an hour where the clock is put back. */
const LONGEST_SHIFT_SECONDS = 2 * 86_400;

/** The first and the last of them are whole. */
function onCallShifts(roster: AnyRoster, shown: Span): Entry[] {
  const from = later(shown.from, -LONGEST_SHIFT_SECONDS);
  return shiftsOf(roster, { from, to: later(shown.to, LONGEST_SHIFT_SECONDS) })
    .filter((shift) => shift.to > shown.from && shift.from < shown.to)
    .flatMap(({ people, role, ...shift }) =>
      people.map((who) => ({ ...shift, what: `${role} on call`, who })),
    );
}

function bedShifts(roster: AnyRoster, shown: Span): Entry[] {
  return (roster.bedAssignments ?? []).flatMap(({ ward, beds, ...assigned }) => {
    const [from, to] = [assigned.from, assigned.to].map((end) =>
      new Date(endMs(end, roster.zone)).toISOString(),
    );
    if (!from || !to || to <= shown.from || from >= shown.to) return [];
    return beds.flatMap((bed) =>
      bedNurse(roster, ward, bed, from).map((who) => ({ from, to, ward, what: `bed ${bed}`, who })),
    );
  });
}
