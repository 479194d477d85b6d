import { expect, test } from 'vitest';
import { burdenOf } from '../../../../infra/local/replay/burden.ts';
import type { RecordedReading } from '../../../../infra/local/replay/recorded-readings.ts';
import type { NightSummary } from '../../../../infra/local/replay/summary.ts';

const reading = (recordId: string, minute: number): RecordedReading => ({
  ...{ recordId, minute, systolic: 120, diastolic: 80, ageYears: null, meanArterial: null, pulse: null },
});
const night = { alertsOpened: 3, readingsJoined: 6, superseded: 1 } as NightSummary;

test('patients count from their first reading to their last, together', () => {
  const readings = [
    reading('a', 0),
    reading('b', 720),
    reading('a', 1440),
    reading('b', 1440),
    reading('c', 9),
  ];
  expect(burdenOf(readings, night, 12)).toEqual({
    patientDays: 1.5,
    alarmingReadings: 6.67,
    alerts: 2,
    mails: 8,
  });
});

test('of one minute nothing can be said', () => {
  expect(burdenOf([reading('a', 5), reading('b', 700)], night, 12)).toBeNull();
});
