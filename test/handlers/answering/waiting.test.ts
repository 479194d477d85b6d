/** How many were asked and when, and how long until somebody else is: what the page says of it before a PIN. */
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import type { AlertEvent, Request } from '../../../handlers/alert/event.ts';
import { newPage } from '../../../handlers/alert/page.ts';
import { askedSoFar, whoIsNext } from '../../../handlers/answering/waiting.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { aDeviceAlert, aPagedAlert, at, minute, nurse } from '../alert/builders.ts';
import { aRoster, aRotation } from '../on-call/builders.ts';

/** The nurse of the stories is the one on call, and sees to devices at any time. */
const aSmallRoster = (changes: Partial<Roster> = {}) =>
  aRoster({
    rotations: (['nurse', 'doctor', 'lead'] as const).map((role) =>
      aRotation({ role, order: [`${role}-1`] }),
    ),
    technicalHours: { from: '00:00', to: '23:59' },
    ...changes,
  });
const contextOf = (alert: Alert, now: string, roster = aSmallRoster()) => ({
  page: newPage(alert, 'page-1', nurse.id, at(0)),
  alert,
  roster,
  now,
});

const request = (clinicianId: string, role: string): Request => ({
  pageId: `page of ${clinicianId}`,
  clinicianId,
  role,
  purpose: 'page',
});
const envelope = (seq: number, at: string) => ({ seq, at, writeId: `w${seq}` });

/** Mails that went out in a step of a round. */
function paged(
  [seq, at]: [number, string],
  [round, id, attempt]: [number, number, number],
  ...pages: Request[]
): AlertEvent {
  const step = { id, round, escalationLevel: 'nurse', attempt } as const;
  return { ...envelope(seq, at), type: 'paged', step, pages, turns: {}, dueAt: at };
}

const rechecked: AlertEvent = {
  ...envelope(9, minute(15)),
  type: 'rechecked',
  found: 'stillCritical',
  escalationLevel: 'doctor',
  deadline: minute(17),
  dueAt: minute(16),
};
const begun = { ...rechecked, seq: 1, at: at(0) };

describe('who was asked so far', () => {
  const nurses = [request('nurse-1', 'nurse'), request('nurse-2', 'nurse')];
  const first = [
    begun,
    paged([2, at(1)], [1, 1, 0], ...nurses.slice(0, 1)),
    // The second mail of the same step had its turn later.
    paged([3, at(70)], [1, 1, 0], ...nurses.slice(1)),
    paged([4, minute(2)], [1, 4, 1], ...nurses),
    paged([5, minute(4)], [1, 5, 0], request('doctor-1', 'doctor'), request('lead-1', 'lead')),
  ];

  test('is counted by step and role, each with its time on the hospital’s clocks', () => {
    expect(askedSoFar(contextOf(aPagedAlert({ events: first }), minute(5)))).toBe(
      'Asked so far: 2 nurses at 03:00; 2 nurses again at 03:02; 1 doctor and 1 lead at 03:04.',
    );
  });

  test('begins anew with each round', () => {
    const events = [...first, rechecked, paged([10, minute(16)], [2, 9, 0], request('doctor-1', 'doctor'))];
    expect(askedSoFar(contextOf(aPagedAlert({ events, round: { number: 2 } }), minute(16)))).toBe(
      'Asked so far: 1 doctor at 03:16.',
    );
  });

  test('is said to be the latest only, when the alert has forgotten how the round began', () => {
    expect(askedSoFar(contextOf(aPagedAlert({ events: first.slice(3) }), minute(5)))).toBe(
      'Asked lately: 2 nurses again at 03:02; 1 doctor and 1 lead at 03:04.',
    );
  });

  test('is not said while no mail has gone out', () => {
    expect(askedSoFar(contextOf(aPagedAlert(), minute(1)))).toBeUndefined();
  });

  test('names nobody', () => {
    const said = askedSoFar(contextOf(aPagedAlert({ events: first }), minute(5)));
    expect(said).not.toMatch(/Whitlock|Brandreth|nurse-1|page of/);
  });
});

describe('who is next', () => {
  const nextOf = (alert: Alert, now: string, roster?: Roster) => whoIsNext(contextOf(alert, now, roster));
  const everyone = ['nurse-1', 'nurse-2', 'doctor-1', 'lead-1', 'quality-1'];
  const step = (escalationLevel: Alert['step']['escalationLevel'], attempt = 0, asked = [nurse.id]) => ({
    step: { escalationLevel, attempt, asked },
  });

  test.each<[string, Alert, string, string]>([
    [
      'after the page and its reminder',
      aPagedAlert(),
      at(55),
      'the doctor is asked at 03:04, in 3 min 5 s (as of 03:00:55)',
    ],
    [
      'after the reminder alone',
      aPagedAlert({ ...step('nurse', 1), standing: { deadline: minute(4) } }),
      at(3 * 60 + 1),
      'the doctor is asked at 03:04, in 59 s (as of 03:03:01)',
    ],
    [
      'in an emergency, whose first step has both',
      aPagedAlert({
        worst: 'emergency',
        announced: 'emergency',
        round: { pages: { 'nurse-1': 'a', 'doctor-1': 'b' } },
        step: { asked: ['nurse-1', 'doctor-1'] },
        standing: { deadline: minute(1) },
      }),
      at(30),
      'everyone on the ward is asked at 03:02, in 1 min 30 s (as of 03:00:30)',
    ],
    [
      'when all were asked',
      aPagedAlert({ ...step('everyone', 0, everyone), standing: { deadline: minute(27) } }),
      minute(13),
      'everyone on the ward is asked again at 03:27, in 14 min (as of 03:13:00)',
    ],
    [
      'of a device, whose doctor is not asked',
      aDeviceAlert({ standing: { deadline: minute(15) } }),
      minute(1),
      'the lead is asked at 03:15, in 14 min (as of 03:01:00)',
    ],
    [
      'of a device that the lead has not seen to',
      aDeviceAlert({ ...step('lead', 0, ['lead-1']), standing: { deadline: minute(30) } }),
      minute(29),
      'the ward and the team that runs Vigil are told at 03:30, in 1 min (as of 03:29:00)',
    ],
  ])('%s', (_when, alert, now, said) => {
    expect(nextOf(alert, now)).toBe(`If nobody answers, ${said}.`);
  });

  test('is past a level that has nobody on call', () => {
    const { rotations, clinicians } = aSmallRoster();
    const roster = aRoster({
      rotations: rotations.filter(({ role }) => role !== 'doctor'),
      clinicians: clinicians.filter(({ role }) => role !== 'doctor'),
    });
    expect(nextOf(aPagedAlert(), minute(1), roster)).toContain('the lead is asked at 03:04');
  });

  test('is at the hospital’s time through the hour that its clock shows twice', () => {
    // 01:30 UTC on 25 October is half past one in London for the second time.
    const after = '2026-10-25T01:30:00.000Z';
    const alert = aPagedAlert({ standing: { deadline: after } });
    expect(nextOf(alert, '2026-10-25T01:29:30.000Z')).toBe(
      'If nobody answers, the doctor is asked at 01:32, in 2 min 30 s (as of 01:29:30).',
    );
  });

  test('is asked now when the time is up, or nobody of the level is left', () => {
    const reminded = aPagedAlert({ ...step('nurse', 1), standing: { deadline: minute(4) } });
    expect(nextOf(reminded, minute(4))).toBe('The time for an answer is up: the doctor is asked now.');
    expect(nextOf(aPagedAlert({ round: { declined: ['nurse-1'] } }), minute(1))).toBe(
      'The next person is being paged now: the doctor.',
    );
  });

  test('is everyone again, during the pause after nobody could be reached', () => {
    const pause = aPagedAlert({
      ...step('everyone', 0, everyone),
      standing: { is: 'backingOff', deadline: minute(13) },
    });
    expect(nextOf(pause, minute(12))).toContain('everyone on the ward will be paged again');
  });
});
