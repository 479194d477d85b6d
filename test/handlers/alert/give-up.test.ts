/** An owner hands the alert over, or gives it back: a new round, for which they stay responsible until it has an owner. */
import { describe, expect, test } from 'vitest';
import { responsible } from '../../../handlers/alert/alert.ts';
import { toStandDown } from '../../../handlers/alert/called.ts';
import {
  aDeviceAlert,
  anOwnedAlert,
  aPagedAlert,
  doctor,
  lead,
  minute,
  nurse,
  seenAs,
  when,
  whyNot,
} from './builders.ts';

const handOver = { type: 'handOver', clinicianId: nurse.id, round: 1, to: doctor } as const;
const giveBack = { type: 'giveBack', clinicianId: nurse.id, round: 1 } as const;
const acceptedBy = ({ id, role }: typeof nurse) =>
  ({ type: 'accept', clinicianId: id, role, round: 2, shownLevel: 'critical' }) as const;
const moveOn = (
  alert: ReturnType<typeof when>,
  because: 'timeIsUp' | 'everybodyDeclined' | 'nobodyReached',
) => ({ type: 'moveOn', seen: seenAs(alert), because }) as const;

describe('handed over', () => {
  const asked = when(anOwnedAlert({ round: { declined: [doctor.id] } }), handOver, minute(3));

  test('it asks anew, the colleague by name, on their level, with nobody declined', () => {
    expect(asked.round).toEqual({
      number: 2,
      asking: 'handedOver',
      declined: [],
      pages: {},
      handedTo: doctor.id,
    });
    expect(asked.step).toMatchObject({ escalationLevel: 'doctor', attempt: 0, asked: [] });
    expect(asked.standing).toMatchObject({ is: 'waiting', deadline: minute(5), dueAt: minute(4) });
  });

  test('the owner before stays responsible until somebody accepts, and then hears of it', () => {
    expect(responsible(asked)?.clinicianId).toBe(nurse.id);
    expect(toStandDown(asked, minute(3))).toEqual([]);
    const taken = when(asked, acceptedBy(doctor), minute(4));
    expect(responsible(taken)?.clinicianId).toBe(doctor.id);
    expect(toStandDown(taken, minute(4))).toEqual([nurse.id]);
  });

  test('the good readings since the owner came still count', () => {
    const taken = when(asked, acceptedBy(doctor), minute(4));
    expect(responsible(taken)).toMatchObject({ acceptedAt: minute(4), attendedAt: minute(1) });
  });

  test.each(['timeIsUp', 'everybodyDeclined', 'nobodyReached'] as const)(
    'the colleague does not take it (%s): their level is asked, then the next one',
    (because) => {
      const level = when(asked, moveOn(asked, because), minute(5));
      expect(level).toMatchObject({
        round: { number: 2, handedTo: null },
        step: { escalationLevel: 'doctor', attempt: 1 },
        standing: { deadline: minute(7) },
      });
      const next = when(level, moveOn(level, because), minute(7));
      expect(next.step).toMatchObject({ escalationLevel: 'lead', attempt: 0 });
    },
  );

  test('of a device as well', () => {
    const device = aDeviceAlert({ owner: {}, standing: { is: 'owned', deadline: minute(16) } });
    const byName = when(device, { ...handOver, to: lead }, minute(3));
    const level = when(byName, moveOn(byName, 'timeIsUp'), minute(18));
    expect(level.step).toMatchObject({ escalationLevel: 'lead', attempt: 1 });
  });
});

describe('given back', () => {
  test.each([
    ['nurse', 'critical', 'doctor'],
    ['doctor', 'critical', 'lead'],
    ['lead', 'critical', 'everyone'],
    ['nurse', 'emergency', 'everyone'],
    ['quality', 'critical', 'everyone'],
  ] as const)('by a %s, %s: %s is asked at once', (role, worst, escalationLevel) => {
    const asked = when(anOwnedAlert({ worst, owner: { role } }), giveBack, minute(3));
    expect(asked).toMatchObject({
      round: { number: 2, asking: 'givenBack', declined: [nurse.id], handedTo: null },
      step: { escalationLevel, attempt: 0 },
      standing: { is: 'waiting', dueAt: minute(4) },
    });
    expect(responsible(asked)?.clinicianId).toBe(nurse.id);
  });

  test('who gave it back may take it again', () => {
    const asked = when(anOwnedAlert(), giveBack, minute(3));
    const again = when(asked, acceptedBy(nurse), minute(4));
    expect(again.round.declined).toEqual([]);
    expect(toStandDown(again, minute(4))).toEqual([]);
  });
});

test.each([
  ['of an earlier round', anOwnedAlert({ round: { number: 2 } }), 'earlierRound'],
  ['that nobody has', aPagedAlert(), 'notOwned'],
  ['that a colleague has', anOwnedAlert({ owner: { clinicianId: doctor.id } }), 'notYours'],
  ['that was handed over on another telephone', when(anOwnedAlert(), handOver, minute(2)), 'earlierRound'],
  ['that was given back on another telephone', when(anOwnedAlert(), giveBack, minute(2)), 'earlierRound'],
])('an alert %s is nobody else’s to give up', (_what, alert, why) => {
  expect(whyNot(alert, handOver, minute(3))).toBe(why);
  expect(whyNot(alert, giveBack, minute(3))).toBe(why);
});
