/** Worse of the same level: told to whoever is waited for, and to the owner, once for each worsening. */
import { describe, expect, test } from 'vitest';
import { type Alert, isOwned, type OpenAlert } from '../../../handlers/alert/alert.ts';
import { assess, isWorseThanAnnounced } from '../../../handlers/alert/assess.ts';
import { dangerOf } from '../../../handlers/clinical/danger.ts';
import { adult, type Limits, obstetric } from '../../../handlers/clinical/policies.ts';
import {
  aClaim,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  at,
  bed4,
  minute,
  newPageIds,
  nurse,
  seenAs,
  when,
  whenRaised,
} from './builders.ts';

const responders = [nurse];
const critical = (systolicMmHg: number, diastolicMmHg = 100) =>
  aClaim({ limits: { ...adult.limits }, systolicMmHg, diastolicMmHg });
const first = whenRaised(undefined, critical(185), at(0), 'exec-1');
const asked = (alert: OpenAlert, seconds: number) =>
  when(alert, { type: 'ask', seen: seenAs(alert), responders, sighting: undefined, newPageIds }, at(seconds));
const nextOf = (alert: OpenAlert, seconds: number) =>
  assess(alert, alert, { responders, recent: [] }, at(seconds)).next;
const newsOf = (alert: OpenAlert) => {
  const event = alert.events.at(-1);
  return event && 'news' in event ? event.news : undefined;
};

describe('while the nurse is waited for', () => {
  const paged = asked(first as OpenAlert, 1) as OpenAlert;

  test.each([
    [204, null],
    [205, 'worse'],
  ])('%s systolic after 185: news is %s', (systolic, news) => {
    const joined = whenRaised(paged, critical(systolic), at(30)) as OpenAlert;
    expect(newsOf(joined)).toBe(news);
    expect(isWorseThanAnnounced(joined)).toBe(news === 'worse');
    // Worse news has to be heard within a minute.
    expect(joined.standing.dueAt).toBe(news ? at(90) : paged.standing.dueAt);
  });

  test('it is told once, and again when it is as much worse again', () => {
    const told = asked(whenRaised(paged, critical(205), at(30)) as OpenAlert, 31) as OpenAlert;
    expect(told.events.at(-1)).toMatchObject({
      type: 'asking',
      news: 'worse',
      pages: [{ purpose: 'worse' }],
    });
    expect(isWorseThanAnnounced(told)).toBe(false);
    expect(told.standing.deadline).toBe(paged.standing.deadline);
    expect(newsOf(whenRaised(told, critical(215), at(40)) as OpenAlert)).toBeNull();
    expect(newsOf(whenRaised(told, critical(185, 140), at(40)) as OpenAlert)).toBe('worse');
  });

  test('small steps add up to what was last told', () => {
    const creeping = [190, 195, 200].reduce<Alert>(
      (alert, mmHg) => whenRaised(alert, critical(mmHg), at(40)),
      paged,
    );
    expect(newsOf(creeping as OpenAlert)).toBeNull();
    expect(newsOf(whenRaised(creeping, critical(206), at(50)) as OpenAlert)).toBe('worse');
  });

  test('before anybody was told, the first page tells all of it', () => {
    const worse = whenRaised(first, critical(219), at(0)) as OpenAlert;
    expect(newsOf(worse)).toBeNull();
    expect(isWorseThanAnnounced(asked(worse, 1) as OpenAlert)).toBe(false);
  });
});

describe('after somebody accepted', () => {
  const announcedDanger = dangerOf({ systolicMmHg: 185, diastolicMmHg: 100 }, 'critical', adult.limits);
  const owned = anOwnedAlert({ announcedDanger });

  test('a new round is begun', () => {
    const joined = whenRaised(owned, critical(205), minute(3)) as OpenAlert;
    expect(nextOf(joined, 181)).toBe('Begin a new round');
    const round = when(joined, { type: 'beginRound', seen: seenAs(joined), asking: 'worse' }, at(182));
    expect(round).toMatchObject({
      round: { number: 2, asking: 'worse' },
      step: { escalationLevel: 'nurse' },
    });
    const told = asked(round as OpenAlert, 183) as OpenAlert;
    const accept = { type: 'accept', clinicianId: nurse.id, role: 'nurse', round: 2, shownLevel: 'critical' };
    const accepted = when(told, accept as never, at(200));
    expect(isOwned(accepted) && nextOf(accepted, 201)).toBe('Wait for the recheck');
  });

  test('from too high to too low is a new round, which is begun once', () => {
    const low = whenRaised(owned, critical(85, 50), minute(3)) as OpenAlert;
    expect([newsOf(low), nextOf(low, 181)]).toEqual(['worse', 'Begin a new round']);
    const round = when(low, { type: 'beginRound', seen: seenAs(low), asking: 'worse' }, at(182));
    const told = asked(round as OpenAlert, 183) as OpenAlert;
    expect(isWorseThanAnnounced(whenRaised(told, critical(72, 50), minute(4)) as OpenAlert)).toBe(false);
  });

  test('a suspect one is no worse than its level', () => {
    const suspect = { ...critical(290), level: 'suspect-critical' as const };
    expect(nextOf(whenRaised(owned, suspect, minute(3)) as OpenAlert, 181)).toBe('Wait for the recheck');
  });

  test('what was still unannounced when somebody accepted is told to whoever did', () => {
    const joined = whenRaised(aPagedAlert(), critical(205), at(30));
    const accept = { type: 'accept', clinicianId: nurse.id, role: 'nurse', round: 1, shownLevel: 'critical' };
    expect(nextOf(when(joined, accept as never, at(31)) as OpenAlert, 32)).toBe('Begin a new round');
  });
});

describe('when the limits have changed meanwhile', () => {
  const claimed = (systolicMmHg: number, changed: Partial<Limits>) =>
    aClaim({ limits: { ...adult.limits, ...changed }, systolicMmHg, diastolicMmHg: 100 });
  const after = (...readings: [number, Partial<Limits>][]) => {
    const [opening, joining] = readings.map(([mmHg, limits]) => claimed(mmHg, limits));
    const paged = asked(whenRaised(undefined, opening as never, at(0), 'exec-1') as OpenAlert, 1);
    return whenRaised(paged, joining as never, at(30)) as OpenAlert;
  };

  test.each([
    ['a doctor raises them', [191, {}], [219, { criticalSystolicHigh: 190 }], 'worse'],
    ['those of a doctor end', [205, { criticalSystolicHigh: 200 }], [204, {}], null],
  ] as const)('%s: the pressures are compared', (_how, first, then, news) => {
    const joined = after([...first], [...then]);
    expect(newsOf(joined)).toBe(news);
    expect(isWorseThanAnnounced(joined)).toBe(news === 'worse');
  });
});

test('limits of another ward are not compared with those of the former one: it is told of the move', () => {
  const there = { ...bed4, ward: 'ward-002', bed: '1' };
  const claim = { ...critical(187), place: there, placedAt: at(20), policy: 'obstetric' };
  const alert = { ...anAlert(aPagedAlert() as never), told: [bed4], announced: 'critical' as const };
  const moved = whenRaised(alert, { ...claim, limits: { ...obstetric.limits } }, at(30)) as OpenAlert;
  expect(newsOf(moved)).toBe('moved');
  expect(isWorseThanAnnounced(moved)).toBe(false);
});
