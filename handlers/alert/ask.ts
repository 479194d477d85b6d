/** Asking the responders of a level: whom, for what, and under which page. Mails follow this write, never precede it. */
import type { AlarmLevel } from '../clinical/severity.ts';
import { sooner } from '../time/instant.ts';
import type { Alert, OpenAlert } from './alert.ts';
import { isWorseThanAnnounced } from './assess.ts';
import type { Decision } from './decision.ts';
import { stuckAfter } from './escalation-levels.ts';
import type { Request, Sighting } from './event.ts';
import { isElsewhere, isNews, movedTo } from './newest-place.ts';
import type { Responder } from './responders.ts';
import { type Seen, whyNotThere } from './seen.ts';

/** The waiting task's token is stored with the event. */
export type Ask = {
  type: 'ask';
  seen: Seen & { level: AlarmLevel; deadline: string };
  /** Whom the roster has for the alert as it was found, at the newest place that is known: by `respondersOf`. */
  responders: readonly Responder[];
  /** Where the patient was last measured. */
  sighting: Sighting | undefined;
  /** Random, 128 bits long each; as many as there are clinicians, taken in order. */
  newPageIds: readonly string[];
};

/** Asks whoever was not yet asked in this step. From this event on the step has announced the alert's worst level. */
export function ask(known: OpenAlert, { seen, responders, sighting, newPageIds }: Ask): Decision {
  const alert = movedTo(known, sighting);
  const refused = whyNotThere(alert, seen);
  if (refused) return { refused };
  if (alert.standing.is === 'backingOff') return { refused: 'movedOn' };
  if (alert.worst !== seen.level) return { refused: 'worseSince' };
  const recipients = recipientsOf(alert, responders);
  if (recipients.length === 0) return { refused: 'nobodyToPage' };
  const news = isWorseThanAnnounced(alert) ? 'worse' : isElsewhere(alert) ? 'moved' : null;
  const asked = news ? [] : alert.step.asked;
  const unused = newPageIds.values();
  const pages = recipients
    .filter(({ id }) => !asked.includes(id))
    .flatMap(({ id, role }): Request[] => {
      const page = alert.round.pages[id];
      const pageId = page ?? unused.next().value;
      const purpose = page === undefined ? alert.round.asking : (news ?? 'reminder');
      return pageId === undefined ? [] : [{ pageId, clinicianId: id, role, purpose }];
    });
  const deadline = sooner(alert.standing.deadline, seen.deadline);
  const told = { sighting: isNews(known, sighting) ? sighting : null, deadline, dueAt: stuckAfter(deadline) };
  return pages.length > 0 ? { type: 'asking', pages, news, ...told } : { type: 'waiting', ...told };
}

/** Whom the present step asks: not who declined, nor who could not be reached. */
function recipientsOf({ round, step }: Alert, responders: readonly Responder[]): Responder[] {
  return responders.filter(({ id }) => !round.declined.includes(id) && !step.unreachable.includes(id));
}

/** Every request of the present step that still counts, with the purpose that its event recorded. */
export function requestsOf(alert: Alert, responders: readonly Responder[]): Request[] {
  const recorded = alert.events.flatMap((event) => (event.type === 'asking' ? event.pages : []));
  return recipientsOf(alert, responders).flatMap(({ id, role }) => {
    const pageId = alert.round.pages[id];
    if (pageId === undefined || !alert.step.asked.includes(id)) return [];
    const purpose = recorded.findLast((page) => page.pageId === pageId)?.purpose ?? alert.round.asking;
    return [{ pageId, clinicianId: id, role, purpose }];
  });
}
