/** What a request to a page is about: how things stand, and who may answer on it. */
import { type Alert, isOpen, isOwned, type OwnedAlert } from '../alert/alert.ts';
import type { Page } from '../alert/page.ts';
import { addressees, everyoneOfWard, LEVELS } from '../on-call/on-call.ts';
import type { Clinician, Roster } from '../on-call/roster.ts';

export type RequestContext = { page: Page; alert: Alert; roster: Roster; now: string };

/** `asking`: an answer is wanted. `over`: the alert that the page asked about is closed. */
export type LinkState = 'asking' | 'owned' | 'earlierRound' | 'over';

export function linkStateOf({ page, alert }: RequestContext): LinkState {
  if (!isOpen(alert) || alert.alertId !== page.alertId) return 'over';
  if (page.round !== alert.round.number) return 'earlierRound';
  return isOwned(alert) ? 'owned' : 'asking';
}

/** The alert that somebody has in the round of the page; undefined when nobody does. */
export function ownedOn(context: RequestContext): OwnedAlert | undefined {
  return linkStateOf(context) === 'owned' && isOwned(context.alert) ? context.alert : undefined;
}

/** The page of the present round of an open alert: there is one for each person, and there the own PIN always counts. */
export function isNewestPageOf(
  context: RequestContext,
  clinician: Pick<Clinician, 'id'> | undefined,
): boolean {
  return clinician?.id === context.page.clinicianId && ['asking', 'owned'].includes(linkStateOf(context));
}

/** Who may answer: the addressee first, then who is asked for the bed, then the rest of the ward. Each once. */
export function mayAnswer({ page, alert, roster, now }: RequestContext): Clinician[] {
  const addressee = roster.clinicians.filter(({ id, role }) => id === page.clinicianId && role !== 'quality');
  const onCall = addressees(roster, alert.place, LEVELS, now);
  return [...new Set([...addressee, ...onCall, ...everyoneOfWard(roster, alert.place.ward, now)])];
}

/** Whom the owner can ask by name to take the alert: everyone of the ward but the owner. */
export function colleaguesOf(
  { alert, roster, now }: RequestContext,
  { id }: Pick<Clinician, 'id'>,
): Clinician[] {
  return everyoneOfWard(roster, alert.place.ward, now).filter(
    (one) => one.id !== id && one.role !== 'quality',
  );
}

/** A clinician's name as colleagues know it; the id of one who has left the roster. */
export function nameOf(roster: Roster, clinicianId: string): string {
  return roster.clinicians.find(({ id }) => id === clinicianId)?.name ?? clinicianId;
}
