import { describe, expect, test } from 'vitest';
import { raiseAgain, resumeInput } from '../../../handlers/alert/sweep.ts';
import { aClaim, aFulfilledClaim, aPagedAlert, aSupersededClaim, at, minute } from './builders.ts';

const overdue = { because: 'overdue' } as const;
const ended = (executionName: string) => ({ because: 'executionEnded', executionName }) as const;

describe('a claim that nobody took', () => {
  test('is raised under its next name, and is due again in a minute', () => {
    const again = raiseAgain(aClaim(), overdue, minute(1));
    expect(again).toEqual({
      ...aClaim(),
      raisedAgain: 1,
      executionName: 'critical-ward-001-4-20261124T0300Z-3f9a0c21b7de-r1',
      dueAt: minute(2),
    });
    expect(raiseAgain(again ?? aClaim(), overdue, minute(2))?.executionName).toMatch(/-3f9a0c21b7de-r2$/);
  });

  test('keeps its name, however often it is raised and whatever its ward is called', () => {
    const claim = aClaim({ executionName: 'critical-ward-r2-4-3f9a0c21b7de-r10', raisedAgain: 10 });
    expect(raiseAgain(claim, overdue, minute(9))?.executionName).toBe('critical-ward-r2-4-3f9a0c21b7de-r11');
  });

  test('is left alone before its time, and once it is fulfilled or superseded', () => {
    expect(raiseAgain(aClaim(), overdue, at(59))).toBeUndefined();
    expect(raiseAgain(aFulfilledClaim('3f9a0c21b7de4455'), overdue, minute(9))).toBeUndefined();
    expect(raiseAgain(aSupersededClaim(), overdue, minute(9))).toBeUndefined();
    const fulfilled = aFulfilledClaim('3f9a0c21b7de4455');
    expect(raiseAgain(fulfilled, ended(fulfilled.executionName), at(5))).toBeUndefined();
  });

  test('is raised at once when its own execution ended badly, but not as fast as executions can end', () => {
    const claim = aClaim();
    const again = raiseAgain(claim, ended(claim.executionName), at(5));
    expect(again?.raisedAgain).toBe(1);
    expect(raiseAgain(claim, ended('another'), at(5))).toBeUndefined();
    expect(raiseAgain(again ?? claim, ended(again?.executionName ?? ''), at(6))).toBeUndefined();
  });
});

test('an execution that carries an alert on is told ids, level and place, and nothing else', () => {
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
