import { describe, expect, test } from 'vitest';
import type { Stuck } from '../../../handlers/alert/due.ts';
import {
  aClaim,
  aClosedAlert,
  aPagedAlert,
  at,
  minute,
  START,
  when,
  whenRaised,
  whyNot,
} from './builders.ts';

const resume = (stuck: Stuck) => ({ type: 'resume', stuck }) as const;
const overdue = resume({ because: 'overdue' });
const ended = (executionName: string) => resume({ because: 'executionEnded', executionName });

describe('an alert whose next step did not come', () => {
  test('is carried on by another execution, on the same level, under the same deadline', () => {
    const alert = aPagedAlert({ standing: { dueAt: minute(3) } });
    const resumed = when(alert, overdue, minute(3));
    expect(resumed).toMatchObject({
      executionName: '3f9a0c21b7de4455-a1',
      raisedAgain: 1,
      round: alert.round,
      step: alert.step,
      standing: { is: 'waiting', deadline: minute(2), dueAt: minute(4) },
    });
    expect(resumed.events.at(-1)).toMatchObject({ type: 'resumed', because: 'overdue' });
  });

  test('is left alone when it is not due, or over', () => {
    const alert = aPagedAlert({ standing: { dueAt: minute(3) } });
    expect(whyNot(alert, overdue, at(179))).toBe('notStuck');
    expect(whyNot(aClosedAlert(), overdue, minute(60))).toBe('closed');
  });

  test('is carried on at once when its execution ended badly', () => {
    const alert = aPagedAlert({ standing: { dueAt: minute(3) } });
    const resumed = when(alert, ended('exec-1'), at(5));
    expect(resumed.raisedAgain).toBe(1);
    expect(resumed.events.at(-1)).toMatchObject({ type: 'resumed', because: 'executionEnded' });
    expect(whyNot(alert, ended('exec-0'), at(5))).toBe('notStuck');
  });

  test('is carried on at once also when it has only just begun', () => {
    const alert = whenRaised(undefined, aClaim(), START);
    expect(when(alert, ended(alert.executionName), at(5)).raisedAgain).toBe(1);
  });

  test('is not restarted as fast as a fault can end it, but at once again after a minute', () => {
    const once = when(aPagedAlert(), ended('exec-1'), at(5));
    const endedAgain = ended(once.executionName);
    expect(whyNot(once, endedAgain, at(6))).toBe('notStuck');
    const waits = when(
      { ...once, standing: { is: 'waiting', deadline: minute(19), dueAt: minute(20), formerOwner: null } },
      endedAgain,
      at(66),
    );
    expect(waits).toMatchObject({ raisedAgain: 2, executionName: '3f9a0c21b7de4455-a2' });
  });
});
