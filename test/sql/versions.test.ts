/** What is withdrawn, or was amended by the night's end, is in no count of the report: only what was there last. */
import { describe, expect, test } from 'vitest';
import { Archive } from './archive.ts';
import { minute, Night } from './night.ts';

const archive = new Archive();
const one = { measurementId: 'm-1' };
const replaces = { ...one, replaces: true };

async function counted(night: Night) {
  archive.holds(night);
  const [summary] = await archive.ask('summary');
  const { archived, critical, emergency, suspect } = summary as Record<string, string>;
  const abnormal = await archive.ask('abnormal_readings');
  const devices = await archive.ask('suspect');
  return {
    counts: [archived, critical, emergency, suspect].map(Number),
    abnormal: abnormal.map(({ systolic }) => Number(systolic)),
    suspect: devices.map(({ suspect }) => Number(suspect)),
  };
}

describe('a night that received', () => {
  test.each([
    ['a reading alone', [one], [1, 0, 1, 0], [230], []],
    ['one that is withdrawn', [one, { ...replaces, quality: 'withdrawn' }], [2, 0, 0, 0], [], []],
    [
      'one that is withdrawn without values',
      [one, { ...replaces, quality: 'withdrawn', systolicMmHg: null }],
      [2, 0, 0, 0],
      [],
      [],
    ],
    ['one that is amended', [one, { ...replaces, systolicMmHg: 201 }], [2, 1, 0, 0], [201], []],
    [
      'one that is amended twice',
      [one, { ...replaces, systolicMmHg: 201 }, { ...replaces, systolicMmHg: 0 }],
      [3, 0, 0, 1],
      [],
      [1],
    ],
    [
      'one that is amended, then withdrawn',
      [one, { ...replaces, systolicMmHg: 0 }, { ...replaces, quality: 'withdrawn' }],
      [3, 0, 0, 0],
      [],
      [],
    ],
    ['a withdrawal first', [{ ...replaces, quality: 'withdrawn' }, one], [2, 0, 0, 0], [], []],
    [
      'a withdrawal of another patient’s',
      [one, { ...replaces, quality: 'withdrawn', patientId: 'p-2' }],
      [2, 0, 1, 0],
      [230],
      [],
    ],
  ] as const)('%s', async (_what, readings, counts, abnormal, suspect) => {
    const night = new Night();
    for (const [index, said] of readings.entries()) night.arrives(60 + index, { systolicMmHg: 230, ...said });
    expect(await counted(night)).toEqual({ counts, abnormal, suspect });
  });

  test('one that is known by device and time', async () => {
    const night = new Night();
    const said = { systolicMmHg: 230, measuredAt: minute(60), measurementId: `bp-p-1@${minute(60)}` };
    night.arrives(61, said);
    night.arrives(62, { ...said, measuredAt: minute(61), measurementId: `bp-p-1@${minute(61)}` });
    night.arrives(63, { ...said, replaces: true, quality: 'withdrawn' });
    expect(night.readings[0]).not.toHaveProperty('measurement_id');
    expect(await counted(night)).toMatchObject({ counts: [3, 0, 1, 0] });
  });

  test('a withdrawal after the night, which is known by the morning', async () => {
    const night = new Night();
    night.arrives(1439, { systolicMmHg: 230, ...one });
    night.arrives(1441, { systolicMmHg: 230, ...replaces, quality: 'withdrawn' });
    expect(await counted(night)).toMatchObject({ counts: [1, 0, 0, 0], abnormal: [] });
  });

  test('a correction at its end, or later: it belongs to the next night, the first version to this one', async () => {
    const night = new Night();
    night.arrives(1439, { systolicMmHg: 230, ...one });
    night.arrives(1438, { systolicMmHg: 0, patientId: 'p-2', ...one });
    night.arrives(1440, { systolicMmHg: 190, ...replaces });
    night.arrives(1440, { systolicMmHg: 190, patientId: 'p-2', ...replaces });
    expect(await counted(night)).toEqual({ counts: [2, 0, 1, 1], abnormal: [230], suspect: [1] });
    // Just before its end it takes the place of the first.
    night.arrives(1440 - 1 / 60_000, { systolicMmHg: 201, ...replaces });
    expect(await counted(night)).toEqual({ counts: [3, 1, 0, 1], abnormal: [201], suspect: [1] });
  });
});

test('a device whose suspect readings were corrected after the night was to be looked at', async () => {
  const night = new Night();
  for (const measurementId of ['m-1', 'm-2']) {
    night.arrives(60, { systolicMmHg: 0, measurementId });
    night.arrives(1440, { systolicMmHg: 190, measurementId, replaces: true });
  }
  archive.holds(night);
  expect(await archive.ask('attention')).toMatchObject([{ what: 'repeatedSuspectReadings', times: '2' }]);
});

test('a device whose suspect readings were withdrawn needs no attention', async () => {
  const night = new Night();
  for (const measurementId of ['m-1', 'm-2']) night.arrives(60, { systolicMmHg: 0, measurementId });
  archive.holds(night);
  expect(await archive.ask('attention')).toMatchObject([{ what: 'repeatedSuspectReadings', times: '2' }]);
  for (const measurementId of ['m-1', 'm-2'])
    night.arrives(61, { systolicMmHg: 0, measurementId, replaces: true, quality: 'withdrawn' });
  archive.holds(night);
  expect(await archive.ask('attention')).toEqual([]);
});
