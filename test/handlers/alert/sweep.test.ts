import { describe, expect, test } from 'vitest';
import { raiseAgain, resume, resumeInput } from '../../../handlers/alert/sweep.ts';
import { aClaim, anOwnedAlert, aPagedAlert, at, changed, minute, refused } from './builders.ts';

const overdue = { because: 'overdue' } as const;
const ended = (executionName: string) => ({ because: 'execution ended', executionName }) as const;

describe('a claim that nobody took', () => {
  test('is raised under its next name, and is due again in a minute', () => {
    const again = raiseAgain(aClaim(), overdue, minute(1));
    expect(again).toMatchObject({
      attempt: 1,
      executionName: 'critical-ward-001-4-20261124T0300Z-3f9a0c21b7de-r1',
      dueAt: minute(2),
      dueOn: 'claim',
      status: 'unfulfilled',
    });
    expect(raiseAgain(again ?? aClaim(), overdue, minute(2))?.executionName).toMatch(/-3f9a0c21b7de-r2$/);
  });

  test('is left alone before its time, and once it is fulfilled or superseded', () => {
    expect(raiseAgain(aClaim(), overdue, at(59))).toBeUndefined();
    expect(raiseAgain(aClaim({ status: 'fulfilled' }), overdue, minute(9))).toBeUndefined();
    expect(raiseAgain(aClaim({ status: 'superseded' }), overdue, minute(9))).toBeUndefined();
  });

  test('is raised at once when its own execution ended badly, but not as fast as executions can end', () => {
    const claim = aClaim();
    const again = raiseAgain(claim, ended(claim.executionName), at(5));
    expect(again?.attempt).toBe(1);
    expect(raiseAgain(claim, ended('another'), at(5))).toBeUndefined();
    expect(raiseAgain(again ?? claim, ended(again?.executionName ?? ''), at(6))).toBeUndefined();
  });
});

describe('an alert whose next step did not come', () => {
  test('is carried on by another execution, on the same rung, under the same deadline', () => {
    const alert = aPagedAlert({ dueAt: minute(3) });
    const resumed = changed(resume(alert, overdue, minute(3), 'w'));
    expect(resumed).toMatchObject({
      executionName: '3f9a0c21b7de4455-a1',
      attempt: 1,
      dueAt: minute(4),
      rung: 'nurse',
      pass: 0,
      deadline: minute(2),
      pages: alert.pages,
    });
    expect(resumed.events.at(-1)).toMatchObject({ type: 'resumed', reason: 'overdue' });
  });

  test('is left alone when it is not due, or over', () => {
    expect(refused(resume(aPagedAlert({ dueAt: minute(3) }), overdue, at(179), 'w'))).toBe('not stuck');
    expect(refused(resume(anOwnedAlert({ status: 'closed' }), overdue, minute(60), 'w'))).toBe('closed');
  });

  test('is carried on at once when its execution ended badly', () => {
    const alert = aPagedAlert({ dueAt: minute(3) });
    expect(changed(resume(alert, ended('exec-1'), at(5), 'w')).attempt).toBe(1);
    expect(refused(resume(alert, ended('exec-0'), at(5), 'w'))).toBe('not stuck');
  });

  test('is not restarted as fast as a fault can end it, but at once again after a minute', () => {
    const once = changed(resume(aPagedAlert(), ended('exec-1'), at(5), 'w1'));
    expect(refused(resume(once, ended(once.executionName), at(6), 'w2'))).toBe('not stuck');
    const waiting = { ...once, dueAt: minute(20) };
    expect(changed(resume(waiting, ended(once.executionName), at(66), 'w3')).attempt).toBe(2);
  });

  test('tells its execution ids, level and place, and nothing else', () => {
    expect(resumeInput(aPagedAlert())).toEqual({
      resume: true,
      alertKey: 'PATIENT#p-7',
      alertId: '3f9a0c21b7de4455',
      level: 'critical',
      ward: 'ward-001',
      bed: '4',
      arrivedAt: at(-1),
    });
  });
});
