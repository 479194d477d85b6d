/** When a ward has a drill. */
import { expect, test } from 'vitest';
import {
  AnnouncedDrills,
  drillAt,
  isForDrills,
  withDrill,
} from '../../../handlers/reading/announced-drills.ts';
import { later } from '../../../handlers/time/instant.ts';

const noon = '2026-11-24T12:00:00.000Z';
const announced = withDrill(undefined, 'ward-001', noon);

test.each([
  ['before it', -301, false],
  ['by a clock that is five minutes behind', -300, true],
  ['while it lasts', 60, true],
  ['in its last second', 899, true],
  ['after it', 900, false],
])('a reading that arrives %s', (_when, seconds, isIn) => {
  expect(drillAt(announced, later(noon, seconds)) !== undefined).toBe(isIn);
});

test('no drill is announced', () => expect(drillAt(undefined, noon)).toBeUndefined());

test('another one leaves those before as they were, for records that come again', () => {
  const tomorrow = later(noon, 86_400);
  const both = withDrill(announced, 'ward-001', tomorrow);
  expect([noon, later(noon, 3600), tomorrow].map((at) => drillAt(both, at))).toEqual([
    both.drills[0],
    undefined,
    both.drills[1],
  ]);
  expect(AnnouncedDrills.parse(both)).toEqual(both);
  expect(both.expiresAt - Date.parse(tomorrow) / 1000).toBe(30 * 86_400);
});

test('of a drill each day for two years the last year is kept', () => {
  let all = announced;
  for (let day = 1; day <= 730; day++) all = withDrill(all, 'ward-001', later(noon, day * 86_400));
  expect(all.drills).toHaveLength(365);
  expect(drillAt(all, later(noon, 730 * 86_400))).toBe(all.drills.at(-1));
});

test.each([
  ['critical', ['test', 'demo']],
  [null, ['demo']],
] as const)(
  'of level %s only %j are for drills, and nothing that corrects a measurement',
  (level, forDrills) => {
    const qualities = ['measured', 'questionable', 'invalid', 'test', 'demo', 'withdrawn'] as const;
    const are = (replaces: boolean) =>
      qualities.filter((quality) => isForDrills({ quality, replaces }, level));
    expect([are(false), are(true)]).toEqual([forDrills, []]);
  },
);
