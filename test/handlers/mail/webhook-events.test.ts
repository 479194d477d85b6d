/** What the operations' webhook is sent, in either format. */
import { expect, test } from 'vitest';
import { type WebhookMessage, webhookEvents } from '../../../handlers/mail/webhook-events.ts';

const now = '2026-03-03T01:00:00.000Z';
const told: WebhookMessage = {
  id: '3f9a0c21/12',
  type: 'alert.everyone-called',
  subject: 'VG 7F3K9Q',
  mail: {
    subject: 'EVERYONE PAGED, CRITICAL - ward-001 bed 4 - VG 7F3K9Q',
    message: 'Please telephone the ward.',
  },
  incidents: [{ action: 'trigger', key: 'VG 7F3K9Q', severity: 'critical' }],
};
const sent = (format: 'vigil' | 'pagerdutyEventsV2', message = told) =>
  webhookEvents(format, message, { stage: 'production', now });

test('a CloudEvent has the mail’s own words, and no word of a pager', () => {
  expect(sent('vigil')).toEqual([
    {
      specversion: '1.0',
      id: '3f9a0c21/12',
      source: '/vigil/production',
      type: 'vigil.alert.everyone-called',
      subject: 'VG 7F3K9Q',
      time: now,
      datacontenttype: 'application/json',
      data: told.mail,
    },
  ]);
});

test('PagerDuty has an incident under the alert’s reference, its summary the mail’s subject', () => {
  expect(sent('pagerdutyEventsV2')).toEqual([
    {
      event_action: 'trigger',
      dedup_key: 'VG 7F3K9Q',
      client: 'Vigil',
      payload: {
        summary: told.mail.subject,
        source: 'vigil-production',
        severity: 'critical',
        timestamp: now,
        class: 'alert.everyone-called',
        custom_details: { message: told.mail.message },
      },
    },
  ]);
});

test('what has no end that is told is an incident of its own, and can wait', () => {
  const { incidents: _incidents, ...message } = told;
  expect(sent('pagerdutyEventsV2', { ...message, id: `raised-again/${'9'.repeat(300)}` })).toMatchObject([
    {
      event_action: 'trigger',
      dedup_key: `raised-again/${'9'.repeat(242)}`,
      payload: { severity: 'warning' },
    },
  ]);
});

test('a summary keeps within the 1,024 characters that PagerDuty takes', () => {
  const mail = { subject: 'x'.repeat(5000), message: 'y' };
  const payload = { summary: expect.stringMatching(/^x{90,1024}$/) };
  expect(sent('pagerdutyEventsV2', { ...told, mail })).toMatchObject([{ payload }]);
});
