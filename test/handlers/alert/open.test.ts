import { describe, expect, test } from 'vitest';
import { raise } from '../../../handlers/alert/open.ts';
import { alarmLevels, isWorse } from '../../../handlers/clinical/severity.ts';
import { aClaim, anAlert, anOwnedAlert, aPagedAlert, at, minute, START } from './builders.ts';

describe('a patient without an open alert', () => {
  const { outcome, alert } = raise(aClaim(), undefined, 'exec-1', START, 'w1');

  test('gets one, named by the reading, on the first rung, with a deadline and a place in the due index', () => {
    expect(outcome).toBe('opened');
    expect(alert).toMatchObject({
      pk: 'PATIENT#p-7',
      alertId: '3f9a0c21b7de4455',
      status: 'open',
      executionName: 'exec-1',
      seq: 1,
      round: 1,
      rung: 'nurse',
      pass: 0,
      worst: 'critical',
      announced: null,
      deadline: minute(2),
      dueOn: 'alert',
      dueAt: minute(1),
    });
  });

  test('records who raised it', () => {
    expect(alert.events).toEqual([
      {
        seq: 1,
        type: 'raised',
        at: START,
        writeId: 'w1',
        round: 1,
        rung: 'nurse',
        level: 'critical',
        readingId: '3f9a0c21b7de4455aa',
        executionName: 'exec-1',
      },
    ]);
  });

  test('is spoken of by six characters that survive the telephone', () => {
    expect(alert.reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/);
    expect(raise(aClaim(), undefined, 'other', minute(9), 'w2').alert.reference).toBe(alert.reference);
  });

  test('has half the time in an emergency', () => {
    expect(raise(aClaim({ level: 'emergency' }), undefined, 'e', START, 'w').alert.deadline).toBe(minute(1));
  });
});

test('after a closed alert the numbers go on, and nothing of the old one is left', () => {
  const { dueOn: _dueOn, dueAt: _dueAt, ...over } = anOwnedAlert({ status: 'closed', seq: 41, attempt: 3 });
  const { outcome, alert } = raise(
    aClaim({ readingId: 'another-reading-1' }),
    over,
    'exec-9',
    minute(30),
    'w1',
  );
  expect(outcome).toBe('opened');
  expect(alert).toMatchObject({
    alertId: 'another-reading-',
    seq: 42,
    attempt: 0,
    ownerId: null,
    pages: {},
    token: null,
  });
  expect(alert.events).toHaveLength(1);
});

describe('a patient with an open alert', () => {
  test('the reading joins it and leaves the wait alone', () => {
    const alert = aPagedAlert();
    const joined = raise(aClaim(), alert, 'exec-2', at(90), 'w1');
    expect(joined).toMatchObject({ outcome: 'joined', worse: false });
    expect(joined.alert).toMatchObject({
      executionName: 'exec-1',
      seq: 3,
      deadline: alert.deadline,
      dueAt: alert.dueAt,
    });
    expect(joined.alert.events.at(-1)).toMatchObject({ type: 'joined', readingId: '3f9a0c21b7de4455aa' });
  });

  test.each(alarmLevels.flatMap((known) => alarmLevels.map((level) => [level, known] as const)))(
    '%s joining an alert that announced %s',
    (level, known) => {
      const alert = aPagedAlert({ worst: known, announced: known, dueAt: minute(20) });
      const joined = raise(aClaim({ level }), alert, 'exec-2', START, 'w1');
      const worse = isWorse(level, known);
      expect(joined.worse).toBe(worse);
      expect(joined.alert.worst).toBe(worse ? level : known);
      // Worse news has to be heard within a minute, or the sweeper takes over.
      expect(joined.alert.dueAt).toBe(worse ? minute(1) : minute(20));
    },
  );

  test('worse news before anybody was told leaves the first page no more time than it grants', () => {
    const { alert } = raise(
      aClaim({ level: 'emergency' }),
      anAlert({ deadline: minute(2) }),
      'e',
      at(10),
      'w1',
    );
    expect(alert.deadline).toBe(at(70));
    expect(raise(aClaim(), anAlert({ deadline: minute(2) }), 'e', at(10), 'w1').alert.deadline).toBe(
      minute(2),
    );
  });

  test('worse news ends a pause, and never puts the sweeper off', () => {
    const alert = aPagedAlert({ resting: true, dueAt: at(5) });
    const { alert: joined } = raise(aClaim({ level: 'emergency' }), alert, 'exec-2', START, 'w1');
    expect(joined).toMatchObject({ resting: false, dueAt: at(5) });
  });

  test('an overdue one is taken over at once, under the same deadline', () => {
    const alert = aPagedAlert({ dueAt: minute(3) });
    const taken = raise(aClaim(), alert, 'exec-2', minute(3), 'w1');
    expect(taken.outcome).toBe('taken over');
    expect(taken.alert).toMatchObject({
      executionName: 'exec-2',
      deadline: minute(2),
      dueAt: minute(4),
      pages: alert.pages,
    });
  });

  test('the newest alarm is what recovery has to outlive; a clock that runs ahead counts as arrival', () => {
    const late = raise(aClaim({ measuredAt: minute(-60) }), anAlert(), 'e', START, 'w').alert;
    expect(late.alarmedAt).toBe(at(-2));
    const ahead = aClaim({ measuredAt: minute(60), arrivedAt: at(30) });
    expect(raise(ahead, anAlert(), 'e', START, 'w').alert.alarmedAt).toBe(at(30));
  });
});
