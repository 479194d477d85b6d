/** People and operations who cannot be reached by mail: renewed, told by the second channel, and never taken for reached. */
import { afterEach, expect, test } from 'vitest';
import { asOperator } from '../../infra/local/account/account.ts';
import type { WebService } from '../../infra/local/services/web.ts';
import { anAlarm } from './every-call.ts';
import {
  aWard,
  hospital,
  operationsAddress,
  roleOf,
  rolesPaged,
  topicOf,
  unsubscribe,
  type Ward,
} from './ward.ts';

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

/** But for the silence that the watcher finds at its first run, before any device has spoken. */
const events = (it: Ward) =>
  it
    .webhook()
    .map(({ body }) => JSON.parse(body))
    .filter(({ type }) => !['vigil.wards-silent', 'vigil.on-call-unreachable'].includes(type));
const toOperations = (it: Ward, subject: RegExp) =>
  it.mails().filter((mail) => mail.to === operationsAddress && subject.test(mail.subject));

test('a nurse whose subscription has lapsed is asked to confirm it as soon as it is seen, and has the next page', async () => {
  ward = await aWard();
  // They were asked when the stage was new; not twice within minutes.
  await ward.seconds(600);
  const before = ward.mails().length;
  for (const { id, role } of hospital.clinicians)
    if (role === 'nurse') await unsubscribe(ward, `clinician-${id}`);
  await ward.measure(188, 112);
  await ward.seconds(15);
  expect(rolesPaged(ward)).toEqual(['doctor']);
  const asked = ward
    .mails()
    .slice(before)
    .filter((mail) => roleOf(mail) === 'nurse' && mail.subject.includes('Subscription Confirmation'));
  expect(asked).toHaveLength(1);
  // Who is asked by mail here confirms at once; another patient's page reaches the nurse.
  await ward.put(
    JSON.stringify({
      deviceId: 'bp-002',
      patientId: 'p-9d27',
      measuredAt: new Date(ward.vigil.clock.now()).toISOString(),
      systolic: 190,
      diastolic: 110,
    }),
  );
  await ward.seconds(10);
  expect(rolesPaged(ward).at(-1)).toBe('nurse');
});

test('operations whose subscription has lapsed hear by the webhook that everyone is called, and are asked to confirm', async () => {
  ward = await aWard();
  await ward.seconds(600);
  await unsubscribe(ward, 'operations');
  const before = ward.mails().length;
  await ward.measure(232, 133);
  await ward.seconds(180);
  expect(ward.alert().step.escalationLevel).toBe('everyone');
  const [called] = events(ward).filter(({ type }) => type === 'vigil.alert.everyone-called');
  expect(called).toMatchObject({
    specversion: '1.0',
    source: '/vigil/production',
    subject: `VG ${ward.alert().reference}`,
    datacontenttype: 'application/json',
    data: { subject: expect.stringContaining('EVERYONE PAGED') },
  });
  expect(ward.alert().events).toContainEqual(
    expect.objectContaining({ type: 'operationsTold', by: ['webhook'] }),
  );
  const asked = ward.mails().slice(before);
  expect(asked.some(({ to, subject }) => to === operationsAddress && /Confirmation/.test(subject))).toBe(
    true,
  );
});

test('everyone-called and unanswered alerts go to the webhook too while the mail works; it takes each once', async () => {
  ward = await aWard();
  await ward.measure(232, 133);
  await ward.seconds(25 * 60);
  const told = events(ward).map(({ type }) => type);
  expect(told).toEqual(['vigil.alert.everyone-called', 'vigil.alert.unanswered']);
  expect(new Set(events(ward).map(({ id }) => id)).size).toBe(2);
  expect(toOperations(ward, /EVERYONE/)).toHaveLength(1);
  expect(toOperations(ward, /UNANSWERED/)).toHaveLength(1);
  expect(JSON.stringify(events(ward))).not.toMatch(/232|133|p-4c81|\/page\//);
});

test.each([
  ['throttles', { status: 429 }, 'webhook-refused'],
  ['fails', { status: 503 }, 'webhook-refused'],
  ['does not answer in time', { afterMs: 6000 }, 'webhook-not-reached'],
])('a webhook that %s is called twice, then counted, and holds up nobody’s mail', async (_how, how, code) => {
  ward = await aWard();
  ward.vigil.service<WebService>('web').behave(how);
  await ward.measure(232, 133);
  await ward.seconds(180);
  expect(ward.alert().step.escalationLevel).toBe('everyone');
  const logged = (what: string) => (ward as Ward).logs().filter((line) => line.includes(`"${what}"`));
  // But for the watcher's, whose mail worked, so that it did not call.
  expect(logged(code).filter((line) => line.includes(`VG ${ward?.alert().reference}`))).toHaveLength(2);
  expect(logged('WebhookFailed').filter((line) => line.includes('"WebhookFailed":'))).toHaveLength(1);
  expect(toOperations(ward, /EVERYONE/)).toHaveLength(1);
  const everyone = ward.alert().events.findLast((event) => event.type === 'paged');
  expect(everyone?.pages.length).toBeGreaterThan(2);
  expect(ward.alert().events).toContainEqual(
    expect.objectContaining({ type: 'operationsTold', by: ['mail'] }),
  );
});

test('a webhook that is busy for a moment takes the second attempt', async () => {
  ward = await aWard();
  const web = ward.vigil.service<WebService>('web');
  web.behave({ afterMs: 5500 });
  await ward.measure(232, 133);
  await ward.seconds(10);
  while (ward.alert().step.escalationLevel !== 'everyone') await ward.seconds(1);
  await ward.seconds(4);
  web.behave({});
  await ward.seconds(60);
  expect(ward.alert().events).toContainEqual(
    expect.objectContaining({ type: 'operationsTold', by: ['mail', 'webhook'] }),
  );
});

test('with SNS and the webhook away nobody is told, and nothing says that somebody was', async () => {
  ward = await aWard();
  const back = [ward.vigil.faults.outage('sns'), ward.vigil.faults.outage('web')];
  await ward.measure(232, 133);
  await ward.seconds(240);
  const types = ward.alert().events.map(({ type }) => type);
  expect(types).not.toContain('paged');
  expect(types).not.toContain('operationsTold');
  for (const restore of back) restore();
  await ward.seconds(90);
  const later = ward.alert().events.map(({ type }) => type);
  expect(later).toContain('paged');
  expect(later).toContain('operationsTold');
});

test('an alarm of CloudWatch goes to the webhook, and fails so that it is tried again when that does not take it', async () => {
  ward = await aWard();
  const invoke = () =>
    asOperator((ward as Ward).vigil, 'lambda', 'Invoke', {
      FunctionName: 'vigil-production-notify',
      Payload: JSON.stringify(anAlarm),
    });
  expect((await invoke()).FunctionError).toBeUndefined();
  expect(events(ward)).toMatchObject([
    {
      type: 'vigil.alarm.alarm',
      subject: 'vigil-production-consumer-behind',
      data: { message: 'Critical readings wait in the stream.' },
    },
  ]);
  ward.vigil.faults.outage('web');
  expect((await invoke()).FunctionError).toBe('Unhandled');
});

test('a name that nobody can write down stops no mail', async () => {
  ward = await aWard();
  const half = 'x'.repeat(26);
  await ward.put(
    JSON.stringify({
      deviceId: 'bp-001',
      patientId: 'p-4c81',
      measuredAt: new Date(ward.vigil.clock.now()).toISOString(),
      systolic: 232,
      diastolic: 133,
      ward: 'ward-001',
      bed: `${half}𠮷野`,
    }),
  );
  await ward.seconds(10);
  expect(rolesPaged(ward).sort()).toEqual(['doctor', 'nurse']);
  await ward.seconds(180);
  expect(toOperations(ward, /EVERYONE/)).toHaveLength(1);
});

test('operations are asked for their subscriptions by the hourly run too, the alarms’ topic among them', async () => {
  ward = await aWard();
  await unsubscribe(ward, 'alarms');
  await ward.seconds(3700);
  const { Subscriptions } = await asOperator(ward.vigil, 'sns', 'ListSubscriptionsByTopic', {
    TopicArn: topicOf('alarms'),
  });
  expect(Subscriptions).toMatchObject([{ Endpoint: operationsAddress }]);
});
