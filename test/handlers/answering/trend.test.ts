import { expect, test } from 'vitest';
import { trend } from '../../../handlers/answering/trend.ts';
import { clockTime } from '../../../handlers/web/time.ts';
import { aReadingAt, minute, START } from '../alert/builders.ts';
import { textOf } from './browser.ts';

const zone = 'Europe/London';

test('without a trusted reading there is nothing to draw, and a thing to do', () => {
  expect(textOf(trend([], zone, START).html)).toContain('Please measure by hand');
});

test('the newest eight readings are in the table, newest first; all are drawn inside the frame', () => {
  const readings = Array.from({ length: 20 }, (_, index) => ({
    ...aReadingAt(index * 5),
    systolicMmHg: 90 + index * 7,
    diastolicMmHg: 40 + index * 3,
  }));
  const { html } = trend(readings, zone, minute(100));
  expect([...html.matchAll(/<td>(\d+) \/ \d+<\/td>/g)].map(([, systolic]) => Number(systolic))).toEqual([
    223, 216, 209, 202, 195, 188, 181, 174,
  ]);
  const bars = [...html.matchAll(/class="bar[^"]*" x1="([\d.]+)" x2="[\d.]+" y1="([\d.]+)" y2="([\d.]+)"/g)];
  expect(bars).toHaveLength(20);
  for (const [, x, top, bottom] of bars) {
    expect(Number(x)).toBeGreaterThan(30);
    expect(Number(x)).toBeLessThan(320);
    expect(Number(top)).toBeGreaterThanOrEqual(10);
    expect(Number(bottom)).toBeLessThanOrEqual(102);
  }
});

test('a column says what it holds', () => {
  const { html } = trend([aReadingAt(0)], zone, START);
  expect(textOf(html)).toContain('Measured at Pressure (mmHg) Severity');
});

test('a reading that came late says when', () => {
  const { html } = trend([{ ...aReadingAt(0), arrivedAt: minute(14) }, aReadingAt(15)], zone, minute(20));
  expect(textOf(html)).toContain(`arrived late, at ${clockTime(minute(14), zone, minute(20))}`);
  expect(textOf(html).match(/late/g)).toHaveLength(1);
});

test('a reading whose clock is doubted stands at its arrival, and says so', () => {
  const { html } = trend([{ ...aReadingAt(3), clockDoubted: true }], zone, minute(20));
  expect(textOf(html)).toContain(
    `${clockTime(minute(3), zone, minute(20))} time received: the device’s clock is wrong`,
  );
});

test('a reading that its device calls questionable says so', () => {
  const { html } = trend([{ ...aReadingAt(3), questionable: true }], zone, minute(20));
  expect(textOf(html)).toContain(
    `${clockTime(minute(3), zone, minute(20))} marked as doubtful by the device`,
  );
});

test('one reading alone has a row and no drawing; two have one, also when they were measured at once', () => {
  const alone = trend([aReadingAt(0, 'critical')], zone, START).html;
  expect(alone).toContain('<td>critical</td>');
  expect(alone).not.toContain('<svg');
  const { html } = trend([aReadingAt(0, 'critical'), aReadingAt(0, 'critical')], zone, START);
  expect(html.match(/class="bar alarming" x1="171"/g)).toHaveLength(2);
});

test("times are the hospital's, with the day when it is another one", () => {
  expect(clockTime('2026-07-01T03:00:00.000Z', zone, '2026-07-01T10:00:00.000Z')).toBe('04:00');
  expect(clockTime('2026-07-01T22:59:00.000Z', zone, '2026-07-01T23:01:00.000Z')).toBe('Wed 1 Jul 23:59');
});
