/** Who was called and need not come any more: known from the mails that went out and the answers that came. */
import { later } from '../time/instant.ts';
import { type Alert, type Called, isOpen, isOwned, operationsMail, operationsWebhook } from './alert.ts';
import { stuckAfter } from './escalation-levels.ts';
import type { AlertEvent, EventOf } from './event.ts';
import { incidentNumber } from './incidents.ts';
import { isLetGo } from './stand-down.ts';

/** Later than that nobody is still on the way, and the recheck is due. */
const TOLD_WITHIN_SECONDS = 15 * 60;

/** Who is to hear that they need not come, since somebody has it or it is over; nobody while it asks. */
export function toStandDown(alert: Alert, now: string): readonly string[] {
  const { standing, called } = alert;
  const since = isOwned(alert)
    ? alert.standing.owner.acceptedAt
    : standing.is === 'closed'
      ? standing.at
      : now;
  return isAnswered(alert) && now < later(since, TOLD_WITHIN_SECONDS) ? called.whom : [];
}

/** True when their mails do not give way to others just now. */
export function isStandDownDue(alert: Alert, now: string): boolean {
  const { notBefore } = alert.called;
  return toStandDown(alert, now).length > 0 && (notBefore === null || notBefore <= now);
}

/** Nobody is asked any more. */
export function isAnswered(alert: Alert): boolean {
  return isOwned(alert) || !isOpen(alert);
}

/** The alert after an event, with whoever is called by then. What is closed is due as long as anybody has yet to hear of that. */
export function withCalled(before: Alert, next: Alert, event: AlertEvent): Alert {
  const called = calledAfter(before, event);
  const { standing } = next;
  if (standing.is !== 'closed') return { ...next, called };
  const dueAt = 'dueAt' in event ? event.dueAt : stuckAfter(event.at);
  return { ...next, called, standing: { ...standing, dueAt: called.whom.length > 0 ? dueAt : null } };
}

function calledAfter(alert: Alert, event: AlertEvent): Called {
  const { called } = alert;
  switch (event.type) {
    case 'paged': {
      const done = [...alert.round.declined, ...answeredBy(alert)];
      const paged = event.pages.map(({ clinicianId }) => clinicianId).filter((id) => !done.includes(id));
      return withThese(called, paged);
    }
    case 'operationsTold':
      return withOperations(alert, event);
    case 'declined':
      return event.reason === 'cannotCome' ? without(called, [event.clinicianId]) : called;
    case 'accepted':
      return { ...without(called, [event.clinicianId]), notBefore: null };
    case 'closed':
      return {
        ...withThese(without(called, hasHeardOfEnd(alert, event)), toldOfEnd(alert, event)),
        notBefore: null,
      };
    case 'handedOver':
    case 'givenBack':
      return withThese(called, [event.clinicianId]);
    case 'escalated':
    case 'timedOut':
    case 'unanswered':
    case 'backedOff':
      return event.because === 'pageFailed' ? withThese(called, perhapsMailed(alert)) : called;
    case 'stoodDown':
      return isLetGo(event)
        ? { ...called, whom: [], notBefore: null }
        : { ...without(heardBy(event.whom, called), event.whom), notBefore: event.notBefore };
    default:
      return called;
  }
}

/** A device's mail needs nobody to be telephoned off; a pager's incident ends by being told. */
function withOperations(alert: Alert, { by, step }: EventOf<'operationsTold'>): Called {
  const { called, worst } = alert;
  const mail = by.includes('mail') && worst !== 'technical' ? [operationsMail] : [];
  if (!by.includes('webhook')) return withThese(called, mail);
  return { ...withThese(called, [...mail, operationsWebhook]), incidents: incidentNumber(alert, step.id) };
}

/** A pager that is told anything is told first that an alert's before is over. */
function heardBy(whom: readonly string[], called: Called): Called {
  const { formerIncidents: _heard, ...left } = called;
  return whom.includes(operationsWebhook) ? left : called;
}

/** Who closed it; and whoever has not checked in knows it. */
function hasHeardOfEnd({ called, worst }: Alert, { clinicianId, reason }: EventOf<'closed'>): string[] {
  if (worst === 'check-in' && reason === 'missed') return [...called.whom];
  return clinicianId === null ? [] : [clinicianId];
}

/** The operations hear of what nobody answered, and a pager of each incident: also those that were acknowledged are still open. */
function toldOfEnd({ called }: Alert, { reason }: EventOf<'closed'>): string[] {
  if (reason === 'missed') return [operationsMail, operationsWebhook];
  return (called.incidents ?? 0) > 0 ? [operationsWebhook] : [];
}

/** Whoever died over their mails may have sent them, and nobody knows: better told in vain than on the way in vain. */
function perhapsMailed({ worst, round, step }: Alert): string[] {
  const asked = step.asked.filter((id) => !round.declined.includes(id) && !step.unreachable.includes(id));
  const isLoudest = step.escalationLevel === 'everyone' && worst !== 'technical';
  return [...asked, ...(isLoudest ? [operationsMail] : [])];
}

/** Who has it, or closed it. */
function answeredBy({ standing }: Alert): (string | null)[] {
  if (standing.is === 'owned') return [standing.owner.clinicianId];
  return standing.is === 'closed' ? [standing.clinicianId] : [];
}

function withThese(called: Called, whom: readonly string[]): Called {
  return { ...called, whom: [...new Set([...called.whom, ...whom])] };
}

function without(called: Called, whom: readonly string[]): Called {
  return { ...called, whom: called.whom.filter((id) => !whom.includes(id)) };
}
