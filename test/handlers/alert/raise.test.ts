import { describe, expect, test } from 'vitest';
import { noDanger } from '../../../handlers/clinical/danger.ts';
import { alarmLevels, isWorse } from '../../../handlers/clinical/severity.ts';
import {
  aClaim,
  aClosedAlert,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  at,
  bed4,
  minute,
  nurse,
  START,
  whenRaised,
} from './builders.ts';

describe('a patient without an open alert', () => {
  const alert = whenRaised(undefined, aClaim(), START, 'exec-1');

  test('gets one, named by the reading, on the first level, with a deadline and a time when it is due', () => {
    expect(alert).toMatchObject({
      pk: 'PATIENT#p-7',
      alertId: '3f9a0c21b7de4455',
      executionName: 'exec-1',
      seq: 1,
      openedAt: START,
      place: bed4,
      worst: 'critical',
      announced: null,
      round: { number: 1, asking: 'page' },
      step: { escalationLevel: 'nurse', attempt: 0 },
      standing: { is: 'waiting', deadline: minute(2), dueAt: minute(1), formerOwner: null },
    });
  });

  test('records who raised it', () => {
    expect(alert.events).toEqual([
      {
        seq: 1,
        type: 'raised',
        at: START,
        writeId: 'w',
        alertKey: 'PATIENT#p-7',
        alertId: '3f9a0c21b7de4455',
        executionName: 'exec-1',
        patientId: 'p-7',
        readingId: '3f9a0c21b7de4455aa',
        measurementId: 'bp-1@3',
        level: 'critical',
        policy: 'adult',
        sighting: { place: bed4, at: at(-2) },
        arrivedAt: at(-1),
        measuredAt: at(-2),
        danger: noDanger,
        deadline: minute(2),
        dueAt: minute(1),
      },
    ]);
  });

  test('is spoken of by six characters that survive the telephone', () => {
    expect(alert.reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/);
    expect(whenRaised(undefined, aClaim(), minute(9), 'other').reference).toBe(alert.reference);
  });

  test('has half the time in an emergency', () => {
    const emergency = whenRaised(undefined, aClaim({ level: 'emergency' }), START);
    expect(emergency.standing).toMatchObject({ deadline: minute(1) });
  });
});

test('after a closed alert the numbers go on, and nothing of the old one is left', () => {
  const over = aClosedAlert({ seq: 41, raisedAgain: 3, round: { number: 2, declined: [nurse.id] } });
  const claim = aClaim({ readingId: 'another-reading-1' });
  const alert = whenRaised(over, claim, minute(30), 'exec-9');
  expect(alert.seq).toBe(42);
  expect(alert.events).toHaveLength(1);
  const fresh = whenRaised(undefined, claim, minute(30), 'exec-9');
  // A step is told from every other one by the number of the write that began it.
  const { seq, step, events } = alert;
  expect(alert).toEqual({ ...fresh, seq, events, step: { ...fresh.step, id: step.id } });
  expect(fresh).toMatchObject({
    alertId: 'another-reading-',
    raisedAgain: 0,
    standing: { formerOwner: null },
    round: { pages: {} },
  });
});

describe('a patient with an open alert', () => {
  test('the reading joins it and leaves the wait alone', () => {
    const alert = aPagedAlert();
    const joined = whenRaised(alert, aClaim(), at(90), 'exec-2');
    expect(joined).toMatchObject({ executionName: 'exec-1', seq: 3 });
    expect(joined.standing).toEqual(alert.standing);
    expect(joined.events.at(-1)).toMatchObject({
      type: 'joined',
      readingId: '3f9a0c21b7de4455aa',
      news: null,
      takenOverBy: null,
    });
  });

  test.each(alarmLevels.flatMap((known) => alarmLevels.map((level) => [level, known] as const)))(
    '%s joining an alert that announced %s',
    (level, known) => {
      const alert = aPagedAlert({ worst: known, announced: known, standing: { dueAt: minute(20) } });
      const joined = whenRaised(alert, aClaim({ level }), START, 'exec-2');
      const worse = isWorse(level, known);
      expect(joined.events.at(-1)).toMatchObject({ level, news: worse ? 'worse' : null });
      expect(joined.worst).toBe(worse ? level : known);
      // Worse news has to be heard within a minute, or the sweeper takes over.
      expect(joined.standing).toMatchObject({ dueAt: worse ? minute(1) : minute(20) });
    },
  );

  test('worse news before anybody was told leaves the first page no more time than it grants', () => {
    const alert = anAlert({ standing: { deadline: minute(2) } });
    const worse = whenRaised(alert, aClaim({ level: 'emergency' }), at(10));
    expect(worse.standing).toMatchObject({ deadline: at(70) });
    const asBad = whenRaised(alert, aClaim(), at(10));
    expect(asBad.standing).toMatchObject({ deadline: minute(2) });
  });

  test('worse news ends a pause, and never puts the sweeper off', () => {
    const alert = aPagedAlert({ standing: { is: 'backingOff', dueAt: at(5) } });
    const joined = whenRaised(alert, aClaim({ level: 'emergency' }), START);
    expect(joined.standing).toEqual({ is: 'waiting', deadline: minute(2), dueAt: at(5), formerOwner: null });
    expect(whenRaised(alert, aClaim(), START).standing).toEqual(alert.standing);
  });

  test('worse news leaves the owner the alert until the workflow asks anew', () => {
    const joined = whenRaised(anOwnedAlert(), aClaim({ level: 'emergency' }), minute(1));
    expect(joined.standing).toMatchObject({ is: 'owned', deadline: minute(16) });
  });

  test('an overdue one is taken over at once, under the same deadline', () => {
    const alert = aPagedAlert({ standing: { dueAt: minute(3) } });
    const taken = whenRaised(alert, aClaim(), minute(3), 'exec-2');
    expect(taken).toMatchObject({
      executionName: 'exec-2',
      round: { pages: alert.round.pages },
      standing: { deadline: minute(2), dueAt: minute(4) },
    });
    expect(taken.events.at(-1)).toMatchObject({ type: 'joined', takenOverBy: 'exec-2' });
  });

  test('the newest alarm is what recovery has to outlive; a clock that runs ahead counts as arrival', () => {
    const late = aClaim({ measuredAt: minute(-60) });
    expect(whenRaised(anAlert(), late, START).alarmedAt).toBe(at(-2));
    const ahead = aClaim({ measuredAt: minute(60), arrivedAt: at(30) });
    expect(whenRaised(anAlert(), ahead, START).alarmedAt).toBe(at(30));
  });
});
