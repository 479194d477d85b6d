import { describe, expect, test } from 'vitest';
import { type Alert, operationsMail, operationsWebhook } from '../../../handlers/alert/alert.ts';
import { operationsTold, paged, undeliverable } from '../../../handlers/alert/mailed.ts';
import type { Request } from '../../../handlers/alert/page.ts';
import { anOwnedAlert, aPagedAlert, at, changed, doctor, minute, nurse, refused } from './builders.ts';

const toNurse: Request = { pageId: 'page-nurse', clinicianId: nurse.id, role: 'nurse', purpose: 'page' };

describe('a mail that was published', () => {
  test('is the event `paged`, and its clinician is not mailed again in this step', () => {
    const alert = aPagedAlert();
    const after = changed(paged(alert, alert, [toNurse], {}, at(2), 'w'));
    expect(after).toMatchObject({ mailed: [nurse.id], turns: {}, dueAt: alert.dueAt });
    expect(after.events.at(-1)).toMatchObject({ type: 'paged', pages: [toNurse], round: 1, rung: 'nurse' });
  });

  test('is recorded although somebody has answered meanwhile, since it did go out', () => {
    const owned = anOwnedAlert();
    const after = changed(paged(owned, aPagedAlert(), [toNurse], {}, minute(1), 'w'));
    expect(after).toMatchObject({ ownerId: nurse.id, deadline: owned.deadline, dueAt: owned.dueAt });
    expect(after.events.at(-1)?.type).toBe('paged');
  });

  test('of a step that is over counts for that step, and not for the present one', () => {
    const alert = aPagedAlert({ rung: 'doctor', asked: [doctor.id], mailed: [doctor.id] });
    const after = changed(paged(alert, aPagedAlert(), [toNurse], { 'nurse-2': at(40) }, at(2), 'w'));
    expect(after).toMatchObject({ mailed: [doctor.id], turns: {} });
    expect(after.events.at(-1)).toMatchObject({ type: 'paged', rung: 'nurse' });
  });

  test('a closed alert takes no more events', () => {
    const closed = anOwnedAlert({ status: 'closed' });
    expect(refused(paged(closed, closed, [toNurse], {}, at(2), 'w'))).toBe('closed');
    expect(refused(operationsTold(closed, closed, ['mail'], at(2), 'w'))).toBe('closed');
  });
});

test('a mail that waits for its turn is no page yet, and the sweeper minds that it comes', () => {
  const alert = aPagedAlert({ dueAt: minute(3) });
  const after = changed(paged(alert, alert, [], { [nurse.id]: at(40) }, at(2), 'w'));
  expect(after).toMatchObject({ mailed: [], turns: { [nurse.id]: at(40) }, dueAt: at(62) });
  expect(after.events.at(-1)?.type).toBe('waiting');
});

test('operations that were told are told once a step by each channel', () => {
  const alert = aPagedAlert({ rung: 'everyone' });
  const after = changed(operationsTold(alert, alert, ['webhook'], at(2), 'w1'));
  const again = changed(operationsTold(after, alert, ['mail'], at(30), 'w2'));
  expect(again.mailed).toEqual([operationsWebhook, operationsMail]);
  expect(again.events.map(({ type, reason }) => [type, reason])).toEqual([
    ['operations told', 'webhook'],
    ['operations told', 'mail'],
  ]);
});

const seen = (alert: Alert) => ({ me: 'exec-1', round: alert.round, rung: alert.rung, pass: alert.pass });

describe('a mail that cannot be sent', () => {
  const alert = aPagedAlert({ worst: 'emergency', announced: 'emergency', asked: [nurse.id, doctor.id] });

  test('is recorded, and its clinician no longer counted on', () => {
    const failed = [{ ...toNurse, reason: 'NoConfirmedSubscription' }];
    const recorded = changed(undeliverable(alert, seen(alert), failed, false, at(5), 'w'));
    expect(recorded).toMatchObject({ unreachable: [nurse.id], dueAt: alert.dueAt });
    expect(recorded.events.at(-1)).toMatchObject({
      type: 'undeliverable',
      reason: 'NoConfirmedSubscription',
      pages: [toNurse],
    });
  });

  test('when nobody is left, the sweeper no longer waits for the deadline', () => {
    const failed = [{ ...toNurse, reason: 'NotFoundException' }];
    expect(changed(undeliverable(alert, seen(alert), failed, true, at(5), 'w')).dueAt).toBe(at(65));
  });

  test('is nothing any more once somebody has answered', () => {
    const owned = anOwnedAlert();
    expect(refused(undeliverable(owned, seen(owned), [{ ...toNurse, reason: 'x' }], true, at(5), 'w'))).toBe(
      'answered',
    );
  });
});
