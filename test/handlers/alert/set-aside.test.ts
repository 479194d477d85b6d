import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { asideRows } from '../../../handlers/alert/event-rows.ts';
import { evolve } from '../../../handlers/alert/evolve.ts';
import { SetAside, setAside } from '../../../handlers/alert/set-aside.ts';
import { StoredAlert } from '../../../handlers/aws/dynamodb/alert-store.ts';
import { aClosedAlert, anOwnedAlert, bed4, minute, stored } from './builders.ts';

const broken = (changes: object, alert: Alert = anOwnedAlert()) => ({ ...stored(alert), ...changes });
const whenSetAside = (item: Record<string, unknown>) => setAside(item, minute(5));

test('the patient is raised again as bad as it was, at the place where it was, and is due at once', () => {
  const item = broken({ told: 'nobody' });
  const { aside, raised } = whenSetAside(item);
  expect(aside).toMatchObject({ pk: 'ASIDE#PATIENT#p-7#4', alertId: '3f9a0c21b7de4455', seq: 4, round: 1 });
  expect(aside.original).toEqual(item);
  const alert = evolve(undefined, { ...raised, writeId: 'w' });
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

test('what nothing can be read of is an emergency, of a place that nobody knows; its number is above all others', () => {
  const { aside, raised } = whenSetAside({ pk: 'PATIENT#p-7' });
  expect(aside).toMatchObject({ alertId: null, round: 0, level: 'emergency' });
  expect(aside.seq).toBe(Date.parse(minute(5)) / 1000 + 1);
  expect(raised).toMatchObject({ level: 'emergency', sighting: { place: { bed: null }, at: null } });
  expect(raised.deadline).toBe(minute(6));
});

test('numbers go on behind the highest that is named', () => {
  expect(whenSetAside(broken({ seq: 'three', events: [{ seq: 8 }, null, { seq: 9 }] })).aside.seq).toBe(10);
  expect(whenSetAside(broken({ events: 'none' })).aside.seq).toBe(4);
});

describe('an alert that was over', () => {
  test('calls as softly as any: how bad it is now, the reading says that met it', () => {
    expect(whenSetAside(broken({ policy: 7 }, aClosedAlert({ worst: 'emergency' }))).raised.level).toBe(
      'suspect-critical',
    );
  });

  test.each([
    ['is due nevertheless', { dueOn: 'alert' }],
    [
      'cannot say why',
      {
        standing: { is: 'closed', at: minute(1), reason: 'no reason', clinicianId: null, formerOwner: null },
      },
    ],
  ])('but %s is not believed', (_what, changes) => {
    expect(whenSetAside(broken(changes, aClosedAlert({ worst: 'emergency' }))).raised.level).toBe(
      'emergency',
    );
  });
});

test('what is written is what its readers expect, and the archive has a row of it', () => {
  const { aside, raised } = whenSetAside(broken({ told: 1 }));
  expect(SetAside.parse(aside)).toEqual(aside);
  const alert = evolve(undefined, { ...raised, writeId: 'w' });
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
