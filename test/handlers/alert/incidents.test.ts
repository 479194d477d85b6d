/** The incidents of the operations' pager: each call is one, and each is acknowledged and resolved, whatever is lost on the way. */
import { expect, test } from 'vitest';
import { type Alert, operationsWebhook } from '../../../handlers/alert/alert.ts';
import { toStandDown } from '../../../handlers/alert/called.ts';
import type { AlertCommand } from '../../../handlers/alert/decide.ts';
import { AlertEvent } from '../../../handlers/alert/event.ts';
import { evolve } from '../../../handlers/alert/evolve.ts';
import { incidentAnswered, incidentToTell } from '../../../handlers/alert/incidents.ts';
import { stepOf } from '../../../handlers/alert/mails.ts';
import type { Responder } from '../../../handlers/alert/responders.ts';
import {
  aClaim,
  aPagedAlert,
  at,
  lead,
  minute,
  newPageIds,
  seenAs,
  stored,
  when,
  whenRaised,
  whenSetAside,
} from './builders.ts';

const told = (alert: Alert, by: 'mail' | 'webhook'): AlertCommand => ({
  type: 'recordOperationsTold',
  step: stepOf(alert),
  by: [by],
});
const accept = (by: Responder): AlertCommand => ({
  type: 'accept',
  clinicianId: by.id,
  role: by.role,
  round: 1,
  shownLevel: 'critical',
});
const close = (by: Responder): AlertCommand => ({
  type: 'close',
  clinicianId: by.id,
  reason: 'transferred',
  shownLevel: 'critical',
});
const heard = (...whom: string[]): AlertCommand => ({ type: 'recordStandDown', whom, notBefore: null });
/** What is said of which incident, once somebody has the alert, or it is over. */
const heardBy = (alert: Alert) =>
  incidentAnswered(alert).incidents?.flatMap((incident) =>
    incident.action === 'trigger' ? [] : incident.keys.map((key) => [incident.action, key]),
  ) ?? [];

const called = aPagedAlert();
const key = `VG ${called.reference}`;
const calling = when(called, { type: 'moveOn', seen: seenAs(called), because: 'nobodyReached' }, at(21));
/** The next step has called the webhook. */
const calledOnEveryone = (alert: Alert, now: string) => when(alert, told(alert, 'webhook'), now);
const everyone = { ...calling, step: { ...calling.step, escalationLevel: 'everyone' as const } };
const triggered = calledOnEveryone(everyone, at(25));
const accepted = when(triggered, accept(lead), at(30));
const acknowledged = when(accepted, heard(operationsWebhook), at(31));
const givenBack = (alert: Alert) => when(alert, { type: 'giveBack', clinicianId: lead.id, round: 1 }, at(35));
const again = calledOnEveryone(givenBack(acknowledged), at(40));

test('a pager is told of one incident, however often a step calls it, until somebody accepts', () => {
  expect(incidentToTell(called)).toBe(key);
  expect(incidentToTell(triggered)).toBe(key);
  const owned = when(calledOnEveryone(triggered, at(26)), accept(lead), at(30));
  expect(heardBy(owned)).toEqual([['acknowledge', key]]);
});

test('a pager hears of another one when it is called once more: what is acknowledged rings nobody', () => {
  expect(givenBack(acknowledged).step.escalationLevel).toBe('everyone');
  expect(incidentToTell(givenBack(acknowledged))).toBe(`${key} (2)`);
  expect(incidentToTell(again)).toBe(`${key} (2)`);
  expect(heardBy(again)).toEqual([
    ['acknowledge', key],
    ['acknowledge', `${key} (2)`],
  ]);
});

test('a pager hears of another one also when nobody wrote down that it was told of the answer', () => {
  expect(incidentToTell(givenBack(accepted))).toBe(`${key} (2)`);
  const late = when(when(everyone, accept(lead), at(22)), told(everyone, 'webhook'), at(23));
  expect(incidentToTell(givenBack(late))).toBe(`${key} (2)`);
});

test('a pager rings anew with each attempt that nobody answers, also when a person has acknowledged the one before', () => {
  const unanswered = (alert: Alert, now: string) =>
    when(alert, { type: 'moveOn', seen: seenAs(alert), because: 'timeIsUp' }, now);
  const second = calledOnEveryone(unanswered(triggered, minute(6)), minute(6));
  const third = calledOnEveryone(unanswered(second, minute(12)), minute(12));
  expect([triggered, second, third].map(incidentToTell)).toEqual([key, `${key} (2)`, `${key} (3)`]);
  const keys = [key, `${key} (2)`, `${key} (3)`];
  const owned = when(third, accept(lead), minute(13));
  expect(heardBy(owned)).toEqual(keys.map((one) => ['acknowledge', one]));
  const over = when(owned, close(lead), minute(14));
  expect(heardBy(over)).toEqual(keys.map((one) => ['resolve', one]));
});

test('a pager rings anew with worse news of the same attempt', () => {
  const worse: Alert = { ...triggered, worst: 'emergency' };
  const ask = {
    type: 'ask',
    seen: seenAs(worse),
    responders: [lead],
    sighting: undefined,
    newPageIds,
  } as const;
  expect(incidentToTell(when(worse, ask, at(30)))).toBe(`${key} (2)`);
});

test('a pager hears of the last twenty at once, and no more', () => {
  const many = { ...triggered, called: { ...triggered.called, incidents: 300 } };
  const keys = heardBy(when(many, accept(lead), at(50)));
  expect([keys.length, keys.at(-1)]).toEqual([20, ['acknowledge', `${key} (300)`]]);
});

test('a pager hears at the end that all of them are over, acknowledged or not', () => {
  for (const [before, keys] of [
    [triggered, [key]],
    [acknowledged, [key]],
    [again, [key, `${key} (2)`]],
  ] as const) {
    const over = when(before, close(lead), at(50));
    expect(toStandDown(over, at(50))).toContain(operationsWebhook);
    expect(incidentAnswered(over).type).toBe('alert.ended');
    expect(heardBy(over)).toEqual(keys.map((one) => ['resolve', one]));
    const done = when(over, heard(...over.called.whom), at(51));
    expect(toStandDown(done, at(51))).toEqual([]);
  }
});

test('a pager hears that an alert is over from the patient’s next one, where that comes first', () => {
  const over = when(triggered, close(lead), at(50));
  const another = aClaim({ readingId: '77aa0c21b7de4455cc', measurementId: 'bp-1@4' });
  const next = whenRaised(over, another, at(52));
  expect(
    next.events.map((event) => AlertEvent.parse(event)).reduce<Alert | undefined>(evolve, undefined),
  ).toEqual(next);
  expect([toStandDown(next, at(52)), incidentToTell(next)]).toEqual([[], `VG ${next.reference}`]);
  const owned = when(next, accept(lead), at(60));
  expect(toStandDown(owned, at(60))).toEqual([operationsWebhook]);
  expect(heardBy(owned)).toEqual([['resolve', key]]);
  const done = when(when(owned, heard(operationsWebhook), at(61)), close(lead), at(70));
  expect([toStandDown(done, at(70)), heardBy(done)]).toEqual([[], []]);
  // Its own beside it, through a third alert.
  const called = calledOnEveryone(next, at(55));
  const third = whenRaised(when(called, close(lead), at(60)), aClaim({ readingId: '88' }), at(61));
  expect(heardBy(when(third, close(lead), at(65)))).toEqual([
    ['resolve', key],
    ['resolve', `VG ${next.reference}`],
  ]);
  // What it has heard, it does not hear again.
  const heardOfAll = when(over, heard(...over.called.whom), at(51));
  expect(whenRaised(heardOfAll, another, at(52)).called).toEqual({ whom: [], notBefore: null });
});

test('a pager hears of the end also of what could no longer be read', () => {
  const { alert } = whenSetAside({ ...stored(again), round: 'unreadable' }, at(50));
  expect(alert.called).toMatchObject({
    whom: [operationsWebhook],
    formerIncidents: [key, `${key} (2)`],
  });
});

test('a pager that was told of nothing hears of no end', () => {
  const mailed = when(called, told(called, 'mail'), at(25));
  expect(toStandDown(when(mailed, close(lead), at(30)), at(30))).not.toContain(operationsWebhook);
});
