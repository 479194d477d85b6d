import { describe, expect, test } from 'vitest';
import { closeRecovered, moveOn, newRound, storeWait } from '../../../handlers/alert/advance.ts';
import type { Alert } from '../../../handlers/alert/alert.ts';
import {
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  at,
  changed,
  minute,
  nurse,
  refused,
} from './builders.ts';

const seen = ({ round, rung, pass }: Alert) => ({ me: 'exec-1', round, rung, pass });
const timeIsUp = (alert: Alert) => ({ ...seen(alert), because: 'time is up' });

describe('time is up', () => {
  test('after the page: a reminder on the same rung, with its own two minutes', () => {
    const alert = aPagedAlert();
    const moved = changed(moveOn(alert, timeIsUp(alert), minute(2), 'w'));
    expect(moved).toMatchObject({
      rung: 'nurse',
      pass: 1,
      asked: [],
      deadline: minute(4),
      dueAt: minute(3),
      seq: 3,
    });
    expect(moved.pages).toEqual(alert.pages);
    expect(moved.events.at(-1)).toMatchObject({ type: 'timed out', reason: 'time is up' });
  });

  test('after the reminder: the next rung', () => {
    const alert = aPagedAlert({ pass: 1 });
    const moved = changed(moveOn(alert, timeIsUp(alert), minute(4), 'w'));
    expect(moved).toMatchObject({ rung: 'doctor', pass: 0, deadline: minute(6) });
    expect(moved.events.at(-1)).toMatchObject({ type: 'escalated', reason: 'time is up', rung: 'doctor' });
  });

  test('in an emergency everyone is next, for a quarter of an hour', () => {
    const alert = aPagedAlert({ pass: 1, worst: 'emergency', announced: 'emergency' });
    expect(changed(moveOn(alert, timeIsUp(alert), minute(2), 'w'))).toMatchObject({
      rung: 'everyone',
      pass: 0,
      deadline: minute(17),
    });
  });

  test('everyone, and nobody answered: unanswered, once; and everyone again, also who could not come', () => {
    const alert = aPagedAlert({ rung: 'everyone', declined: [nurse.id], unreachable: ['doctor-1'] });
    const first = changed(moveOn(alert, timeIsUp(alert), minute(15), 'w1'));
    expect(first).toMatchObject({
      rung: 'everyone',
      pass: 1,
      declined: [],
      unreachable: [],
      deadline: minute(30),
    });
    expect(first.events.at(-1)?.type).toBe('unanswered');
    const second = changed(moveOn(first, timeIsUp(first), minute(30), 'w2'));
    expect(second).toMatchObject({ pass: 2 });
    expect(second.events.at(-1)?.type).toBe('timed out');
  });
});

describe('a failure, or nobody left', () => {
  test.each(['the page failed', 'everybody declined', 'nobody could be reached', 'nobody is on call'])(
    '%s: no reminder, the next rung at once',
    (because) => {
      const alert = aPagedAlert({ declined: [nurse.id] });
      const moved = changed(moveOn(alert, { ...seen(alert), because }, at(10), 'w'));
      expect(moved).toMatchObject({ rung: 'doctor', pass: 0, declined: [nurse.id], deadline: at(130) });
      expect(moved.events.at(-1)).toMatchObject({ type: 'escalated', reason: because });
    },
  );

  test('who could not be reached is tried again on the next rung', () => {
    const alert = aPagedAlert({ unreachable: [nurse.id] });
    const because = 'nobody could be reached';
    expect(changed(moveOn(alert, { ...seen(alert), because }, at(10), 'w')).unreachable).toEqual([]);
  });

  test('everyone: a pause of a minute, then the next pass', () => {
    const alert = aPagedAlert({ rung: 'everyone' });
    const failed = { ...seen(alert), because: 'nobody could be reached' };
    const resting = changed(moveOn(alert, failed, at(10), 'w1'));
    expect(resting).toMatchObject({ rung: 'everyone', pass: 0, resting: true, deadline: at(70) });
    expect(refused(moveOn(resting, failed, at(11), 'w2'))).toBe('moved on');
    const next = changed(moveOn(resting, timeIsUp(resting), at(70), 'w3'));
    expect(next).toMatchObject({ pass: 1, resting: false, deadline: at(70 + 900) });
    expect(next.events.at(-1)?.type).toBe('unanswered');
  });
});

describe('what Look saw has changed: nothing is written', () => {
  test.each([
    ['taken over', { executionName: 'exec-2' }],
    ['closed', { status: 'closed' }],
    ['answered', { ownerId: nurse.id, ownerRound: 1 }],
    ['moved on', { pass: 1 }],
    ['moved on', { rung: 'doctor' }],
    ['moved on', { round: 2 }],
  ] as const)('%s', (why, changes) => {
    expect(refused(moveOn(aPagedAlert(changes), timeIsUp(aPagedAlert()), minute(2), 'w'))).toBe(why);
  });
});

describe('waiting for the recheck', () => {
  test('keeps the deadline, and gives the sweeper the minute after it', () => {
    const alert = anOwnedAlert();
    const waiting = changed(storeWait(alert, { ...seen(alert), token: 'token-2' }, minute(1), 'w'));
    expect(waiting).toMatchObject({ token: 'token-2', deadline: minute(16), dueAt: minute(17) });
  });

  test('is refused when worse news is still to be told, so that no bell is missed', () => {
    const alert = anOwnedAlert({ worst: 'emergency' });
    expect(refused(storeWait(alert, { ...seen(alert), token: 't' }, minute(1), 'w'))).toBe('worse since');
  });

  test('is refused when nobody has it', () => {
    const alert = aPagedAlert();
    expect(refused(storeWait(alert, { ...seen(alert), token: 't' }, minute(1), 'w'))).toBe('moved on');
  });

  test('also holds the pause after nobody could be reached', () => {
    const alert = aPagedAlert({ rung: 'everyone', resting: true });
    expect(changed(storeWait(alert, { ...seen(alert), token: 't' }, minute(1), 'w')).token).toBe('t');
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
  ] as const)('%s, owned by the %s: asks the rung %s', (asking, ownerRole, rung) => {
    const alert = anOwnedAlert({ ownerRole, declined: ['x'], unreachable: ['y'] });
    const asked = changed(newRound(alert, { ...seen(alert), asking }, minute(16), 'w'));
    expect(asked).toMatchObject({
      round: 2,
      rung,
      pass: 0,
      asking,
      declined: [],
      unreachable: [],
      pages: {},
      asked: [],
    });
    // Responsible until somebody accepts the new round.
    expect(asked).toMatchObject({ ownerId: nurse.id, ownerRound: 1 });
  });

  test('still critical after an emergency: everyone', () => {
    const alert = anOwnedAlert({ worst: 'emergency', announced: 'emergency' });
    expect(changed(newRound(alert, { ...seen(alert), asking: 'recheck' }, minute(16), 'w')).rung).toBe(
      'everyone',
    );
  });

  test('is begun once', () => {
    const alert = anOwnedAlert();
    const asking = { ...seen(alert), asking: 'repeat' } as const;
    expect(
      refused(newRound(changed(newRound(alert, asking, minute(16), 'w1')), asking, minute(16), 'w2')),
    ).toBe('moved on');
  });

  test('says in its event why', () => {
    const alert = anOwnedAlert();
    const event = (asking: 'worse' | 'recheck' | 'repeat') =>
      changed(newRound(alert, { ...seen(alert), asking }, minute(16), 'w')).events.at(-1);
    expect(event('worse')?.type).toBe('interrupted');
    expect(event('recheck')).toMatchObject({ type: 'rechecked', reason: 'still critical' });
    expect(event('repeat')).toMatchObject({ type: 'rechecked', reason: 'no good measurement' });
  });
});

describe('closing a recovered patient', () => {
  const alert = anOwnedAlert();

  test('takes the alert off the due index', () => {
    const closed = changed(closeRecovered(alert, seen(alert), [aReadingAt(10)], minute(16), 'w'));
    expect(closed).toMatchObject({
      status: 'closed',
      closedBecause: 'recovered',
      closedAt: minute(16),
      seq: 4,
    });
    expect(closed).not.toHaveProperty('dueAt');
    expect(closed).not.toHaveProperty('dueOn');
  });

  test('is refused when an alarming reading joined after Look had read the vitals', () => {
    const joined = { ...alert, seq: 4, alarmedAt: minute(12) };
    expect(refused(closeRecovered(joined, seen(alert), [aReadingAt(10)], minute(16), 'w'))).toBe(
      'not recovered',
    );
  });

  test('is refused while worse news is untold, and when nobody has it', () => {
    const worse = { ...alert, worst: 'emergency' } as const;
    const good = [aReadingAt(10), aReadingAt(11)];
    expect(refused(closeRecovered(worse, seen(alert), good, minute(16), 'w'))).toBe('worse since');
    expect(refused(closeRecovered(anAlert(), seen(alert), good, minute(16), 'w'))).toBe('not owned');
  });
});
