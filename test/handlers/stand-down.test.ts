/** `Tell who need not come`, on the account's own table and topics. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Alert, operationsMail, operationsWebhook } from '../../handlers/alert/alert.ts';
import { metrics } from '../../handlers/runtime/logger.ts';
import { handler } from '../../handlers/stand-down.ts';
import { silence } from '../local-aws.ts';
import { AlertingAws, first } from './alert/alerting-aws.ts';
import { aClosedAlert, anOwnedAlert, at, doctor, lead, minute } from './alert/builders.ts';
import { OPERATIONS, restore, settle, topicOf } from './alert/function-settings.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
});
afterEach(restore);

/** The nurse has it; these people were called as well. */
const called = (...whom: string[]): Alert => ({ ...anOwnedAlert(), called: { whom, notBefore: null } });
const standDown = (alert: Alert, executionName = alert.executionName) =>
  handler({ alertKey: alert.pk, alertId: alert.alertId, executionName });
const mailed = () => aws.mails.map(({ TopicArn }) => TopicArn.replace(topicOf(''), ''));

function begin(alert: Alert, now = minute(2)): Alert {
  aws.put(alert);
  settle(aws, now);
  return alert;
}

describe('whoever was called and has not answered', () => {
  test('has one mail, and is on record', async () => {
    const alert = begin(called(doctor.id, lead.id));
    expect(await standDown(alert)).toEqual({ told: 2, left: 0 });
    expect(mailed()).toEqual([doctor.id, lead.id]);
    expect(aws.mails[0]).toMatchObject({
      Subject: 'ANSWERED, no need to come: CRITICAL - ward-001 bed 4 - VG 7F3K9Q',
    });
    expect(aws.alert()).toMatchObject({ called: { whom: [], notBefore: null }, standing: { is: 'owned' } });
    expect(aws.alert().events.at(-1)).toMatchObject({ type: 'stoodDown', whom: [doctor.id, lead.id] });
    expect(await standDown(alert)).toEqual({ told: 0, left: 0 });
    expect(mailed()).toHaveLength(2);
  });

  test('of an alert that is over as well', async () => {
    const closed = aClosedAlert();
    const alert: Alert = {
      ...closed,
      called: { whom: [doctor.id], notBefore: null },
      standing: { ...closed.standing, dueAt: minute(17) } as Alert['standing'],
    };
    begin(alert, minute(17));
    await standDown(alert);
    expect(aws.mails[0]?.Subject).toMatch(/^CLOSED/);
    expect(aws.alert().standing).toMatchObject({ is: 'closed', dueAt: null });
    expect(aws.items.get(alert.pk)).not.toHaveProperty('dueOn');
  });

  test('is not told by an execution that carries it no more', async () => {
    const alert = begin(called(doctor.id));
    expect(await standDown(alert, 'exec-0')).toEqual({ told: 0, left: 0 });
    expect(aws.mails).toEqual([]);
  });

  test('hears of it again only when the function died between mail and record', async () => {
    const alert = begin(called(doctor.id));
    aws.before = (call) => (call.startsWith('Put PATIENT') ? new TypeError('killed') : undefined);
    await expect(standDown(alert)).rejects.toThrow('killed');
    aws.before = () => undefined;
    vi.setSystemTime(Date.parse(minute(2.1)));
    expect(await standDown(alert)).toEqual({ told: 1, left: 0 });
    expect(mailed()).toEqual([doctor.id, doctor.id]);
    await standDown(alert);
    expect(mailed()).toHaveLength(2);
  });
});

describe('a mail of that kind', () => {
  test('gives way: while a page waits for the same address it takes no turn, and comes back', async () => {
    const alert = begin(called(doctor.id, lead.id));
    aws.inLine(topicOf(doctor.id), Date.parse(minute(2)) + 100);
    const turn = aws.items.get('TURN#vigil-clinician-doctor-1');
    expect(await standDown(alert)).toEqual({ told: 1, left: 1 });
    expect(mailed()).toEqual([lead.id]);
    expect(aws.items.get('TURN#vigil-clinician-doctor-1')).toEqual(turn);
    expect(aws.alert().called).toEqual({ whom: [doctor.id], notBefore: at(150) });
  });

  test.each([
    ['DRILL#drill-1', 'critical'],
    ['DEVICE#bp-1#silent', 'technical'],
    ['CHECKIN#ward-001#nurse#nurse-1', 'check-in'],
  ] as const)('of %s takes no turn from what is of a patient', async (pk, worst) => {
    await standDown(begin({ ...called(doctor.id), pk, worst, patientId: null }));
    const { background, routine, urgent } = aws.items.get(`TURN#vigil-clinician-${doctor.id}`) ?? {};
    expect([mailed(), background, routine, urgent]).toEqual([
      [doctor.id],
      Date.parse(minute(2)) + 2000,
      undefined,
      undefined,
    ]);
  });

  test('is tried again when SNS does not answer', async () => {
    const alert = begin(called(doctor.id));
    aws.before = first(silence, `Publish ${topicOf(doctor.id)}`);
    expect(await standDown(alert)).toEqual({ told: 0, left: 1 });
    expect(aws.alert().called).toEqual({ whom: [doctor.id], notBefore: at(150) });
  });

  test('that would reach nobody is not', async () => {
    const alert = begin(called(doctor.id));
    aws.unsubscribe(topicOf(doctor.id));
    expect(await standDown(alert)).toEqual({ told: 1, left: 0 });
    expect(aws.mails).toEqual([]);
  });
});

/** The stage's webhook answers so, each time it is asked; what it was sent. */
function aWebhook(format: 'vigil' | 'pagerdutyEventsV2', ...answers: number[]) {
  const sent: { type?: string; event_action?: string; dedup_key?: string }[] = [];
  const secret = { address: 'https://pager.example/vigil', routingKey: 'r'.repeat(32) };
  const text = format === 'vigil' ? secret.address : JSON.stringify(secret);
  vi.stubEnv('WEBHOOK_SECRET_ARN', aws.secret(`webhook-${format}-${answers}`, text));
  vi.stubEnv('WEBHOOK_FORMAT', format);
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (_url, init) => {
    sent.push(JSON.parse(String(init?.body)));
    return new Response(null, { status: answers.shift() ?? 202 });
  });
  return sent;
}

describe('the operations, who were to telephone the ward', () => {
  const owned = (...whom: string[]): Alert => {
    const alert = called(...whom);
    return { ...alert, called: { ...alert.called, incidents: 1 } };
  };
  const over = (incidents: number): Alert => {
    const closed = aClosedAlert();
    const standing = { ...closed.standing, dueAt: minute(17) } as Alert['standing'];
    return { ...closed, called: { whom: [operationsWebhook], notBefore: null, incidents }, standing };
  };

  test('hear of it by mail and webhook', async () => {
    const alert = begin(owned(operationsMail, operationsWebhook));
    const sent = aWebhook('vigil');
    expect(await standDown(alert)).toEqual({ told: 2, left: 0 });
    expect(mailed()).toEqual([OPERATIONS]);
    expect(sent).toMatchObject([
      { type: 'vigil.alert.answered', subject: 'VG 7F3K9Q', id: `${alert.alertId}/answered/1` },
    ]);
  });

  test('have their pager’s incident acknowledged, without a word of the alert', async () => {
    const alert = begin(owned(operationsWebhook));
    const sent = aWebhook('pagerdutyEventsV2');
    await standDown(alert);
    expect(mailed()).toEqual([]);
    expect(sent).toEqual([
      { routing_key: 'r'.repeat(32), event_action: 'acknowledge', dedup_key: 'VG 7F3K9Q' },
    ]);
  });

  test('have it resolved at the end, each of them once', async () => {
    const alert = begin(over(2), minute(17));
    const sent = aWebhook('pagerdutyEventsV2');
    await standDown(alert);
    await standDown(alert);
    expect(sent.map(({ event_action, dedup_key }) => [event_action, dedup_key])).toEqual([
      ['resolve', 'VG 7F3K9Q'],
      ['resolve', 'VG 7F3K9Q (2)'],
    ]);
  });

  test.each([
    ['is busy', [429, 503], 2],
    ['refuses the event', [400], 1],
  ])('have a pager told again that %s', async (_how, answers, attempts) => {
    const alert = begin(owned(operationsWebhook));
    const sent = aWebhook('pagerdutyEventsV2', ...answers);
    expect(await standDown(alert)).toEqual({ told: 0, left: 1 });
    expect(sent).toHaveLength(attempts);
    expect(aws.alert().called).toMatchObject({ whom: [operationsWebhook], notBefore: at(150) });
    vi.setSystemTime(Date.parse(at(150)));
    expect(await standDown(alert)).toEqual({ told: 1, left: 0 });
    expect(new Set(sent.map((event) => JSON.stringify(event))).size).toBe(1);
  });

  test('whom no mail reaches are not tried again and again', async () => {
    const alert = begin(called(operationsMail));
    aws.unsubscribe(OPERATIONS);
    expect(await standDown(alert)).toEqual({ told: 1, left: 0 });
  });

  test('hear of it later while others are mailed first', async () => {
    const alert = begin(called(operationsMail));
    aws.inLine(OPERATIONS, Date.parse(minute(2)) + 100);
    expect(await standDown(alert)).toEqual({ told: 0, left: 1 });
    expect(aws.mails).toEqual([]);
  });
});

describe('a drill or a check-in that was missed, which only the operations hear of', () => {
  let counted: string[];
  beforeEach(() => {
    counted = [];
    vi.spyOn(metrics, 'addMetric').mockImplementation((name: string) => {
      counted.push(name);
      return metrics;
    });
  });

  const missed = (...whom: string[]) => {
    const closed = aClosedAlert({ pk: 'DRILL#p-7', patientId: null });
    const standing = { ...closed.standing, reason: 'missed', dueAt: minute(17) } as Alert['standing'];
    return begin({ ...closed, called: { whom, notBefore: null }, standing }, minute(17));
  };
  const left = () => aws.alert('DRILL#p-7').called.whom;

  test('is told by mail alone where there is no webhook', async () => {
    expect(await standDown(missed(operationsMail, operationsWebhook))).toEqual({ told: 2, left: 0 });
    expect(aws.mails.map(({ Subject }) => Subject)).toEqual([expect.stringContaining('MISSED')]);
  });

  test('counts, and is tried again, when nobody has confirmed the mail and there is no webhook', async () => {
    const alert = missed(operationsMail, operationsWebhook);
    aws.unsubscribe(OPERATIONS);
    expect(await standDown(alert)).toEqual({ told: 0, left: 2 });
    expect(counted).toContain('OperationsNotTold');
    expect(left()).toEqual([operationsMail, operationsWebhook]);
    expect(aws.alert('DRILL#p-7').events.at(-1)).toMatchObject({ type: 'stoodDown', whom: [] });
    aws.subscribe(OPERATIONS, 'operations@example.org');
    vi.setSystemTime(Date.parse(minute(19)));
    expect(await standDown(alert)).toEqual({ told: 2, left: 0 });
  });

  test('is told by the webhook where no mail reaches them, once', async () => {
    const alert = missed(operationsMail, operationsWebhook);
    const sent = aWebhook('vigil');
    aws.unsubscribe(OPERATIONS);
    expect(await standDown(alert)).toEqual({ told: 2, left: 0 });
    expect(sent.map(({ type }) => type)).toEqual(['vigil.alert.missed']);
    expect(counted).not.toContain('OperationsNotTold');
  });

  test('is told to a webhook that was away when it is back, and not mailed again', async () => {
    const alert = missed(operationsMail, operationsWebhook);
    const sent = aWebhook('vigil', 503, 503);
    expect(await standDown(alert)).toEqual({ told: 1, left: 1 });
    expect(left()).toEqual([operationsWebhook]);
    vi.setSystemTime(Date.parse(minute(18)));
    expect(await standDown(alert)).toEqual({ told: 1, left: 0 });
    expect([sent.length, mailed()]).toEqual([3, [OPERATIONS]]);
  });

  test('rings a pager anew, whose incidents are over', async () => {
    const alert = missed(operationsMail, operationsWebhook);
    aws.put({ ...alert, called: { ...alert.called, incidents: 1 } });
    const sent = aWebhook('pagerdutyEventsV2');
    await standDown(alert);
    expect(sent).toMatchObject([
      { event_action: 'resolve', dedup_key: 'VG 7F3K9Q' },
      { event_action: 'trigger', dedup_key: 'VG 7F3K9Q missed', payload: { severity: 'warning' } },
    ]);
  });

  test('gives way to mails of others, and comes back', async () => {
    const alert = missed(operationsMail);
    const background = Date.parse(minute(17)) + 100;
    aws.items.set('TURN#vigil-operations', { kind: 'turn', background });
    expect(await standDown(alert)).toEqual({ told: 0, left: 1 });
    expect([mailed(), counted]).toEqual([[], []]);
  });
});
