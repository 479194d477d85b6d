import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { assess } from '../../../handlers/alert/assess.ts';
import { escalationLevels } from '../../../handlers/alert/escalation-levels.ts';
import type { RecentReading } from '../../../handlers/reading/vitals.ts';
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
} from './builders.ts';

const asked = { executionName: 'exec-1', alertId: '3f9a0c21b7de4455' };

/** What the execution that carries the alert is told. */
function assessed(alert: Alert, now: string, { responders = [nurse], recent = [] as RecentReading[] } = {}) {
  return assess(alert, asked, { responders, recent }, now);
}

describe('whose alert it is', () => {
  test('another execution carries it: taken over', () => {
    expect(assessed(aPagedAlert({ executionName: 'exec-2' }), minute(1)).next).toBe('Taken over');
  });

  test('it is over, or the patient has a newer one: closed', () => {
    expect(assessed(aClosedAlert(), minute(17)).next).toBe('Closed');
    expect(assessed(aPagedAlert({ alertId: 'a-newer-one-1234' }), minute(1)).next).toBe('Closed');
  });
});

describe('somebody is to be asked', () => {
  test('nobody has been: page the level, until its deadline', () => {
    expect(assessed(anAlert(), at(5))).toEqual({
      next: 'Page nurse',
      round: 1,
      escalationLevel: 'nurse',
      attempt: 0,
      level: 'critical',
      deadline: minute(2),
      waitSeconds: 115,
    });
  });

  test.each([
    ['critical', ['Page nurse', 'Page doctor', 'Page lead', 'Page everyone']],
    ['suspect-critical', ['Page nurse', 'Page doctor', 'Page lead', 'Page everyone']],
    ['emergency', ['Page nurse and doctor', 'Page nurse and doctor', 'Page lead', 'Page everyone']],
    ['suspect-emergency', ['Page nurse and doctor', 'Page nurse and doctor', 'Page lead', 'Page everyone']],
  ] as const)('the console shows by the state whom: %s', (worst, states) => {
    const next = escalationLevels.map(
      (escalationLevel) => assessed(anAlert({ worst, step: { escalationLevel } }), at(5)).next,
    );
    expect(next).toEqual(states);
  });

  test('a wake with nothing new goes on waiting, not one second longer', () => {
    expect(assessed(aPagedAlert(), at(90))).toMatchObject({
      next: 'Page nurse',
      deadline: minute(2),
      waitSeconds: 30,
    });
  });

  test('everybody of the level declined: move on at once', () => {
    const alert = aPagedAlert({ round: { declined: [nurse.id] } });
    expect(assessed(alert, at(20))).toMatchObject({
      next: 'Move to the next step',
      because: 'everybodyDeclined',
    });
  });

  test('one of two declined: the other one is still waited for', () => {
    const alert = aPagedAlert({
      round: { declined: [nurse.id] },
      worst: 'emergency',
      announced: 'emergency',
    });
    expect(assessed(alert, at(20), { responders: [nurse, doctor] }).next).toBe('Page nurse and doctor');
  });

  test('declined and unreachable together leave nobody', () => {
    const alert = aPagedAlert({ round: { declined: [nurse.id] }, step: { unreachable: [doctor.id] } });
    expect(assessed(alert, at(20), { responders: [nurse, doctor] })).toMatchObject({
      next: 'Move to the next step',
      because: 'nobodyReached',
    });
  });

  test('nobody is on call: move on at once', () => {
    expect(assessed(anAlert(), at(1), { responders: [] })).toMatchObject({
      next: 'Move to the next step',
      because: 'nobodyOnCall',
    });
  });

  test('the ward has nobody at all: everyone is paged nevertheless, so that the operations hear of it', () => {
    const alert = anAlert({ step: { escalationLevel: 'everyone' } });
    expect(assessed(alert, at(1), { responders: [] }).next).toBe('Page everyone');
  });

  test('the deadline has come: move on', () => {
    expect(assessed(aPagedAlert(), minute(2))).toMatchObject({
      next: 'Move to the next step',
      because: 'timeIsUp',
    });
    expect(assessed(aPagedAlert(), at(119)).next).toBe('Page nurse');
  });
});

describe('worse than announced', () => {
  const worse = { worst: 'emergency' } as const;

  test('while somebody is waited for: announced on the same level, with the time of the new level at most', () => {
    expect(assessed(aPagedAlert({ ...worse, standing: { deadline: minute(2) } }), at(10))).toMatchObject({
      next: 'Page nurse and doctor',
      escalationLevel: 'nurse',
      level: 'emergency',
      deadline: at(70),
      waitSeconds: 60,
    });
    expect(assessed(aPagedAlert(worse), at(100))).toMatchObject({
      next: 'Page nurse and doctor',
      deadline: minute(2),
      waitSeconds: 20,
    });
  });

  test('on a level that has declined: the next level first', () => {
    const alert = aPagedAlert({ ...worse, round: { declined: [nurse.id] } });
    expect(assessed(alert, at(10)).next).toBe('Move to the next step');
  });

  test('after acceptance: a new round', () => {
    expect(assessed(anOwnedAlert(worse), minute(5))).toMatchObject({
      next: 'Begin a new round',
      asking: 'worse',
    });
  });
});

describe('somebody has it', () => {
  test('until the recheck: wait', () => {
    expect(assessed(anOwnedAlert(), minute(10))).toMatchObject({
      next: 'Wait for the recheck',
      deadline: minute(16),
      waitSeconds: 360,
    });
  });

  test('a mail that somebody is yet to get does not bring the recheck forward', () => {
    const alert = anOwnedAlert({ step: { turns: { [doctor.id]: at(90) } } });
    expect(assessed(alert, at(70))).toMatchObject({ next: 'Wait for the recheck', deadline: minute(16) });
  });

  test.each([
    ['recovered', [aReadingAt(10)], { next: 'Close alert' }],
    ['still critical', [aReadingAt(10, 'critical')], { next: 'Begin a new round', asking: 'recheck' }],
    ['silent', [], { next: 'Begin a new round', asking: 'repeat' }],
  ] as const)('at the recheck, %s', (_what, recent, next) => {
    expect(assessed(anOwnedAlert(), minute(16), { recent: [...recent] })).toMatchObject(next);
  });

  test('the owner of an earlier round is no reason to wait', () => {
    const alert = aPagedAlert({
      round: { number: 2 },
      owner: { round: 1 },
      standing: { deadline: minute(18) },
    });
    expect(assessed(alert, minute(17)).next).toBe('Page nurse');
  });
});

describe('a mail waits for its turn', () => {
  const paged = (turnAt: string) => aPagedAlert({ step: { turns: { [nurse.id]: turnAt } } });

  test('far ahead: pause until just before it', () => {
    expect(assessed(paged(at(60)), at(10))).toMatchObject({
      next: 'Pause before calling again',
      deadline: at(58),
      waitSeconds: 48,
    });
  });

  test('near, or past: page, and the function waits the rest', () => {
    expect(assessed(paged(at(11)), at(10)).next).toBe('Page nurse');
    expect(assessed(paged(at(9)), at(10)).next).toBe('Page nurse');
    expect(assessed(paged(at(13)), at(10)).next).toBe('Page nurse');
    expect(assessed(paged(at(13.001)), at(10)).next).toBe('Pause before calling again');
  });

  test('the next turn is the soonest of those who still wait for their mail', () => {
    const turns = { declined: at(30), mailed: at(31), lost: at(32), later: at(70), sooner: at(50) };
    const alert = aPagedAlert({
      round: { declined: ['declined'] },
      step: { mailed: ['mailed'], unreachable: ['lost'], turns },
    });
    expect(assessed(alert, at(10))).toMatchObject({
      next: 'Pause before calling again',
      deadline: at(48),
    });
  });
});

describe('everyone was tried and nobody could be reached', () => {
  const pausing = aPagedAlert({
    step: { escalationLevel: 'everyone', unreachable: [nurse.id] },
    standing: { is: 'backingOff', deadline: minute(3) },
  });

  test('pause, then call everyone again', () => {
    expect(assessed(pausing, at(150))).toMatchObject({
      next: 'Pause before calling again',
      deadline: minute(3),
      waitSeconds: 30,
    });
    expect(assessed(pausing, minute(3))).toMatchObject({
      next: 'Move to the next step',
      because: 'timeIsUp',
    });
  });

  test('the pause has its own minute: the turns of mails that nobody took do not shorten it', () => {
    const step = { ...pausing.step, turns: { [doctor.id]: at(160) } };
    expect(assessed({ ...pausing, step }, at(121))).toMatchObject({
      next: 'Pause before calling again',
      deadline: minute(3),
    });
  });

  test('the same failure does not spin, however bad the news', () => {
    expect(assessed({ ...pausing, worst: 'emergency' }, at(150)).next).toBe('Pause before calling again');
  });
});
