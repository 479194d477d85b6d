import { describe, expect, test } from 'vitest';
import type { Rung } from '../../../handlers/alert/alert.ts';
import {
  isLastPass,
  later,
  louder,
  recheckSeconds,
  rolesOn,
  rungOf,
  rungSeconds,
  secondsUntil,
} from '../../../handlers/alert/ladder.ts';
import { START } from './builders.ts';

describe('whom a rung addresses', () => {
  test.each([
    ['nurse', 'critical', ['nurse']],
    ['doctor', 'suspect-critical', ['doctor']],
    ['lead', 'critical', ['lead']],
    ['nurse', 'emergency', ['nurse', 'doctor']],
    ['doctor', 'suspect-emergency', ['nurse', 'doctor']],
    ['lead', 'emergency', ['nurse', 'doctor', 'lead']],
    ['everyone', 'critical', 'everyone'],
    ['everyone', 'emergency', 'everyone'],
  ] as const)('%s at %s: %j', (rung, level, roles) => {
    expect(rolesOn(rung, level)).toEqual(roles);
  });
});

test.each([
  ['nurse', 'critical', 'doctor'],
  ['doctor', 'critical', 'lead'],
  ['lead', 'critical', 'everyone'],
  ['everyone', 'critical', 'everyone'],
  ['nurse', 'emergency', 'everyone'],
  ['doctor', 'suspect-emergency', 'everyone'],
] as const)('louder than %s at %s is %s', (rung, level, next) => {
  expect(louder(rung, level)).toBe(next);
});

test('an owner without a rung of the own is asked again by everyone', () => {
  expect(rungOf('doctor')).toBe('doctor');
  expect(rungOf('quality')).toBe('everyone');
  expect(rungOf(null)).toBe('everyone');
});

/** From the first page to the call for everyone, when nobody answers. */
function secondsToEveryone(level: 'critical' | 'emergency'): number {
  let seconds = 0;
  let [rung, pass]: [Rung, number] = ['nurse', 0];
  while (rung !== 'everyone') {
    seconds += rungSeconds(rung, level);
    [rung, pass] = isLastPass(rung, pass) ? [louder(rung, level), 0] : [rung, pass + 1];
  }
  return seconds;
}

test('the ladder leaves 3 of the 15 minutes, and 3 of an emergency’s 5, for ingest, retries and sending', () => {
  expect(secondsToEveryone('critical')).toBe(12 * 60);
  expect(secondsToEveryone('emergency')).toBe(2 * 60);
});

test('the recheck is due after 15 minutes, after an emergency 5', () => {
  expect(recheckSeconds('critical')).toBe(900);
  expect(recheckSeconds('suspect-critical')).toBe(900);
  expect(recheckSeconds('emergency')).toBe(300);
  expect(recheckSeconds('suspect-emergency')).toBe(300);
});

test('a timeout is at least a second, and never ends before the deadline', () => {
  expect(secondsUntil(later(START, 120), START)).toBe(120);
  expect(secondsUntil('2026-11-24T03:00:00.001Z', START)).toBe(1);
  expect(secondsUntil('2026-11-24T03:00:01.001Z', START)).toBe(2);
  expect(secondsUntil(later(START, -5), START)).toBe(1);
});
