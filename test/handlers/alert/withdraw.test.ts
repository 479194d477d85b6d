/** An alert whose reading is withdrawn: whoever has it is asked to measure, and nothing closes by itself. */
import { describe, expect, test } from 'vitest';
import type { Alert, OpenAlert } from '../../../handlers/alert/alert.ts';
import { assess } from '../../../handlers/alert/assess.ts';
import type { AlertCommand } from '../../../handlers/alert/decide.ts';
import { pageMail, WITHDRAWN } from '../../../handlers/alert/mail.ts';
import {
  aClaim,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  at,
  minute,
  newPageIds,
  nurse,
  seenAs,
  when,
  whenRaised,
  whenSetAside,
  whyNot,
} from './builders.ts';

const responders = [nurse];
const withdraw = (measurementId = 'bp-1@3'): AlertCommand => ({ type: 'withdraw', measurementId });
const ask = (alert: Alert): AlertCommand => ({
  type: 'ask',
  seen: seenAs(alert),
  responders,
  sighting: undefined,
  newPageIds,
});
const accept = (round: number): AlertCommand => ({
  type: 'accept',
  clinicianId: nurse.id,
  role: 'nurse',
  round,
  shownLevel: 'critical',
});
const idsOf = ({ standsOn }: Alert) => standsOn.map(({ measurementId }) => measurementId);
const assessed = (alert: Alert, now: string, recent = [] as ReturnType<typeof aReadingAt>[]) =>
  assess(alert, alert, { responders, recent }, now);

describe('the only reading of an alert is withdrawn', () => {
  test('after acceptance: the owner is asked to measure, no louder than before', () => {
    const alert = when(anOwnedAlert(), withdraw(), minute(3));
    expect(alert).toMatchObject({ standsOn: [], withdrawal: 'news', worst: 'critical' });
    expect(alert.standing).toEqual(anOwnedAlert().standing);
    expect(assessed(alert, minute(3))).toMatchObject({ next: 'Begin a new round', asking: 'withdrawn' });
    expect(whyNot(alert, { type: 'wait', seen: seenAs(alert) }, minute(3))).toBe('movedOn');
    const round = when(alert, { type: 'beginRound', seen: seenAs(alert), asking: 'withdrawn' }, minute(3));
    expect(round).toMatchObject({
      round: { number: 2, asking: 'withdrawn' },
      step: { escalationLevel: 'nurse' },
      standing: { is: 'waiting', formerOwner: { clinicianId: nurse.id } },
    });
    const asked = when(round, ask(round), minute(3));
    expect(asked.events.at(-1)).toMatchObject({ type: 'asking', pages: [{ purpose: 'withdrawn' }] });
    const accepted = when(asked, accept(2), minute(4));
    // Said once; what was measured since the first acceptance still counts.
    expect(accepted).toMatchObject({ withdrawal: 'told', standing: { owner: { attendedAt: minute(1) } } });
    expect(assessed(accepted, minute(5)).next).toBe('Wait for the recheck');
    expect(assessed(accepted, minute(30))).toMatchObject({ next: 'Begin a new round', asking: 'repeat' });
    expect(assessed(accepted, minute(30), [aReadingAt(10)]).next).toBe('Close alert');
  });

  test('while the nurse is waited for: the next page says it', () => {
    const alert = when(aPagedAlert(), withdraw(), at(30));
    expect(assessed(alert, at(31)).next).toBe('Page nurse');
    expect(alert.standing).toEqual(aPagedAlert().standing);
    expect(when(alert, accept(1), at(40))).toMatchObject({ withdrawal: 'told' });
    const reminded = when(alert, { type: 'moveOn', seen: seenAs(alert), because: 'timeIsUp' }, minute(2));
    expect(when(reminded, ask(reminded), minute(2))).toMatchObject({ withdrawal: 'told' });
  });

  test('the mail says so until something alarms again', () => {
    const mail = (alert: Alert) =>
      pageMail(alert, { purpose: 'reminder', link: 'link', zone: 'UTC' }).message;
    expect(mail(aPagedAlert())).not.toContain(WITHDRAWN);
    const alert = when(aPagedAlert(), withdraw(), at(30));
    expect(mail(alert)).toContain(WITHDRAWN);
    const joined = whenRaised(alert, aClaim({ measurementId: 'bp-1@4' }), at(40));
    expect(joined).toMatchObject({ standsOn: [{ measurementId: 'bp-1@4' }], withdrawal: null });
    expect(mail(joined)).not.toContain(WITHDRAWN);
  });
});

describe('one of several readings is withdrawn', () => {
  const two = whenRaised(anOwnedAlert(), aClaim({ measurementId: 'bp-1@4' }), minute(2)) as OpenAlert;

  test('the alert stands on the others', () => {
    const alert = when(two, withdraw(), minute(3));
    expect(alert).toMatchObject({ standsOn: [{ measurementId: 'bp-1@4' }], withdrawal: null });
    expect(assessed(alert, minute(3)).next).toBe('Wait for the recheck');
    expect(when(alert, withdraw('bp-1@4'), minute(4))).toMatchObject({ withdrawal: 'news' });
  });

  test('versions of one measurement are one', () => {
    expect(idsOf(whenRaised(two, aClaim(), minute(3)))).toEqual(['bp-1@3', 'bp-1@4']);
  });

  test('of very many the newest are remembered', () => {
    const many = Array.from({ length: 25 }, (_, index) => aClaim({ measurementId: `m-${index}` }));
    const alert = many.reduce<Alert>((known, claim) => whenRaised(known, claim, minute(3)), two);
    expect(idsOf(alert)).toEqual([null, ...Array.from({ length: 19 }, (_, index) => `m-${index + 6}`)]);
    const left = idsOf(alert).reduce<Alert>(
      (known, id) => (id === null ? known : when(known, withdraw(id), minute(4))),
      alert,
    );
    expect(left).toMatchObject({ standsOn: [{ measurementId: null }], withdrawal: null });
  });
});

test('withdrawn twice, or never heard of: nothing changes', () => {
  const alert = when(aPagedAlert(), withdraw(), at(30));
  expect(whyNot(alert, withdraw(), at(31))).toBe('notStoodOn');
  expect(whyNot(aPagedAlert(), withdraw('bp-9@3'), at(31))).toBe('notStoodOn');
});

test('an alert that stands on no reading that is known is not one whose reading was withdrawn', () => {
  expect(whenSetAside({ pk: 'PATIENT#p-7' }, minute(1)).alert).toMatchObject({
    standsOn: [{ measurementId: null }],
    withdrawal: null,
  });
});
