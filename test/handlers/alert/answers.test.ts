import { describe, expect, test } from 'vitest';
import { accept, closeByPerson, decline } from '../../../handlers/alert/answers.ts';
import { alarmLevels, isWorse } from '../../../handlers/clinical/severity.ts';
import { anOwnedAlert, aPagedAlert, at, changed, doctor, minute, nurse, refused } from './builders.ts';

const byNurse = { clinicianId: nurse.id, role: 'nurse', round: 1, shownLevel: 'critical' } as const;
const byDoctor = { clinicianId: doctor.id, role: 'doctor', round: 1, shownLevel: 'critical' } as const;

describe('accepting', () => {
  test('makes an owner, and sets the recheck', () => {
    const alert = changed(accept(aPagedAlert(), byNurse, minute(1), 'w1'));
    expect(alert).toMatchObject({
      ownerId: nurse.id,
      ownerRole: 'nurse',
      ownerRound: 1,
      acceptedAt: minute(1),
      attendedAt: minute(1),
      deadline: minute(16),
      dueAt: minute(2),
      seq: 3,
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
    expect(changed(accept(alert, { ...byNurse, shownLevel: 'emergency' }, minute(1), 'w')).deadline).toBe(
      minute(6),
    );
  });

  test('is refused to the second one, and to the same one twice', () => {
    const alert = changed(accept(aPagedAlert(), byNurse, minute(1), 'w1'));
    expect(refused(accept(alert, byDoctor, minute(1), 'w2'))).toBe('already owned');
    expect(refused(accept(alert, byNurse, minute(1), 'w2'))).toBe('already owned');
  });

  test('works by a link whose rung has timed out: mail is slow', () => {
    const alert = aPagedAlert({ rung: 'lead', pass: 1 });
    expect(changed(accept(alert, byNurse, minute(9), 'w')).ownerId).toBe(nurse.id);
  });

  test('is refused by a link of an earlier round', () => {
    expect(refused(accept(anOwnedAlert({ round: 2 }), byNurse, minute(20), 'w'))).toBe('earlier round');
  });

  test('is refused when the alert is over', () => {
    expect(refused(accept(anOwnedAlert({ status: 'closed' }), byNurse, minute(20), 'w'))).toBe('closed');
  });

  test.each(alarmLevels.flatMap((worst) => alarmLevels.map((shown) => [shown, worst] as const)))(
    'a form that showed %s, of an alert at %s',
    (shownLevel, worst) => {
      const outcome = accept(aPagedAlert({ worst }), { ...byNurse, shownLevel }, minute(1), 'w');
      expect(refused(outcome)).toBe(isWorse(worst, shownLevel) ? 'worse since' : undefined);
    },
  );

  test('what the owner has read on the page needs no further mail', () => {
    const alert = aPagedAlert({ worst: 'emergency', announced: 'critical' });
    const accepted = changed(accept(alert, { ...byNurse, shownLevel: 'emergency' }, minute(1), 'w'));
    expect(accepted.announced).toBe('emergency');
  });

  test('“I will” to a measurement keeps the good readings that have come since somebody first attended', () => {
    const repeat = anOwnedAlert({ round: 2, asking: 'repeat' });
    expect(changed(accept(repeat, { ...byNurse, round: 2 }, minute(17), 'w')).attendedAt).toBe(minute(1));
    const recheck = anOwnedAlert({ round: 2, asking: 'recheck' });
    expect(changed(accept(recheck, { ...byDoctor, round: 2 }, minute(17), 'w')).attendedAt).toBe(minute(17));
  });
});

describe('declining', () => {
  const cannot = { clinicianId: nurse.id, round: 1, reason: 'cannot come' };

  test('is recorded once a clinician, however often, and keeps the deadline', () => {
    const once = changed(decline(aPagedAlert(), cannot, at(30), 'w1'));
    expect(once).toMatchObject({ declined: [nurse.id], deadline: minute(2), dueAt: at(90), seq: 3 });
    expect(changed(decline(once, cannot, at(31), 'w2')).declined).toEqual([nurse.id]);
  });

  test('again and again does not put the sweeper off', () => {
    const once = changed(decline(aPagedAlert(), cannot, at(30), 'w1'));
    expect(changed(decline(once, cannot, at(80), 'w2')).dueAt).toBe(at(90));
  });

  test('is refused once somebody has it, by an earlier round’s link, and when it is over', () => {
    expect(refused(decline(anOwnedAlert(), cannot, minute(2), 'w'))).toBe('already owned');
    expect(refused(decline(anOwnedAlert({ round: 2 }), cannot, minute(2), 'w'))).toBe('earlier round');
    expect(refused(decline(aPagedAlert({ status: 'closed' }), cannot, minute(2), 'w'))).toBe('closed');
  });
});

describe('closing with a reason', () => {
  const byHand = {
    clinicianId: nurse.id,
    reason: 'seen and measured by hand',
    shownLevel: 'critical',
  } as const;

  test('ends the alert for good, with or without an owner', () => {
    const alert = changed(closeByPerson(aPagedAlert(), byHand, minute(4), 'w'));
    expect(alert).toMatchObject({
      status: 'closed',
      closedAt: minute(4),
      closedBecause: 'seen and measured by hand',
    });
    expect(alert).not.toHaveProperty('dueAt');
    expect(alert).not.toHaveProperty('dueOn');
    // The bell still has to be rung for whoever is waited for.
    expect(alert.token).toBe('token-1');
  });

  test('is refused when it got worse after the form was shown, and when it is over', () => {
    expect(refused(closeByPerson(aPagedAlert({ worst: 'emergency' }), byHand, minute(4), 'w'))).toBe(
      'worse since',
    );
    expect(refused(closeByPerson(aPagedAlert({ status: 'closed' }), byHand, minute(4), 'w'))).toBe('closed');
  });
});
