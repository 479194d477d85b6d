/** What a sender amends, corrects or withdraws, as it comes: what of it still counts among the patient's readings. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isClockDoubted, timelinessOf } from '../../../handlers/reading/late.ts';
import { mergeVitals } from '../../../handlers/reading/merge-vitals.ts';
import { parseRecord, type Readable } from '../../../handlers/reading/parse-record.ts';
import { isTakenBack } from '../../../handlers/reading/versions.ts';
import { anObservation, bytesOf, component, hospital, onTheWire, origin } from './builders.ts';

const measuredAt = '2026-11-24T10:00:00Z';
const minutesLater = (minutes: number) => new Date(Date.parse(measuredAt) + minutes * 60_000).toISOString();
let count = 0;

function read(content: object, minutes: number): Readable[] {
  const from = { ...origin, sequenceNumber: String(count++), arrivedAt: minutesLater(minutes) };
  return parseRecord(bytesOf(content), from, hospital).map((item) => {
    if (!('reading' in item)) throw new Error(`It is not read: ${item.reason}`);
    return item;
  });
}

const values = (systolic: number, diastolic: number) => [
  component('8480-6', systolic),
  component('8462-4', diastolic),
];
const sent = (status: string, minutes: number, said: object = {}) =>
  read(anObservation({ status, ...said }), minutes);
const merged = (...readings: Readable[][]) =>
  readings.reduce<ReturnType<typeof mergeVitals> | undefined>(
    (known, more) => mergeVitals(known, 'p', more),
    undefined,
  );
/** What counts, in mmHg. */
const counting = (...readings: Readable[][]) =>
  merged(...readings)?.recent.map(({ systolicMmHg }) => systolicMmHg);
const measurement = (item: Readable | undefined) => item?.reading.measurementId ?? '';

describe('a measurement is known', () => {
  const first = sent('final', 1)[0];
  const timeless = { effectiveDateTime: undefined };

  test.each([
    ['by device and time, whatever its values', {}, { component: values(118, 76) }, true],
    ['not by another time', {}, { effectiveDateTime: '2026-11-24T10:00:01Z' }, false],
    ['not by another device', {}, { device: { reference: 'Device/bp-2' } }, false],
    [
      'by its id, wherever it was measured',
      { id: 'o-1' },
      { id: 'o-1', device: { reference: 'Device/bp-2' } },
      true,
    ],
    ['by its id, without a time', { id: 'o-1', ...timeless }, { id: 'o-1', ...timeless }, true],
    [
      'not by an id that came with another time',
      { id: 'o-1' },
      { id: 'o-1', effectiveDateTime: minutesLater(1) },
      false,
    ],
    [
      'not by the identifier of an order, which another measurement has too',
      { identifier: [{ system: 'urn:order', value: '7' }] },
      { identifier: [{ system: 'urn:order', value: '7' }], effectiveDateTime: minutesLater(1) },
      false,
    ],
    ['not by another id', { id: 'o-1' }, { id: 'o-2' }, false],
    [
      'by its identifier before its id',
      { identifier: [{ system: 'urn:x', value: 7 }], id: 'o-1' },
      { identifier: { system: 'urn:x', value: '7' }, id: 'o-2' },
      true,
    ],
    [
      'not by an identifier of another system',
      { identifier: [{ system: 'urn:x', value: '7' }] },
      { identifier: [{ system: 'urn:y', value: '7' }] },
      false,
    ],
    ['not by an id that is none', { id: {} }, { id: [], device: { reference: 'Device/bp-2' } }, false],
  ])('%s', (_how, one, other, isSame) => {
    const [before] = sent('final', 1, one);
    const [after] = sent('amended', 2, other);
    expect(measurement(after) === measurement(before)).toBe(isSame);
  });

  test('by nothing that names a record number', () => {
    const [one] = sent('final', 1, { identifier: [{ system: 'urn:mrn', value: '4711' }] });
    expect(measurement(one)).toMatch(/^[0-9a-f]{32}$/);
    expect(measurement(first)).toBe(`bp-1@${minutesLater(0)}`);
  });

  test('and what withdraws it is not the reading', () => {
    const ids = [sent('final', 1), sent('entered-in-error', 2)].map(([item]) => item?.reading.readingId);
    expect(new Set(ids).size).toBe(2);
    expect(sent('amended', 2)[0]?.reading.readingId).toBe(first?.reading.readingId);
  });
});

describe('what is withdrawn counts no more', () => {
  test.each(['entered-in-error', 'cancelled'])('by the status %s', (status) => {
    expect(counting(sent('final', 1), sent(status, 2))).toEqual([]);
  });

  test('before it came as well, twice, and without its values', () => {
    const none = { component: undefined };
    expect(counting(sent('entered-in-error', 1, none), sent('final', 2))).toEqual([]);
    const once = merged(sent('final', 1), sent('entered-in-error', 2, none));
    expect(once?.versions).toMatchObject([{ is: 'withdrawn' }]);
    const again = sent('entered-in-error', 2, none);
    expect(mergeVitals(once, 'p', again)).toBe(once);
  });

  test('and no later measurement of the same id', () => {
    const [id, later] = ['blood-pressure', minutesLater(10)];
    expect(
      counting(sent('entered-in-error', 1, { id }), sent('final', 10, { id, effectiveDateTime: later })),
    ).toEqual([205]);
    const both = [sent('final', 1, { id }), sent('final', 10, { id, effectiveDateTime: later })];
    expect(counting(...both, sent('entered-in-error', 11, { id }))).toEqual([205]);
  });

  test('and nothing else goes with it', () => {
    const other = { effectiveDateTime: minutesLater(5) };
    expect(counting(sent('final', 5, other), sent('entered-in-error', 6))).toEqual([205]);
  });

  test('also where the clock of the device runs a little ahead', () => {
    const ahead = { effectiveDateTime: minutesLater(2) };
    expect(counting(sent('final', 1, ahead), sent('entered-in-error', 9, ahead))).toEqual([]);
  });

  test('all that one message said of it goes', () => {
    const two = { component: [...values(205, 124), ...values(118, 76)] };
    expect(counting(sent('final', 1, two))).toEqual(expect.arrayContaining([205, 118]));
    expect(counting(sent('final', 1, two), sent('entered-in-error', 2))).toEqual([]);
  });
});

describe('what is amended', () => {
  const better = { component: values(118, 76) };
  const worse = { component: values(232, 133) };

  test.each(['amended', 'corrected'])('counts as %s', (status) => {
    expect(counting(sent('final', 1), sent(status, 2, better))).toEqual([118]);
    expect(counting(sent(status, 2, better), sent('final', 1))).toEqual([118]);
  });

  test('counts by its newest version, also when an older one is sent again', () => {
    const [final, second, third] = [sent('final', 1), sent('amended', 2, better), sent('amended', 3, worse)];
    expect(counting(final, second, third)).toEqual([232]);
    const again = sent('amended', 4, better);
    expect(counting(final, second, third, again)).toEqual([232]);
    expect(counting(final, third, sent('cancelled', 4, worse))).toEqual([]);
  });

  test('with all that its message says', () => {
    const two = { component: [...values(205, 124), ...values(118, 76)] };
    expect(counting(sent('final', 1, worse), sent('amended', 2, two))).toEqual(
      expect.arrayContaining([205, 118]),
    );
  });

  test('withdrawn in the same millisecond, is withdrawn', () => {
    expect(counting(sent('amended', 2, better), sent('entered-in-error', 2))).toEqual([]);
  });

  test('says nothing of the clock of a device, and sets nothing aside', () => {
    const [late] = sent('amended', 60 * 30, worse);
    const reading = (late as Readable).reading;
    const heard = [{ from: minutesLater(10), to: minutesLater(20), leastDelayMs: 0, mostDelayMs: 0 }];
    expect(isClockDoubted(reading, heard)).toBe(false);
    const newer = { ...anObservation({ effectiveDateTime: minutesLater(60 * 30) }), ...better };
    const recent = merged(read(newer, 60 * 30))?.recent ?? [];
    expect(timelinessOf(reading, { heard: [], recent })).toBe('late');
    expect(isClockDoubted({ ...reading, measuredAt: minutesLater(60 * 31) }, [])).toBe(true);
  });
});

describe('a measurement is taken back', () => {
  const of = (...readings: Readable[][]) =>
    isTakenBack(measurement(readings[0]?.[0]), merged(...readings)?.versions ?? []);

  test.each([
    ['when it is withdrawn', [sent('final', 1), sent('entered-in-error', 2)], true],
    [
      'when it is corrected to a harmless one',
      [sent('final', 1), sent('amended', 2, { component: values(118, 76) })],
      true,
    ],
    [
      'not when it alarms still',
      [sent('final', 1), sent('amended', 2, { component: values(190, 76) })],
      false,
    ],
    ['not by being there', [sent('final', 1)], false],
  ])('%s', (_when, readings, expected) => {
    expect(of(...readings)).toBe(expected);
  });
});

test('in whatever order and however often they come, the same counts', () => {
  const version = fc.record({
    minute: fc.nat({ max: 5 }),
    status: fc.constantFrom('final', 'amended', 'entered-in-error'),
    systolic: fc.constantFrom(118, 190, 232),
    arrives: fc.nat({ max: 50 }),
  });
  const story = fc
    .uniqueArray(version, { maxLength: 15, selector: ({ arrives }) => arrives })
    .chain((versions) =>
      fc.tuple(fc.constant(versions), fc.shuffledSubarray(versions, { minLength: versions.length })),
    );
  fc.assert(
    fc.property(story, ([versions, shuffled]) => {
      const readings = new Map(
        versions.map((one) => [
          one,
          sent(one.status, 10 + one.arrives, {
            effectiveDateTime: minutesLater(one.minute),
            component: values(one.systolic, 76),
          }),
        ]),
      );
      const once = merged(...readings.values());
      const other = merged(...[...shuffled, ...versions].map((one) => readings.get(one) as Readable[]));
      expect(other?.recent).toEqual(once?.recent);
      expect(other?.versions).toEqual(once?.versions);
    }),
    { seed: 7 },
  );
});

test('a reading of Vigil’s own shape takes no room for what it is known by', () => {
  const [reading] = read(onTheWire(), 1);
  expect(mergeVitals(undefined, 'p', [reading as Readable]).recent[0]).not.toHaveProperty('measurementId');
});
