import { describe, expect, test } from 'vitest';
import { feedExpiry, isSilent, isTold, wardsHeard, watchedWards } from '../../../handlers/reading/feeds.ts';
import { aReading } from './builders.ts';

const noon = '2026-11-24T12:00:00.000Z';
const minutesAgo = (minutes: number) => new Date(Date.parse(noon) - minutes * 60_000).toISOString();

describe('a ward is heard', () => {
  const devices = ['a', 'b', 'c', 'd'].map((ward) => ({ id: `bp-${ward}`, ward, bed: '1' }));

  test('by its newest arrival, and only from devices that the roster knows', () => {
    const readings = [
      aReading({ deviceId: 'bp-a', arrivedAt: minutesAgo(2) }),
      aReading({ deviceId: 'bp-a', arrivedAt: minutesAgo(1) }),
      aReading({ deviceId: 'bp-a', arrivedAt: minutesAgo(3) }),
      aReading({ deviceId: 'bp-stranger', ward: 'b', arrivedAt: minutesAgo(0) }),
    ];
    expect([...wardsHeard(readings, devices)]).toEqual([['a', minutesAgo(1)]]);
  });

  test('by its own devices, wherever they are: one that was carried there says nothing of them', () => {
    const carried = aReading({ deviceId: 'bp-a', ward: 'b', arrivedAt: minutesAgo(1) });
    expect([...wardsHeard([carried], devices)]).toEqual([['a', minutesAgo(1)]]);
  });

  test('not by a device that is tested or shown', () => {
    const readings = [
      aReading({ deviceId: 'bp-b', quality: 'test', arrivedAt: minutesAgo(1) }),
      aReading({ deviceId: 'bp-c', quality: 'demo', arrivedAt: minutesAgo(1) }),
      aReading({ deviceId: 'bp-d', quality: 'invalid', arrivedAt: minutesAgo(1) }),
    ];
    expect([...wardsHeard(readings, devices).keys()]).toEqual(['d']);
  });
});

test('watched are wards with a device that is not on standby, each with its own patience', () => {
  const device = (ward: string, standby?: boolean) => ({
    id: `bp-${ward}-${standby}`,
    ward,
    bed: '1',
    standby,
  });
  const hospital = {
    wards: [{ id: 'a' }, { id: 'b', silentAfterMinutes: 240 }, { id: 'drawer' }, { id: 'empty' }],
    devices: [device('a', true), device('a'), device('b'), device('drawer', true)],
  };
  expect(watchedWards(hospital)).toEqual([
    { ward: 'a', silentAfterMinutes: 90 },
    { ward: 'b', silentAfterMinutes: 240 },
  ]);
});

test('what is known of a ward is kept for forty days', () => {
  expect(new Date(feedExpiry(noon) * 1000).toISOString()).toBe('2027-01-03T12:00:00.000Z');
});

describe('a ward is silent', () => {
  test.each([
    [undefined, true],
    [{ toldAt: minutesAgo(5) }, true],
    [{ heardAt: minutesAgo(89) }, false],
    [{ heardAt: minutesAgo(90) }, false],
    [{ heardAt: minutesAgo(90.1) }, true],
  ])('%j: %s', (feed, silent) => {
    expect(isSilent(feed as never, 90, noon)).toBe(silent);
  });

  test.each([
    [undefined, false],
    [{ heardAt: minutesAgo(99) }, false],
    [{ toldAt: minutesAgo(5) }, true],
    [{ heardAt: minutesAgo(99), toldAt: minutesAgo(5) }, true],
    // It spoke meanwhile, and fell silent again.
    [{ heardAt: minutesAgo(99), toldAt: minutesAgo(300) }, false],
  ])('%j is told already: %s', (feed, told) => {
    expect(isTold(feed as never)).toBe(told);
  });
});
