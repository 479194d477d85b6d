/** The alert after an event. Total: whatever an event says did happen; whether it may is decided before. */
import { furthest } from '../clinical/danger.ts';
import type { Alert, Step } from './alert.ts';
import { operationsMail, operationsWebhook, responsible } from './alert.ts';
import { withCalled } from './called.ts';
import type { AlertEvent, EventOf, Sighting, StepOf } from './event.ts';
import { movedTo, toldHere } from './newest-place.ts';
import { newStep, opened } from './opened.ts';
import { standingAlsoOn, standingWithout } from './stands-on.ts';

/** As many as an item comfortably holds and a retried writer may have to look back. */
const REMEMBERED_EVENTS = 20;

/** `alert` is the patient's item before: open, closed or none; only `raised` begins one. */
export function evolve(alert: Alert | undefined, event: AlertEvent): Alert {
  if (event.type === 'raised') return remember(opened(event), event);
  if (!alert) throw new EventWithoutAlert(event.type);
  return remember({ ...withCalled(alert, changed(alert, event), event), seq: event.seq }, event);
}

/** A history that does not begin with `raised`. */
export class EventWithoutAlert extends Error {
  override readonly name = 'EventWithoutAlert';
  constructor(type: string) {
    super(`The event ${type} has no alert to happen to`);
  }
}

function remember(alert: Alert, event: AlertEvent): Alert {
  return { ...alert, events: [...alert.events, event].slice(-REMEMBERED_EVENTS) };
}

function changed(alert: Alert, event: Exclude<AlertEvent, { type: 'raised' }>): Alert {
  switch (event.type) {
    case 'joined':
      return joined(alert, event);
    case 'withdrawn':
      return {
        ...standingWithout(alert, event.measurementId),
        alarmsAgain: alert.alarmsAgain && !event.all,
        withdrawal: event.all ? 'news' : alert.withdrawal,
      };
    case 'asking':
      return asking(alert, event);
    case 'waiting':
      return waits(sighted(alert, event.sighting), event);
    case 'paged':
      return mailed(
        dueAt(alert, event),
        event.step,
        event.pages.map(({ clinicianId }) => clinicianId),
        event.turns,
      );
    case 'deferred':
      return mailed(dueAt(alert, event), event.step, [], event.turns);
    case 'operationsTold':
      return mailed(
        dueAt(alert, event),
        event.step,
        event.by.map((channel) => (channel === 'mail' ? operationsMail : operationsWebhook)),
        {},
      );
    case 'undeliverable': {
      const unreachable = union(
        alert.step.unreachable,
        event.pages.map(({ clinicianId }) => clinicianId),
      );
      return { ...dueAt(alert, event), step: { ...alert.step, unreachable } };
    }
    case 'accepted':
      return accepted(alert, event);
    case 'declined': {
      const others = alert.round.declined.filter((id) => id !== event.clinicianId);
      return { ...dueAt(alert, event), round: { ...alert.round, declined: [...others, event.clinicianId] } };
    }
    case 'timedOut':
    case 'escalated':
    case 'unanswered': {
      // Everyone is everyone, in each attempt: also who could not come before.
      const declined = event.escalationLevel === 'everyone' ? [] : alert.round.declined;
      return {
        ...alert,
        round: { ...alert.round, declined, handedTo: null },
        step: newStep(event.seq, event.escalationLevel, event.attempt),
        standing: unanswered('waiting', alert, event),
      };
    }
    case 'backedOff':
      return { ...alert, standing: unanswered('backingOff', alert, event) };
    case 'interrupted':
      return newRound(alert, event, event.by);
    case 'rechecked':
      return newRound(alert, event, event.found === 'stillCritical' ? 'recheck' : 'repeat');
    case 'handedOver':
      return newRound(alert, event, 'handedOver', { handedTo: event.to });
    case 'givenBack':
      return newRound(alert, event, 'givenBack', { declined: [event.clinicianId] });
    case 'stoodDown':
      return dueAt(alert, event);
    case 'resumed':
      return {
        ...dueAt(alert, event),
        executionName: event.executionName,
        raisedAgain: alert.raisedAgain + 1,
      };
    case 'closed':
      return {
        ...alert,
        standing: {
          is: 'closed',
          at: event.at,
          reason: event.reason,
          clinicianId: event.clinicianId,
          dueAt: null,
          formerOwner: responsible(alert),
        },
      };
  }
}

function joined(alert: Alert, event: EventOf<'joined'>): Alert {
  const here = movedTo(alert, event.sighting);
  const isSameWard = here.place.ward === alert.place.ward;
  const stands = standingAlsoOn(here, event);
  return {
    ...waits(stands, event),
    // Another ward has a policy of its own, with limits that the former ones are not to be compared with.
    policy: isSameWard ? alert.policy : event.policy,
    withdrawal: null,
    alarmsAgain: alert.alarmsAgain || alert.withdrawal === 'told',
    announcedDanger: furthest([stands.announcedDanger, ...(isSameWard ? [] : [event.danger])]),
    alarmedAt: event.measuredAt > alert.alarmedAt ? event.measuredAt : alert.alarmedAt,
    executionName: event.takenOverBy ?? alert.executionName,
    // News ends a pause.
    ...(event.news !== null &&
      alert.standing.is === 'backingOff' && { standing: unanswered('waiting', alert, event) }),
  };
}

/** From here on the step has announced how bad it is, and the alert's place. */
function asking(alert: Alert, event: EventOf<'asking'>): Alert {
  const here = sighted(alert, event.sighting);
  const { round } = here;
  const step: Step =
    event.news === null ? here.step : { ...here.step, id: event.seq, asked: [], mailed: [], turns: {} };
  const pages = event.pages.map(({ clinicianId, pageId }) => [clinicianId, pageId]);
  return {
    ...waits(here, event),
    announced: here.worst,
    announcedDanger: furthest(here.standsOn.map(({ danger }) => danger)),
    withdrawal: here.withdrawal && 'told',
    alarmsAgain: false,
    told: toldHere(here),
    round: { ...round, pages: { ...round.pages, ...Object.fromEntries(pages) } },
    step: { ...step, asked: [...step.asked, ...event.pages.map(({ clinicianId }) => clinicianId)] },
  };
}

function accepted(alert: Alert, event: EventOf<'accepted'>): Alert {
  const { round } = alert;
  const before = responsible(alert);
  return {
    ...alert,
    // Read on the page, if no mail has said it yet.
    announced: alert.worst,
    withdrawal: alert.withdrawal && 'told',
    // Who takes it can come after all.
    round: { ...round, declined: round.declined.filter((id) => id !== event.clinicianId) },
    standing: {
      is: 'owned',
      deadline: event.deadline,
      dueAt: event.dueAt,
      owner: {
        clinicianId: event.clinicianId,
        role: event.role,
        round: round.number,
        acceptedAt: event.at,
        attendedAt: isNoNews(round.asking) && before ? before.attendedAt : event.at,
      },
    },
  };
}

/** Nothing alarmed anew: whoever accepts will measure, or takes it from a colleague. */
function isNoNews(asking: Alert['round']['asking']): boolean {
  return ['repeat', 'withdrawn', 'handedOver', 'givenBack'].includes(asking);
}

function newRound(
  alert: Alert,
  event: EventOf<'interrupted' | 'rechecked' | 'handedOver' | 'givenBack'>,
  asking: Alert['round']['asking'],
  begins: Partial<Alert['round']> = {},
): Alert {
  return {
    ...alert,
    round: { number: alert.round.number + 1, asking, declined: [], pages: {}, handedTo: null, ...begins },
    step: newStep(event.seq, event.escalationLevel, 0),
    standing: unanswered('waiting', alert, event),
  };
}

/** Nobody has the present round; whoever had an earlier one stays responsible meanwhile. */
function unanswered<Is extends 'waiting' | 'backingOff'>(
  is: Is,
  alert: Alert,
  { deadline, dueAt }: { deadline: string; dueAt: string },
) {
  return { is, deadline, dueAt, formerOwner: responsible(alert) };
}

/** What the step remembers of its mails; nothing once the alert has gone on to another one. */
function mailed(alert: Alert, of: StepOf, whom: readonly string[], turns: Record<string, string>): Alert {
  const { step } = alert;
  if (step.id !== of.id) return alert;
  return {
    ...alert,
    step: { ...step, mailed: union(step.mailed, whom), turns: { ...step.turns, ...turns } },
  };
}

function sighted(alert: Alert, sighting: Sighting | null): Alert {
  return sighting ? movedTo(alert, sighting) : alert;
}

/** The present wait, as the event bounds it; what is closed waits for nothing. */
function waits(alert: Alert, { deadline, dueAt }: { deadline: string; dueAt: string }): Alert {
  const { standing } = alert;
  return standing.is === 'closed' ? alert : { ...alert, standing: { ...standing, deadline, dueAt } };
}

function dueAt(alert: Alert, event: { dueAt: string }): Alert {
  const { standing } = alert;
  return standing.is === 'closed' ? alert : { ...alert, standing: { ...standing, dueAt: event.dueAt } };
}

function union(some: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...some, ...more])];
}
