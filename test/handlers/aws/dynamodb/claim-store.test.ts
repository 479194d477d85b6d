import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { raiseAgain } from '../../../../handlers/alert/sweep.ts';
import { putClaimOnce, readableClaim } from '../../../../handlers/aws/dynamodb/claim-store.ts';
import { AlertingAws } from '../../alert/alerting-aws.ts';
import { aClaim, aFulfilledClaim, aSupersededClaim, minute } from '../../alert/builders.ts';

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
    expect(await putClaimOnce(aws.tableName, aClaim())).toBe('settled');
    // What contradicts itself is not believed.
    breaks({ dueOn: 'claim' }, claim);
    expect(await read()).toMatchObject({ status: 'unfulfilled' });
  });

  test('is put in order once: whoever comes second does not begin it again', async () => {
    breaks({ policy: 7 });
    aws.before = (call) => {
      aws.before = () => undefined;
      if (!call.startsWith('Put')) aws.before = putBefore;
      return undefined;
    };
    const putBefore = () => {
      aws.before = () => undefined;
      const first = { ...aClaim(), original: {}, dueAt: minute(1) };
      aws.put(raiseAgain(first, { because: 'overdue' }, minute(1)) ?? first);
      return undefined;
    };
    await expect(read()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(await read()).toMatchObject({ raisedAgain: 1 });
  });
});

test('a claim is put once, and the one that an earlier delivery put is given back', async () => {
  expect(await putClaimOnce(aws.tableName, aClaim())).toEqual(aClaim());
  const fulfilled = aFulfilledClaim('alert-1');
  aws.put(fulfilled);
  expect(await putClaimOnce(aws.tableName, aClaim())).toEqual(fulfilled);
  expect(await readableClaim(aws.tableName, 'another', minute(1))).toBeUndefined();
});
