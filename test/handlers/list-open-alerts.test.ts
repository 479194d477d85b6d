import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stateHash } from '../../handlers/alert/event-rows.ts';
import { handler } from '../../handlers/list-open-alerts.ts';
import { parseTable } from '../../infra/constructs/table-definition.ts';
import { LocalAws } from '../local-aws.ts';
import { aClaim, anAlert, anOwnedAlert, stored } from './alert/builders.ts';

let aws: LocalAws;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-03T06:15:02.500Z') });
  aws = new LocalAws();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const list = { dt: '2026-03-03', runId: 'run-1' };
const key = 'open-alerts/dt=2026-03-03/run-1.json';
const due = (...items: { pk: string; seq?: unknown }[]) => {
  for (const item of items) aws.items.set(item.pk, item);
};
const lines = () =>
  (aws.objects.get(key) ?? '')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('every open alert is a row of the table, all pages of the index read', async () => {
  due(stored(anAlert()), stored(anOwnedAlert({ pk: 'PATIENT#p-8', alertId: 'another' })));
  expect(await handler(list)).toEqual({ open: 2, unreadable: 0 });
  expect(lines()).toEqual([
    {
      run_id: 'run-1',
      as_of: '2026-03-03 06:15:02.500',
      alert_id: '3f9a0c21b7de4455',
      alert_key: 'PATIENT#p-7',
      seq: 1,
      ward: 'ward-001',
      bed: '4',
      level: 'critical',
      deadline: '2026-11-24 03:02:00.000',
      due_at: '2026-11-24 03:01:00.000',
      state_hash: stateHash(anAlert()),
    },
    expect.objectContaining({ alert_id: 'another', seq: 3 }),
  ]);
  const { columns } = parseTable(readFileSync('sql/tables/open_alerts.sql', 'utf8'));
  expect(Object.keys(lines()[0])).toEqual(columns.map(({ name }) => name));
});

test('claims that are due are no alerts', async () => {
  due(aClaim());
  expect((await handler(list)).open).toBe(0);
});

test('what is no alert as the table keeps it is named without a number, and keeps no other from the list', async () => {
  const unreadable = [
    { ...stored(anAlert({ pk: 'PATIENT#p-8', alertId: 'another' })), seq: 'three' },
    { pk: 'PATIENT#p-9', dueOn: 'alert', dueAt: 'soon' },
  ];
  due(unreadable[0] as never, stored(anAlert()), unreadable[1] as never);
  expect(await handler(list)).toEqual({ open: 1, unreadable: 2 });
  const run = { run_id: 'run-1', as_of: '2026-03-03 06:15:02.500' };
  expect(lines()).toEqual([
    expect.objectContaining({ alert_id: '3f9a0c21b7de4455', seq: 1 }),
    { ...run, alert_id: 'another', alert_key: 'PATIENT#p-8', due_at: '2026-11-24 03:01:00.000' },
    { ...run, alert_id: 'PATIENT#p-9', alert_key: 'PATIENT#p-9', due_at: null },
  ]);
});

test('that nothing is open is on record: an empty list is something else than a missing one', async () => {
  await handler(list);
  expect(lines()).toEqual([{ run_id: 'run-1', as_of: '2026-03-03 06:15:02.500' }]);
});

test('the list of a report that is redriven days later lies where its queries look, and says when it was made', async () => {
  await handler({ ...list, dt: '2026-02-28' });
  const written = aws.objects.get('open-alerts/dt=2026-02-28/run-1.json');
  expect(JSON.parse(written ?? '')).toMatchObject({ as_of: '2026-03-03 06:15:02.500' });
});

test('it does not go on without the name of its run', async () => {
  await expect(handler({ dt: list.dt })).rejects.toThrow(
    expect.objectContaining({ name: 'Malformed', message: expect.stringContaining('runId') }),
  );
});
