import { expect, test } from 'vitest';
import { Sources, sourceHash, sourceOf } from '../../../handlers/answering/sources.ts';

const second = 1000;
const minute = 60 * second;

/** Asks so often, evenly spread over the time; gives how often it was let through. */
function ask(sources: Sources, source: string, times: number, from = 0, during = 0): number {
  let through = 0;
  for (let index = 0; index < times; index++)
    if (sources.admits(source, from + (during * index) / times)) through++;
  return through;
}

/** A page is opened and answered; a scanner before it sends HEAD and GET, and one that is thorough submits the form. */
const requestsOfAClinician = 4 + 3;
const ofAWard = 30 * requestsOfAClinician * 2;

test.each([
  ['within a minute', minute],
  ['in the same second', second],
])(
  'thirty clinicians behind one address, each with a scanner, twice over %s, all get through',
  (_what, during) => {
    expect(ask(new Sources(), '192.0.2.1', ofAWard, 0, during)).toBe(ofAWard);
  },
);

test('a storm of alerts that keeps an instance busy for two and a half minutes from one hospital gets through', () => {
  expect(ask(new Sources(), '192.0.2.1', 3000, 0, 2.5 * minute)).toBe(3000);
});

test('a source that floods is soon refused, until it has been quiet; no other one is', () => {
  const sources = new Sources();
  const through = ask(sources, '192.0.2.66', 60_000, 0, minute);
  expect(through).toBeLessThan(2500);
  expect(sources.admits('192.0.2.66', minute)).toBe(false);
  expect(ask(sources, '192.0.2.1', ofAWard, minute)).toBe(ofAWard);
  expect(sources.admits('192.0.2.66', minute + second)).toBe(true);
  expect(ask(sources, '192.0.2.66', ofAWard, 3 * minute)).toBe(ofAWard);
});

test('a clock that goes back lets nobody through more often', () => {
  const sources = new Sources();
  ask(sources, '192.0.2.66', 5000, minute);
  expect(ask(sources, '192.0.2.66', 100, 0)).toBe(0);
});

test('ten thousand sources are remembered, and then the one that was quiet for longest is forgotten', () => {
  const sources = new Sources();
  ask(sources, '192.0.2.66', 5000);
  for (let other = 0; other < 9_999; other++) sources.admits(`198.51.100.${other}`, 0);
  expect(sources.admits('192.0.2.66', 0)).toBe(false);
  for (let other = 0; other < 10_000; other++) sources.admits(`203.0.113.${other}`, 0);
  expect(sources.admits('192.0.2.66', 0)).toBe(true);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::ffff', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:1::', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
  ['no address', 'no address'],
])('%s asks as %s: who has one address of IPv6 has all of its network', (address, source) => {
  expect(sourceOf(address)).toBe(source);
});

const key = Buffer.from('the key of a stage');
const day = '2026-11-24T23:59:59.000Z';

test('a source is known by a hash that is the same all day, and tells nothing of the address', () => {
  const hash = sourceHash(key, '192.0.2.1', day);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(sourceHash(key, '192.0.2.1', '2026-11-24T00:00:00.000Z')).toBe(hash);
  const others = [
    sourceHash(key, '192.0.2.2', day),
    sourceHash(key, '192.0.2.1', '2026-11-25T00:00:00.000Z'),
    sourceHash(Buffer.from('another'), '192.0.2.1', day),
  ];
  expect(others).not.toContain(hash);
});
