import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JudgedReading, mergeVitals } from '../../../handlers/reading/merge-vitals.ts';
import type { Vitals } from '../../../handlers/reading/vitals.ts';
import { judged } from './builders.ts';

const merged = (...readings: JudgedReading[]) => mergeVitals(undefined, 'patient-1', readings);
const idsOf = (vitals: Vitals) => vitals.recent.map((entry) => entry.readingId);
const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 10, minute)).toISOString();
const aReading = (readingId: string, minute: number, said = {}) =>
  judged({ readingId, measuredAt: at(minute), arrivedAt: at(minute), ...said });

describe("a patient's vitals", () => {
  test('remember trusted readings by the time of measuring, and anybody as having spoken', () => {
    const vitals = merged(
      aReading('second', 20),
      aReading('first', 10, { systolicMmHg: 185 }),
      aReading('suspect', 30, { systolicMmHg: 0 }),
      aReading('demo', 31, { quality: 'demo' }),
      aReading('test', 32, { quality: 'test' }),
    );
    expect(vitals).toMatchObject({ pk: 'VITALS#patient-1', version: 1, lastSpokeAt: at(32) });
    expect(vitals.recent.map(({ readingId, severity }) => [readingId, severity])).toEqual([
      ['first', 'critical'],
      ['second', 'normal'],
    ]);
  });

  test('remember the last twenty, and forget an older one that comes late', () => {
    const twenty = Array.from({ length: 20 }, (_, minute) => aReading(`at-${minute}`, minute + 10));
    const known = merged(...twenty);
    expect(known.recent).toHaveLength(20);
    expect(idsOf(mergeVitals(known, 'patient-1', [aReading('older', 5)]))).toEqual(idsOf(known));
    const newer = mergeVitals(known, 'patient-1', [aReading('newer', 31)]);
    expect(idsOf(newer)).toEqual([...idsOf(known).slice(1), 'newer']);
    expect(newer.version).toBe(2);
  });

  test('are new when one reading takes the place of another, although nobody spoke later', () => {
    const known = merged(...Array.from({ length: 20 }, (_, minute) => aReading(`at-${minute}`, minute + 10)));
    const between = aReading('between', 28, { arrivedAt: at(29) });
    expect(mergeVitals(known, 'patient-1', [between])).toMatchObject({ version: 2, lastSpokeAt: at(29) });
  });

  test('a clock that runs ahead does not outlive the readings after it', () => {
    const ahead = aReading('ahead', 10, { measuredAt: '2099-01-01T00:00:00.000Z' });
    const slightly = aReading('a little ahead', 10, { measuredAt: at(14) });
    expect(idsOf(merged(ahead, aReading('after', 11)))).toEqual(['ahead', 'after']);
    expect(idsOf(merged(slightly, aReading('after', 11)))).toEqual(['a little ahead', 'after']);
  });

  test('a redelivery says nothing new: there is nothing to write', () => {
    const known = merged(aReading('first', 10), aReading('second', 20));
    expect(mergeVitals(known, 'patient-1', [aReading('first', 10)])).toBe(known);
  });

  test('a reading that a device sends twice arrived when it first came', () => {
    const first = aReading('sent twice', 10);
    const again = aReading('sent twice', 10, { arrivedAt: at(40) });
    for (const vitals of [merged(first, again), merged(again, first)]) {
      expect(vitals.recent).toMatchObject([{ readingId: 'sent twice', arrivedAt: at(10) }]);
      expect(vitals.lastSpokeAt).toBe(at(40));
    }
  });

  test('a reading whose clock is doubted is remembered by its arrival, and marked', () => {
    const fellBack = aReading('fell back', 30, { measuredAt: '2000-01-01T00:04:00.000Z' });
    const ahead = aReading('ahead', 40, { measuredAt: at(50) });
    expect(merged(fellBack, aReading('right', 35), ahead).recent).toMatchObject([
      { readingId: 'fell back', measuredAt: at(30), clockDoubted: true },
      { readingId: 'right', measuredAt: at(35) },
      { readingId: 'ahead', measuredAt: at(40), clockDoubted: true },
    ]);
    expect(merged(aReading('right', 35)).recent[0]).not.toHaveProperty('clockDoubted');
  });

  test('a reading that nobody can place is remembered without a place', () => {
    const { recent } = merged(aReading('placed', 10), aReading('nowhere', 20, { placeKnown: false }));
    expect(recent[0]?.place).toMatchObject({ ward: 'ward-001', bed: '4' });
    expect(recent[1]).not.toHaveProperty('place');
  });

  test('a questionable reading is remembered, and marked', () => {
    const { recent } = merged(
      aReading('questionable', 10, { quality: 'questionable' }),
      aReading('right', 20),
    );
    expect(recent[0]).toMatchObject({ readingId: 'questionable', severity: 'normal', questionable: true });
    expect(recent[1]).not.toHaveProperty('questionable');
  });

  test('are the same in whatever order, groups and repetitions their readings come', () => {
    const reading = fc
      .record({
        id: fc.nat({ max: 60 }),
        minute: fc.nat({ max: 59 }),
        systolicMmHg: fc.integer({ min: 0, max: 240 }),
      })
      .map(({ id, minute, ...said }) => aReading(`${id}-${minute}-${said.systolicMmHg}`, minute, said));
    const story = fc
      .array(reading, { minLength: 1, maxLength: 60 })
      .chain((readings) =>
        fc.tuple(fc.constant(readings), fc.shuffledSubarray(readings), fc.nat({ max: 60 })),
      );
    fc.assert(
      fc.property(story, ([readings, again, cut]) => {
        const once = merged(...readings);
        const shuffled = [...again, ...readings.toReversed()];
        const parts = mergeVitals(merged(...shuffled.slice(0, cut)), 'patient-1', shuffled.slice(cut));
        expect(parts.recent).toEqual(once.recent);
        expect(parts.lastSpokeAt).toBe(once.lastSpokeAt);
        expect(mergeVitals(once, 'patient-1', again)).toBe(once);
      }),
      { seed: 5 },
    );
  });
});

test('a correction is remembered as one, since nothing was measured when it came', () => {
  const original = judged({ readingId: 'first', systolicMmHg: 190 });
  const corrected = judged({ readingId: 'second', systolicMmHg: 191, replaces: true });
  const known = mergeVitals(undefined, 'patient-1', [original]);
  expect(known.recent.map(({ replaces }) => replaces)).toEqual([undefined]);
  const { reading } = corrected;
  const later = { ...corrected, reading: { ...reading, arrivedAt: '2026-11-24T10:05:00.000Z' } };
  expect(mergeVitals(known, 'patient-1', [later]).recent).toMatchObject([
    { readingId: 'second', replaces: true },
  ]);
});
