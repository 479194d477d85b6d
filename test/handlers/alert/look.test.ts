import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { look } from '../../../handlers/alert/look.ts';
import type { RecentReading } from '../../../handlers/reading/vitals.ts';
import { anAlert, anOwnedAlert, aPagedAlert, aReadingAt, at, doctor, minute, nurse } from './builders.ts';

const me = { me: 'exec-1', alertId: '3f9a0c21b7de4455' };

function seen(
  alert: Alert,
  now: string,
  { people = [nurse], recent = [] as RecentReading[] } = {},
  who = me,
) {
  return look(alert, who, { people, recent }, now);
}

describe('whose alert it is', () => {
  test('another execution carries it: leave it', () => {
    expect(seen(aPagedAlert({ executionName: 'exec-2' }), minute(1)).step).toBe('leave');
  });
  test('it is over, or the patient has a newer one: closed', () => {
    expect(seen(aPagedAlert({ status: 'closed' }), minute(1)).step).toBe('closed');
    expect(seen(aPagedAlert({ alertId: 'a-newer-one-1234' }), minute(1)).step).toBe('closed');
  });
});

describe('somebody is to be asked', () => {
  test('nobody has been: page the rung, until its deadline', () => {
    expect(seen(anAlert(), at(5))).toMatchObject({
      step: 'page',
      round: 1,
      rung: 'nurse',
      pass: 0,
      emergency: false,
      level: 'critical',
      deadline: minute(2),
      waitSeconds: 115,
    });
  });

  test('a bell with nothing new goes on waiting, not one second longer', () => {
    expect(seen(aPagedAlert(), at(90))).toMatchObject({ step: 'page', deadline: minute(2), waitSeconds: 30 });
  });

  test('everybody of the rung declined: move on at once', () => {
    const alert = aPagedAlert({ declined: [nurse.id] });
    expect(seen(alert, at(20))).toMatchObject({ step: 'move on', because: 'everybody declined' });
  });

  test('one of two declined: the other one is still waited for', () => {
    const alert = aPagedAlert({ declined: [nurse.id], worst: 'emergency', announced: 'emergency' });
    expect(seen(alert, at(20), { people: [nurse, doctor] }).step).toBe('page');
  });

  test('declined and unreachable together leave nobody', () => {
    const alert = aPagedAlert({ declined: [nurse.id], unreachable: [doctor.id] });
    const { step, because } = seen(alert, at(20), { people: [nurse, doctor] }) as {
      step: string;
      because: string;
    };
    expect([step, because]).toEqual(['move on', 'nobody could be reached']);
  });

  test('nobody is on call: move on at once', () => {
    expect(seen(anAlert(), at(1), { people: [] })).toMatchObject({
      step: 'move on',
      because: 'nobody is on call',
    });
  });

  test('the ward has nobody at all: everyone is paged nevertheless, so that the operations hear of it', () => {
    expect(seen(anAlert({ rung: 'everyone' }), at(1), { people: [] }).step).toBe('page');
  });

  test('the deadline has come: move on', () => {
    expect(seen(aPagedAlert(), minute(2))).toMatchObject({ step: 'move on', because: 'time is up' });
    expect(seen(aPagedAlert(), at(119)).step).toBe('page');
  });
});

describe('worse than announced', () => {
  const worse = { worst: 'emergency' } as const;

  test('while somebody is waited for: announced on the same rung, with the time of the new level at most', () => {
    expect(seen(aPagedAlert({ ...worse, deadline: minute(2) }), at(10))).toMatchObject({
      step: 'page',
      rung: 'nurse',
      emergency: true,
      deadline: at(70),
      waitSeconds: 60,
    });
    expect(seen(aPagedAlert(worse), at(100))).toMatchObject({
      step: 'page',
      deadline: minute(2),
      waitSeconds: 20,
    });
  });

  test('on a rung that has declined: the next rung first', () => {
    expect(seen(aPagedAlert({ ...worse, declined: [nurse.id] }), at(10)).step).toBe('move on');
  });

  test('after acceptance: a new round', () => {
    expect(seen(anOwnedAlert(worse), minute(5))).toMatchObject({ step: 'new round', asking: 'worse' });
  });
});

describe('somebody has it', () => {
  test('until the recheck: wait', () => {
    expect(seen(anOwnedAlert(), minute(10))).toMatchObject({ step: 'wait', waitSeconds: 360 });
  });
  test.each([
    ['recovered', [aReadingAt(10)], { step: 'close' }],
    ['still critical', [aReadingAt(10, 'critical')], { step: 'new round', asking: 'recheck' }],
    ['silent', [], { step: 'new round', asking: 'repeat' }],
  ] as const)('at the recheck, %s', (_what, recent, next) => {
    expect(seen(anOwnedAlert(), minute(16), { recent: [...recent] })).toMatchObject(next);
  });
  test('the owner of an earlier round is no reason to wait', () => {
    expect(seen(anOwnedAlert({ round: 2, deadline: minute(18) }), minute(17)).step).toBe('page');
  });
});

describe('everyone was tried and nobody could be reached', () => {
  const resting = aPagedAlert({
    rung: 'everyone',
    resting: true,
    unreachable: [nurse.id],
    deadline: minute(3),
  });
  test('pause, then call everyone again', () => {
    expect(seen(resting, at(150))).toMatchObject({ step: 'rest', waitSeconds: 30 });
    expect(seen(resting, minute(3))).toMatchObject({ step: 'move on', because: 'time is up' });
  });
  test('the same failure does not spin, however bad the news', () => {
    expect(seen({ ...resting, worst: 'emergency' }, at(150)).step).toBe('rest');
  });
});
