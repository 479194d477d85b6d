/** Which readings are late, whose clock is doubted, and which may be set aside. Times of one morning, in minutes after ten. */
import { describe, expect, test } from 'vitest';
import { hear } from '../../../handlers/reading/contacts.ts';
import { isLate, timelinessOf } from '../../../handlers/reading/late.ts';
import { type JudgedReading, mergeVitals } from '../../../handlers/reading/merge-vitals.ts';
import { judged } from './builders.ts';

const at = (minute: number) =>
  new Date(Date.UTC(2026, 10, 24, 10) + Math.round(minute * 60_000)).toISOString();
const second = 1 / 60;
const ms = second / 1000;
let count = 0;
const reading = (measured: number | string, arrived: number, said = {}): JudgedReading =>
  judged({
    readingId: `reading-${count++}`,
    measuredAt: typeof measured === 'string' ? measured : at(measured),
    arrivedAt: at(arrived),
    ...said,
  });
/** Measured and sent at once. */
const live = (minute: number, said = {}) => reading(minute, minute + second, said);

/** What is known of the patient and the device of `one`, when the others are. */
function knownOf(one: JudgedReading, ...others: JudgedReading[]) {
  const readings = [...others, one].map(({ reading }) => reading);
  const byDevice = Map.groupBy(readings, ({ deviceId }) => deviceId);
  const contacts = new Map(Array.from(byDevice, ([device, ofDevice]) => [device, hear([], ofDevice)]));
  const ofPatient = [...others, one].filter(({ reading }) => reading.patientId === one.reading.patientId);
  const { recent } = mergeVitals(undefined, one.reading.patientId, ofPatient, contacts);
  return { heard: contacts.get(one.reading.deviceId), recent };
}

const standing = (one: JudgedReading, ...others: JudgedReading[]) =>
  timelinessOf(one.reading, knownOf(one, ...others));

test.each([
  [5, false],
  [5 + ms, true],
  [-60, false],
])('arriving %s minutes after it was measured, it is late: %s', (delay, late) => {
  expect(isLate({ measuredAt: at(0), arrivedAt: at(delay) })).toBe(late);
});

describe('a reading that came in time', () => {
  test('is never set aside, although a newer one was faster', () => {
    expect(standing(reading(0, 5), live(4.9))).toBe('inTime');
  });
});

describe('a late reading', () => {
  const late = () => reading(0, 40);

  test('is overtaken by what the device measured and delivered with it, before or after', () => {
    expect(standing(late(), live(39.9))).toBe('overtaken');
    expect(standing(late(), live(40.1))).toBe('overtaken');
    expect(standing(late(), live(-20), live(39.9), reading(10, 40))).toBe('overtaken');
  });

  test.each([
    ['nothing else is known', []],
    ['the newest is older', [live(-1)]],
    ['the newer one is of another device', [live(39.9, { deviceId: 'bp-2' })]],
    ['the newer one is suspect', [live(39.9, { systolicMmHg: 20 })]],
    ['the newer one is a test', [live(39.9, { quality: 'test' })]],
    ['its device calls the newer one questionable', [live(39.9, { quality: 'questionable' })]],
    ['the newer one was held back as well', [reading(20, 40)]],
    ['the newer one was measured half a minute before, as it says', [reading(39.5 - ms, 40)]],
    ['the newer one came more than half a minute later', [reading(40.4, 40.5 + ms)]],
    ['a clock that runs ahead measured the newer one', [reading(46, 40)]],
  ])('is raised as late: %s', (_why, others) => {
    expect(standing(late(), ...others)).toBe('late');
  });

  test.each([
    ['measured half a minute before', reading(39.5, 40)],
    ['that came half a minute later', reading(40.4, 40.5)],
    ['whose clock is a little ahead', reading(44, 40)],
  ])('is overtaken by a reading %s', (_what, newer) => {
    expect(standing(late(), newer)).toBe('overtaken');
  });

  test('is raised as late when one stands for the other: the next wearer, or the other cuff, may be well', () => {
    const said = { bothNamed: false };
    expect(standing(reading(0, 40, said), live(39.9, said))).toBe('late');
  });

  test.each(['heard', 'recent'])('is raised as late when what is %s could not be read', (name) => {
    const one = late();
    const known = knownOf(one, live(39.9));
    expect(timelinessOf(one.reading, known)).toBe('overtaken');
    expect(timelinessOf(one.reading, { ...known, [name]: undefined })).toBe('late');
  });

  test('is raised as late when its record comes again after so much else that older contacts are forgotten', () => {
    // The device was heard at minute -20 or 5, at 40 and then 18 or 19 times: twenty are remembered.
    const one = late();
    const since = (count: number) => Array.from({ length: count }, (_, index) => live(100 + index * 6));
    const { recent } = knownOf(one, live(39.9));
    const heard = (count: number, first = live(-20)) => knownOf(one, first, ...since(count)).heard;
    expect(timelinessOf(one.reading, { heard: heard(18), recent })).toBe('overtaken');
    expect(timelinessOf(one.reading, { heard: heard(18, reading(5, 5)), recent })).toBe('overtaken');
    expect(timelinessOf(one.reading, { heard: heard(19), recent })).toBe('late');
  });
});

describe('a clock is doubted', () => {
  test.each([
    ['measured more than five minutes from now', reading(5 + second, 0), []],
    ['fell back to 2000', reading('2000-01-01T00:04:00.000Z', 40), [live(39.9)]],
    ['a day and more ago', reading(-24 * 60, ms), [live(0)]],
    ['measured before what the device delivered minutes ago', reading(0, 40), [live(20), live(39.9)]],
    ['the same of another patient', reading(0, 40), [live(20, { patientId: 'patient-2' }), live(39.9)]],
    ['the same by a suspect reading', reading(0, 40), [live(20, { systolicMmHg: 0 }), live(39.9)]],
    ['the same by a demonstration', reading(0, 40), [live(20, { quality: 'demo' }), live(39.9)]],
    ['the same, a moment later than five minutes', reading(0, 40), [reading(5, 5 + ms), live(39.9)]],
    ['the same, a moment more than half a minute ago', reading(0, 40), [reading(39, 39.5 - ms), live(39.9)]],
  ])('%s', (_what, one, others) => {
    expect(standing(one, ...others)).toBe('clockDoubted');
  });

  test.each([
    ['five minutes from now', reading(5, 0), [], 'inTime'],
    ['a day ago', reading(-24 * 60, 0), [live(-second)], 'overtaken'],
    [
      'the device was heard within the five minutes',
      reading(0, 40),
      [reading(5, 5), live(39.9)],
      'overtaken',
    ],
    ['it was heard within the half minute', reading(0, 40), [reading(39.5, 39.5)], 'overtaken'],
    ['another device was heard', reading(0, 40), [live(20, { deviceId: 'bp-2' }), live(39.9)], 'overtaken'],
    ['it is only heard later', reading(0, 40), [live(50)], 'late'],
  ])('but not: %s', (_what, one, others, expected) => {
    expect(standing(one, ...others)).toBe(expected);
  });
});

describe('a clock that is always as late', () => {
  /** Hourly, an hour behind. */
  const behind = (arrived: number, delay = 60, said = {}) => reading(arrived - delay, arrived, said);

  test('is doubted from the second reading on, whoever wears the device', () => {
    expect(standing(behind(60), live(0))).toBe('late');
    expect(standing(behind(120), behind(60), live(0))).toBe('clockDoubted');
    expect(standing(behind(120), behind(60, 60, { patientId: 'patient-2' }))).toBe('clockDoubted');
    expect(standing(behind(15, 12), behind(0, 12))).toBe('clockDoubted');
  });

  test.each([
    ['a minute less', 59],
    ['a minute more', 61],
  ])('and whose last delay was %s', (_what, delay) => {
    expect(standing(behind(120), behind(60, delay))).toBe('clockDoubted');
    expect(standing(behind(120), behind(60, delay + Math.sign(delay - 60) * ms))).toBe('late');
  });

  test.each([
    ['only the delay before the last was the same', [behind(0), behind(60, 20)]],
    ['another device is', [behind(60, 60, { deviceId: 'bp-2' })]],
    ['more was held back with the last one', [behind(60), reading(-15, 60)]],
    ['more was held back with this one', [behind(60), reading(75, 120)]],
  ])('is not: %s', (_what, others) => {
    expect(standing(behind(120), ...others)).toBe('late');
  });

  test('is not when something came in time meanwhile', () => {
    expect(standing(behind(120, 20), behind(60, 20), live(90))).toBe('late');
  });

  test('is not when it is five minutes, or the other delay was', () => {
    expect(standing(behind(60, 5), behind(0, 5.5))).toBe('inTime');
    expect(standing(behind(60, 5.5), behind(0, 5))).toBe('late');
    expect(standing(behind(60, 5.5), behind(0, 5 + ms))).toBe('clockDoubted');
  });
});
