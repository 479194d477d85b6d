import { afterEach, expect, test } from 'vitest';
import type { EventsService } from '../../infra/local/services/events.ts';
import { aWard, pathOf, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

const rule = 'vigil-production-escalation-ended-badly';
const withoutTheRule = (it: Ward) => it.vigil.service<EventsService>('events').disable(rule);

/** Runs in small steps until something is so, at most so many seconds. */
async function until(it: Ward, isSo: () => boolean, seconds: number): Promise<void> {
  for (let waited = 0; !isSo() && waited < seconds; waited += 0.05) await it.seconds(0.05);
  expect(isSo()).toBe(true);
}

test('an execution stopped in its first state: the sweeper raises the claim again, and the nurse is paged once', async () => {
  ward = await aWard();
  withoutTheRule(ward);
  await ward.measure(188, 112);
  await until(ward, () => ward.executions().length === 1, 10);
  ward.sfn.stop(ward.executions()[0]?.executionArn ?? '');
  const claim = ward.items().find((item) => item.kind === 'claim');
  expect(claim).toMatchObject({ status: 'unfulfilled', attempt: 0 });
  const dueAt = Date.parse(claim?.dueAt);

  await ward.seconds(170);
  const [stopped, again] = ward.executions();
  expect(stopped?.status).toBe('ABORTED');
  expect(again?.name).toBe(`${stopped?.name}-r1`);
  expect((again?.startDate ?? 0) - dueAt).toBeLessThan(120_000);
  expect(ward.pages()).toHaveLength(1);
  expect(ward.alert()).toMatchObject({ status: 'open', rung: 'nurse', round: 1 });
});

test('an execution stopped while it waits: raised again on the same rung, same page id, mailed once for the step', async () => {
  ward = await aWard();
  withoutTheRule(ward);
  await ward.measure(188, 112);
  await until(ward, () => ward.pages().length === 1, 20);
  const before = ward.alert();
  ward.sfn.stop(ward.executions()[0]?.executionArn ?? '');
  const dueAt = Date.parse(before.dueAt ?? '');

  await until(ward, () => ward.executions().length === 2, 400);
  const [, again] = ward.executions();
  expect((again?.startDate ?? 0) - dueAt).toBeLessThan(120_000);
  await ward.seconds(5);
  const after = ward.alert();
  expect(after.pages).toEqual(before.pages);
  expect([after.rung, after.round]).toEqual([before.rung, before.round]);
  const paths = ward.pages().map(pathOf);
  expect(new Set(paths).size).toBe(1);
  // The page, and the reminder that was due meanwhile.
  expect(ward.pages().map((mail) => mail.subject.startsWith('REMINDER'))).toEqual([false, true]);
});

test('with the rule, both are raised again within seconds', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await until(ward, () => ward.pages().length === 1, 20);
  ward.sfn.stop(ward.executions()[0]?.executionArn ?? '');
  await ward.seconds(5);
  expect(ward.executions()).toHaveLength(2);
  expect(ward.pages()).toHaveLength(1);
  expect(ward.alert().executionName).toBe(ward.executions()[1]?.name);
});

test('killed at whatever state it has just entered, the alert still ends answered, once, and the night reconciles', async () => {
  ward = await aWard({
    habits: ({ kind }) =>
      kind === 'repeat' ? { afterSeconds: 5, does: 'close' } : { afterSeconds: 130, does: 'accept' },
  });
  const killed = new Set<string>();
  ward.sfn.onEvent((execution, event) => {
    const name = String(event.details?.name);
    if (!event.type.endsWith('StateEntered') || !execution.executionArn.includes('-escalation:')) return;
    if (killed.has(name)) return;
    killed.add(name);
    ward.vigil.clock.after(3, () => ward.sfn.stop(execution.executionArn));
  });
  await ward.measure(188, 112);
  await ward.seconds(3600);
  expect([...killed]).toEqual(
    expect.arrayContaining(['Open alert', 'Look at the alert', 'Page nurse', 'Wait for the recheck']),
  );
  expect(ward.alert()).toMatchObject({ status: 'closed' });
  expect(await ward.report()).toMatchObject({ alertsOpened: 1, lost: 0, duplicated: 0, reconciled: true });
});
