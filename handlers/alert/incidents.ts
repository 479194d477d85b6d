/**
 * What the operations' pager calls an incident: a call to telephone. Each step that calls is one of its own, since what somebody
 * has acknowledged rings nobody any more. Somebody accepts: all are acknowledged; it is over: all are resolved (decisions/0035).
 */

import type { WebhookMessage } from '../mail/webhook-events.ts';
import { type Alert, isOpen, operationsWebhook } from './alert.ts';
import { wasMissed } from './ending.ts';
import type { EventOf } from './event.ts';

/** As many as a stand-down tells a pager of at once: an hour and a half of paging everyone. Earlier ones a person resolves. */
const MOST_INCIDENTS = 20;

/** The number of the incident that the step of this id calls by: the same however often it is told of it. */
export function incidentNumber({ called, step }: Alert, stepId: number): number {
  const { incidents = 0 } = called;
  return step.id === stepId && step.mailed.includes(operationsWebhook) ? incidents : incidents + 1;
}

/** The key of the present step's: the alert's reference, from the second on with the number. */
export function incidentToTell(alert: Alert): string {
  return keyOf(alert.reference, incidentNumber(alert, alert.step.id));
}

/** What the webhook is to hear once somebody has the alert, or it is over: that nobody has answered begins an incident of its own. */
export function incidentAnswered(alert: Alert): Pick<WebhookMessage, 'type' | 'incidents'> {
  const { own, former } = incidentKeys(alert);
  const resolved = { action: 'resolve', keys: isOpen(alert) ? former : [...former, ...own] } as const;
  if (isOpen(alert))
    return { type: 'alert.answered', incidents: [resolved, { action: 'acknowledge', keys: own }] };
  if (!wasMissed(alert)) return { type: 'alert.ended', incidents: [resolved] };
  const missed = { action: 'trigger', key: `VG ${alert.reference} missed`, severity: 'warning' } as const;
  return { type: 'alert.missed', incidents: [resolved, missed] };
}

/** What the next alert is to tell a pager of this one, which is over. */
export function leftToPager(
  alert: Pick<Alert, 'reference' | 'called'>,
): Pick<EventOf<'raised'>, 'formerIncidents'> {
  const { own, former } = incidentKeys(alert);
  const formerIncidents = [...former, ...own].slice(-MOST_INCIDENTS);
  return formerIncidents.length > 0 ? { formerIncidents } : {};
}

/** Its own, and those of alerts before. */
function incidentKeys({ reference, called }: Pick<Alert, 'reference' | 'called'>) {
  const { incidents = 0, formerIncidents: former = [] } = called;
  const own = Array.from({ length: incidents }, (_, index) => keyOf(reference, index + 1));
  return { own: own.slice(-MOST_INCIDENTS), former };
}

function keyOf(reference: string, number: number): string {
  return number === 1 ? `VG ${reference}` : `VG ${reference} (${number})`;
}
