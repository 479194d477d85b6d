import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ItemInvalid } from '../../../handlers/aws/dynamodb/item.ts';
import { claimOnce, readableClaim } from '../../../handlers/use-cases/readable-claim.ts';
import { AlertingAws } from '../alert/alerting-aws.ts';
import { aClaim, aFulfilledClaim, aSupersededClaim, bed4, minute } from '../alert/builders.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
});
afterEach(() => vi.restoreAllMocks());

const { pk, readingId } = aClaim();
const read = () => readableClaim(aws.tableName, readingId, minute(1));
const breaks = (changes: object, claim: object = aClaim()) => aws.items.set(pk, { ...claim, ...changes });

describe('a claim that does not parse', () => {
  test('is put in order: what can be read is kept, it is due at once, and what it was stands beside it', async () => {
    breaks({ policy: 7 });
    const { policy: _policy, ...rest } = aClaim();
    const mended = { ...rest, policy: 'adult', dueAt: minute(1), original: { ...rest, policy: 7 } };
    expect(await read()).toEqual(mended);
    expect(aws.items.get(pk)).toEqual(mended);
    expect(await read()).toEqual(mended);
  });

  test('of which nothing can be read: an emergency of nobody, at no known place', async () => {
    aws.items.set(pk, { pk });
    expect(await read()).toMatchObject({
      status: 'unfulfilled',
      alertKey: `PATIENT#${readingId}`,
      level: 'emergency',
      place: { ward: 'unknown', bed: null },
      arrivedAt: minute(1),
      placedAt: null,
    });
  });

  test.each([
    ['fulfilled', aFulfilledClaim('alert-1')],
    ['superseded', aSupersededClaim()],
  ])('and says that it was %s: nothing is left to do', async (_status, claim) => {
    breaks({ policy: 7 }, claim);
    expect(await read()).toBe('settled');
    expect(await claimOnce(aws.tableName, aClaim())).toBe('settled');
    // What contradicts itself is not believed.
    breaks({ dueOn: 'claim' }, claim);
    expect(await read()).toMatchObject({ status: 'unfulfilled' });
  });

  test('and says what alert it is a part of, in a word for it that nobody knows: nothing is left to do', async () => {
    breaks({ status: 'joined' }, aFulfilledClaim('alert-1'));
    expect(await read()).toBe('settled');
    for (const changes of [{ dueOn: 'claim' }, { status: 'unfulfilled' }, { alertId: 7 }]) {
      breaks({ status: 'joined', ...changes }, aFulfilledClaim('alert-1'));
      expect(await read()).toMatchObject({ status: 'unfulfilled' });
    }
  });

  test.each([
    ['and nobody else has', {}, aClaim({ dueAt: minute(3) })],
    ['and raised it again', {}, aClaim({ raisedAgain: 1 })],
    ['and fulfilled it', { dueOn: undefined, dueAt: undefined }, aFulfilledClaim('alert-1')],
  ])('is not begun again behind the back of whoever put it in order %s', async (_what, lacks, since) => {
    breaks({ policy: 7, ...lacks });
    aws.before = (call) => {
      if (call.startsWith('Put')) aws.put(since);
      return undefined;
    };
    await expect(read()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    aws.before = () => undefined;
    expect(await read()).toEqual(since);
  });

  test('is put in order as often as its shape changes', async () => {
    breaks({ policy: 7 });
    const mended = await read();
    breaks({ limits: 'high' }, mended as object);
    expect(await read()).toMatchObject({ status: 'unfulfilled', policy: 'adult', limits: {} });
    for (const changes of [{ raisedAgain: 'often' }, { dueAt: undefined }, { status: { is: 'open' } }]) {
      breaks(changes);
      expect(await read()).toMatchObject({ status: 'unfulfilled', raisedAgain: 0, dueAt: minute(1) });
    }
  });

  test.each([
    ['nothing else', undefined],
    ['the reading that comes again', aClaim()],
  ])('by %s: an execution that was begun lends its name to no other', async (_what, known) => {
    const executionName = `${aClaim().executionName}-r3`;
    breaks({ raisedAgain: 'often', executionName });
    const claim = await readableClaim(aws.tableName, readingId, minute(1), known);
    expect(claim).toMatchObject({ executionName, raisedAgain: 3 });
  });

  test.each(['PATIENT#', 'p-7', 'READING#p-7', 7])(
    'names an alert by %j, which is none: the patient has one',
    async (alertKey) => {
      breaks({ alertKey });
      expect(await read()).toMatchObject({ alertKey: 'PATIENT#p-7', patientId: 'p-7' });
      breaks({ alertKey, patientId: '' });
      expect(await read()).toMatchObject({ alertKey: `PATIENT#${readingId}`, patientId: readingId });
    },
  );

  test('and cannot be put in order stays what it was', async () => {
    aws.items.set('READING#', { level: 'critical' });
    await expect(readableClaim(aws.tableName, '', minute(1))).rejects.toThrow(ItemInvalid);
    expect(aws.items.get('READING#')).toEqual({ pk: 'READING#', level: 'critical' });
  });

  test('and whose reading comes again: what cannot be read is as the reading has it, not guessed', async () => {
    aws.items.set(pk, { pk, level: 'emergency' });
    const known = aClaim({ place: { ...bed4, bed: '5' } });
    const claim = await claimOnce(aws.tableName, known);
    const original = { pk, level: 'emergency' };
    expect(claim).toEqual({ ...known, level: 'emergency', dueAt: known.claimedAt, original });
    expect(aws.items.get(pk)).toEqual(claim);
  });
});

test('a claim is put once, and the one that an earlier delivery put is given back', async () => {
  expect(await claimOnce(aws.tableName, aClaim())).toEqual(aClaim());
  const fulfilled = aFulfilledClaim('alert-1');
  aws.put(fulfilled);
  expect(await claimOnce(aws.tableName, aClaim())).toEqual(fulfilled);
  expect(await readableClaim(aws.tableName, 'another', minute(1))).toBeUndefined();
});
