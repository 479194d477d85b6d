import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ItemMissing } from '../../../handlers/aws/dynamodb/alert-store.ts';
import { raiseReading } from '../../../handlers/use-cases/raise-reading.ts';
import { metadata, silence } from '../../local-aws.ts';
import { AlertingAws, first } from '../alert/alerting-aws.ts';
import {
  aClaim,
  aClosedAlert,
  aFulfilledClaim,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  aSupersededClaim,
  at,
  minute,
  START,
  whenRaised,
} from '../alert/builders.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
  aws.waiting.add('token-1');
});
afterEach(() => vi.restoreAllMocks());

const { alertId, pk } = anAlert();
const isWoken = () => !aws.waiting.has('token-1');

describe('a claim', () => {
  const raise = (executionName = 'exec-1', now = START) =>
    raiseReading(aws.tableName, aClaim().readingId, executionName, now);

  test('becomes an alert, both in one write', async () => {
    aws.put(aClaim());
    expect(await raise()).toEqual({ outcome: 'opened', alertId, carriedBy: 'exec-1' });
    expect(aws.calls.slice(-2)).toEqual([`TransactWrite ${pk}`, 'Get VITALS#p-7']);
    expect(aws.stored()).toMatchObject({ alert: { alertId, executionName: 'exec-1', seq: 1 }, token: null });
    expect(aws.items.get(pk)).toMatchObject({ dueOn: 'alert', dueAt: minute(1) });
    expect(aws.claim()).toMatchObject({ status: 'fulfilled', alertId });
    expect(aws.claim()).not.toHaveProperty('dueAt');
    expect(aws.claim()).not.toHaveProperty('dueOn');
  });

  test('becomes a new alert after one that is over: nothing waits for it yet', async () => {
    aws.put(aClosedAlert({ alertId: 'an-older-one-123' }), aClaim());
    expect((await raise()).outcome).toBe('opened');
    expect(aws.stored()).toMatchObject({ alert: { alertId, seq: 5 }, token: null });
    expect(isWoken()).toBe(false);
  });

  test('a reply that was lost opens nothing twice', async () => {
    aws.put(aClaim());
    aws.after = first(silence, 'TransactWrite');
    expect(await raise()).toEqual({ outcome: 'opened', alertId, carriedBy: 'exec-1' });
    expect(aws.alert().seq).toBe(1);
  });

  test('the state is attempted again after all was done: the execution still carries its alert', async () => {
    aws.put(aClaim());
    await raise();
    expect(await raise()).toEqual({ outcome: 'opened', alertId, carriedBy: 'exec-1' });
    expect(await raise('exec-r1')).toEqual({ outcome: 'joined', alertId, carriedBy: 'exec-1' });
    expect(aws.alert().seq).toBe(1);
  });

  test('two executions of it at once: one carries the alert', async () => {
    aws.put(aClaim());
    const outcomes = await Promise.all([raise('exec-1'), raise('exec-1-r1')]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['joined', 'opened']);
    expect(aws.alert().seq).toBe(1);
  });

  test('fulfilled between its reading and that of the alert, it is taken once', async () => {
    aws.put(aClaim());
    const theirs = whenRaised(undefined, aClaim(), START, 'exec-1-r1');
    aws.before = first(() => {
      aws.put(theirs, aFulfilledClaim(alertId));
      return undefined;
    }, `Get ${pk}`);
    expect(await raise()).toEqual({ outcome: 'joined', alertId, carriedBy: 'exec-1-r1' });
    expect(aws.alert().seq).toBe(1);
  });

  test('two readings of one patient at once: one alert, which the other one joins', async () => {
    const other = aClaim({ pk: 'READING#other-reading-0001', readingId: 'other-reading-0001' });
    aws.put(aClaim(), other);
    const outcomes = await Promise.all([
      raise('exec-1'),
      raiseReading(aws.tableName, other.readingId, 'exec-2', START),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['joined', 'opened']);
    expect(aws.alert().seq).toBe(2);
    expect(outcomes[0].alertId).toBe(outcomes[1].alertId);
  });

  test('worse news wakes; as bad as known does not', async () => {
    aws.put(aPagedAlert(), aClaim());
    expect((await raise('exec-2')).outcome).toBe('joined');
    expect(isWoken()).toBe(false);
    aws.put(aClaim({ level: 'emergency' }));
    await raise('exec-3');
    expect(isWoken()).toBe(true);
    expect(aws.alert().worst).toBe('emergency');
  });

  test('another place wakes', async () => {
    const elsewhere = { ward: 'ward-001', bed: '7', device: 'bp-2', deviceRegistered: true };
    aws.put(aPagedAlert(), aClaim({ place: elsewhere, measuredAt: at(1), arrivedAt: at(2) }));
    await raise('exec-2', at(3));
    expect(isWoken()).toBe(true);
  });

  test('worse news whose write’s reply was lost wakes all the same', async () => {
    aws.put(aPagedAlert(), aClaim({ level: 'emergency' }));
    aws.after = first(silence, 'TransactWrite');
    expect((await raise('exec-2')).outcome).toBe('joined');
    expect(isWoken()).toBe(true);
    expect(aws.alert()).toMatchObject({ seq: 3, worst: 'emergency' });
  });

  test('an alert that is stuck is taken over', async () => {
    aws.put(anOwnedAlert({ standing: { dueAt: minute(2) } }), aClaim());
    expect(await raise('exec-2', minute(2))).toEqual({
      outcome: 'takenOver',
      alertId,
      carriedBy: 'exec-2',
    });
    expect(aws.alert()).toMatchObject({ executionName: 'exec-2', standing: { dueAt: minute(3) } });
  });

  test('whoever takes an alert over tells of its news itself: what is stuck is not woken', async () => {
    aws.put(aPagedAlert({ standing: { dueAt: minute(2) } }), aClaim({ level: 'emergency' }));
    expect((await raise('exec-2', minute(2))).outcome).toBe('takenOver');
    expect(isWoken()).toBe(false);
  });

  test('superseded meanwhile, or its alert over: it ends quietly', async () => {
    aws.put(aSupersededClaim());
    expect(await raise()).toEqual({ outcome: 'joined', alertId: null, carriedBy: null });
    const over = aClosedAlert();
    aws.put(aFulfilledClaim(alertId), over);
    expect(await raise('exec-9')).toEqual({ outcome: 'joined', alertId, carriedBy: over.executionName });
    aws.put(anOwnedAlert({ alertId: 'a-newer-one' }));
    expect(await raise('exec-9')).toEqual({ outcome: 'joined', alertId, carriedBy: null });
    expect(isWoken()).toBe(false);
  });

  test.each([
    ['fulfilled', aFulfilledClaim(alertId)],
    ['superseded', aSupersededClaim()],
  ])(
    '%s: the patient’s alert is over, which is enough, whatever else of it can be read',
    async (_status, claim) => {
      aws.put(aClosedAlert(), claim);
      const broken = { ...aws.items.get(pk), told: 'nobody' };
      aws.items.set(pk, broken);
      expect(await raise('exec-9')).toMatchObject({ outcome: 'joined', carriedBy: null });
      expect(aws.items.get(pk)).toEqual(broken);
      expect(aws.items.size).toBe(2);
    },
  );

  test('fulfilled, in an alert that is open and cannot be read: the patient is raised again', async () => {
    aws.put(anOwnedAlert(), aFulfilledClaim(alertId));
    aws.items.set(pk, { ...aws.items.get(pk), told: 'nobody' });
    await raise('exec-9');
    expect(aws.alert()).toMatchObject({ seq: 5, standing: { is: 'waiting' } });
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
    expect((await raise()).outcome).toBe('opened');
    aws.put(aClaim());
    aws.items.delete(pk);
    aws.before = (call) => (call.startsWith('TransactWrite') ? cancelled('ValidationError') : undefined);
    await expect(raise()).rejects.toThrow('ValidationError');
  });

  test('a claim that is not there is an error', async () => {
    await expect(raise()).rejects.toThrow(ItemMissing);
  });
});
