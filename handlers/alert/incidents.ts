/**
 * What the operations' pager calls an incident: a call to telephone. Each step that calls is one of its own, since what somebody
 * has acknowledged rings nobody any more. Somebody accepts: all are acknowledged; it is over: all are resolved (decisions/0035).
 */

import type { WebhookMessage } from '../mail/webhook-events.ts';
import { type Alert, operationsWebhook } from './alert.ts';

/** As many as a stand-down tells a pager of at once: an hour and a half of paging everyone. Earlier ones a person resolves. */
const MOST_INCIDENTS = 20;

/** The number of the incident that the step of this id calls by: the same however often it is told of it. */
export function incidentNumber({ called, step }: Alert, stepId: number): number {
  const { incidents = 0 } = called;
  return step.id === stepId && step.mailed.includes(operationsWebhook) ? incidents : incidents + 1;
}

/** The key of the present step's: the alert's reference, from the second on with the number. */
export function incidentToTell(alert: Alert): string {
  return keyOf(alert, incidentNumber(alert, alert.step.id));
}

/** What the webhook is to hear once somebody has the alert, or it is over; a missed check-in begins an incident of its own. */
export function incidentAnswered(alert: Alert): Pick<WebhookMessage, 'type' | 'incident'> {
  const { standing } = alert;
  const keys = incidentKeys(alert);
  if (standing.is !== 'closed') return { type: 'alert.answered', incident: { action: 'acknowledge', keys } };
  const isMissed = standing.reason === 'missed';
  if (isMissed && keys.length === 0) return { type: 'alert.missed' };
  return { type: isMissed ? 'alert.missed' : 'alert.ended', incident: { action: 'resolve', keys } };
}

function incidentKeys(alert: Alert): string[] {
  const { incidents = 0 } = alert.called;
  return Array.from({ length: incidents }, (_, index) => keyOf(alert, index + 1)).slice(-MOST_INCIDENTS);
}

function keyOf({ reference }: Alert, number: number): string {
  return number === 1 ? `VG ${reference}` : `VG ${reference} (${number})`;
}
