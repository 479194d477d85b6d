/** Devices with a wrong clock, as the report counts and names them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { Archive } from './archive.ts';
import { aNight, minute, Night } from './night.ts';

const archive = new Archive();
const ms = 1 / 60_000;
const harmless = { systolicMmHg: 120, diastolicMmHg: 80 };

// Asked a month later, since the tables have no partition beyond the next day.
beforeAll(() => archive.account.clock.run(archive.account.clock.now() + 30 * 86_400_000));

/** The devices that the report names, and how many readings of each; each row says how many devices there are. */
async function named(night: Night): Promise<[device: string, times: string][]> {
  archive.holds(night);
  const rows = await archive.ask('clocks');
  for (const { devices } of rows) expect(devices).toBe(String(rows.length));
  return rows.map(({ device_id, readings }) => [device_id as string, readings as string]);
}

test('a night in which every clock is right, and something was held back', async () => {
  expect(await named(aNight())).toEqual([]);
});

test('a clock that kept winter time: each reading in the hour that it fell behind, and where the device stands', async () => {
  const night = aNight();
  night.arrives(90, { ...harmless, patientId: 'p-9' });
  for (const at of [105, 120])
    night.arrives(at, { ...harmless, patientId: 'p-9', measuredAt: minute(at - 60) });
  night.readings.push(...night.readings);
  expect(await named(night)).toEqual([['bp-p-9', '2']]);
  const [row] = await archive.ask('clocks');
  expect(row).toMatchObject({ ward: 'ward-001', bed: '4' });
});

test('a measurement that is corrected or withdrawn hours later says nothing of a clock', async () => {
  const night = aNight();
  for (const at of [300, 360]) {
    const corrected = { ...harmless, patientId: 'p-9', measuredAt: minute(at - 120), replaces: true };
    night.arrives(at, corrected);
    night.arrives(at + 1, { ...corrected, quality: 'withdrawn' });
  }
  expect(await named(night)).toEqual([]);
});

describe('one reading', () => {
  test.each([
    ['five minutes ahead', 100, 105, []],
    ['further ahead', 100, 105 + ms, [['bp-p-9', '1']]],
    ['a day back', 100, 100 - 24 * 60, []],
    ['further back', 100, 100 - 24 * 60 - ms, [['bp-p-9', '1']]],
    ['of the year 2000', 100, -13_750_000, [['bp-p-9', '1']]],
  ])('that is %s', async (_what, arrived, measured, expected) => {
    const night = aNight();
    night.arrives(arrived, { ...harmless, patientId: 'p-9', measuredAt: minute(measured) });
    expect(await named(night)).toEqual(expected);
  });

  test.each([
    ['five minutes after it was measured', 65, {}, []],
    ['later', 65 + ms, {}, [['bp-p-9', '1']]],
    ['half a minute before it came', 99.5, {}, []],
    ['a moment earlier', 99.5 - ms, {}, [['bp-p-9', '1']]],
    ['between, with another patient', 80, { patientId: 'p-8', deviceId: 'bp-p-9' }, [['bp-p-9', '1']]],
    ['between, and it was another device', 80, { deviceId: 'bp-other' }, []],
    ['only later', 101, {}, []],
  ])('whose device was heard %s', async (_when, at, said, expected) => {
    const night = aNight();
    night.arrives(at, { ...harmless, patientId: 'p-9', measuredAt: minute(at), ...said });
    night.arrives(100, { ...harmless, patientId: 'p-9', measuredAt: minute(60) });
    expect(await named(night)).toEqual(expected);
  });
});

/** Of p-9 and its device, so many minutes late each time. */
function late(delays: number | number[], ...arrived: number[]): Night {
  const night = aNight();
  for (const [index, at] of arrived.entries()) {
    const delay = typeof delays === 'number' ? delays : (delays[index] as number);
    night.arrives(at, { ...harmless, patientId: 'p-9', measuredAt: minute(at - delay) });
  }
  return night;
}

describe('a device of which nothing comes in time', () => {
  test('is named once it was heard twice, more than five minutes apart', async () => {
    expect(await named(late(60, 100))).toEqual([]);
    expect(await named(late([60, 90, 70], 100, 160, 220))).toEqual([['bp-p-9', '3']]);
    expect(await named(late([6, 9], 100, 105))).toEqual([]);
    expect(await named(late([6, 9], 100, 105 + ms))).toEqual([['bp-p-9', '2']]);
    expect(await named(late(5, 100, 106))).toEqual([]);
    expect(await named(late([5 + ms, 9], 100, 106))).toEqual([['bp-p-9', '2']]);
  });

  test('is not named when one did, and the others were not as late as each other', async () => {
    expect(await named(late([60, 50, 5], 100, 160, 220))).toEqual([]);
  });
});

describe('a device that is as late twice in a row, and right before', () => {
  const hourly = (...delays: number[]) => late(delays, ...delays.map((_, index) => 100 + index * 60));

  test('is named: it fell behind by less than it pauses', async () => {
    expect(await named(hourly(0, 60))).toEqual([]);
    expect(await named(hourly(0, 60, 60))).toEqual([['bp-p-9', '2']]);
    expect(await named(late([0, 12, 12], 100, 115, 130))).toEqual([['bp-p-9', '2']]);
  });

  test.each([
    [59, 2],
    [59 - ms, 0],
    [61, 2],
    [61 + ms, 0],
  ])('or about as late: by 60 minutes, then by %s', async (delay, readings) => {
    expect(await named(hourly(0, 60, delay))).toEqual(readings ? [['bp-p-9', String(readings)]] : []);
  });

  test.each([
    ['one came in time between', [0, 20, 0, 20]],
    ['the one before was five minutes late', [0, 5, 5.5]],
    ['this one was', [0, 5.5, 5]],
  ])('is not: %s', async (_what, delays) => {
    expect(await named(hourly(...delays))).toEqual([]);
  });

  test.each([
    ['half a minute before the first', [0, 5.5, 5.5], [159.5, 160, 220], 0],
    ['a moment longer before it', [0, 5.5, 5.5], [159.5 - ms, 160, 220], 2],
    ['half a minute after the second', [5.5, 5.5, 0], [160, 220, 220.5], 0],
    ['a moment longer after it', [5.5, 5.5, 0], [160, 220, 220.5 + ms], 2],
  ])('is not when something came with one of them: %s', async (_when, delays, arrived, readings) => {
    const night = late(delays, ...arrived);
    expect(await named(night)).toEqual(readings ? [['bp-p-9', String(readings)]] : []);
  });

  test('is not when the other one was of another device', async () => {
    const night = hourly(0, 60);
    night.arrives(220, { ...harmless, patientId: 'p-9', deviceId: 'bp-other', measuredAt: minute(160) });
    expect(await named(night)).toEqual([]);
  });

  test('is named whoever wore it', async () => {
    const night = hourly(0, 60);
    night.arrives(220, { ...harmless, patientId: 'p-8', deviceId: 'bp-p-9', measuredAt: minute(160) });
    expect(await named(night)).toEqual([['bp-p-9', '2']]);
  });
});

describe('of what is counted', () => {
  const days = 24 * 60;
  /** A clock a quarter of an hour ahead, once, of a device of its own. */
  const ahead = (night: Night, at: number) =>
    night.arrives(at, {
      ...harmless,
      patientId: `p-${at}`,
      deviceId: `bp-${at}`,
      measuredAt: minute(at + 15),
    });

  test('only what arrived in the night', async () => {
    const night = new Night();
    for (const at of [-ms, 0, days - ms, days]) ahead(night, at);
    expect((await named(night)).map(([device]) => device).sort()).toEqual(
      [`bp-${0}`, `bp-${days - ms}`].sort(),
    );
  });

  test.each([
    ['2026-02-28', false],
    ['2026-03-01', true],
    ['2026-03-04', true],
    ['2026-03-05', false],
  ])('the partition of %s, a day from the night or further: %s', async (dt, isRead) => {
    const night = new Night();
    ahead(night, 100);
    archive.holds(new Night());
    archive.put('readings', dt, 'a', night.readings);
    expect(await archive.ask('clocks')).toHaveLength(isRead ? 1 : 0);
  });

  test('the readings that are more than five minutes off, and how late the last of them was', async () => {
    const night = late([0, -5 - ms, 5 + ms, -5, 5], 100, 110, 120, 130, 140);
    archive.holds(night);
    expect(await archive.ask('clocks')).toMatchObject([
      { device_id: 'bp-p-9', ward: 'ward-001', bed: '4', readings: '2', seconds_late: '300.001' },
    ]);
  });
});
