import { describe, expect, test } from 'vitest';
import { type Alert, operationsMail, operationsWebhook } from '../../../handlers/alert/alert.ts';
import { toStandDown } from '../../../handlers/alert/called.ts';
import type { Request } from '../../../handlers/alert/event.ts';
import { type RecordUndeliverable, stepOf } from '../../../handlers/alert/mails.ts';
import {
  aClosedAlert,
  anOwnedAlert,
  aPagedAlert,
  at,
  doctor,
  minute,
  nurse,
  seenAs,
  when,
  whyNot,
} from './builders.ts';

const toNurse: Request = {
  pageId: 'page-nurse',
  clinicianId: nurse.id,
  role: 'nurse',
  purpose: 'page',
};
/** Mails of the step of `of` went out, to the nurse unless said otherwise; others wait. */
const recordMails = (of: Alert, published = [toNurse], turns: Record<string, string> = {}) =>
  ({ type: 'recordMails', step: stepOf(of), published, turns }) as const;
const recordTold = (of: Alert, by: 'mail' | 'webhook') =>
  ({ type: 'recordOperationsTold', step: stepOf(of), by: [by] }) as const;

describe('a mail that was published', () => {
  test('is the event `paged`, and its clinician is not mailed again in this step', () => {
    const alert = aPagedAlert();
    const after = when(alert, recordMails(alert), at(2));
    expect(after.step).toMatchObject({ mailed: [nurse.id], turns: {} });
    expect(after.standing).toEqual(alert.standing);
    expect(after.events.at(-1)).toMatchObject({
      type: 'paged',
      pages: [toNurse],
      step: { round: 1, escalationLevel: 'nurse', attempt: 0 },
    });
  });

  test('is recorded although somebody has answered meanwhile, since it did go out', () => {
    const owned = anOwnedAlert();
    const after = when(owned, recordMails(aPagedAlert()), minute(1));
    expect(after).toMatchObject({ standing: owned.standing });
    expect(after.events.at(-1)?.type).toBe('paged');
  });

  test('of a step that is over counts for that step, and not for the present one', () => {
    const before = aPagedAlert();
    const moved = when(before, { type: 'moveOn', seen: seenAs(before), because: 'nobodyReached' }, at(1));
    const alert: Alert = {
      ...moved,
      step: { ...moved.step, asked: [doctor.id], mailed: [doctor.id] },
      standing: { is: 'waiting', deadline: minute(2), dueAt: minute(3), formerOwner: null },
    };
    const after = when(alert, recordMails(before, [toNurse], { 'nurse-2': at(40) }), at(2));
    expect(after.step).toEqual(alert.step);
    // Nor has the sweeper to mind the turns of mails that nobody waits for.
    expect(after.standing).toEqual(alert.standing);
    expect(after.events.at(-1)).toMatchObject({ type: 'paged', step: { escalationLevel: 'nurse' } });
  });

  test('although the alert was closed by then is recorded, and somebody is to hear of that', () => {
    for (const command of [recordMails(aPagedAlert()), recordTold(aPagedAlert(), 'mail')]) {
      const after = when(aClosedAlert(), command, minute(17));
      expect(after.standing).toMatchObject({ is: 'closed', dueAt: minute(18) });
      expect(toStandDown(after, minute(17))).toHaveLength(1);
    }
    const nothing = recordMails(aPagedAlert(), [], { [nurse.id]: at(40) });
    expect(whyNot(aClosedAlert(), nothing, at(2))).toBe('closed');
  });
});

test('a mail that waits for its turn is no page yet, and the sweeper minds that it comes', () => {
  const alert = aPagedAlert({ standing: { dueAt: minute(3) } });
  const after = when(alert, recordMails(alert, [], { [nurse.id]: at(40) }), at(2));
  expect(after).toMatchObject({
    step: { mailed: [], turns: { [nurse.id]: at(40) } },
    standing: { deadline: minute(2), dueAt: at(62) },
  });
  expect(after.events.at(-1)?.type).toBe('deferred');
});

test('operations that were told are told once a step by each channel', () => {
  const alert = aPagedAlert({ step: { escalationLevel: 'everyone' } });
  const after = when(alert, recordTold(alert, 'webhook'), at(2));
  const again = when(after, recordTold(alert, 'mail'), at(30));
  expect(again.step.mailed).toEqual([operationsWebhook, operationsMail]);
  expect(again.events).toMatchObject([
    { type: 'operationsTold', by: ['webhook'] },
    { type: 'operationsTold', by: ['mail'] },
  ]);
});

describe('a mail that cannot be sent', () => {
  const alert = aPagedAlert({
    worst: 'emergency',
    announced: 'emergency',
    step: { asked: [nurse.id, doctor.id] },
  });
  const record = (
    seen: Alert,
    reason: string,
    of: Partial<RecordUndeliverable> = {},
  ): RecordUndeliverable => ({
    type: 'recordUndeliverable',
    seen: seenAs(seen),
    failed: [{ ...toNurse, reason }],
    nobodyReached: false,
    ...of,
  });

  test('is recorded, and its clinician no longer counted on', () => {
    const after = when(alert, record(alert, 'NoConfirmedSubscription'), at(5));
    expect(after.step.unreachable).toEqual([nurse.id]);
    expect(after.standing).toEqual(alert.standing);
    expect(after.events.at(-1)).toMatchObject({
      type: 'undeliverable',
      reason: 'NoConfirmedSubscription',
      pages: [toNurse],
    });
  });

  test('names each reason once, and nobody twice', () => {
    const toDoctor = { ...toNurse, clinicianId: doctor.id, reason: 'NotFoundException' };
    const failed = [{ ...toNurse, reason: 'NotFoundException' }, toDoctor];
    const once = when(alert, record(alert, '', { failed }), at(5));
    expect(once.events.at(-1)).toMatchObject({ reason: 'NotFoundException' });
    const twice = when(once, record(alert, '', { failed }), at(6));
    expect(twice.step.unreachable).toEqual([nurse.id, doctor.id]);
  });

  test('when nobody is left, the sweeper no longer waits for the deadline', () => {
    const after = when(alert, record(alert, 'NotFoundException', { nobodyReached: true }), at(5));
    expect(after.standing).toMatchObject({ deadline: minute(2), dueAt: at(65) });
  });

  test('is nothing any more once somebody has answered', () => {
    const owned = anOwnedAlert();
    expect(whyNot(owned, record(owned, 'x', { nobodyReached: true }), at(5))).toBe('answered');
  });
});
