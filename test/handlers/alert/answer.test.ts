import { describe, expect, test } from 'vitest';
import { responsible } from '../../../handlers/alert/alert.ts';
import type { Accept, Close, Decline } from '../../../handlers/alert/answer.ts';
import { alarmLevels, isWorse } from '../../../handlers/clinical/severity.ts';
import {
  aClosedAlert,
  anOwnedAlert,
  aPagedAlert,
  at,
  doctor,
  minute,
  nurse,
  when,
  whyNot,
} from './builders.ts';

const accept = ({ id, role } = nurse, of: Partial<Accept> = {}): Accept => ({
  type: 'accept',
  clinicianId: id,
  role,
  round: 1,
  shownLevel: 'critical',
  ...of,
});

describe('accepting', () => {
  test('makes an owner, and sets the recheck', () => {
    const alert = when(aPagedAlert(), accept(), minute(1));
    expect(alert.seq).toBe(3);
    expect(alert.standing).toEqual({
      is: 'owned',
      deadline: minute(16),
      dueAt: minute(2),
      owner: {
        clinicianId: nurse.id,
        role: 'nurse',
        round: 1,
        acceptedAt: minute(1),
        attendedAt: minute(1),
      },
    });
    expect(alert.events.at(-1)).toMatchObject({
      type: 'accepted',
      clinicianId: nurse.id,
      role: 'nurse',
      seq: 3,
    });
  });

  test('an emergency is rechecked after 5 minutes', () => {
    const alert = aPagedAlert({ worst: 'emergency', announced: 'emergency' });
    const accepted = when(alert, accept(nurse, { shownLevel: 'emergency' }), minute(1));
    expect(accepted.standing).toMatchObject({ deadline: minute(6) });
  });

  test('is refused to the second one, and to the same one twice', () => {
    const alert = when(aPagedAlert(), accept(), minute(1));
    expect(whyNot(alert, accept(doctor), minute(1))).toBe('answered');
    expect(whyNot(alert, accept(), minute(1))).toBe('answered');
  });

  test('works by a link whose level has timed out: mail is slow', () => {
    const alert = aPagedAlert({ step: { escalationLevel: 'lead', attempt: 1 } });
    expect(responsible(when(alert, accept(), minute(9)))?.clinicianId).toBe(nurse.id);
  });

  test('works by who had declined, and ends the pause after nobody could be reached', () => {
    const alert = aPagedAlert({ round: { declined: [nurse.id] }, standing: { is: 'backingOff' } });
    expect(when(alert, accept(), minute(1))).toMatchObject({
      round: { declined: [] },
      standing: { is: 'owned' },
    });
  });

  test('is refused by a link of an earlier round', () => {
    const alert = aPagedAlert({ round: { number: 2 }, owner: {} });
    expect(whyNot(alert, accept(), minute(20))).toBe('earlierRound');
  });

  test('is refused when the alert is over', () => {
    expect(whyNot(aClosedAlert(), accept(), minute(20))).toBe('closed');
  });

  test.each(alarmLevels.flatMap((worst) => alarmLevels.map((shown) => [shown, worst] as const)))(
    'a form that showed %s, of an alert at %s',
    (shownLevel, worst) => {
      const refused = whyNot(aPagedAlert({ worst }), accept(nurse, { shownLevel }), minute(1));
      expect(refused).toBe(isWorse(worst, shownLevel) ? 'worseSince' : undefined);
    },
  );

  test('what the owner has read on the page needs no further mail', () => {
    const alert = aPagedAlert({ worst: 'emergency', announced: 'critical' });
    const accepted = when(alert, accept(nurse, { shownLevel: 'emergency' }), minute(1));
    expect(accepted.announced).toBe('emergency');
  });

  test('“I will” to a measurement keeps the good readings that have come since somebody first attended', () => {
    const askedFor = (asking: 'repeat' | 'recheck') =>
      aPagedAlert({ round: { number: 2, asking }, owner: { attendedAt: minute(1) } });
    const repeated = when(askedFor('repeat'), accept(nurse, { round: 2 }), minute(17));
    expect(responsible(repeated)).toMatchObject({ acceptedAt: minute(17), attendedAt: minute(1) });
    const rechecked = when(askedFor('recheck'), accept(doctor, { round: 2 }), minute(17));
    expect(responsible(rechecked)).toMatchObject({ acceptedAt: minute(17), attendedAt: minute(17) });
  });
});

describe('declining', () => {
  const cannotCome: Decline = {
    type: 'decline',
    clinicianId: nurse.id,
    round: 1,
    reason: 'cannotCome',
  };

  test('is recorded once a clinician, however often, and keeps the deadline', () => {
    const once = when(aPagedAlert(), cannotCome, at(30));
    expect(once).toMatchObject({
      seq: 3,
      round: { declined: [nurse.id] },
      standing: { is: 'waiting', deadline: minute(2), dueAt: at(90) },
    });
    expect(whyNot(once, cannotCome, at(31))).toBe('declinedBefore');
  });

  test('by one after the other does not put the sweeper off', () => {
    const once = when(aPagedAlert(), cannotCome, at(30));
    const twice = when(once, { ...cannotCome, clinicianId: doctor.id }, at(80));
    expect(twice).toMatchObject({
      round: { declined: [nurse.id, doctor.id] },
      standing: { dueAt: at(90) },
    });
  });

  test('says in its event who, and whether it was an answer at all', () => {
    const event = (reason: Decline['reason']) =>
      when(aPagedAlert(), { ...cannotCome, reason }, at(30)).events.at(-1);
    expect(event('cannotCome')).toMatchObject({
      type: 'declined',
      clinicianId: nurse.id,
      reason: 'cannotCome',
    });
    expect(event('wrongPins')).toMatchObject({
      type: 'declined',
      clinicianId: nurse.id,
      reason: 'wrongPins',
    });
  });

  test('is refused once somebody has it, by an earlier round’s link, and when it is over', () => {
    expect(whyNot(anOwnedAlert(), cannotCome, minute(2))).toBe('answered');
    expect(whyNot(aPagedAlert({ round: { number: 2 }, owner: {} }), cannotCome, minute(2))).toBe(
      'earlierRound',
    );
    expect(whyNot(aClosedAlert(), cannotCome, minute(2))).toBe('closed');
  });
});

describe('closing with a reason', () => {
  const byHand: Close = {
    type: 'close',
    clinicianId: nurse.id,
    reason: 'measuredByHand',
    shownLevel: 'critical',
  };

  test.each([
    ['without', aPagedAlert()],
    ['with', anOwnedAlert()],
  ])('ends the alert for good, %s an owner', (_with, open) => {
    const alert = when(open, byHand, minute(4));
    expect(alert.standing).toEqual({
      is: 'closed',
      at: minute(4),
      reason: 'measuredByHand',
      clinicianId: nurse.id,
      dueAt: null,
      formerOwner: responsible(open),
    });
    expect(alert.events.at(-1)).toMatchObject({
      type: 'closed',
      clinicianId: nurse.id,
      reason: 'measuredByHand',
    });
  });

  test('is refused when it got worse after the form was shown, and when it is over', () => {
    expect(whyNot(aPagedAlert({ worst: 'emergency' }), byHand, minute(4))).toBe('worseSince');
    expect(whyNot(aClosedAlert(), byHand, minute(4))).toBe('closed');
  });
});
