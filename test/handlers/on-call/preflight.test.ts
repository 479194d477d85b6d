/** Who is looked at before an alert finds out, and what is said of them. */
import { describe, expect, test } from 'vitest';
import {
  aboutToBeAsked,
  asTold,
  isUnreachable,
  preflightMail,
  preflightProblems,
  type Reach,
} from '../../../handlers/on-call/preflight.ts';
import { later } from '../../../handlers/time/instant.ts';
import { aRoster, aRotation } from './builders.ts';

/** nurse-1 has the day, nurse-2 the night from 19:00. */
const day = '2026-11-24T12:00:00.000Z';
const idsAt = (at: string, roster = aRoster()) => aboutToBeAsked(roster, at).map(({ id }) => id);

describe('who is asked within the hour', () => {
  test('whoever is on call now, on every level', () => {
    expect(idsAt(day)).toEqual(['nurse-1', 'doctor-1', 'lead-1']);
  });

  test('and who takes over before the next run, which may be late', () => {
    expect(idsAt('2026-11-24T17:44:59.999Z')).not.toContain('nurse-2');
    expect(idsAt('2026-11-24T17:45:00.000Z')).toContain('nurse-2');
    expect(idsAt('2026-11-24T18:59:00.000Z')).toContain('nurse-1');
  });

  test('the nurse of a bed', () => {
    const bed = {
      ward: 'ward-001',
      beds: ['4'],
      clinicianId: 'nurse-2',
      from: later(day, 1800),
      to: later(day, 9000),
    };
    expect(idsAt(day, aRoster({ bedAssignments: [bed] }))).toContain('nurse-2');
  });
});

describe('problems', () => {
  const well: Reach = { subscription: 'confirmed', reachedAt: later(day, -86_400) };
  const found = (reach: Partial<Record<string, Reach>>, roster = aRoster()) => {
    const all = { 'nurse-1': well, 'doctor-1': well, 'lead-1': well, ...reach };
    const known = new Map(Object.entries(all).flatMap(([id, how]) => (how ? [[id, how] as const] : [])));
    return preflightProblems(roster, known, day).map(({ is, of }) => `${is} ${of}`);
  };

  test('none where each has confirmed with credentials, and was reached of late', () => {
    expect(found({})).toEqual([]);
  });

  test('a subscription that nobody confirmed, or that is over; nothing else is said of it', () => {
    expect(found({ 'nurse-1': { subscription: 'notConfirmed' } })).toEqual(['notConfirmed nurse-1']);
  });

  test('nothing of whom nothing is known, nor of who is not on call', () => {
    expect(found({ 'nurse-1': undefined, 'nurse-2': { subscription: 'notConfirmed' } })).toEqual([]);
  });

  test('thirty days without an answer, to the millisecond', () => {
    const reachedAt = later(day, -30 * 86_400);
    expect(found({ 'lead-1': { ...well, reachedAt } })).toEqual(['notProved lead-1']);
    const afterwards = new Date(Date.parse(reachedAt) + 1).toISOString();
    expect(found({ 'lead-1': { ...well, reachedAt: afterwards } })).toEqual([]);
  });

  test('a subscription that a mail scanner can end, proved or not', () => {
    expect(found({ 'lead-1': { subscription: 'endsByLink', reachedAt: day } })).toEqual([
      'endsByLink lead-1',
    ]);
    expect(found({ 'lead-1': { subscription: 'endsByLink' } })).toEqual([
      'endsByLink lead-1',
      'notProved lead-1',
    ]);
  });

  test('a telephone without texts, whatever the mail is', () => {
    expect(found({ 'nurse-1': { ...well, noText: true } })).toEqual(['noText nurse-1']);
    const notConfirmed: Reach = { subscription: 'notConfirmed', noText: true };
    expect(found({ 'nurse-1': notConfirmed })).toEqual(['notConfirmed nurse-1', 'noText nurse-1']);
    expect(isUnreachable({ is: 'noText', of: 'nurse-1' })).toBe(false);
  });

  test('a level that nobody has within the hour; one without a rotation is the roster’s own', () => {
    const [nurses, doctors] = aRoster().rotations;
    const leads = aRotation({ role: 'lead', order: ['lead-1'], startsOn: '2026-11-25' });
    const rotations = [nurses, doctors].filter((one) => one !== undefined);
    expect(found({}, aRoster({ rotations: [...rotations, leads] }))).toEqual(['uncovered lead of ward-001']);
    expect(found({}, aRoster({ rotations }))).toEqual([]);
  });
});

test('a problem that stays keeps when it was told, and one that comes back is told anew', () => {
  const problem = { is: 'notProved', of: 'lead-1' } as const;
  const told = { ...problem, toldAt: day };
  expect(asTold([problem], [told])).toEqual([told]);
  expect(asTold([], [told])).toEqual([]);
  expect(asTold([problem], [])).toEqual([problem]);
  expect(asTold([problem], [{ ...told, is: 'endsByLink' }])).toEqual([problem]);
});

test('the mail names each, by ids alone, and how urgent it is', () => {
  const lapsed = { is: 'notConfirmed', of: 'nurse-1' } as const;
  const old = { is: 'notProved', of: 'lead-1' } as const;
  expect([lapsed, old].map(isUnreachable)).toEqual([true, false]);
  const { subject, message } = preflightMail([lapsed, old]);
  expect(subject).toBe('Vigil: on call, and not reached by mail');
  expect(message).toContain('- nurse-1: has not confirmed the mail subscription');
  // A drill's page can be answered, and then counts; a test mail has no link.
  expect(message).toContain(
    '- lead-1: has answered no page for 30 days: hold a drill (npm run drill), and see them answer it',
  );
  expect(preflightMail([old]).subject).toBe('Vigil: on call, and perhaps not reached by mail');
});
