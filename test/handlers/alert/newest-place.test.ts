import { describe, expect, test } from 'vitest';
import { newRound, storeWait } from '../../../handlers/alert/advance.ts';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { look } from '../../../handlers/alert/look.ts';
import { paged } from '../../../handlers/alert/mailed.ts';
import { lastSighting, movedTo } from '../../../handlers/alert/newest-place.ts';
import { raise } from '../../../handlers/alert/open.ts';
import { ask, requestsOf } from '../../../handlers/alert/page.ts';
import { peopleAddressed } from '../../../handlers/alert/people.ts';
import type { Place } from '../../../handlers/alert/place.ts';
import { aRoster, aRotation } from '../on-call/builders.ts';
import {
  aClaim,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  at,
  changed,
  doctor,
  minute,
  nurse,
  refused,
} from './builders.ts';

const here: Place = { ward: 'ward-001', bed: '4', device: 'bp-1', deviceRegistered: true };
const nextBed: Place = { ...here, bed: '7' };
const there: Place = { ...here, ward: 'ward-002', bed: '1', device: 'bp-5' };

const on = (ward: string, role: 'nurse' | 'doctor' | 'lead', id: string) =>
  aRotation({ ward, role, order: [id], shiftStarts: ['00:00'] });
const roster = aRoster({
  wards: [
    { id: 'ward-001', name: 'Heron' },
    { id: 'ward-002', name: 'Kingfisher' },
  ],
  clinicians: aRoster().clinicians.map((clinician) => ({
    ...clinician,
    wards: clinician.id === 'nurse-2' ? ['ward-002'] : clinician.wards,
  })),
  rotations: [
    on('ward-001', 'nurse', 'nurse-1'),
    on('ward-001', 'doctor', 'doctor-1'),
    on('ward-002', 'nurse', 'nurse-2'),
    on('ward-002', 'doctor', 'doctor-1'),
    on('ward-002', 'lead', 'lead-1'),
  ],
});

/** An alarming reading, measured and arrived so many seconds after the start. */
const reading = (place: Place, seconds: number, changes: Parameters<typeof aClaim>[0] = {}) =>
  aClaim({
    readingId: `reading-${seconds}-of-${place.ward}`,
    ...place,
    measuredAt: at(seconds),
    arrivedAt: at(seconds + 1),
    ...changes,
  });
const join = (alert: Alert, claim = reading(there, 60)) => raise(claim, alert, 'exec-2', at(62), 'w1');
const nextStep = (alert: Alert, now = at(63)) => {
  const facts = { people: peopleAddressed(roster, alert, now), recent: [] };
  return look(alert, { me: 'exec-1', alertId: alert.alertId }, facts, now);
};
let count = 0;
/** The page step of the alert as it stands. */
const asked = (alert: Alert, now = at(64)) => {
  const { round, rung, pass, worst: level, deadline } = alert;
  const seen = { me: 'exec-1', round, rung, pass, level, deadline, token: 'token-2' };
  const people = peopleAddressed(roster, alert, now);
  return changed(ask(alert, seen, people, () => `page-${++count}`, now, 'w2'));
};
const purposes = ({ events }: Alert) =>
  events.at(-1)?.pages?.map(({ clinicianId, purpose }) => [clinicianId, purpose]);

describe('the newest place wins', () => {
  test('a newer reading takes the alert along, and its policy', () => {
    const { alert, moved } = join(aPagedAlert(), reading(there, 60, { policy: 'obstetric' }));
    expect(alert).toMatchObject({ ...there, placedAt: at(60), policy: 'obstetric' });
    expect(moved).toBe(true);
    expect(alert.events.at(-1)).toMatchObject({ type: 'joined', reason: 'moved' });
  });

  test.each<[string, Parameters<typeof aClaim>[0]]>([
    ['was measured before', { measuredAt: minute(-9) }],
    ['was measured at the same time', { measuredAt: at(-2) }],
  ])('one that %s never moves it back, however late it arrives', (_what, changes) => {
    const { alert, moved } = join(aPagedAlert(), reading(there, 60, changes));
    expect(alert).toMatchObject(here);
    expect(moved).toBe(false);
  });

  test('a reading that nobody can place moves it nowhere', () => {
    const { alert, moved } = join(aPagedAlert(), reading(there, 60, { placedAt: null }));
    expect(alert).toMatchObject({ ...here, placedAt: at(-2), policy: 'adult' });
    expect(moved).toBe(false);
  });

  test('an alert that such a reading opened goes to any place that is known, however old', () => {
    const { alert } = raise(reading(there, 60, { placedAt: null }), undefined, 'exec-1', at(61), 'w1');
    expect(alert).toMatchObject({ ...there, placedAt: null });
    expect(movedTo(alert, { place: here, at: minute(-600) })).toMatchObject({
      ...here,
      placedAt: minute(-600),
    });
    expect(join(alert, reading(nextBed, 90)).alert).toMatchObject(nextBed);
  });

  test('readings that join in another order come to the same place', () => {
    const [first, second] = [reading(there, 30), reading(nextBed, 60)];
    const one = join(join(anAlert(), first).alert, second).alert;
    const other = join(join(anAlert(), second).alert, first).alert;
    expect(one).toMatchObject(nextBed);
    expect(other).toMatchObject(nextBed);
  });

  test('a clock that runs ahead counts as arrival: it does not hold the place for an hour', () => {
    const { alert } = join(anAlert(), reading(there, 3600, { arrivedAt: at(10) }));
    expect(alert.placedAt).toBe(at(10));
    expect(join(alert, reading(here, 60)).alert).toMatchObject(here);
  });

  test('a stuck alert that is taken over goes to the newest place too', () => {
    const taken = raise(reading(there, 200), aPagedAlert({ dueAt: minute(3) }), 'exec-2', at(201), 'w1');
    expect(taken).toMatchObject({
      outcome: 'taken over',
      moved: true,
      alert: { ...there, executionName: 'exec-2' },
    });
  });

  test('a good reading moves it as well, at its next page; one without a place does not', () => {
    const recent = [{ ...aReadingAt(1), place: there }, aReadingAt(2)];
    expect(movedTo(aPagedAlert(), lastSighting(recent))).toMatchObject(there);
    expect(movedTo(aPagedAlert(), lastSighting([aReadingAt(2)]))).toMatchObject(here);
    expect(movedTo(aPagedAlert({ placedAt: minute(5) }), lastSighting(recent))).toMatchObject(here);
  });
});

describe('while somebody is waited for', () => {
  test('the nurse of the other ward is asked, and who was asked before is told of the new place', () => {
    const { alert } = join(aPagedAlert());
    expect(alert).toMatchObject({ dueAt: at(122), resting: false });
    expect(nextStep(alert)).toMatchObject({ step: 'page', deadline: minute(2) });
    const page = asked(alert);
    expect(purposes(page)).toEqual([
      ['nurse-2', 'page'],
      ['nurse-1', 'moved'],
    ]);
    expect(page.pages).toMatchObject({ 'nurse-1': 'page-nurse' });
    expect(page).toMatchObject({ mailed: [], turns: {} });
    expect(requestsOf(page, peopleAddressed(roster, page, at(64)))).toHaveLength(2);
  });

  test('a mail to the former place that was published meanwhile counts for no mail to the new one', () => {
    const before = aPagedAlert();
    const page = asked(join(before).alert);
    const request = { pageId: 'page-nurse', clinicianId: nurse.id, role: 'nurse', purpose: 'page' as const };
    expect(changed(paged(page, before, [request], {}, at(65), 'w4')).mailed).toEqual([]);
    expect(changed(paged(page, page, [request], {}, at(65), 'w4')).mailed).toEqual([nurse.id]);
  });

  test('turns that mails to the former place wait for are not waited for', () => {
    const waits = aPagedAlert({ turns: { [nurse.id]: at(110) }, mailed: [] });
    expect(nextStep(waits).step).toBe('rest');
    expect(nextStep(join(waits).alert).step).toBe('page');
  });

  test('another bed of the ward is told to the same nurse once', () => {
    const page = asked(join(aPagedAlert(), reading(nextBed, 60)).alert);
    expect(purposes(page)).toEqual([['nurse-1', 'moved']]);
    expect(purposes(asked(page))).toBeUndefined();
  });

  test('two devices that speak in turn from two beds are told once each', () => {
    let alert = asked(join(aPagedAlert(), reading(nextBed, 60)).alert);
    for (const seconds of [61, 62, 63, 64]) {
      const joined = join(alert, reading(seconds % 2 ? here : nextBed, seconds));
      expect(joined.moved).toBe(false);
      alert = joined.alert;
    }
    expect(alert).toMatchObject(nextBed);
  });

  test('who was asked on the former ward is not waited for', () => {
    const page = asked(join(aPagedAlert()).alert);
    expect(nextStep({ ...page, declined: ['nurse-2'] })).toMatchObject({ because: 'everybody declined' });
    expect(nextStep({ ...page, declined: ['nurse-1'] })).toMatchObject({ step: 'page' });
  });

  test('with nobody on call in the other ward it moves on at once', () => {
    const { alert } = join(aPagedAlert());
    const nobody = { ...roster, rotations: roster.rotations.filter(({ ward }) => ward === 'ward-001') };
    const people = peopleAddressed(nobody, alert, at(63));
    const seen = look(alert, { me: 'exec-1', alertId: alert.alertId }, { people, recent: [] }, at(63));
    expect(seen).toMatchObject({ step: 'move on', because: 'nobody is on call' });
  });

  test('on a later rung the other ward is asked from its nurse on, since nobody there was', () => {
    const alert = aPagedAlert({ rung: 'doctor', asked: [doctor.id], pages: { [doctor.id]: 'page-doctor' } });
    expect(purposes(asked(join(alert).alert))).toEqual([
      ['nurse-2', 'page'],
      ['doctor-1', 'moved'],
    ]);
  });

  test('when everyone is called, everyone of the other ward is', () => {
    const alert = aPagedAlert({ rung: 'everyone', asked: [nurse.id] });
    const people = peopleAddressed(roster, join(alert).alert, at(63));
    expect(people.map(({ id }) => id)).toContain('nurse-2');
  });

  test('before anybody was asked there is nothing to take back', () => {
    const { alert, moved } = join(anAlert({ dueAt: minute(2) }));
    expect(moved).toBe(false);
    expect(purposes(asked(alert))).toEqual([['nurse-2', 'page']]);
  });

  test('a pause after nobody could be reached ends: the other people may be', () => {
    expect(join(aPagedAlert({ resting: true })).alert.resting).toBe(false);
  });
});

describe('when somebody has it', () => {
  test('another ward is asked in a new round, with the owner, who stays responsible meanwhile', () => {
    const { alert, moved } = join(anOwnedAlert(), reading(there, 120));
    expect(moved).toBe(true);
    expect(nextStep(alert, at(121))).toMatchObject({ step: 'new round', asking: 'moved' });
    const seen = { me: 'exec-1', round: 1, rung: 'nurse' as const, pass: 0 };
    expect(refused(storeWait(alert, { ...seen, token: 't' }, at(121), 'w3'))).toBe('moved on');
    const anew = changed(newRound(alert, { ...seen, asking: 'moved' }, at(121), 'w3'));
    expect(anew).toMatchObject({ round: 2, ownerId: nurse.id, asking: 'moved' });
    expect(anew.events.at(-1)).toMatchObject({ type: 'interrupted', reason: 'moved' });
    expect(purposes(asked(anew, at(122)))).toEqual([
      ['nurse-1', 'moved'],
      ['nurse-2', 'moved'],
    ]);
  });

  test('another bed of the ward asks nobody anew: the next page names it', () => {
    const { alert, moved } = join(anOwnedAlert(), reading(nextBed, 120));
    expect(moved).toBe(false);
    expect(alert).toMatchObject(nextBed);
    expect(nextStep(alert, at(121)).step).toBe('wait');
  });

  test('a ward that was asked once is not asked again by every reading that comes from it', () => {
    const told = [here, there];
    expect(join(anOwnedAlert({ told }), reading(there, 120)).moved).toBe(false);
  });

  test('worse news goes to the other ward as such', () => {
    const { alert } = join(anOwnedAlert(), reading(there, 120, { level: 'emergency' }));
    expect(nextStep(alert, at(121))).toMatchObject({ step: 'new round', asking: 'worse' });
  });
});
