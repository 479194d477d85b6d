/** Executions that are stopped, wherever they are: the alert goes on, raised once. */
import { afterEach, expect, test } from 'vitest';
import type { EventsService } from '../../infra/local/services/events.ts';
import { statesThatTakeTime, statesThatWait, throughEveryState } from './every-state.ts';
import { aWard, pathOf, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

const rule = 'vigil-production-escalation-ended-badly';
const withoutTheRule = (it: Ward) => it.vigil.service<EventsService>('events').disable(rule);

/** Runs in steps shorter than any call until something is so, at most so many seconds. */
async function until(it: Ward, isSo: () => boolean, seconds: number): Promise<void> {
  for (let waited = 0; !isSo() && waited < seconds; waited += 0.002) await it.seconds(0.002);
  expect(isSo()).toBe(true);
}

test('an execution stopped in its first state: the sweeper raises the claim again, and the nurse is paged once', async () => {
  ward = await aWard();
  withoutTheRule(ward);
  await ward.measure(188, 112);
  await until(ward, () => ward.executions().length === 1, 10);
  ward.sfn.stop(ward.executions()[0]?.executionArn ?? '');
  const claim = ward.items().find((item) => item.kind === 'claim');
  expect(claim).toMatchObject({ status: 'unfulfilled', raisedAgain: 0 });
  const dueAt = Date.parse(claim?.dueAt);

  await ward.seconds(170);
  const [stopped, again] = ward.executions();
  expect(stopped?.status).toBe('ABORTED');
  expect(again?.name).toBe(`${stopped?.name}-r1`);
  expect((again?.startDate ?? 0) - dueAt).toBeLessThan(120_000);
  expect(ward.pages()).toHaveLength(1);
  expect(ward.openAlert()).toMatchObject({ step: { escalationLevel: 'nurse' }, round: { number: 1 } });
});

test('an execution stopped while it waits: raised again on the same level, same page id, mailed once for the step', async () => {
  ward = await aWard();
  withoutTheRule(ward);
  await ward.measure(188, 112);
  await until(ward, () => ward.pages().length === 1, 20);
  const before = ward.openAlert();
  ward.sfn.stop(ward.executions()[0]?.executionArn ?? '');
  const dueAt = Date.parse(before.standing.dueAt);

  await until(ward, () => ward.executions().length === 2, 400);
  const [, again] = ward.executions();
  expect((again?.startDate ?? 0) - dueAt).toBeLessThan(120_000);
  await ward.seconds(5);
  const after = ward.alert();
  expect(after.round).toEqual(before.round);
  expect(after.step.escalationLevel).toBe(before.step.escalationLevel);
  const paths = ward.pages().map(pathOf);
  expect(new Set(paths).size).toBe(1);
  // The page, and the reminder that was due meanwhile.
  expect(ward.pages().map((mail) => mail.subject.startsWith('REMINDER'))).toEqual([false, true]);
});

test('with the rule, both are raised again within seconds', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await until(ward, () => ward.executions().length === 1, 10);
  ward.sfn.stop(ward.executions()[0]?.executionArn ?? '');
  await until(ward, () => ward.pages().length === 1, 10);
  expect(ward.executions().map(({ status }) => status)).toEqual(['ABORTED', 'RUNNING']);
  expect(ward.executions()[1]?.name).toBe(`${ward.executions()[0]?.name}-r1`);

  ward.sfn.stop(ward.executions()[1]?.executionArn ?? '');
  await ward.seconds(5);
  expect(ward.executions()).toHaveLength(3);
  expect(ward.pages()).toHaveLength(1);
  expect(ward.alert().executionName).toBe(ward.executions()[2]?.name);
});

test.each([
  ['on entering it', 'state', 3, statesThatTakeTime],
  ['half a minute into the waiting', 'waiting state', 30_000, statesThatWait],
])(
  'killed %s, once in every %s: the alerts still end, raised once and proved',
  async (_when, _state, afterMs, names) => {
    ward = await aWard({
      habits: ({ person }) => (person.role === 'lead' ? { afterSeconds: 45, does: 'accept' } : 'ignore'),
    });
    const killed = new Set<string>();
    ward.sfn.onEvent((execution, { type, details, id }) => {
      const name = String(details?.name);
      if (!type.endsWith('StateEntered') || !names.includes(name) || killed.has(name)) return;
      ward.vigil.clock.after(afterMs, () => {
        const last = ward.sfn
          .history(execution.executionArn)
          .findLast((event) => event.type.endsWith('StateEntered'));
        if (execution.status !== 'RUNNING' || last?.id !== id || killed.has(name)) return;
        killed.add(name);
        ward.sfn.stop(execution.executionArn);
      });
    });
    await throughEveryState(ward);
    expect([...killed].sort()).toEqual([...names].sort());
    expect(ward.alert().standing.is).toBe('closed');
    expect(await ward.report()).toMatchObject({
      alertsOpened: 3,
      openAtEnd: 0,
      lost: 0,
      duplicated: 0,
      gaps: [],
      reconciled: true,
    });
  },
);
