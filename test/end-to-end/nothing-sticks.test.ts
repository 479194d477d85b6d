/** What somebody does to an execution in the console, or its day does: the alert goes on, and nobody is asked twice for it. */
import { afterEach, describe, expect, test } from 'vitest';
import { responsible } from '../../handlers/alert/alert.ts';
import { asOperator } from '../../infra/local/account/account.ts';
import type { EventsService } from '../../infra/local/services/events.ts';
import { accept } from './browser.ts';
import { statesThatTakeTime, throughEveryState } from './every-state.ts';
import { aWard, operationsAddress, roleOf, rolesPaged, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

const arnOf = (it: Ward, index: number) => it.executions()[index]?.executionArn ?? '';
const statusOf = (it: Ward) => it.executions().map(({ status }) => status);
const lastStateOf = (it: Ward, index: number) => it.states(arnOf(it, index)).at(-1);
const restartsTold = (it: Ward) =>
  it.mails().filter(({ to, subject }) => to === operationsAddress && /restarted/i.test(subject)).length;

/** The nurse is paged and waited for. */
async function paged(it: Ward): Promise<void> {
  await it.measure(188, 112);
  await it.seconds(10);
  expect(rolesPaged(it)).toEqual(['nurse']);
}

/** The nurse accepts by the first mail, the patient recovers, and the night is proved. */
async function endsWell(it: Ward): Promise<void> {
  await accept(it, it.pages()[0]);
  expect(responsible(it.alert())?.role).toBe('nurse');
  await it.seconds(60);
  await it.measure(124, 78);
  await it.seconds(900);
  expect(it.alert().standing.is).toBe('closed');
  expect(statusOf(it)).not.toContain('RUNNING');
  expect(await it.report()).toMatchObject({ alertsOpened: 1, duplicated: 0, gaps: [], reconciled: true });
}

/** StartExecution with the input of one that was there before, as the console's "New execution" has it. */
const startAnew = (it: Ward, index: number, name: string) =>
  asOperator(it.vigil, 'sfn', 'StartExecution', {
    stateMachineArn: it.executions()[0]?.machine.arn,
    name,
    input: it.executions()[index]?.input,
  });

test('stopped in the console: another execution waits on within seconds, the operations hear of it, the old link answers', async () => {
  ward = await aWard();
  await paged(ward);
  ward.sfn.stop(arnOf(ward, 0));
  await ward.seconds(10);
  expect(statusOf(ward)).toEqual(['ABORTED', 'RUNNING']);
  expect(ward.executions()[1]?.name).toMatch(/-a1$/);
  expect(lastStateOf(ward, 1)).toBe('Page nurse');
  expect(rolesPaged(ward)).toEqual(['nurse']);
  expect(restartsTold(ward)).toBe(1);
  await endsWell(ward);
});

describe('redriven in the console', () => {
  test('beside the execution that took over: it finds that out, mails nobody, and ends', async () => {
    ward = await aWard();
    await paged(ward);
    ward.sfn.stop(arnOf(ward, 0));
    await ward.seconds(10);
    ward.sfn.redrive(arnOf(ward, 0));
    await ward.seconds(10);
    expect(statusOf(ward)).toEqual(['SUCCEEDED', 'RUNNING']);
    expect(ward.states(arnOf(ward, 0)).slice(-4)).toEqual([
      'Page nurse',
      'Assess the alert',
      'What now?',
      'Taken over',
    ]);
    expect(rolesPaged(ward)).toEqual(['nurse']);
    await endsWell(ward);
  });

  test('before anybody took over: it carries its alert on, with a new token, and nobody is mailed twice', async () => {
    ward = await aWard();
    ward.vigil.service<EventsService>('events').disable('vigil-production-escalation-ended-badly');
    await paged(ward);
    ward.sfn.stop(arnOf(ward, 0));
    await ward.seconds(10);
    ward.sfn.redrive(arnOf(ward, 0));
    await ward.seconds(10);
    expect(statusOf(ward)).toEqual(['RUNNING']);
    expect(rolesPaged(ward)).toEqual(['nurse']);
    await endsWell(ward);
    expect(ward.executions()).toHaveLength(1);
  });

  test('when its alert is over: it ends, and says so', async () => {
    ward = await aWard();
    await paged(ward);
    ward.sfn.stop(arnOf(ward, 0));
    await ward.seconds(10);
    await endsWell(ward);
    const before = ward.mails().length;
    ward.sfn.redrive(arnOf(ward, 0));
    await ward.seconds(600);
    expect(lastStateOf(ward, 0)).toBe('Taken over');
    expect(ward.mails()).toHaveLength(before);
    expect(ward.alerts()).toHaveLength(1);
  });

  test.each([
    ['seconds later, mostly before anybody took over', 5],
    ['minutes later, a zombie beside the execution that took over', 200],
  ])('%s, once in every state: the alerts still end, raised once and proved', async (_when, afterSeconds) => {
    ward = await aWard({
      habits: ({ person }) => (person.role === 'lead' ? { afterSeconds: 45, does: 'accept' } : 'ignore'),
    });
    const redriven = new Set<string>();
    ward.sfn.onEvent((execution, { type, details, id }) => {
      const name = String(details?.name);
      if (!type.endsWith('StateEntered') || !statesThatTakeTime.includes(name) || redriven.has(name)) return;
      ward.vigil.clock.after(3, () => {
        const entered = execution.history.events.findLast((event) => event.type.endsWith('StateEntered'));
        if (execution.status !== 'RUNNING' || entered?.id !== id || redriven.has(name)) return;
        redriven.add(name);
        ward.sfn.stop(execution.executionArn);
        ward.vigil.clock.after(afterSeconds * 1000, () => ward.sfn.redrive(execution.executionArn));
      });
    });
    await throughEveryState(ward);
    expect([...redriven].sort()).toEqual([...statesThatTakeTime].sort());
    const redrives = ward.executions().map(({ redriveCount }) => redriveCount);
    expect(redrives.reduce((sum, count) => sum + count, 0)).toBe(redriven.size);
    expect(statusOf(ward)).not.toContain('RUNNING');
    expect(await ward.report()).toMatchObject({
      alertsOpened: 3,
      openAtEnd: 0,
      lost: 0,
      duplicated: 0,
      gaps: [],
      reconciled: true,
    });
  });
});

describe('started anew in the console with the same input, under another name', () => {
  test('while the alert is open, and when it is over: it joins, and mails nobody', async () => {
    ward = await aWard();
    await paged(ward);
    await startAnew(ward, 0, 'by-hand');
    await ward.seconds(10);
    expect(lastStateOf(ward, 1)).toBe('Joined');
    expect(rolesPaged(ward)).toEqual(['nurse']);
    await endsWell(ward);
    const before = ward.mails().length;
    await startAnew(ward, 0, 'by-hand-again');
    await ward.seconds(600);
    expect(ward.states(arnOf(ward, 2))).toEqual(['Open alert', 'What now?', 'Joined']);
    expect(ward.mails()).toHaveLength(before);
    expect(ward.alerts()).toHaveLength(1);
  });

  test('of one that resumed an alert: the alert stays with that one', async () => {
    ward = await aWard();
    await paged(ward);
    ward.sfn.stop(arnOf(ward, 0));
    await ward.seconds(10);
    await startAnew(ward, 1, 'by-hand');
    await ward.seconds(10);
    expect(lastStateOf(ward, 2)).toBe('Taken over');
    expect(rolesPaged(ward)).toEqual(['nurse']);
    await endsWell(ward);
  });

  test('of one that was stopped before it opened anything: it opens the alert, and what the sweeper raises joins it', async () => {
    ward = await aWard();
    ward.vigil.service<EventsService>('events').disable('vigil-production-escalation-ended-badly');
    await ward.measure(188, 112);
    while (ward.executions().length === 0) await ward.seconds(0.002);
    ward.sfn.stop(arnOf(ward, 0));
    await startAnew(ward, 0, 'by-hand');
    await ward.seconds(110);
    expect(ward.alert().executionName).toBe('by-hand');
    expect(rolesPaged(ward)).toEqual(['nurse']);
    await endsWell(ward);
  });

  test('under the same name: Step Functions refuses it, as the name is taken for ninety days', async () => {
    ward = await aWard();
    await paged(ward);
    ward.sfn.stop(arnOf(ward, 0));
    const again = startAnew(ward, 0, ward.executions()[0]?.name ?? '');
    await expect(again).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await ward.seconds(10);
    await endsWell(ward);
  });
});

test('past twenty-four hours: it ends itself, and the next one calls everyone at the same quarter of an hour', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(24 * 60 * 60 - 600);
  expect(statusOf(ward)).toEqual(['RUNNING']);
  const calls = () =>
    ward
      .mails()
      .filter(({ to, subject }) => to === operationsAddress && subject.startsWith('UNANSWERED'))
      .map(({ at }) => at);
  const before = calls().length;
  await ward.seconds(20 * 60);
  expect(statusOf(ward)).toEqual(['TIMED_OUT', 'RUNNING']);
  expect(ward.executions()[1]?.name).toMatch(/-a1$/);
  expect(ward.alert().executionName).toBe(ward.executions()[1]?.name);
  expect(restartsTold(ward)).toBe(1);
  const [last = 0, next = 0] = calls().slice(before - 1);
  expect(Math.abs(next - last - 15 * 60_000)).toBeLessThan(10_000);
  // An answer ends it on the second day as on the first: whoever was called is told, and the operations.
  const told = ward.mails().length;
  const lead = ward.pages().findLast((mail) => roleOf(mail) === 'lead');
  await accept(ward, lead);
  await ward.seconds(60);
  const standDowns = ward.mails().slice(told);
  expect(standDowns.every(({ subject }) => subject.startsWith('ANSWERED'))).toBe(true);
  const called = new Set(ward.pages().map(({ to }) => to)).add(operationsAddress);
  called.delete(lead?.to ?? '');
  expect(standDowns.map(({ to }) => to).sort()).toEqual([...called].sort());
});
