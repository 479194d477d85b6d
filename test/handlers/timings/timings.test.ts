/** Which timings an alert is opened with, and that it keeps them. */
import { describe, expect, test } from 'vitest';
import { claimReading } from '../../../handlers/alert/claim-reading.ts';
import { judge } from '../../../handlers/clinical/judge.ts';
import { obstetric } from '../../../handlers/clinical/policies.ts';
import { defaultTimings, type Timings, timingsOf } from '../../../handlers/timings/timings.ts';
import {
  aClaim,
  type anAlert,
  aPagedAlert,
  minute,
  nurse,
  seenAs,
  when,
  whenRaised,
} from '../alert/builders.ts';
import { aReading } from '../reading/builders.ts';

const slower = { critical: { nurseSeconds: [180], recheckSeconds: 600 } };

describe('what a hospital says', () => {
  const hospital = {
    timings: { obstetric: slower },
    wards: [
      { id: 'ward-001' },
      {
        id: 'ward-002',
        timings: { critical: { recheckSeconds: 1200 }, emergency: { nurseSeconds: [45, 45] } },
      },
    ],
  };

  test('nothing: nothing is carried, and the defaults count', () => {
    expect(timingsOf(hospital, 'ward-001', 'adult')).toBeUndefined();
    expect(timingsOf({ wards: [] }, 'ward-001', 'obstetric')).toBeUndefined();
  });

  test('for a policy: in every ward, number by number', () => {
    expect(timingsOf(hospital, 'ward-001', 'obstetric')).toEqual({
      critical: { ...defaultTimings.critical, nurseSeconds: [180], recheckSeconds: 600 },
      emergency: defaultTimings.emergency,
    });
  });

  test('for a ward: before what it says for the policy', () => {
    expect(timingsOf(hospital, 'ward-002', 'obstetric')).toEqual({
      critical: { ...defaultTimings.critical, nurseSeconds: [180], recheckSeconds: 1200 },
      emergency: { ...defaultTimings.emergency, nurseSeconds: [45, 45] },
    });
    expect(timingsOf(hospital, 'ward-002', 'adult')?.critical.nurseSeconds).toEqual([120, 120]);
  });
});

test('a claim carries those of the ward’s policy, also where the patient has limits of the own', () => {
  const reading = aReading({ systolicMmHg: 185, cohort: 'obstetric', patientId: 'p-7' });
  const own = {
    patientId: 'p-7',
    limits: { criticalSystolicHigh: 150 },
    setBy: 'doctor-1',
    from: '2026-01-01T00:00:00.000Z',
    until: '2027-01-01T00:00:00.000Z',
  };
  const hospital = { wards: [{ id: reading.ward }], timings: { obstetric: slower }, patientLimits: [own] };
  const item = { reading, judgement: judge(reading, obstetric) };
  expect(claimReading({ ...item, hospital }, 'critical', 'inTime', minute(0)).timings).toEqual(
    timingsOf(hospital, reading.ward, 'obstetric'),
  );
  expect(
    claimReading({ ...item, hospital: { wards: [] } }, 'critical', 'inTime', minute(0)),
  ).not.toHaveProperty('timings');
});

describe('an alert keeps what it was opened with', () => {
  const timings: Timings = {
    critical: {
      ...defaultTimings.critical,
      nurseSeconds: [60, 90],
      everyoneAgainSeconds: 300,
      recheckSeconds: 600,
    },
    emergency: { ...defaultTimings.emergency, nurseSeconds: [40], recheckSeconds: 240 },
  };
  const deadlineOf = (alert: ReturnType<typeof anAlert>) =>
    'deadline' in alert.standing && alert.standing.deadline;
  const timeIsUp = (alert: ReturnType<typeof anAlert>) =>
    ({ type: 'moveOn', seen: seenAs(alert), because: 'timeIsUp' }) as const;

  test('each attempt has its own seconds, and the last goes on to the next level', () => {
    const raised = whenRaised(undefined, aClaim({ timings }), minute(0));
    expect(raised.timings).toEqual(timings);
    expect(deadlineOf(raised)).toBe(minute(1));
    const reminded = when(raised, timeIsUp(raised), minute(1));
    expect(deadlineOf(reminded)).toBe(minute(2.5));
    const escalated = when(reminded, timeIsUp(reminded), minute(2.5));
    expect(escalated.step.escalationLevel).toBe('doctor');
    expect(deadlineOf(escalated)).toBe(minute(4.5));
  });

  test('whatever the reading says that joins it, of another ward too', () => {
    const raised = whenRaised(undefined, aClaim({ timings }), minute(0));
    const elsewhere = { ward: 'ward-002', bed: '1', device: 'bp-2', deviceRegistered: true };
    const joined = aClaim({
      readingId: 'r-2',
      place: elsewhere,
      measuredAt: minute(0.5),
      timings: defaultTimings,
    });
    expect(whenRaised(raised, joined, minute(0.6)).timings).toEqual(timings);
  });

  test('an emergency that joins has no more than the one attempt that it grants', () => {
    const asked = aPagedAlert({ timings, step: { attempt: 1 } });
    const worse = whenRaised(asked, aClaim({ readingId: 'r-2', level: 'emergency', timings }), minute(1));
    const moved = when(worse, timeIsUp(worse), minute(2));
    expect(moved.step.escalationLevel).toBe('everyone');
    expect(deadlineOf(moved)).toBe(minute(17));
  });

  test('everyone again, and the recheck', () => {
    const all = aPagedAlert({ timings, step: { escalationLevel: 'everyone' } });
    expect(deadlineOf(when(all, timeIsUp(all), minute(2)))).toBe(minute(7));
    const accept = { type: 'accept', clinicianId: nurse.id, role: 'nurse', round: 1 } as const;
    expect(deadlineOf(when(all, { ...accept, shownLevel: 'critical' }, minute(2)))).toBe(minute(12));
  });
});
