/**
 * What the operations' webhook is sent, in the stage's format: a CloudEvent (https://cloudevents.io, version 1.0.2, structured
 * JSON), or events of PagerDuty's Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview).
 */
import { cleanMail, type Mail } from './text.ts';

export const webhookFormats = ['vigil', 'pagerdutyEventsV2'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

/** How bad it is, in PagerDuty's words: somebody's health, Vigil's, or what can wait for a look. */
type IncidentSeverity = 'critical' | 'error' | 'warning';

/** What a pager keeps open under a key, from its beginning to its end. */
type Incident =
  | { action: 'trigger'; key: string; severity: IncidentSeverity }
  | { action: 'acknowledge' | 'resolve'; keys: readonly string[] };

export type WebhookMessage = {
  /** The same for every attempt to tell the same thing: who takes CloudEvents takes it once. */
  id: string;
  mail: Mail;
  /** The CloudEvent's type behind `vigil.`, e.g. `alert.everyone-called`. */
  type: string;
  /** What it is about: an alert's reference, an alarm's name. */
  subject: string;
  /** What becomes of a pager's. None: one of its own, whose end nobody tells. */
  incidents?: readonly Incident[];
};

/** PagerDuty's limit; of a summary it is 1,024, which no subject comes near. */
const KEY_CHARACTERS = 255;

export const contentTypes: Record<WebhookFormat, string> = {
  vigil: 'application/cloudevents+json; charset=utf-8',
  pagerdutyEventsV2: 'application/json; charset=utf-8',
};

/** What is to be posted, one after the other; of PagerDuty's events the routing key is missing. */
export function webhookEvents(
  format: WebhookFormat,
  message: WebhookMessage,
  { stage, now }: { stage: string; now: string },
): Record<string, unknown>[] {
  const { id, type, subject } = message;
  const mail = cleanMail(message.mail);
  if (format === 'vigil')
    return [
      {
        specversion: '1.0',
        id,
        source: `/vigil/${stage}`,
        type: `vigil.${type}`,
        subject,
        time: now,
        datacontenttype: 'application/json',
        data: { subject: mail.subject, message: mail.message },
      },
    ];
  const { incidents = [{ action: 'trigger', key: id, severity: 'warning' }] } = message;
  return incidents.flatMap((incident): Record<string, unknown>[] => {
    if (incident.action !== 'trigger')
      return incident.keys.map((key) => ({ event_action: incident.action, dedup_key: keyed(key) }));
    return [
      {
        event_action: 'trigger',
        dedup_key: keyed(incident.key),
        client: 'Vigil',
        payload: {
          summary: mail.subject,
          source: `vigil-${stage}`,
          severity: incident.severity,
          timestamp: now,
          class: type,
          custom_details: { message: mail.message },
        },
      },
    ];
  });
}

const keyed = (key: string) => key.slice(0, KEY_CHARACTERS);
