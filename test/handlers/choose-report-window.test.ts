import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handler } from '../../handlers/choose-report-window.ts';

beforeEach(() => vi.stubEnv('HOSPITAL_ZONE', 'Europe/London'));
afterEach(() => vi.unstubAllEnvs());

const begun = { startedAt: '2026-03-03T06:15:00.123Z', executionName: 'run-1', window: {} };

test('without a wish it is the last night before the execution began, with its queries and its list', async () => {
  const { window, openAlerts, queries } = await handler(begun);
  expect(window).toMatchObject({
    from: '2026-03-02T06:00:00.000Z',
    to: '2026-03-03T06:00:00.000Z',
    zone: 'Europe/London',
  });
  expect(openAlerts).toEqual({ dt: '2026-03-03', runId: 'run-1' });
  const { sql = '' } = queries.find(({ name }) => name === 'reconciliation') ?? {};
  for (const literal of [
    "TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000'",
    "TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000'",
    "dt >= /*:first_dt*/ '2026-03-01'",
    "dt <= /*:last_dt*/ '2026-03-04'",
    "dt = /*:open_alerts_dt*/ '2026-03-03'",
    "run_id = /*:run_id*/ 'run-1'",
  ])
    expect(sql).toContain(literal);
});

test('with one it is that window', async () => {
  const asked = { from: '2026-01-01T00:00:00Z', to: '2026-01-03T12:00:00Z' };
  const { window, queries } = await handler({ ...begun, window: asked });
  expect(window).toMatchObject({ from: '2026-01-01T00:00:00.000Z', to: '2026-01-03T12:00:00.000Z' });
  expect(queries[0]?.sql).toContain("'2026-01-03 12:00:00.000'");
});

test.each([
  ['half a window', { window: { from: '2026-01-01T00:00:00Z' } }],
  ['no instants', { window: { from: 'yesterday', to: 'today' } }],
  ['the end before the beginning', { window: { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' } }],
  ['an execution whose name fits into no literal', { executionName: "o'clock" }],
  ['an execution that does not say when it began', { startedAt: undefined }],
])('%s is an error that comes again each time, never silently another night', async (_what, input) => {
  await expect(handler({ ...begun, ...input })).rejects.toThrow(
    expect.objectContaining({ name: 'Malformed' }),
  );
});

test('a missing setting is named', async () => {
  vi.stubEnv('HOSPITAL_ZONE', undefined);
  await expect(handler(begun)).rejects.toThrow('HOSPITAL_ZONE');
});
