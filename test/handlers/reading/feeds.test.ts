import { describe, expect, test } from 'vitest';
import { isSilent, isTold, wardsHeard, watchedWards } from '../../../handlers/reading/feeds.ts';
import { aReading } from './builders.ts';

const noon = '2026-11-24T12:00:00.000Z';
const minutesAgo = (minutes: number) => new Date(Date.parse(noon) - minutes * 60_000).toISOString();

test('a ward is heard by its newest arrival, and only by devices that the roster knows', () => {
  const readings = [
    aReading({ ward: 'a', arrivedAt: minutesAgo(2) }),
    aReading({ ward: 'a', arrivedAt: minutesAgo(1) }),
    aReading({ ward: 'a', arrivedAt: minutesAgo(3) }),
    aReading({ ward: 'b', arrivedAt: minutesAgo(0), deviceRegistered: false }),
  ];
  expect([...wardsHeard(readings)]).toEqual([['a', minutesAgo(1)]]);
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
