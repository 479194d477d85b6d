/** The state that pages, with all that it finds around it: registers its hooks, and gives what a story needs. */
import { afterEach, beforeEach, vi } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { handler } from '../../../handlers/page-clinicians.ts';
import { AlertingAws } from './alerting-aws.ts';
import { anAlert, minute, seenAs } from './builders.ts';
import { restore, topicOf } from './function-settings.ts';

/** The loudest level: everyone is called, for a quarter of an hour. */
export const everyone = anAlert({
  step: { escalationLevel: 'everyone' },
  standing: { deadline: minute(15) },
});

/** The workflow pages for the alert as it was assessed. */
export const page = (alert: Alert, taskToken = 'own-token') =>
  handler({ alertKey: alert.pk, alertId: alert.alertId, taskToken, ...seenAs(alert) });

export function aPaging() {
  const paging = {
    aws: undefined as unknown as AlertingAws,
    /** Who was mailed, in order. */
    mailed: () => paging.aws.mails.map(({ TopicArn }) => TopicArn.replace(topicOf(''), '')),
    types: () => paging.aws.alert().events.map(({ type }) => type),
    aWebhook,
  };

  /** The stage has a webhook that answers so; the events that it was sent. */
  function aWebhook(answer: () => Promise<Response>) {
    const sent: { id: string; data: { subject: string } }[] = [];
    vi.stubEnv('WEBHOOK_SECRET_ARN', paging.aws.secret('webhook', 'https://pager.example/vigil'));
    vi.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
      sent.push(JSON.parse(String(init?.body)));
      return answer();
    });
    return sent;
  }

  beforeEach(() => {
    paging.aws = new AlertingAws();
    paging.aws.waiting.add('own-token');
  });
  afterEach(restore);
  return paging;
}

/** A webhook's answer that it has taken the event. */
export const taken = () => new Response(null, { status: 202 });
