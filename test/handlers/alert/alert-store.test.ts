import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { accept } from '../../../handlers/alert/answers.ts';
import { raise } from '../../../handlers/alert/open.ts';
import {
  AlertNotWritten,
  changeAlert,
  fulfilClaim,
  ItemMissing,
  readPage,
  ringBell,
} from '../../../handlers/aws/alert-store.ts';
import { aClaim, anAlert, anOwnedAlert, aPagedAlert, doctor, minute, nurse, START } from './builders.ts';
import { type FakeAws, fakeAws, metadata, silence } from './fake-aws.ts';

let aws: FakeAws;
beforeEach(() => {
  aws = fakeAws();
});
afterEach(() => vi.restoreAllMocks());

const { alertId, pk } = anAlert();
const acceptedBy = (clinicianId: string) =>
  changeAlert('table', pk, alertId, (alert, writeId) =>
    accept(alert, { clinicianId, role: 'nurse', round: 1, shownLevel: 'critical' }, minute(1), writeId),
  );
/** Once. */
const first = (error: () => Error | undefined, matching: string) => {
  let done = false;
  return (call: string) => {
    if (done || !call.startsWith(matching)) return undefined;
    done = true;
    return error();
  };
};

describe('changing an alert', () => {
  test('writes what the rule says', async () => {
    aws.put(aPagedAlert());
    const { alert, refused } = await acceptedBy(nurse.id);
    expect(refused).toBeUndefined();
    expect(aws.alert()).toEqual(alert);
    expect(alert).toMatchObject({ ownerId: nurse.id, seq: 3 });
  });

  test('two at once: one write decides, and the other is told who has it', async () => {
    aws.put(aPagedAlert());
    const answers = await Promise.all([acceptedBy(nurse.id), acceptedBy(doctor.id)]);
    expect(answers.map(({ refused }) => refused).sort()).toEqual(['already owned', undefined].sort());
    expect(answers[0].alert.ownerId).toBe(answers[1].alert.ownerId);
    expect(aws.alert().seq).toBe(3);
  });

  test('a write whose reply was lost is found again, and not repeated', async () => {
    aws.put(aPagedAlert());
    aws.after = first(silence, 'Put');
    const { alert, refused } = await acceptedBy(nurse.id);
    expect(refused).toBeUndefined();
    expect(alert.ownerId).toBe(nurse.id);
    expect(aws.alert().seq).toBe(3);
  });

  test('what another one wrote a moment ago is what the rule is asked about', async () => {
    aws.put(aPagedAlert());
    aws.put(anOwnedAlert({ ownerId: doctor.id }));
    expect(await acceptedBy(nurse.id)).toMatchObject({
      refused: 'already owned',
      alert: { ownerId: doctor.id },
    });
  });

  test.each([
    ['another alert by now', { alertId: 'a-newer-one-1234' }],
    ['closed by now', { status: 'closed' }],
    ['further by now', { seq: 3 }],
  ] as const)('an alert that is %s is not written over, whatever else is as it was', async (_what, since) => {
    aws.put(aPagedAlert());
    aws.before = first(() => {
      aws.put(aPagedAlert(since));
      return undefined;
    }, 'Put');
    await acceptedBy(nurse.id);
    expect(aws.calls.slice(0, 3)).toEqual([`Get ${pk}`, `Put ${pk}`, `Get ${pk}`]);
    const expected = 'seq' in since ? { seq: 4, ownerId: nurse.id } : { ...since, ownerId: null };
    expect(aws.alert()).toMatchObject(expected);
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

  test('what no repetition mends is not repeated: a fault of the rule, a request refused, no alert at all', async () => {
    await expect(acceptedBy(nurse.id)).rejects.toThrow(ItemMissing);
    aws.put(aPagedAlert());
    const faulty = changeAlert('table', pk, alertId, () => {
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

describe('a claim', () => {
  const fulfil = (me = 'exec-1', now = START) => fulfilClaim('table', aClaim().readingId, me, now);

  test('becomes an alert, both in one write', async () => {
    aws.put(aClaim());
    expect(await fulfil()).toEqual({ outcome: 'opened', alertId, carriedBy: 'exec-1' });
    expect(aws.alert()).toMatchObject({ alertId, executionName: 'exec-1', seq: 1 });
    expect(aws.claim()).toMatchObject({ status: 'fulfilled', alertId });
    expect(aws.claim()).not.toHaveProperty('dueAt');
    expect(aws.claim()).not.toHaveProperty('dueOn');
  });

  test('a reply that was lost opens nothing twice', async () => {
    aws.put(aClaim());
    aws.after = first(silence, 'TransactWrite');
    expect(await fulfil()).toEqual({ outcome: 'opened', alertId, carriedBy: 'exec-1' });
    expect(aws.alert().seq).toBe(1);
  });

  test('the state is attempted again after all was done: the execution still carries its alert', async () => {
    aws.put(aClaim());
    await fulfil();
    expect(await fulfil()).toEqual({ outcome: 'opened', alertId, carriedBy: 'exec-1' });
    expect(await fulfil('exec-r1')).toEqual({ outcome: 'joined', alertId, carriedBy: 'exec-1' });
    expect(aws.alert().seq).toBe(1);
  });

  test('two executions of it at once: one carries the alert', async () => {
    aws.put(aClaim());
    const outcomes = await Promise.all([fulfil('exec-1'), fulfil('exec-1-r1')]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['joined', 'opened']);
    expect(aws.alert().seq).toBe(1);
  });

  test('fulfilled between its reading and that of the alert, it is taken once', async () => {
    const claim = aClaim();
    aws.put(claim);
    const theirs = raise(claim, undefined, 'exec-1-r1', START, 'theirs').alert;
    aws.before = first(() => {
      aws.put(theirs, { ...claim, status: 'fulfilled', alertId });
      return undefined;
    }, `Get ${pk}`);
    expect(await fulfil()).toEqual({ outcome: 'joined', alertId, carriedBy: 'exec-1-r1' });
    expect(aws.alert().seq).toBe(1);
  });

  test('two readings of one patient at once: one alert, which the other one joins', async () => {
    const other = aClaim({ pk: 'READING#other-reading-0001', readingId: 'other-reading-0001' });
    aws.put(aClaim(), other);
    const outcomes = await Promise.all([
      fulfil('exec-1'),
      fulfilClaim('table', other.readingId, 'exec-2', START),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['joined', 'opened']);
    expect(aws.alert().seq).toBe(2);
    expect(outcomes[0].alertId).toBe(outcomes[1].alertId);
  });

  test('worse news rings; as bad as known does not', async () => {
    aws.waiting.add('token-1');
    aws.put(aPagedAlert(), aClaim());
    expect((await fulfil('exec-2')).outcome).toBe('joined');
    expect(aws.waiting.has('token-1')).toBe(true);
    aws.put(aClaim({ level: 'emergency' }));
    await fulfil('exec-3');
    expect(aws.waiting.has('token-1')).toBe(false);
    expect(aws.alert().worst).toBe('emergency');
  });

  test('worse news whose write’s reply was lost rings all the same', async () => {
    aws.waiting.add('token-1');
    aws.put(aPagedAlert(), aClaim({ level: 'emergency' }));
    aws.after = first(silence, 'TransactWrite');
    expect((await fulfil('exec-2')).outcome).toBe('joined');
    expect(aws.waiting.has('token-1')).toBe(false);
    expect(aws.alert()).toMatchObject({ seq: 3, worst: 'emergency' });
  });

  test('an alert that is stuck is taken over', async () => {
    aws.put(anOwnedAlert({ dueAt: minute(2) }), aClaim());
    expect((await fulfil('exec-2', minute(2))).outcome).toBe('taken over');
    expect(aws.alert()).toMatchObject({ executionName: 'exec-2', dueAt: minute(3) });
  });

  test('superseded meanwhile, or its alert over: it ends quietly', async () => {
    aws.put(aClaim({ status: 'superseded' }));
    expect(await fulfil()).toEqual({ outcome: 'joined', alertId: null, carriedBy: null });
    const over = anOwnedAlert({ status: 'closed' });
    aws.put(aClaim({ status: 'fulfilled', alertId }), over);
    expect(await fulfil('exec-9')).toEqual({ outcome: 'joined', alertId, carriedBy: over.executionName });
    aws.put(anOwnedAlert({ alertId: 'a-newer-one' }));
    expect(await fulfil('exec-9')).toEqual({ outcome: 'joined', alertId, carriedBy: null });
  });

  test('transactions that collide are tried again; one that is malformed is not', async () => {
    const cancelled = (Code: string) =>
      new TransactionCanceledException({
        message: Code,
        CancellationReasons: [{ Code }, { Code: 'None' }],
        ...metadata,
      });
    aws.put(aClaim());
    aws.before = first(() => cancelled('TransactionConflict'), 'TransactWrite');
    expect((await fulfil()).outcome).toBe('opened');
    aws.put(aClaim());
    aws.items.delete(pk);
    aws.before = (call) => (call.startsWith('TransactWrite') ? cancelled('ValidationError') : undefined);
    await expect(fulfil()).rejects.toThrow('ValidationError');
  });

  test('a claim that is not there is an error', async () => {
    await expect(fulfil()).rejects.toThrow(ItemMissing);
  });
});

test('a bell that cannot be rung is nobody’s error', async () => {
  await ringBell(anAlert({ token: null }));
  await ringBell(aPagedAlert());
  aws.before = () => silence();
  await ringBell(aPagedAlert());
  expect(aws.calls).toEqual(['SendTaskSuccess token-1', 'SendTaskSuccess token-1']);
});

test('a page is found by the id in its link', async () => {
  aws.put({ pk: 'PAGE#abc' });
  expect(await readPage('table', 'abc')).toEqual({ pk: 'PAGE#abc' });
  expect(await readPage('table', 'xyz')).toBeUndefined();
});
