import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { asideRows } from '../../../handlers/alert/event-rows.ts';
import { SetAside } from '../../../handlers/alert/set-aside.ts';
import { StoredAlert } from '../../../handlers/aws/dynamodb/alert-store.ts';
import { aClosedAlert, anAlert, anOwnedAlert, bed4, minute, stored, whenSetAside } from './builders.ts';

const broken = (changes: object, alert: Alert = anOwnedAlert()) => ({ ...stored(alert), ...changes });
const whenBroken = (item: Record<string, unknown>) => whenSetAside(item, minute(5));

test('the patient is raised again as bad as it was, at the place where it was, and is due at once', () => {
  const item = broken({ told: 'nobody' });
  const { aside, alert } = whenBroken(item);
  expect(aside).toMatchObject({ pk: 'ASIDE#PATIENT#p-7#4', alertId: '3f9a0c21b7de4455', seq: 4, round: 1 });
  expect(aside.original).toEqual(item);
  expect(alert).toMatchObject({
    pk: 'PATIENT#p-7',
    patientId: 'p-7',
    seq: 5,
    worst: 'critical',
    policy: 'adult',
    place: bed4,
    announced: null,
    standing: { is: 'waiting', deadline: minute(7), dueAt: minute(5), formerOwner: null },
  });
  expect(alert.alertId).not.toBe(aside.alertId);
});

test.each([
  ['as loud as it was', { told: 'nobody' }, 'lead', minute(7)],
  ['with the doctor, where nobody can read how loud it was', { step: 'lead' }, 'doctor', minute(7)],
  [
    'with everyone, where everyone was called',
    { step: anAlert({ step: { escalationLevel: 'everyone' } }).step },
    'everyone',
    minute(20),
  ],
])('the patient is raised again %s, alarming since its first reading', (_how, changes, level, deadline) => {
  const alert = anAlert({ step: { escalationLevel: 'lead', attempt: 1 }, arrivedAt: minute(-9) });
  expect(whenBroken(broken({ round: 'one', ...changes }, alert)).alert).toMatchObject({
    arrivedAt: minute(-9),
    step: { escalationLevel: level, attempt: 0, asked: [] },
    standing: { deadline },
  });
});

test('what nothing can be read of is an emergency, of a place that nobody knows; its number is above all others', () => {
  const { aside, alert } = whenBroken({ pk: 'PATIENT#p-7' });
  expect(aside).toMatchObject({ alertId: null, round: 0, level: 'emergency' });
  expect(aside.seq).toBe(Date.parse(minute(5)) / 1000 + 1);
  expect(alert).toMatchObject({
    worst: 'emergency',
    arrivedAt: minute(5),
    place: { bed: null },
    placedAt: null,
    standing: { deadline: minute(6) },
  });
});

test('numbers go on behind the highest that is named', () => {
  expect(whenBroken(broken({ seq: 'three', events: [{ seq: 8 }, null, { seq: 9 }] })).aside.seq).toBe(10);
  expect(whenBroken(broken({ events: 'none' })).aside.seq).toBe(4);
});

test('a number too large to go on counting from is none', () => {
  const { MAX_SAFE_INTEGER: last } = Number;
  expect(whenBroken(broken({ seq: last, events: [{ seq: 8 }, { seq: last }] })).aside.seq).toBe(9);
  expect(whenBroken({ pk: 'PATIENT#p-7', seq: last }).aside.seq).toBe(Date.parse(minute(5)) / 1000 + 1);
});

describe('an alert that was over', () => {
  test('calls as softly as any: how bad it is now, the reading says that met it', () => {
    const over = aClosedAlert({ worst: 'emergency', arrivedAt: minute(-9) });
    const soft = { worst: 'suspect-critical', step: { escalationLevel: 'nurse' }, arrivedAt: minute(5) };
    expect(whenBroken(broken({ policy: 7, step: 'lead' }, over)).alert).toMatchObject(soft);
  });

  test.each([
    ['why', { reason: 'no reason' }],
    ['when', { at: undefined }],
    ['by whom', { clinicianId: 7 }],
    ['whose it was', { formerOwner: 'nurse-1' }],
  ])('is over also when it cannot say %s', (_what, changes) => {
    const over = aClosedAlert({ worst: 'emergency' });
    const item = broken({ standing: { ...over.standing, ...changes } }, over);
    expect(whenBroken(item).alert).toMatchObject({
      worst: 'suspect-critical',
      step: { escalationLevel: 'nurse' },
    });
  });

  test('but one that is due nevertheless is not believed', () => {
    const item = broken({ dueOn: 'alert' }, aClosedAlert({ worst: 'emergency' }));
    expect(whenBroken(item).alert.worst).toBe('emergency');
  });
});

test('what is written is what its readers expect, and the archive has a row of it', () => {
  const { aside, alert } = whenBroken(broken({ told: 1 }));
  expect(SetAside.parse(aside)).toEqual(aside);
  expect(StoredAlert.parse(stored(alert)).alert).toEqual(alert);
  expect(asideRows(aside)).toMatchObject([
    {
      event_id: 'PATIENT#p-7#4#0',
      event_rows: 1,
      type: 'setAside',
      alert_id: '3f9a0c21b7de4455',
      reason: 'unreadable',
      ward: 'ward-001',
      happened: null,
    },
  ]);
});

test.each([
  ['open, and in no index', { dueOn: undefined, dueAt: undefined }],
  ['open, and due at another time than it says', { dueAt: minute(99) }],
])('an alert that is %s is not read as one: the sweeper would not find it in time', (_what, changes) => {
  expect(StoredAlert.safeParse(broken(changes)).success).toBe(false);
});
