import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { responsible } from '../../../handlers/alert/alert.ts';
import type { Accept } from '../../../handlers/alert/answer.ts';
import type { AlertCommand } from '../../../handlers/alert/decide.ts';
import { AlertNotWritten, ItemMissing } from '../../../handlers/aws/dynamodb/alert-store.ts';
import type { CommandWhenFound } from '../../../handlers/use-cases/carry-out.ts';
import { changeAlert } from '../../../handlers/use-cases/change-alert.ts';
import { metadata, silence } from '../../local-aws.ts';
import { AlertingAws, first } from '../alert/alerting-aws.ts';
import {
  aClaim,
  aClosedAlert,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  doctor,
  minute,
  nurse,
  START,
  seenAs,
  stored,
  whenRaised,
} from '../alert/builders.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
  aws.waiting.add('token-1');
});
afterEach(() => vi.restoreAllMocks());

const { alertId, pk } = anAlert();
const change = (command: CommandWhenFound, token?: string) =>
  changeAlert(aws.tableName, { alertKey: pk, alertId, ...(token && { token }) }, command, minute(1));
const accept = (clinicianId: string): Accept => ({
  type: 'accept',
  clinicianId,
  role: 'nurse',
  round: 1,
  shownLevel: 'critical',
});
const acceptedBy = (clinicianId: string) => change(accept(clinicianId));
const isWoken = () => !aws.waiting.has('token-1');

describe('changing an alert', () => {
  test('writes what the rules decide, with its event', async () => {
    aws.put(aPagedAlert());
    const { alert, refused } = await acceptedBy(nurse.id);
    expect(refused).toBeUndefined();
    expect(aws.alert()).toEqual(alert);
    expect(alert).toMatchObject({ standing: { owner: { clinicianId: nurse.id } }, seq: 3 });
    expect(alert.events.at(-1)).toMatchObject({ type: 'accepted', seq: 3, at: minute(1) });
  });

  test('two at once: one write decides, and the other is told who has it', async () => {
    aws.put(aPagedAlert());
    const answers = await Promise.all([acceptedBy(nurse.id), acceptedBy(doctor.id)]);
    expect(answers.map(({ refused }) => refused).sort()).toEqual(['answered', undefined].sort());
    expect(answers[0].alert.standing).toEqual(answers[1].alert.standing);
    expect(aws.alert().seq).toBe(3);
  });

  test('a write whose reply was lost is found again, and not repeated', async () => {
    aws.put(aPagedAlert());
    aws.after = first(silence, 'Put');
    const { alert, refused } = await acceptedBy(nurse.id);
    expect(refused).toBeUndefined();
    expect(responsible(alert)?.clinicianId).toBe(nurse.id);
    expect(aws.alert().seq).toBe(3);
  });

  test('what another one wrote a moment ago is what the rules are asked about', async () => {
    aws.put(aPagedAlert());
    aws.put(anOwnedAlert({ owner: { clinicianId: doctor.id } }));
    expect(await acceptedBy(nurse.id)).toMatchObject({
      refused: 'answered',
      alert: { standing: { owner: { clinicianId: doctor.id } } },
    });
  });

  test.each([
    [
      'another alert by now',
      whenRaised(aClosedAlert(), aClaim({ readingId: 'a-newer-one-1234' }), START),
      'closed',
    ],
    ['closed by now', aClosedAlert(), 'closed'],
    ['further by now', aPagedAlert({ seq: 3 }), undefined],
  ] as const)('an alert that is %s is not written over', async (_what, since, refused) => {
    aws.put(aPagedAlert());
    aws.before = first(() => {
      aws.put(since);
      return undefined;
    }, 'Put');
    expect((await acceptedBy(nurse.id)).refused).toBe(refused);
    expect(aws.calls.slice(0, 3)).toEqual([`Get ${pk}`, `Put ${pk}`, `Get ${pk}`]);
    if (refused) expect(aws.alert()).toEqual(since);
    else expect(aws.alert()).toMatchObject({ seq: 4, standing: { owner: { clinicianId: nurse.id } } });
  });

  test('a write that had no effect is repeated', async () => {
    aws.put(aPagedAlert());
    aws.before = first(silence, 'Put');
    expect((await acceptedBy(nurse.id)).alert.seq).toBe(3);
  });

  test('the patient has a newer alert by now: this one is closed', async () => {
    aws.put(aPagedAlert({ alertId: 'a-newer-one-1234' }));
    expect((await acceptedBy(nurse.id)).refused).toBe('closed');
    expect(aws.calls).toEqual([`Get ${pk}`]);
  });

  test('a table that stays silent is an error with a name', async () => {
    aws.put(aPagedAlert());
    aws.before = (call) => (call.startsWith('Put') ? silence() : undefined);
    await expect(acceptedBy(nurse.id)).rejects.toThrow(AlertNotWritten);
  });

  test('what no repetition mends is not repeated: a fault of the rules, a request refused, no alert at all', async () => {
    await expect(acceptedBy(nurse.id)).rejects.toThrow(ItemMissing);
    aws.put(aPagedAlert());
    const faulty = change(() => {
      throw new TypeError('a bug');
    });
    await expect(faulty).rejects.toThrow('a bug');
    aws.before = (call) =>
      call.startsWith('Put')
        ? Object.assign(new Error('no'), { name: 'ValidationException', ...metadata })
        : undefined;
    await expect(acceptedBy(nurse.id)).rejects.toThrow('no');
    expect(aws.calls.filter((call) => call.startsWith('Put'))).toHaveLength(1);
  });
});

describe('whatever waits for an alert', () => {
  const item = () => aws.items.get(pk);

  test.each<[string, AlertCommand]>([
    ['an acceptance', accept(nurse.id)],
    ['a decline', { type: 'decline', clinicianId: nurse.id, round: 1, reason: 'cannotCome' }],
    ['closing', { type: 'close', clinicianId: nurse.id, reason: 'transferred', shownLevel: 'critical' }],
  ])('is woken by %s, after the write, by the token that stays', async (_what, answer) => {
    aws.put(aPagedAlert());
    await change(answer);
    expect(aws.calls).toEqual([`Get ${pk}`, `Put ${pk}`, 'SendTaskSuccess token-1']);
    expect(aws.stored().token).toBe('token-1');
  });

  test('is woken by an answer whose write’s reply was lost, and by none that was refused', async () => {
    aws.put(anOwnedAlert());
    await acceptedBy(nurse.id);
    expect(isWoken()).toBe(false);
    aws.put(aPagedAlert());
    aws.after = first(silence, 'Put');
    await acceptedBy(nurse.id);
    expect(isWoken()).toBe(true);
  });

  test('is not woken by the workflow’s own writes, nor by the readings that end the alert', async () => {
    aws.put(aPagedAlert());
    await change({ type: 'moveOn', seen: seenAs(aPagedAlert()), because: 'timeIsUp' });
    aws.put(anOwnedAlert());
    const recent = [aReadingAt(10)];
    await change({ type: 'closeRecovered', seen: seenAs(anOwnedAlert()), recent });
    expect(aws.alert().standing).toMatchObject({ is: 'closed', reason: 'recovered' });
    expect(isWoken()).toBe(false);
  });

  test('is found by the token of the task that waits now: the other writes leave it', async () => {
    aws.put(stored(anAlert(), null));
    const nurseAlone = { responders: [nurse], sighting: undefined, newPageIds: ['page-1'] };
    await change({ type: 'ask', seen: seenAs(anAlert()), ...nurseAlone }, 'token-2');
    expect(aws.stored().token).toBe('token-2');
    const seen = seenAs(aws.alert());
    await change({ type: 'moveOn', seen, because: 'timeIsUp' });
    expect(aws.stored().token).toBe('token-2');
  });

  test('is not the task whose command was refused', async () => {
    aws.put(aPagedAlert());
    expect((await change({ type: 'wait', seen: seenAs(aPagedAlert()) }, 'token-2')).refused).toBe('movedOn');
    expect(aws.stored().token).toBe('token-1');
  });

  test('that an open alert is due is in the index; closing takes it off', async () => {
    aws.put(aPagedAlert());
    await acceptedBy(nurse.id);
    expect(item()).toMatchObject({ dueOn: 'alert', dueAt: minute(2) });
    await change({ type: 'close', clinicianId: nurse.id, reason: 'transferred', shownLevel: 'critical' });
    expect(item()).not.toHaveProperty('dueOn');
    expect(item()).not.toHaveProperty('dueAt');
  });
});
