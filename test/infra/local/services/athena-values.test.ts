/** How Athena prints: doubles as Java's Double.toString, timestamps to the millisecond. */
import { expect, test } from 'vitest';
import { printed } from '../../../../infra/local/services/athena/values.ts';

test.each([
  [57, 'DOUBLE', '57.0'],
  [0.584, 'DOUBLE', '0.584'],
  [0, 'DOUBLE', '0.0'],
  [-3, 'DOUBLE', '-3.0'],
  [0.00012, 'DOUBLE', '1.2E-4'],
  [10_000_000, 'DOUBLE', '1.0E7'],
  [12_345_678.5, 'DOUBLE', '1.23456785E7'],
  [7, 'INTEGER', '7'],
  [7n, 'BIGINT', '7'],
  [true, 'BOOLEAN', 'true'],
  ['2026-03-02 06:00:00', 'TIMESTAMP', '2026-03-02 06:00:00.000'],
  ['2026-03-02 06:00:00.25', 'TIMESTAMP', '2026-03-02 06:00:00.250'],
  ['2026-03-02 06:00:00', 'VARCHAR', '2026-03-02 06:00:00'],
  [null, 'DOUBLE', undefined],
])('%s as %s is %s', (value, type, expected) => {
  expect(printed(value, type)).toBe(expected);
});
