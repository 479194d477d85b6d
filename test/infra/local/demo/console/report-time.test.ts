import { expect, test } from 'vitest';
import { nextReportAt } from '../../../../../infra/local/demo/console/report-time.ts';

test.each([
  ['before it', '2026-03-03T03:00:00Z', '2026-03-03T06:20:00.000Z'],
  ['while it is made', '2026-03-03T06:17:00Z', '2026-03-03T06:20:00.000Z'],
  ['after it', '2026-03-03T06:20:00Z', '2026-03-04T06:20:00.000Z'],
  ['the day before the clocks change', '2026-03-28T12:00:00Z', '2026-03-29T05:20:00.000Z'],
])('%s', (_when, now, expected) => {
  expect(new Date(nextReportAt(Date.parse(now), 'Europe/London')).toISOString()).toBe(expected);
});
