/** Who need not come any more, and has yet to hear of it. */
import { describe, expect, test } from 'vitest';
import { type Alert, operationsMail, operationsWebhook } from '../../../handlers/alert/alert.ts';
import { assess } from '../../../handlers/alert/assess.ts';
import { isStandDownDue, toStandDown } from '../../../handlers/alert/called.ts';
import type { AlertCommand } from '../../../handlers/alert/decide.ts';
import type { Request } from '../../../handlers/alert/event.ts';
import { stepOf } from '../../../handlers/alert/mails.ts';
import type { Responder } from '../../../handlers/alert/responders.ts';
import {
  aClosedAlert,
  aDeviceAlert,
  aPagedAlert,
  aReadingAt,
  at,
  doctor,
  lead,
  minute,
  nurse,
  seenAs,
  when,
  whyNot,
} from './builders.ts';

const mailed = (alert: Alert, ...people: Responder[]): AlertCommand => ({
  type: 'recordMails',
  step: stepOf(alert),
  published: people.map(
    ({ id, role }): Request => ({ pageId: `page-${id}`, clinicianId: id, role, purpose: 'page' }),
  ),
  turns: {},
});
const told = (alert: Alert, ...by: ('mail' | 'webhook')[]): AlertCommand => ({
  type: 'recordOperationsTold',
  step: stepOf(alert),
  by,
});
const accept = (by: Responder): AlertCommand => ({
  type: 'accept',
  clinicianId: by.id,
  role: by.role,
  round: 1,
  shownLevel: 'critical',
});
const close = (by: Responder): AlertCommand => ({
  type: 'close',
  clinicianId: by.id,
  reason: 'transferred',
  shownLevel: 'critical',
});
const decline = (by: Responder, reason: 'cannotCome' | 'wrongPins' = 'cannotCome'): AlertCommand => ({
  type: 'decline',
  clinicianId: by.id,
  round: 1,
  reason,
});
const heard = (...whom: string[]): AlertCommand => ({ type: 'recordStandDown', whom, notBefore: null });

/** Nurse, doctor and lead have been mailed, and nobody has answered. */
const called = when(aPagedAlert(), mailed(aPagedAlert(), nurse, doctor, lead), at(20));

describe('who hears that they need not come', () => {
  test('nobody, as long as it asks', () => {
    expect(toStandDown(called, at(30))).toEqual([]);
  });

  test('once somebody has it: the others who were mailed', () => {
    expect(toStandDown(when(called, accept(doctor), at(30)), at(30))).toEqual([nurse.id, lead.id]);
  });

  test('when it was closed: all but who closed it', () => {
    expect(toStandDown(when(called, close(lead), at(30)), at(30))).toEqual([nurse.id, doctor.id]);
  });

  test('not who said that they cannot come; but whose page was passed on for wrong PINs', () => {
    const declined = when(when(called, decline(nurse), at(25)), decline(lead, 'wrongPins'), at(26));
    expect(toStandDown(when(declined, accept(doctor), at(30)), at(30))).toEqual([lead.id]);
  });

  test('also whose mail went out when somebody had it, or it was over; not the owner’s own', () => {
    const late = mailed(called, nurse, doctor);
    for (const command of [accept(doctor), close(doctor)]) {
      const before = when(aPagedAlert(), command, at(30));
      expect(toStandDown(when(before, late, at(31)), at(31))).toContain(nurse.id);
    }
    const owned = when(aPagedAlert(), accept(doctor), at(30));
    expect(toStandDown(when(owned, late, at(31)), at(31))).toEqual([nurse.id]);
    const closed = when(aPagedAlert(), close(doctor), at(30));
    expect(toStandDown(when(closed, late, at(31)), at(31))).toEqual([nurse.id]);
  });

  test('whose page failed, since the mail may have gone out all the same', () => {
    const asked = aPagedAlert();
    const moveOn = { type: 'moveOn', seen: seenAs(asked), because: 'pageFailed' } as const;
    const moved = when(asked, moveOn, at(10));
    expect(moved.called.whom).toEqual(asked.step.asked);
    expect(toStandDown(when(moved, accept(doctor), at(30)), at(30))).toEqual([nurse.id]);
    const unreachable = { ...asked, step: { ...asked.step, unreachable: [nurse.id] } };
    expect(when(unreachable, moveOn, at(10)).called.whom).toEqual([]);
    const everyone = { ...asked, step: { ...asked.step, escalationLevel: 'everyone' as const } };
    const failed = when(everyone, { ...moveOn, seen: seenAs(everyone) }, at(10));
    expect(failed.called.whom).toContain(operationsMail);
  });

  test.each([
    [['mail'], [operationsMail]],
    [['webhook'], [operationsWebhook]],
    [
      ['mail', 'webhook'],
      [operationsMail, operationsWebhook],
    ],
  ] as const)('the operations, if they were told to telephone, by the same way: %j', (by, whom) => {
    const owned = when(when(called, told(called, ...by), at(25)), accept(doctor), at(30));
    expect(toStandDown(owned, at(30))).toEqual([nurse.id, lead.id, ...whom]);
  });

  test('of a device nobody was to telephone: only a pager hears of its end', () => {
    const device = aDeviceAlert();
    expect(when(device, told(device, 'mail'), at(25)).called.whom).toEqual([nurse.id]);
    expect(when(device, told(device, 'mail', 'webhook'), at(25)).called.whom).toEqual([
      nurse.id,
      operationsWebhook,
    ]);
  });

  test('once: whoever knows is not told again, unless called again', () => {
    const owned = when(called, accept(doctor), at(30));
    const one = when(owned, heard(nurse.id), at(31));
    expect(toStandDown(one, at(31))).toEqual([lead.id]);
    expect(toStandDown(when(one, heard(lead.id), at(32)), at(32))).toEqual([]);
    const again = when(one, mailed(one, nurse), at(33));
    expect(toStandDown(again, at(33))).toEqual([lead.id, nurse.id]);
  });

  test('within a quarter of an hour: then nobody is on the way any more', () => {
    const owned = when(called, accept(doctor), at(30));
    expect(toStandDown(owned, at(30 + 899))).toHaveLength(2);
    expect(toStandDown(owned, at(30 + 900))).toEqual([]);
  });
});

describe('what comes first', () => {
  const carried = { executionName: 'exec-1', alertId: called.alertId };
  const next = (alert: Alert, now: string) =>
    assess(alert, carried, { responders: [nurse], recent: [aReadingAt(10)] }, now);
  const owned = when(called, accept(doctor), at(30));
  const gaveWay = when(owned, { type: 'recordStandDown', whom: [nurse.id], notBefore: minute(1) }, at(31));

  test('to tell, then to wait for the recheck', () => {
    expect(next(owned, at(31)).next).toBe('Tell who need not come');
    const done = when(owned, heard(nurse.id, lead.id), at(32));
    expect(next(done, at(32)).next).toBe('Wait for the recheck');
  });

  test('worse news, and the recheck, before any mail of that kind', () => {
    expect(next({ ...owned, worst: 'emergency' }, at(31)).next).toBe('Begin a new round');
    expect(next(owned, at(30 + 900)).next).toBe('Close alert');
  });

  test('mails that give way are waited for, no longer than until their time, nor the recheck', () => {
    expect(isStandDownDue(gaveWay, at(59))).toBe(false);
    expect(next(gaveWay, at(31))).toMatchObject({ next: 'Wait for the recheck', deadline: minute(1) });
    expect(next(gaveWay, minute(1)).next).toBe('Tell who need not come');
    const wait = { type: 'wait', seen: seenAs(gaveWay) } as const;
    expect(whyNot(gaveWay, wait, at(31))).toBeUndefined();
    expect(whyNot(gaveWay, wait, minute(1))).toBe('movedOn');
  });

  test('of what is over: to tell, to pause while others are mailed, and to end', () => {
    const over = when(called, close(doctor), at(30));
    expect(next(over, at(31)).next).toBe('Tell who need not come');
    const paused = when(over, { type: 'recordStandDown', whom: [nurse.id], notBefore: minute(1) }, at(31));
    expect(next(paused, at(31))).toMatchObject({ next: 'Pause before calling again', deadline: minute(1) });
    const waits = when(paused, { type: 'wait', seen: seenAs(paused) }, at(32));
    expect(waits.standing).toMatchObject({ is: 'closed', dueAt: minute(2) });
    expect(whyNot(paused, { type: 'wait', seen: seenAs(paused) }, minute(1))).toBe('movedOn');
    expect(whyNot(paused, { type: 'wait', seen: { ...seenAs(paused), executionName: 'x' } }, at(32))).toBe(
      'takenOver',
    );
    const done = when(paused, heard(lead.id), minute(1));
    expect(next(done, minute(1)).next).toBe('Closed');
    expect(done.standing).toMatchObject({ dueAt: null });
  });
});

describe('what is over, and not yet told to all', () => {
  const over = when(called, close(doctor), at(30));
  const overdue = { type: 'resume', stuck: { because: 'overdue' } } as const;
  const ended = { type: 'resume', stuck: { because: 'executionEnded', executionName: 'exec-1' } } as const;

  test('is due within a minute, and carried on by another execution', () => {
    expect(over.standing).toMatchObject({ is: 'closed', dueAt: at(90) });
    expect(whyNot(over, overdue, at(89))).toBe('notStuck');
    expect(when(over, overdue, at(90))).toMatchObject({
      executionName: '3f9a0c21b7de4455-a1',
      standing: { dueAt: at(150) },
    });
    expect(when(over, ended, at(31)).raisedAgain).toBe(1);
  });

  test('is let go after a quarter of an hour: nobody is told any more, and it is due no more', () => {
    const late = at(30 + 900);
    const gone = when(over, overdue, late);
    expect(gone).toMatchObject({ called: { whom: [], notBefore: null }, standing: { dueAt: null } });
    expect(gone.events.at(-1)).toMatchObject({ type: 'stoodDown', whom: [], notBefore: null });
    expect(gone).toMatchObject({ executionName: over.executionName, raisedAgain: over.raisedAgain });
    expect(whyNot(gone, overdue, late)).toBe('closed');
    expect(whyNot(aClosedAlert(), ended, minute(17))).toBe('closed');
  });
});
