import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Claim } from '../../../handlers/alert/claim.ts';
import { claimReading, escalationInput } from '../../../handlers/alert/claim-reading.ts';
import { executionName } from '../../../handlers/reading/execution-name.ts';
import { aReading, judged } from '../reading/builders.ts';

const now = '2026-11-24T10:00:07.000Z';

test('a claim is the promise: due in a minute, with values and limits, and expires after 30 days', () => {
  expect(claimReading(judged({ systolicMmHg: 185 }), 'critical', 'inTime', now)).toMatchObject({
    pk: 'READING#3f9a0c21b7de44d1a8e5f6071829aabb',
    kind: 'claim',
    alertKey: 'PATIENT#patient-1',
    status: 'unfulfilled',
    executionName: 'critical-ward-001-4-20261124T1000Z-3f9a0c21b7de',
    raisedAgain: 0,
    place: { ward: 'ward-001', bed: '4', device: 'bp-1', deviceRegistered: true },
    systolicMmHg: 185,
    diastolicMmHg: 78,
    limits: { criticalSystolicHigh: 180 },
    measuredAt: '2026-11-24T10:00:00.000Z',
    placedAt: '2026-11-24T10:00:00.000Z',
    claimedAt: now,
    dueOn: 'claim',
    dueAt: '2026-11-24T10:01:07.000Z',
    expiresAt: Date.parse('2026-12-24T10:00:05.000Z') / 1000,
  });
});

test('a device whose clock is a little ahead was nowhere before its reading came', () => {
  const ahead = judged({ systolicMmHg: 185, measuredAt: '2026-11-24T10:03:00.000Z' });
  expect(claimReading(ahead, 'critical', 'inTime', now).placedAt).toBe('2026-11-24T10:00:05.250Z');
});

test('a superseded claim is on record with when it was put aside, and never due', () => {
  const measuredAt = '2026-11-24T09:00:00.000Z';
  const claim = claimReading(judged({ systolicMmHg: 185, measuredAt }), 'critical', 'overtaken', now);
  expect(claim).toMatchObject({
    status: 'superseded',
    measuredAt,
    claimedAt: now,
    level: 'critical',
    readingId: '3f9a0c21b7de44d1a8e5f6071829aabb',
  });
  expect(claim).not.toHaveProperty('dueOn');
  expect(claim).not.toHaveProperty('dueAt');
});

test.each([
  ['late', '2026-11-24T09:00:00.000Z', 'was there when it says', '2026-11-24T09:00:00.000Z'],
  ['clockDoubted', '2000-01-01T00:04:00.000Z', 'is there now', '2026-11-24T10:00:05.250Z'],
] as const)(
  '%s: it is raised, counts as measured when it arrived, and the patient %s, %s',
  (timeliness, measuredAt, _where, placedAt) => {
    const claim = claimReading(judged({ systolicMmHg: 185, measuredAt }), 'critical', timeliness, now);
    expect(claim).toMatchObject({
      status: 'unfulfilled',
      measuredAt: '2026-11-24T10:00:05.250Z',
      placedAt,
      executionName: 'critical-ward-001-4-20261124T1000Z-3f9a0c21b7de',
    });
  },
);

test('a correction counts as measured when it was, however late it comes: nothing was measured since', () => {
  const measuredAt = '2026-11-24T09:00:00.000Z';
  const corrected = judged({ systolicMmHg: 185, measuredAt, replaces: true });
  expect(claimReading(corrected, 'critical', 'late', now)).toMatchObject({
    measuredAt,
    placedAt: measuredAt,
  });
  expect(claimReading(corrected, 'critical', 'clockDoubted', now)).toMatchObject({
    measuredAt: '2026-11-24T10:00:05.250Z',
  });
});

test.each(['inTime', 'late', 'clockDoubted', 'overtaken'] as const)(
  'the claim of a reading that is %s can be read back from the table: nothing is missing, nothing else is in it',
  (timeliness) => {
    const claim = claimReading(judged({ systolicMmHg: 185 }), 'critical', timeliness, now);
    expect(Claim.parse(claim)).toEqual(claim);
  },
);

test('an execution is told ids, level, place and time, and no values', () => {
  const claim = claimReading(judged({ systolicMmHg: 185 }), 'critical', 'inTime', now);
  expect(escalationInput(claim)).toEqual({
    readingId: claim.readingId,
    alertKey: 'PATIENT#patient-1',
    level: 'critical',
    ward: 'ward-001',
    bed: '4',
    arrivedAt: '2026-11-24T10:00:05.250Z',
  });
});

test('what no name of an execution may hold is one hyphen', () => {
  const reading = aReading({ ward: ' A & E ', bed: '4 // b' });
  expect(executionName('critical', reading)).toBe('critical-A-E-4-b-20261124T1000Z-3f9a0c21b7de');
});

test('an absurd value does not make the claim unwritable', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (systolicMmHg) => {
      const { systolicMmHg: stored } = claimReading(
        judged({ systolicMmHg }),
        'suspect-critical',
        'inTime',
        now,
      );
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html: 38 digits, 1E-130 to 9.9E+125.
      expect(Math.abs(stored as number)).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
      expect(stored === 0 || Math.abs(stored as number) >= 1e-6).toBe(true);
    }),
    { seed: 13 },
  );
});

describe("an execution's name", () => {
  test('holds to what Step Functions allows, whatever the ward is called, with room for the sweeper', () => {
    const level = fc.constantFrom('suspect-critical', 'critical', 'suspect-emergency', 'emergency');
    fc.assert(
      fc.property(level, fc.string(), fc.string({ unit: 'grapheme' }), (alarm, ward, bed) => {
        expect(executionName(alarm, aReading({ ward, bed }))).toMatch(/^[A-Za-z0-9_-]{1,73}$/);
      }),
      { seed: 17 },
    );
  });

  test.each([
    ['Intensive Care Unit East', 'Bett 4/b', 'emergency-Intensive-Care-Bett-4-b-20261124T1000Z-3f9a0c21b7de'],
    ['病棟', '', 'emergency-unnamed-unnamed-20261124T1000Z-3f9a0c21b7de'],
  ])('shortens %j, %j', (ward, bed, name) => {
    expect(executionName('emergency', aReading({ ward, bed }))).toBe(name);
  });
});

describe('a reading that nobody can place', () => {
  const nowhere = judged({ systolicMmHg: 185, ward: 'ward-fallback', bed: null, placeKnown: false });
  const place = { ward: 'ward-001', bed: '4', device: 'bp-1', deviceRegistered: true };
  const at = '2026-11-24T09:00:00.000Z';

  test('goes to where its patient was seen last, in its execution’s name too', () => {
    expect(claimReading({ ...nowhere, lastSeen: { place, at } }, 'critical', 'inTime', now)).toMatchObject({
      place,
      placedAt: at,
      executionName: 'critical-ward-001-4-20261124T1000Z-3f9a0c21b7de',
    });
  });

  test('goes to the fallback ward when nobody knows that either, and moves no alert there', () => {
    const claim = claimReading(nowhere, 'critical', 'inTime', now);
    expect(claim).toMatchObject({ place: { ward: 'ward-fallback', bed: null }, placedAt: null });
  });

  test('one that says where it is goes there', () => {
    const said = { ...judged({ systolicMmHg: 185 }), lastSeen: { place: { ...place, bed: '9' }, at } };
    expect(claimReading(said, 'critical', 'inTime', now)).toMatchObject({
      place: { bed: '4' },
      placedAt: '2026-11-24T10:00:00.000Z',
    });
  });
});
