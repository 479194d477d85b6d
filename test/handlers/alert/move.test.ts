import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { type CloseRecovered, type MoveOn, onNextStep } from '../../../handlers/alert/move.ts';
import {
  aClosedAlert,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  at,
  doctor,
  minute,
  nurse,
  seenAs,
  when,
  whyNot,
} from './builders.ts';

const moveOn = (seen: Alert, because: MoveOn['because'] = 'timeIsUp') =>
  ({ type: 'moveOn', seen: seenAs(seen), because }) as const;
const waitAsSeen = (seen: Alert) => ({ type: 'wait', seen: seenAs(seen) }) as const;
const beginRound = (seen: Alert, asking: 'worse' | 'moved' | 'recheck' | 'repeat') =>
  ({ type: 'beginRound', seen: seenAs(seen), asking }) as const;

describe('time is up', () => {
  test('after the page: a reminder on the same level, with its own two minutes', () => {
    const alert = aPagedAlert();
    const moved = when(alert, moveOn(alert), minute(2));
    expect(moved).toMatchObject({
      seq: 3,
      step: { escalationLevel: 'nurse', attempt: 1, asked: [] },
      standing: { is: 'waiting', deadline: minute(4), dueAt: minute(3) },
    });
    expect(moved.round.pages).toEqual(alert.round.pages);
    expect(moved.events.at(-1)).toMatchObject({ type: 'timedOut', because: 'timeIsUp' });
  });

  test('after the reminder: the next level', () => {
    const alert = aPagedAlert({ step: { attempt: 1 } });
    const moved = when(alert, moveOn(alert), minute(4));
    expect(moved).toMatchObject({
      step: { escalationLevel: 'doctor', attempt: 0 },
      standing: { deadline: minute(6) },
    });
    expect(moved.events.at(-1)).toMatchObject({
      type: 'escalated',
      because: 'timeIsUp',
      escalationLevel: 'doctor',
    });
  });

  test('in an emergency everyone is next, for a quarter of an hour', () => {
    const alert = aPagedAlert({ step: { attempt: 1 }, worst: 'emergency', announced: 'emergency' });
    expect(when(alert, moveOn(alert), minute(2))).toMatchObject({
      step: { escalationLevel: 'everyone', attempt: 0 },
      standing: { deadline: minute(17) },
    });
  });

  test('everyone, and nobody answered: unanswered, once; and everyone again, also who could not come', () => {
    const alert = aPagedAlert({
      round: { declined: [nurse.id] },
      step: { escalationLevel: 'everyone', unreachable: [doctor.id] },
    });
    const first = when(alert, moveOn(alert), minute(15));
    expect(first).toMatchObject({
      round: { declined: [] },
      step: { escalationLevel: 'everyone', attempt: 1, unreachable: [] },
      standing: { deadline: minute(30) },
    });
    expect(first.events.at(-1)?.type).toBe('unanswered');
    const second = when(first, moveOn(first), minute(30));
    expect(second.step.attempt).toBe(2);
    expect(second.events.at(-1)?.type).toBe('timedOut');
  });
});

describe('a failure, or nobody left', () => {
  test.each(['pageFailed', 'everybodyDeclined', 'nobodyReached', 'nobodyOnCall'] as const)(
    '%s: no reminder, the next level at once',
    (because) => {
      const alert = aPagedAlert({ round: { declined: [nurse.id] } });
      const moved = when(alert, moveOn(alert, because), at(10));
      expect(moved).toMatchObject({
        round: { declined: [nurse.id] },
        step: { escalationLevel: 'doctor', attempt: 0 },
        standing: { deadline: at(130) },
      });
      expect(moved.events.at(-1)).toMatchObject({ type: 'escalated', because });
    },
  );

  test('who could not be reached is tried again on the next level', () => {
    const alert = aPagedAlert({ step: { unreachable: [nurse.id] } });
    expect(when(alert, moveOn(alert, 'nobodyReached'), at(10)).step.unreachable).toEqual([]);
  });

  test('everyone: a pause of a minute, then the next attempt', () => {
    const alert = aPagedAlert({ step: { escalationLevel: 'everyone' } });
    const failed = moveOn(alert, 'nobodyReached');
    const pausing = when(alert, failed, at(10));
    expect(pausing).toMatchObject({
      step: { escalationLevel: 'everyone', attempt: 0 },
      standing: { is: 'backingOff', deadline: at(70) },
    });
    expect(whyNot(pausing, failed, at(11))).toBe('movedOn');
    const next = when(pausing, moveOn(pausing), at(70));
    expect(next).toMatchObject({
      step: { attempt: 1 },
      standing: { is: 'waiting', deadline: at(70 + 900) },
    });
    expect(next.events.at(-1)?.type).toBe('unanswered');
  });
});

describe('what the assessment saw has changed: nothing is written', () => {
  test.each<[string, Alert]>([
    ['takenOver', aPagedAlert({ executionName: 'exec-2' })],
    ['closed', aClosedAlert()],
    ['answered', anOwnedAlert()],
    ['movedOn', aPagedAlert({ step: { attempt: 1 } })],
    ['movedOn', aPagedAlert({ step: { escalationLevel: 'doctor' } })],
    ['movedOn', aPagedAlert({ round: { number: 2 } })],
  ])('%s', (why, since) => {
    expect(whyNot(since, moveOn(aPagedAlert()), minute(2))).toBe(why);
  });

  test.each([
    ['to wait', waitAsSeen(anOwnedAlert())],
    ['to ask anew', beginRound(anOwnedAlert(), 'repeat')],
    ['to close', { type: 'closeRecovered', seen: seenAs(anOwnedAlert()), recent: [aReadingAt(10)] } as const],
  ])('%s is the business of who carries it, in the round that was seen', (_what, command) => {
    expect(whyNot(anOwnedAlert({ executionName: 'exec-2' }), command, minute(16))).toBe('takenOver');
    expect(whyNot(anOwnedAlert({ round: { number: 2 } }), command, minute(16))).toBe('movedOn');
  });
});

describe('waiting for the recheck', () => {
  test('keeps the deadline, and gives the sweeper the minute after it', () => {
    const alert = anOwnedAlert();
    expect(when(alert, waitAsSeen(alert), minute(1)).standing).toEqual({
      is: 'owned',
      deadline: minute(16),
      dueAt: minute(17),
      owner: alert.standing.owner,
    });
  });

  test('is not shortened by the turn of a mail that somebody is yet to get', () => {
    const alert = anOwnedAlert({ step: { turns: { [doctor.id]: at(70) } } });
    expect(when(alert, waitAsSeen(alert), minute(1)).standing).toMatchObject({ dueAt: minute(17) });
  });

  test('is refused when worse news is still to be told, so that no wake is missed', () => {
    const alert = anOwnedAlert({ worst: 'emergency' });
    expect(whyNot(alert, waitAsSeen(alert), minute(1))).toBe('worseSince');
  });

  test('is refused when nobody has it', () => {
    const alert = aPagedAlert();
    expect(whyNot(alert, waitAsSeen(alert), minute(1))).toBe('movedOn');
  });

  test('also holds the pause after nobody could be reached', () => {
    const alert = aPagedAlert({ step: { escalationLevel: 'everyone' }, standing: { is: 'backingOff' } });
    const pausing = when(alert, waitAsSeen(alert), minute(1));
    expect(pausing.standing).toEqual({
      is: 'backingOff',
      deadline: minute(2),
      dueAt: minute(3),
      formerOwner: null,
    });
  });

  test('also holds the turn of a mail, which the sweeper minds', () => {
    const alert = aPagedAlert({ step: { turns: { [nurse.id]: at(40) } } });
    const waiting = when(alert, waitAsSeen(alert), at(5));
    expect(waiting.standing).toEqual({
      is: 'waiting',
      deadline: minute(2),
      dueAt: at(100),
      formerOwner: null,
    });
  });
});

describe('a new round', () => {
  test.each([
    ['recheck', 'nurse', 'doctor'],
    ['recheck', 'lead', 'everyone'],
    ['repeat', 'nurse', 'nurse'],
    ['repeat', 'doctor', 'doctor'],
    ['worse', 'nurse', 'nurse'],
    ['repeat', 'quality', 'everyone'],
  ] as const)('%s, owned by the %s: asks the level %s', (asking, role, escalationLevel) => {
    const alert = anOwnedAlert({
      owner: { role },
      round: { declined: ['x'] },
      step: { unreachable: ['y'] },
    });
    const asked = when(alert, beginRound(alert, asking), minute(16));
    expect(asked.round).toEqual({ number: 2, asking, declined: [], pages: {}, handedTo: null });
    expect(asked).toMatchObject({
      step: { escalationLevel, attempt: 0, asked: [], unreachable: [] },
      // Responsible until somebody accepts the new round.
      standing: { is: 'waiting', formerOwner: { clinicianId: nurse.id, round: 1 } },
    });
  });

  test('still critical after an emergency: everyone', () => {
    const alert = anOwnedAlert({ worst: 'emergency', announced: 'emergency' });
    expect(when(alert, beginRound(alert, 'recheck'), minute(16)).step.escalationLevel).toBe('everyone');
  });

  test('is refused when nobody has it', () => {
    const alert = aPagedAlert();
    expect(whyNot(alert, beginRound(alert, 'repeat'), minute(1))).toBe('notOwned');
  });

  test('is begun once', () => {
    const alert = anOwnedAlert();
    const asking = beginRound(alert, 'repeat');
    expect(whyNot(when(alert, asking, minute(16)), asking, minute(16))).toBe('movedOn');
  });

  test('says in its event why', () => {
    const alert = anOwnedAlert();
    const event = (asking: 'worse' | 'moved' | 'recheck' | 'repeat') =>
      when(alert, beginRound(alert, asking), minute(16)).events.at(-1);
    expect(event('worse')).toMatchObject({ type: 'interrupted', by: 'worse' });
    expect(event('moved')).toMatchObject({ type: 'interrupted', by: 'moved' });
    expect(event('recheck')).toMatchObject({ type: 'rechecked', found: 'stillCritical' });
    expect(event('repeat')).toMatchObject({ type: 'rechecked', found: 'noGoodMeasurement' });
  });
});

describe('closing a recovered patient', () => {
  const good = [aReadingAt(10), aReadingAt(11)];
  const close = (recent: CloseRecovered['recent'] = good) =>
    ({ type: 'closeRecovered', seen: seenAs(anOwnedAlert()), recent }) as const;

  test('ends the alert for good: nothing of it is due any more', () => {
    const closed = when(anOwnedAlert(), close([aReadingAt(10)]), minute(16));
    expect(closed.seq).toBe(4);
    expect(closed.standing).toEqual({
      is: 'closed',
      at: minute(16),
      reason: 'recovered',
      clinicianId: null,
      dueAt: null,
      formerOwner: anOwnedAlert().standing.owner,
    });
  });

  test('is refused when an alarming reading joined after the assessment had read the vitals', () => {
    const joined = anOwnedAlert({ seq: 4, alarmedAt: minute(12) });
    expect(whyNot(joined, close([aReadingAt(10)]), minute(16))).toBe('notRecovered');
  });

  test('is refused while worse news is untold, and when nobody has it', () => {
    expect(whyNot(anOwnedAlert({ worst: 'emergency' }), close(), minute(16))).toBe('worseSince');
    expect(whyNot(anAlert(), close(), minute(16))).toBe('notOwned');
  });
});

test('foreseen level by level is what the moves lead to; after the pause that follows everyone there is none', () => {
  const alert = aPagedAlert({ round: { declined: ['x'] }, step: { unreachable: [nurse.id] } });
  const levels: string[] = [];
  const goesOn = (from: Alert) => onNextStep(from, 'nobodyReached', minute(1));
  for (let next = goesOn(alert); next; next = goesOn(next))
    levels.push(
      `${next.step.escalationLevel} ${next.standing.is} ${next.round.declined} ${next.step.unreachable}`,
    );
  expect(levels).toEqual([
    'doctor waiting x ',
    'lead waiting x ',
    'everyone waiting  ',
    'everyone backingOff  ',
  ]);
  for (const over of [anOwnedAlert(), aClosedAlert()])
    expect(onNextStep(over, 'nobodyReached', minute(1))).toBeUndefined();
});
