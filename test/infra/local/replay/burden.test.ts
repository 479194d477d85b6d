import { expect, test } from 'vitest';
import { burdenOf, mailsPerAlertOf } from '../../../../infra/local/replay/burden.ts';
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

test('mails are counted by kind, by the alert', () => {
  const subjects = [
    'CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q',
    'REMINDER: REPEAT MEASUREMENT: CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q',
    'REPEAT: CHECK PATIENT NOW - ward-001 bed 4 - VG 7F3K9Q',
    'ANSWERED: CRITICAL - ward-001 bed 4 - VG 7F3K9Q',
    'CLOSED, no need to come: TECHNICAL - ward-001 bed 4 - VG 7F3K9Q',
    'EMERGENCY blood pressure - ward-001 bed 5 - VG 7F3K9R',
  ];
  const each = 0.33;
  expect(mailsPerAlertOf(subjects, night)).toEqual({
    ...{ page: 0.67, reminder: each, repeat: each, standDown: each, technical: each },
  });
  expect(mailsPerAlertOf(subjects, { ...night, alertsOpened: 0 })).toBeNull();
});
