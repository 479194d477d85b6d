import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { Malformed } from '../../../handlers/reporting/malformed.ts';
import { lastNight, reportWindow } from '../../../handlers/reporting/window.ts';

const hours = ({ from, to }: { from: string; to: string }) => (Date.parse(to) - Date.parse(from)) / 3_600_000;

describe('the last night', () => {
  test.each([
    ['at 06:15 in winter', '2026-03-03T06:15:00.000Z', '2026-03-03T06:00:00.000Z', 24],
    ['at 06:15 in summer', '2026-07-01T05:15:00.000Z', '2026-07-01T05:00:00.000Z', 24],
    ['at 06:00 to the second', '2026-03-03T06:00:00.000Z', '2026-03-03T06:00:00.000Z', 24],
    ['a moment before', '2026-03-03T05:59:59.999Z', '2026-03-02T06:00:00.000Z', 24],
    ['late in the evening', '2026-03-03T23:30:00.000Z', '2026-03-03T06:00:00.000Z', 24],
    ['when the clocks went forward', '2026-03-29T05:15:00.000Z', '2026-03-29T05:00:00.000Z', 23],
    ['when the clocks went back', '2026-10-25T06:15:00.000Z', '2026-10-25T06:00:00.000Z', 25],
  ])('%s', (_when, now, to, long) => {
    const night = lastNight(now, 'Europe/London');
    expect(night.to).toBe(to);
    expect(hours(night)).toBe(long);
    expect(DateTime.fromISO(night.from, { zone: 'Europe/London' }).hour).toBe(6);
  });

  test('nights follow each other without a gap through a whole year, also far from Greenwich', () => {
    for (const zone of ['Europe/London', 'Australia/Lord_Howe', 'America/St_Johns']) {
      let before: string | undefined;
      for (let day = 0; day < 366; day++) {
        const now = new Date(Date.UTC(2026, 0, 1 + day, 23, 45)).toISOString();
        const { from, to } = lastNight(now, zone);
        if (before && before !== to) expect(from, `${zone} ${now}`).toBe(before);
        before = to;
      }
    }
  });
});

describe('a window', () => {
  test('reads a day of the archive either side', () => {
    const asked = { from: '2026-03-02T06:00:00.000Z', to: '2026-03-03T06:00:00.000Z' };
    expect(reportWindow(asked, 'Europe/London')).toMatchObject({
      firstDt: '2026-03-01',
      lastDt: '2026-03-04',
    });
  });

  test('given with an offset is UTC; without milliseconds it has them', () => {
    const asked = { from: '2026-07-01T06:00:00+01:00', to: '2026-07-02T05:00:00Z' };
    expect(reportWindow(asked, 'Europe/London')).toMatchObject({
      from: '2026-07-01T05:00:00.000Z',
      to: '2026-07-02T05:00:00.000Z',
    });
  });

  test.each([
    ['that ends before it begins', '2026-03-03T06:00:00Z', '2026-03-02T06:00:00Z'],
    ['of no length', '2026-03-03T06:00:00Z', '2026-03-03T06:00:00Z'],
    ['that is none', 'yesterday', 'today'],
  ])('%s is refused', (_what, from, to) => {
    expect(() => reportWindow({ from, to }, 'Europe/London')).toThrow(Malformed);
  });
});
