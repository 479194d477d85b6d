/**
 * What the operations' pager calls an incident: an alert that they were told to have telephoned. Somebody accepts: it is
 * acknowledged. Called again after that, it is another one, since what is acknowledged calls nobody (decisions/0035).
 */

import type { WebhookMessage } from '../mail/webhook-events.ts';
import { type Alert, operationsWebhook } from './alert.ts';

/** The number of the incident that the webhook is told of now: the one that nobody has acknowledged, or the next. */
export function incidentNumber({ incidents = 0, whom }: Alert['called']): number {
  return whom.includes(operationsWebhook) ? incidents : incidents + 1;
}

/** Its key: the alert's reference, from the second on with the number. */
export function incidentToTell(alert: Alert): string {
  return keyOf(alert, incidentNumber(alert.called));
}

/** What the webhook is to hear once somebody has the alert, or it is over; a missed check-in begins an incident of its own. */
export function incidentAnswered(alert: Alert): Pick<WebhookMessage, 'type' | 'incident'> {
  const { standing, called } = alert;
  const { incidents = 0 } = called;
  if (standing.is !== 'closed')
    return { type: 'alert.answered', incident: { action: 'acknowledge', keys: [keyOf(alert, incidents)] } };
  const isMissed = standing.reason === 'missed';
  if (isMissed && incidents === 0) return { type: 'alert.missed' };
  const keys = Array.from({ length: incidents }, (_, index) => keyOf(alert, index + 1));
  return { type: isMissed ? 'alert.missed' : 'alert.ended', incident: { action: 'resolve', keys } };
}

function keyOf({ reference }: Alert, number: number): string {
  return number === 1 ? `VG ${reference}` : `VG ${reference} (${number})`;
}
