import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { requestsOf } from '../../../handlers/alert/ask.ts';
import { assess } from '../../../handlers/alert/assess.ts';
import type { Sighting } from '../../../handlers/alert/event.ts';
import { stepOf } from '../../../handlers/alert/mails.ts';
import { lastSighting, movedTo } from '../../../handlers/alert/newest-place.ts';
import { respondersOf } from '../../../handlers/alert/responders.ts';
import type { Place } from '../../../handlers/naming/place.ts';
import { aRoster, aRotation } from '../on-call/builders.ts';
import {
  aClaim,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  at,
  doctor,
  bed4 as here,
  minute,
  nurse,
  seenAs,
  when,
  whenRaised,
  whyNot,
} from './builders.ts';

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
    place,
    measuredAt: at(seconds),
    arrivedAt: at(seconds + 1),
    ...changes,
  });
const join = (alert: Alert, claim = reading(there, 60)) => whenRaised(alert, claim, at(62), 'exec-2');
/** What those who wait for the alert, or own it, have to hear of the reading that joined. */
const news = ({ events }: Alert) => {
  const joined = events.at(-1);
  return joined?.type === 'joined' ? joined.news : undefined;
};
const nextOf = (alert: Alert, now = at(63), of = roster) => {
  const facts = { responders: respondersOf(of, alert, now), recent: [] };
  return assess(alert, { executionName: 'exec-1', alertId: alert.alertId }, facts, now);
};
let count = 0;
/** The alert after its page state, as it stands. */
const asked = (alert: Alert, now = at(64), sighting?: Sighting) => {
  const responders = respondersOf(roster, movedTo(alert, sighting), now);
  const newPageIds = Array.from({ length: 9 }, () => `page-${++count}`);
  return when(alert, { type: 'ask', seen: seenAs(alert), responders, sighting, newPageIds }, now);
};
const purposes = ({ events }: Alert) => {
  const asking = events.at(-1);
  return asking?.type === 'asking'
    ? asking.pages.map(({ clinicianId, purpose }) => [clinicianId, purpose])
    : undefined;
};

describe('the newest place wins', () => {
  test('a place that is only assumed moves nothing, not even an alert that nobody could place', () => {
    const nowhere = aPagedAlert({ placedAt: null });
    expect(movedTo(nowhere, { place: there, at: null })).toBe(nowhere);
  });

  test('a newer reading takes the alert along, and its policy', () => {
    const alert = join(aPagedAlert(), reading(there, 60, { policy: 'obstetric' }));
    expect(alert).toMatchObject({ place: there, placedAt: at(60), policy: 'obstetric' });
    expect(alert.events.at(-1)).toMatchObject({ type: 'joined', news: 'moved' });
  });

  test('in the same ward the policy stays', () => {
    const alert = join(aPagedAlert(), reading(nextBed, 60, { policy: 'obstetric' }));
    expect(alert).toMatchObject({ place: nextBed, policy: 'adult' });
  });

  test.each<[string, Parameters<typeof aClaim>[0]]>([
    ['was measured before', { measuredAt: minute(-9) }],
    ['was measured at the same time', { measuredAt: at(-2) }],
  ])('one that %s never moves it back, however late it arrives', (_what, changes) => {
    const alert = join(aPagedAlert(), reading(there, 60, changes));
    expect(alert.place).toEqual(here);
    expect(news(alert)).toBeNull();
  });

  test('a reading that nobody can place moves it nowhere', () => {
    const alert = join(aPagedAlert(), reading(there, 60, { placedAt: null }));
    expect(alert).toMatchObject({ place: here, placedAt: at(-2), policy: 'adult' });
    expect(news(alert)).toBeNull();
  });

  test('an alert that such a reading opened goes to any place that is known, however old', () => {
    const alert = whenRaised(undefined, reading(there, 60, { placedAt: null }), at(61));
    expect(alert).toMatchObject({ place: there, placedAt: null });
    expect(movedTo(alert, { place: here, at: minute(-600) })).toMatchObject({
      place: here,
      placedAt: minute(-600),
    });
    expect(join(alert, reading(nextBed, 90)).place).toEqual(nextBed);
  });

  test('readings that join in another order come to the same place', () => {
    const [first, second] = [reading(there, 30), reading(nextBed, 60)];
    expect(join(join(anAlert(), first), second).place).toEqual(nextBed);
    expect(join(join(anAlert(), second), first).place).toEqual(nextBed);
  });

  test('a clock that runs ahead counts as arrival: it does not hold the place for an hour', () => {
    const alert = join(anAlert(), reading(there, 3600, { arrivedAt: at(10) }));
    expect(alert.placedAt).toBe(at(10));
    expect(join(alert, reading(here, 60)).place).toEqual(here);
  });

  test('a stuck alert that is taken over goes to the newest place too', () => {
    const stuck = aPagedAlert({ standing: { dueAt: minute(3) } });
    const taken = whenRaised(stuck, reading(there, 200), at(201), 'exec-2');
    expect(taken).toMatchObject({ place: there, executionName: 'exec-2' });
    expect(taken.events.at(-1)).toMatchObject({ news: 'moved', takenOverBy: 'exec-2' });
  });

  test('a good reading moves it as well, at its next page; one without a place does not', () => {
    const recent = [{ ...aReadingAt(1), place: there }, aReadingAt(2)];
    expect(movedTo(aPagedAlert(), lastSighting(recent)).place).toEqual(there);
    expect(movedTo(aPagedAlert(), lastSighting([aReadingAt(2)])).place).toEqual(here);
    const newer = aPagedAlert({ placedAt: minute(5) });
    expect(movedTo(newer, lastSighting(recent)).place).toEqual(here);
    // The page records where it went, so that the alert stands there from then on.
    const paged = asked(anAlert(), at(64), lastSighting(recent));
    expect(paged).toMatchObject({ place: there, placedAt: minute(1), told: [there] });
    expect(purposes(paged)).toEqual([['nurse-2', 'page']]);
    expect(asked(newer, at(64), lastSighting(recent)).place).toEqual(here);
  });
});

describe('while somebody is waited for', () => {
  test('the nurse of the other ward is asked, and who was asked before is told of the new place', () => {
    const alert = join(aPagedAlert());
    expect(alert.standing).toMatchObject({ is: 'waiting', dueAt: at(122) });
    expect(nextOf(alert)).toMatchObject({ next: 'Page nurse', deadline: minute(2) });
    const page = asked(alert);
    expect(purposes(page)).toEqual([
      ['nurse-2', 'page'],
      ['nurse-1', 'moved'],
    ]);
    expect(page.round.pages).toMatchObject({ 'nurse-1': 'page-nurse' });
    expect(page).toMatchObject({ told: [here, there], step: { mailed: [], turns: {} } });
    expect(requestsOf(page, respondersOf(roster, page, at(64)))).toHaveLength(2);
  });

  test('a mail to the former place that was published meanwhile counts for no mail to the new one', () => {
    const before = aPagedAlert();
    const page = asked(join(before));
    const request = {
      pageId: 'page-nurse',
      clinicianId: nurse.id,
      role: 'nurse',
      purpose: 'page' as const,
    };
    const published = (of: Alert) =>
      ({ type: 'recordMails', step: stepOf(of), published: [request], turns: {} }) as const;
    expect(when(page, published(before), at(65)).step.mailed).toEqual([]);
    expect(when(page, published(page), at(65)).step.mailed).toEqual([nurse.id]);
  });

  test('turns that mails to the former place wait for are not waited for', () => {
    const waits = aPagedAlert({ step: { turns: { [nurse.id]: at(110) }, mailed: [] } });
    expect(nextOf(waits).next).toBe('Pause before calling again');
    expect(nextOf(join(waits)).next).toBe('Page nurse');
  });

  test('another bed of the ward is told to the same nurse once', () => {
    const page = asked(join(aPagedAlert(), reading(nextBed, 60)));
    expect(purposes(page)).toEqual([['nurse-1', 'moved']]);
    expect(purposes(asked(page))).toBeUndefined();
  });

  test('a bed that was told before is where the alert stands again, and nobody is asked anew', () => {
    const page = asked(join(aPagedAlert(), reading(nextBed, 60)));
    const back = asked(page, at(90), { place: here, at: at(80) });
    expect(back.events.at(-1)?.type).toBe('waiting');
    expect(back).toMatchObject({ place: here, placedAt: at(80) });
  });

  test('two devices that speak in turn from two beds are told once each', () => {
    let alert = asked(join(aPagedAlert(), reading(nextBed, 60)));
    for (const seconds of [61, 62, 63, 64]) {
      alert = join(alert, reading(seconds % 2 ? here : nextBed, seconds));
      expect(news(alert)).toBeNull();
    }
    expect(alert.place).toEqual(nextBed);
  });

  test('who was asked on the former ward is not waited for', () => {
    const page = asked(join(aPagedAlert()));
    const declinedBy = (id: string): Alert => ({ ...page, round: { ...page.round, declined: [id] } });
    expect(nextOf(declinedBy('nurse-2'))).toMatchObject({ because: 'everybodyDeclined' });
    expect(nextOf(declinedBy('nurse-1'))).toMatchObject({ next: 'Page nurse' });
  });

  test('with nobody on call in the other ward it moves on at once', () => {
    const alert = join(aPagedAlert());
    const nobody = { ...roster, rotations: roster.rotations.filter(({ ward }) => ward === 'ward-001') };
    expect(nextOf(alert, at(63), nobody)).toMatchObject({
      next: 'Move to the next step',
      because: 'nobodyOnCall',
    });
  });

  test('on a later level the other ward is asked from its nurse on, since nobody there was', () => {
    const alert = aPagedAlert({
      round: { pages: { [doctor.id]: 'page-doctor' } },
      step: { escalationLevel: 'doctor', asked: [doctor.id] },
    });
    expect(purposes(asked(join(alert)))).toEqual([
      ['nurse-2', 'page'],
      ['doctor-1', 'moved'],
    ]);
  });

  test('when everyone is called, everyone of the other ward is', () => {
    const alert = aPagedAlert({ step: { escalationLevel: 'everyone', asked: [nurse.id] } });
    const responders = respondersOf(roster, join(alert), at(63));
    expect(responders.map(({ id }) => id)).toContain('nurse-2');
  });

  test('before anybody was asked there is nothing to take back', () => {
    const alert = join(anAlert({ standing: { dueAt: minute(2) } }));
    expect(news(alert)).toBeNull();
    expect(alert.standing).toMatchObject({ dueAt: minute(2) });
    expect(purposes(asked(alert))).toEqual([['nurse-2', 'page']]);
  });

  test('a pause after nobody could be reached ends: the other people may be', () => {
    const pausing = aPagedAlert({ standing: { is: 'backingOff' } });
    expect(join(pausing).standing.is).toBe('waiting');
  });
});

describe('when somebody has it', () => {
  const waitAsSeen = (alert: Alert) => ({ type: 'wait', seen: seenAs(alert) }) as const;

  test('another ward is asked in a new round, with the owner, who stays responsible meanwhile', () => {
    const alert = join(anOwnedAlert(), reading(there, 120));
    expect(news(alert)).toBe('moved');
    expect(nextOf(alert, at(121))).toMatchObject({ next: 'Begin a new round', asking: 'moved' });
    expect(whyNot(alert, waitAsSeen(alert), at(121))).toBe('movedOn');
    const anew = when(alert, { type: 'beginRound', seen: seenAs(alert), asking: 'moved' }, at(121));
    expect(anew).toMatchObject({
      round: { number: 2, asking: 'moved' },
      standing: { formerOwner: { clinicianId: nurse.id, round: 1 } },
    });
    expect(anew.events.at(-1)).toMatchObject({ type: 'interrupted', by: 'moved' });
    expect(purposes(asked(anew, at(122)))).toEqual([
      ['nurse-1', 'moved'],
      ['nurse-2', 'moved'],
    ]);
  });

  test('another bed of the ward asks nobody anew: the next page names it', () => {
    const alert = join(anOwnedAlert(), reading(nextBed, 120));
    expect(news(alert)).toBeNull();
    expect(alert.place).toEqual(nextBed);
    expect(nextOf(alert, at(121)).next).toBe('Wait for the recheck');
  });

  test('a ward that was asked once is not asked again by every reading that comes from it', () => {
    expect(news(join(anOwnedAlert({ told: [here, there] }), reading(there, 120)))).toBeNull();
  });

  test('worse news goes to the other ward as such', () => {
    const alert = join(anOwnedAlert(), reading(there, 120, { level: 'emergency' }));
    expect(nextOf(alert, at(121))).toMatchObject({ next: 'Begin a new round', asking: 'worse' });
  });
});
