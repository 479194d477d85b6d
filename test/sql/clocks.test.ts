/** Devices whose clock is off: the summary counts them, and the report's table names them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { Archive } from './archive.ts';
import { aNight, minute, type Night } from './night.ts';

const archive = new Archive();
const ms = 1 / 60_000;
const harmless = { systolicMmHg: 120, diastolicMmHg: 80 };

// Asked a month later, since the tables have no partition beyond the next day.
beforeAll(() => archive.account.clock.run(archive.account.clock.now() + 30 * 86_400_000));

/** The devices that the report names, and how many readings of each; the summary has to count as many. */
async function named(night: Night): Promise<[device: string, times: string][]> {
  archive.holds(night);
  const rows = (await archive.ask('attention')).filter(({ what }) => what === 'device whose clock is off');
  const [summary] = await archive.ask('summary');
  expect(summary?.clocks_off).toBe(String(rows.length));
  return rows.map(({ subject, times }) => [subject as string, times as string]);
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
  const [row] = await archive.ask('attention');
  expect(row).toMatchObject({ ward: 'ward-001', bed: '4' });
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

describe('a device of which nothing comes in time', () => {
  const late = (delay: number, ...arrived: number[]) => {
    const night = aNight();
    for (const at of arrived)
      night.arrives(at, { ...harmless, patientId: 'p-9', measuredAt: minute(at - delay) });
    return night;
  };

  test('is named once it was heard twice, more than five minutes apart', async () => {
    expect(await named(late(60, 100))).toEqual([]);
    expect(await named(late(60, 100, 160, 220))).toEqual([['bp-p-9', '3']]);
    expect(await named(late(6, 100, 105))).toEqual([]);
    expect(await named(late(6, 100, 105 + ms))).toEqual([['bp-p-9', '2']]);
    expect(await named(late(5, 100, 106))).toEqual([]);
    expect(await named(late(5 + ms, 100, 106))).toEqual([['bp-p-9', '2']]);
  });

  test('is not named when one did', async () => {
    const night = late(60, 100, 160);
    night.arrives(220, { ...harmless, patientId: 'p-9', measuredAt: minute(215) });
    expect(await named(night)).toEqual([]);
  });
});
