/** Asking the people of a rung: whom, for what, and under which page. Mails follow this write, never precede it. */
import type { AlarmLevel } from '../clinical/severity.ts';
import { type MoveRefused, type Seen, whyNotThere } from './advance.ts';
import type { Alert, Page, PagePurpose } from './alert.ts';
import { dueAfter, MOVED, type Outcome, record } from './events.ts';
import { sooner } from './ladder.ts';
import { isWorseThanAnnounced, type Person } from './look.ts';
import { isElsewhere, toldHere } from './newest-place.ts';

/** One clinician's request in the present step. */
export type Request = { pageId: string; clinicianId: string; role: string; purpose: PagePurpose };

export type PageRefused = MoveRefused | 'nobody to page';

/** As long as claims: whoever opens an old link is told how it ended. */
const EXPIRES_AFTER_DAYS = 30;

export function pageKey(pageId: string): string {
  return `PAGE#${pageId}`;
}

/**
 * Stores the waiting task's token and asks whoever was not yet asked in this step: event `asking`, or `waiting` when that
 * is nobody. From this write on the step has announced the alert's worst level.
 */
export function ask(
  alert: Alert,
  seen: Seen & { level: AlarmLevel; deadline: string; token: string },
  people: readonly Person[],
  newPageId: () => string,
  now: string,
  writeId: string,
): Outcome<PageRefused> {
  const refused = whyNotThere(alert, seen);
  if (refused) return { refused };
  if (alert.resting) return { refused: 'moved on' };
  if (alert.worst !== seen.level) return { refused: 'worse since' };
  const recipients = recipientsOf(alert, people);
  if (recipients.length === 0) return { refused: 'nobody to page' };
  const worse = isWorseThanAnnounced(alert);
  const elsewhere = isElsewhere(alert);
  const asked = worse || elsewhere ? [] : alert.asked;
  const again = worse ? 'worse' : elsewhere ? 'moved' : 'reminder';
  const pages = recipients
    .filter(({ id }) => !asked.includes(id))
    .map(({ id, role }): Request => {
      const known = alert.pages[id];
      const purpose = known === undefined ? alert.asking : again;
      return { pageId: known ?? newPageId(), clinicianId: id, role, purpose };
    });
  const deadline = sooner(alert.deadline, seen.deadline);
  return record(
    alert,
    {
      token: seen.token,
      announced: alert.worst,
      told: toldHere(alert),
      asked: [...asked, ...pages.map(({ clinicianId }) => clinicianId)],
      pages: { ...alert.pages, ...Object.fromEntries(pages.map((page) => [page.clinicianId, page.pageId])) },
      ...((worse || elsewhere) && { mailed: [], turns: {} }),
      deadline,
      dueAt: dueAfter(deadline),
    },
    {
      ...(pages.length > 0 ? { type: 'asking', pages } : { type: 'waiting' }),
      ...(elsewhere && { reason: MOVED }),
    },
    now,
    writeId,
  );
}

/** Whom the present step asks: not who declined, nor who could not be reached. */
function recipientsOf(alert: Alert, people: readonly Person[]): Person[] {
  return people.filter(({ id }) => !alert.declined.includes(id) && !alert.unreachable.includes(id));
}

export function newPage(alert: Alert, pageId: string, clinicianId: string, now: string): Page {
  return {
    pk: pageKey(pageId),
    kind: 'page',
    pageId,
    alertKey: alert.pk,
    alertId: alert.alertId,
    round: alert.round,
    clinicianId,
    createdAt: now,
    wrongPins: 0,
    expiresAt: Math.floor(Date.parse(now) / 1000) + EXPIRES_AFTER_DAYS * 86_400,
  };
}

/** Every request of the present step that still counts, with the purpose that its event recorded. */
export function requestsOf(alert: Alert, people: readonly Person[]): Request[] {
  const recorded = alert.events.flatMap(({ type, pages }) => (type === 'asking' ? (pages ?? []) : []));
  return recipientsOf(alert, people).flatMap(({ id, role }) => {
    const pageId = alert.pages[id];
    if (pageId === undefined || !alert.asked.includes(id)) return [];
    const purpose = recorded.findLast((page) => page.pageId === pageId)?.purpose ?? alert.asking;
    return [{ pageId, clinicianId: id, role, purpose }];
  });
}
