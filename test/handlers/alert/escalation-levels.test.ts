import { describe, expect, test } from 'vitest';
import {
  type EscalationLevel,
  isLastAttempt,
  levelOf,
  levelSeconds,
  louder,
  rolesOn,
} from '../../../handlers/alert/escalation-levels.ts';
import { later, secondsUntil } from '../../../handlers/time/instant.ts';
import { ladderOf } from '../../../handlers/timings/timings.ts';
import { START } from './builders.ts';

describe('whom a level addresses', () => {
  test.each([
    ['nurse', 'critical', ['nurse']],
    ['doctor', 'suspect-critical', ['doctor']],
    ['lead', 'critical', ['lead']],
    ['nurse', 'emergency', ['nurse', 'doctor']],
    ['doctor', 'suspect-emergency', ['nurse', 'doctor']],
    ['lead', 'emergency', ['nurse', 'doctor', 'lead']],
    ['everyone', 'critical', 'everyone'],
    ['everyone', 'emergency', 'everyone'],
  ] as const)('%s at %s: %j', (level, alarm, roles) => {
    expect(rolesOn(level, alarm)).toEqual(roles);
  });

  test.each([
    ['nurse', ['nurse']],
    ['doctor', ['nurse', 'doctor']],
    ['lead', ['nurse', 'doctor', 'lead']],
    ['everyone', 'everyone'],
  ] as const)('%s of a patient from another ward: %j, since nobody below was asked here', (level, roles) => {
    expect(rolesOn(level, 'critical', true)).toEqual(roles);
  });
});

test.each([
  ['nurse', 'critical', 'doctor'],
  ['doctor', 'critical', 'lead'],
  ['lead', 'critical', 'everyone'],
  ['everyone', 'critical', 'everyone'],
  ['nurse', 'emergency', 'everyone'],
  ['doctor', 'suspect-emergency', 'everyone'],
] as const)('louder than %s at %s is %s', (level, alarm, next) => {
  expect(louder(level, alarm)).toBe(next);
});

test('an owner without a level of the own is asked again by everyone', () => {
  expect(levelOf('doctor')).toBe('doctor');
  expect(levelOf('quality')).toBe('everyone');
});

/** From the first page to the call for everyone, when nobody answers. */
function secondsToEveryone(alarm: 'critical' | 'emergency'): number {
  const ladder = ladderOf({ worst: alarm });
  let seconds = 0;
  let [level, attempt]: [EscalationLevel, number] = ['nurse', 0];
  while (level !== 'everyone') {
    seconds += levelSeconds(ladder, level, attempt);
    [level, attempt] = isLastAttempt(ladder, level, attempt)
      ? [louder(level, alarm), 0]
      : [level, attempt + 1];
  }
  return seconds;
}

test('the escalation leaves 3 of the 15 minutes, and 3 of an emergency’s 5, for ingest, retries and sending', () => {
  expect(secondsToEveryone('critical')).toBe(12 * 60);
  expect(secondsToEveryone('emergency')).toBe(2 * 60);
});

test('the recheck is due after 15 minutes, after an emergency 5', () => {
  expect(ladderOf({ worst: 'critical' }).recheckSeconds).toBe(900);
  expect(ladderOf({ worst: 'suspect-critical' }).recheckSeconds).toBe(900);
  expect(ladderOf({ worst: 'emergency' }).recheckSeconds).toBe(300);
  expect(ladderOf({ worst: 'suspect-emergency' }).recheckSeconds).toBe(300);
});

test('a timeout is at least a second, and never ends before the deadline', () => {
  expect(secondsUntil(later(START, 120), START)).toBe(120);
  expect(secondsUntil('2026-11-24T03:00:00.001Z', START)).toBe(1);
  expect(secondsUntil('2026-11-24T03:00:01.001Z', START)).toBe(2);
  expect(secondsUntil(later(START, -5), START)).toBe(1);
});
