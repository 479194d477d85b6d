import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handler } from '../../handlers/choose-report-window.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-03T06:15:00.000Z') });
  vi.stubEnv('HOSPITAL_ZONE', 'Europe/London');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test('without a wish it is the last night, with the parameters of its queries', async () => {
  expect(await handler({})).toMatchObject({
    window: { from: '2026-03-02T06:00:00.000Z', to: '2026-03-03T06:00:00.000Z', zone: 'Europe/London' },
    literals: { from: "'2026-03-02 06:00:00.000'", firstDt: "'2026-03-01'" },
  });
});

test('with one it is that window', async () => {
  const asked = { from: '2026-01-01T00:00:00Z', to: '2026-01-03T12:00:00Z' };
  expect((await handler(asked)).window).toMatchObject({
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-03T12:00:00.000Z',
  });
});

test.each([
  ['half a window', { from: '2026-01-01T00:00:00Z' }],
  ['no instants', { from: 'yesterday', to: 'today' }],
  ['the end before the beginning', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
])('%s is an error, never silently another night', async (_what, input) => {
  await expect(handler(input)).rejects.toThrow();
});

test('a missing setting is named', async () => {
  vi.stubEnv('HOSPITAL_ZONE', undefined);
  await expect(handler({})).rejects.toThrow('HOSPITAL_ZONE');
});
