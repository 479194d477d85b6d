import { describe, expect, test } from 'vitest';
import { type Recheck, recheck } from '../../../handlers/alert/recovery.ts';
import type { RecentReading } from '../../../handlers/reading/vitals.ts';
import { anOwnedAlert, aReadingAt, at, minute } from './builders.ts';

describe('the recheck of an alert that was accepted at minute 1', () => {
  const alert = anOwnedAlert();

  test.each([
    ['nothing', [], 'noGoodMeasurement'],
    ['a good reading', [aReadingAt(10)], 'recovered'],
    ['a reading that is only a warning', [aReadingAt(10, 'warning')], 'recovered'],
    ['a critical reading', [aReadingAt(10, 'critical')], 'stillCritical'],
    ['a good reading after a critical one', [aReadingAt(8, 'critical'), aReadingAt(10)], 'recovered'],
    ['a critical reading after a good one', [aReadingAt(8), aReadingAt(10, 'emergency')], 'stillCritical'],
    ['a good reading from before acceptance', [aReadingAt(0.5)], 'noGoodMeasurement'],
    ['one measured in the very moment of acceptance', [aReadingAt(1)], 'noGoodMeasurement'],
    [
      'one measured before and arrived after',
      [{ ...aReadingAt(0.5), arrivedAt: minute(5) }],
      'noGoodMeasurement',
    ],
  ] as const)('finds %s: %s', (_what, recent, found) => {
    expect(recheck(alert, recent)).toBe(found);
  });

  test.each<[string, number, RecentReading[], Recheck]>([
    ['before acceptance: nothing was measured since', 0, [], 'noGoodMeasurement'],
    ['before acceptance, and the good one counts', 0, [aReadingAt(4)], 'recovered'],
    ['since, and before the good one', 2, [aReadingAt(4)], 'recovered'],
    ['since', 2, [], 'stillCritical'],
  ])('a critical measurement that is corrected at minute 5, made %s', (_when, made, others, found) => {
    const corrected = { ...aReadingAt(made, 'critical'), arrivedAt: minute(5), replaces: true as const };
    expect(recheck({ ...alert, alarmedAt: minute(made) }, [corrected, ...others])).toBe(found);
  });

  test('a suspect reading that is newer than the good one forbids recovery', () => {
    expect(recheck({ ...alert, alarmedAt: minute(12) }, [aReadingAt(10)])).toBe('noGoodMeasurement');
    expect(recheck({ ...alert, alarmedAt: minute(12) }, [aReadingAt(12)])).toBe('noGoodMeasurement');
    expect(recheck({ ...alert, alarmedAt: minute(12) }, [aReadingAt(13)])).toBe('recovered');
  });

  test('what came before that one, or was measured before it, does not say that the patient is still critical', () => {
    const suspectAt12 = { ...alert, alarmedAt: minute(12) };
    const earlier = [aReadingAt(8, 'critical'), aReadingAt(10)];
    expect(recheck(suspectAt12, earlier)).toBe('noGoodMeasurement');
    expect(recheck(suspectAt12, [{ ...aReadingAt(10), arrivedAt: minute(13) }])).toBe('noGoodMeasurement');
  });
});

describe('a live alarm of a clock that is behind, which nobody doubts', () => {
  /** It arrived at that minute, and says that it was measured an hour before. */
  const behind = (minutes: number) => ({
    ...aReadingAt(minutes, 'critical'),
    measuredAt: minute(minutes - 60),
  });

  test('is still critical, as much as any other', () => {
    expect(recheck(anOwnedAlert({ alarmedAt: at(601) }), [behind(10)])).toBe('stillCritical');
  });

  test('is newer than the good reading that it came after', () => {
    const alert = anOwnedAlert({ alarmedAt: at(601) });
    expect(recheck(alert, [behind(10), aReadingAt(5)])).toBe('stillCritical');
    expect(recheck(alert, [behind(10), aReadingAt(11)])).toBe('recovered');
  });

  test('is older than the good reading that overtook it', () => {
    expect(recheck(anOwnedAlert(), [behind(10), aReadingAt(10)])).toBe('recovered');
  });

  test('that arrived before acceptance says nothing of the time since', () => {
    expect(recheck(anOwnedAlert(), [behind(0.9)])).toBe('noGoodMeasurement');
    expect(recheck(anOwnedAlert(), [{ ...behind(1), arrivedAt: minute(1) }])).toBe('noGoodMeasurement');
  });

  test('a good one of it shows no recovery: when it was measured is not certain', () => {
    const good = { ...aReadingAt(10), measuredAt: minute(-50) };
    expect(recheck(anOwnedAlert(), [good])).toBe('noGoodMeasurement');
  });
});

describe.each([
  ['whose clock is doubted', { clockDoubted: true }],
  ['that its device calls questionable', { questionable: true }],
  ['that may be another patient’s', { patientUnknown: true }],
] as const)('a reading %s', (_which, doubt) => {
  const doubted = (minutes: number, severity?: 'critical') => ({
    ...aReadingAt(minutes, severity),
    ...doubt,
  });

  test('shows no recovery, and stands in the way of none', () => {
    expect(recheck(anOwnedAlert(), [doubted(10)])).toBe('noGoodMeasurement');
    expect(recheck(anOwnedAlert(), [aReadingAt(9), doubted(10)])).toBe('recovered');
    const alert = anOwnedAlert({ worst: 'emergency' });
    expect(recheck(alert, [aReadingAt(3), doubted(4)])).toBe('noGoodMeasurement');
    expect(recheck(alert, [aReadingAt(3), doubted(4), aReadingAt(5)])).toBe('recovered');
  });

  test('alarms like any other', () => {
    expect(recheck(anOwnedAlert(), [aReadingAt(9), doubted(10, 'critical')])).toBe('stillCritical');
    expect(recheck(anOwnedAlert({ worst: 'emergency' }), [doubted(3, 'critical'), aReadingAt(4)])).toBe(
      'noGoodMeasurement',
    );
  });
});

describe('after an emergency', () => {
  const alert = anOwnedAlert({ worst: 'emergency', announced: 'emergency' });

  test('one good reading is not yet enough, two in a row are', () => {
    expect(recheck(alert, [aReadingAt(3)])).toBe('noGoodMeasurement');
    expect(recheck(alert, [aReadingAt(3), aReadingAt(4)])).toBe('recovered');
    expect(recheck(alert, [aReadingAt(2), aReadingAt(3, 'critical'), aReadingAt(4)])).toBe(
      'noGoodMeasurement',
    );
  });

  test('both have to be newer than the alarm', () => {
    const readings = [aReadingAt(3), aReadingAt(5)];
    expect(recheck({ ...alert, alarmedAt: minute(4) }, readings)).toBe('noGoodMeasurement');
  });
});

test('only what came after somebody attended shows recovery', () => {
  const attended = anOwnedAlert({ owner: { attendedAt: at(0) } });
  expect(recheck(attended, [aReadingAt(0.5)])).toBe('recovered');
  expect(recheck(anOwnedAlert(), [aReadingAt(0.5)])).toBe('noGoodMeasurement');
});
