/** The operations' second channel: an HTTPS webhook, in the format of the stage (handlers/mail/webhook-events.ts). */
import { contentTypes, type WebhookMessage, webhookEvents } from '../mail/webhook-events.ts';
import { errorName, logger, metrics } from '../runtime/logger.ts';
import type { OperationsSettings } from './operations-settings.ts';
import { loadWebhook } from './secrets.ts';

/**
 * How long each attempt may take: a webhook answers at once or not at all, and one that was busy or restarted has a second
 * chance. Together 8 s of a function that has other people to tell, of its 30.
 */
const ATTEMPTS_MS = [5000, 3000];

/** True when it answered with success; false when it did not, or when there is none. Never throws. */
export async function callWebhook(settings: OperationsSettings, message: WebhookMessage): Promise<boolean> {
  if (settings.WEBHOOK_SECRET_ARN === '') return false;
  const where = { stage: settings.STAGE, now: new Date().toISOString() };
  // Beside each other: of incidents that are over there may be many.
  const events = webhookEvents(settings.WEBHOOK_FORMAT, message, where);
  const taken = await Promise.all(events.map((event) => isTaken(settings, event, message.subject)));
  if (taken.every((one) => one)) return true;
  metrics.addMetric('WebhookFailed', 'Count', 1);
  return false;
}

async function isTaken(settings: OperationsSettings, event: object, subject: string): Promise<boolean> {
  for (const timeoutMs of ATTEMPTS_MS) {
    const answer = await post(settings, event, timeoutMs, subject);
    if (answer !== 'busy') return answer === 'taken';
  }
  return false;
}

/** `busy`: it may take it the next time. Whoever gets it twice knows it by the event's id, or its key. */
async function post(
  { WEBHOOK_SECRET_ARN, WEBHOOK_FORMAT }: OperationsSettings,
  event: object,
  timeoutMs: number,
  subject: string,
): Promise<'taken' | 'refused' | 'busy'> {
  try {
    const { address, routingKey } = await loadWebhook(WEBHOOK_SECRET_ARN, WEBHOOK_FORMAT, Date.now());
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': contentTypes[WEBHOOK_FORMAT] },
      body: JSON.stringify(routingKey === undefined ? event : { routing_key: routingKey, ...event }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.ok) return 'taken';
    logger.error('webhook-refused', { subject, status: response.status });
    return response.status === 429 || response.status >= 500 ? 'busy' : 'refused';
  } catch (error) {
    // Its message may quote the address, which is a secret.
    logger.error('webhook-not-reached', { subject, error: errorName(error) });
    return 'busy';
  }
}
