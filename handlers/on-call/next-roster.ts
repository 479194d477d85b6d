/**
 * What is published in place of a roster. Readings go on being judged by what was in force when they arrived: a new roster
 * judges those that arrive two minutes after it was published, and says what was in force before (decisions/0028).
 */
import type { PatientLimits } from '../clinical/patient-limits.ts';
import { later, sooner } from '../time/instant.ts';
import { ANNOUNCED_SECONDS } from './policy-versions.ts';
import type { Roster } from './roster.ts';

/** The stream keeps a record for 7 days (infra/stack/ingest.ts): nobody judges one that arrived earlier. */
const ASKED_FOR_SECONDS = 7 * 86_400;

/** A hospital's file, its PINs hashed: it says nothing of patients, and of no time but its own. */
type NewRoster = Omit<Roster, 'patientLimits' | 'swaps' | 'before'>;

/**
 * The roster of a file after the one that is published, with that one's patients' own limits, and its swaps between people who
 * still take shifts. `now` is ISO 8601 UTC.
 */
export function rosterAfter(published: Roster, next: NewRoster, now: string): Roster {
  const since = later(now, -ASKED_FOR_SECONDS);
  const ofPublished = registryOf(published);
  const isSame = JSON.stringify(ofPublished) === JSON.stringify(registryOf(next));
  const ended = isSame ? [] : [{ until: later(now, ANNOUNCED_SECONDS), ...ofPublished }];
  const takesShifts = (id: string) => next.clinicians.some((one) => one.id === id && one.role !== 'quality');
  const swaps = published.swaps?.filter(({ to, clinicianId }) => to > now && takesShifts(clinicianId));
  return {
    ...next,
    ...(swaps && { swaps }),
    patientLimits: (published.patientLimits ?? []).filter(({ until }) => until >= since),
    before: [...(published.before ?? []), ...ended].filter(({ until }) => until >= since),
  };
}

/** The roster with a patient's own limits from two minutes ahead, for so many hours, in place of those that the patient has. */
export function withLimitsSet(
  published: Roster,
  { patientId, limits, setBy, hours }: Omit<PatientLimits, 'from' | 'until'> & { hours: number },
  now: string,
): Roster {
  const roster = withLimitsEnded(published, patientId, now);
  const from = later(now, ANNOUNCED_SECONDS);
  const set = { patientId, limits, setBy, from, until: later(from, hours * 3600) };
  return { ...roster, patientLimits: [...(roster.patientLimits ?? []), set] };
}

/** The roster in which a patient's own limits end two minutes ahead. */
export function withLimitsEnded(published: Roster, patientId: string, now: string): Roster {
  const end = later(now, ANNOUNCED_SECONDS);
  const { patientLimits = [] } = rosterAfter(published, published, now);
  return {
    ...published,
    patientLimits: patientLimits.map((own) => {
      if (own.patientId !== patientId) return own;
      // By another clock they may be about to begin later still: then they never do.
      return { ...own, until: sooner(own.until, own.from > end ? own.from : end) };
    }),
  };
}

/** True while there is something to end. */
export function hasLimits({ patientLimits = [] }: Roster, patientId: string, now: string): boolean {
  return patientLimits.some(
    (own) => own.patientId === patientId && own.until > later(now, ANNOUNCED_SECONDS),
  );
}

function registryOf({ zone, fallbackWard, policies, wards, devices }: NewRoster) {
  return { zone, fallbackWard, policies, wards, devices };
}
