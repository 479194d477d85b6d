/** The operations' pager, which speaks PagerDuty's Events API v2: one incident from the call to its end. */
import { afterEach, expect, test } from 'vitest';
import { asOperator } from '../../infra/local/account/account.ts';
import type { WebService } from '../../infra/local/services/web.ts';
import { accept } from './browser.ts';
import { anAlarm } from './every-call.ts';
import { aWard, roleOf, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

const aPager = () => aWard({ webhookFormat: 'pagerdutyEventsV2' });
const incidents = () =>
  ward
    .webhook()
    .map(({ body }) => JSON.parse(body))
    .filter(({ dedup_key }) => !/^(wards-silent|preflight)/.test(dedup_key));
const actions = () => incidents().map(({ event_action, dedup_key }) => [event_action, dedup_key]);

/** Everyone is called, and so are the operations; the lead accepts. */
async function leadAcceptsAtLast(): Promise<void> {
  await ward.measure(232, 133);
  await ward.seconds(200);
  await accept(
    ward,
    ward.pages().findLast((mail) => roleOf(mail) === 'lead'),
  );
  await ward.seconds(60);
}

/** Good readings after the acceptance, up to the recheck. */
async function recovers(): Promise<void> {
  for (let minute = 0; minute < 6; minute++) {
    await ward.measure(128, 78);
    await ward.seconds(60);
  }
}

test('everyone is called: triggered; somebody accepts: acknowledged; it is over: resolved, each once', async () => {
  ward = await aPager();
  await leadAcceptsAtLast();
  const key = `VG ${ward.alert().reference}`;
  expect(actions()).toEqual([
    ['trigger', key],
    ['acknowledge', key],
  ]);
  expect(incidents()[0].payload).toMatchObject({ severity: 'critical', source: 'vigil-production' });
  await recovers();
  expect(ward.alert().standing).toMatchObject({ is: 'closed', reason: 'recovered', dueAt: null });
  expect(actions().slice(2)).toEqual([['resolve', key]]);
  expect(JSON.stringify(incidents())).not.toMatch(/232|133|128|p-4c81|\/page\//);
  expect((await ward.report()).reconciled).toBe(true);
});

test('a pager that is away as it ends hears of it when it is back', async () => {
  ward = await aPager();
  await leadAcceptsAtLast();
  const web = ward.vigil.service<WebService>('web');
  web.behave({ status: 503 });
  await recovers();
  expect(actions()).toHaveLength(2);
  web.behave({});
  await ward.seconds(120);
  expect(actions().slice(2)).toEqual([['resolve', `VG ${ward.alert().reference}`]]);
});

test('an alarm of CloudWatch is an incident, and resolved when it is over', async () => {
  ward = await aPager();
  const told = (value: string) =>
    asOperator(ward.vigil, 'lambda', 'Invoke', {
      FunctionName: 'vigil-production-notify',
      Payload: JSON.stringify({
        ...anAlarm,
        alarmData: { ...anAlarm.alarmData, state: { ...anAlarm.alarmData.state, value } },
      }),
    });
  await told('ALARM');
  await told('OK');
  const key = 'vigil-production-consumer-behind';
  expect(actions()).toEqual([
    ['trigger', key],
    ['resolve', key],
  ]);
  expect(incidents()[0].payload).toMatchObject({ severity: 'error', class: 'alarm.alarm' });
});
