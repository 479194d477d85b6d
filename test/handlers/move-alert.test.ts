import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { handler } from '../../handlers/move-alert.ts';
import { silence } from '../local-aws.ts';
import { AlertingAws } from './alert/alerting-aws.ts';
import {
  aDeviceAlert,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  minute,
  nurse,
  someVitals,
} from './alert/builders.ts';
import { restore, settle } from './alert/function-settings.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
  aws.waiting.add('own-token');
});
afterEach(restore);

const seen = {
  alertKey: 'PATIENT#p-7',
  alertId: '3f9a0c21b7de4455',
  executionName: 'exec-1',
  round: 1,
  escalationLevel: 'nurse',
  attempt: 0,
};
const good = someVitals(aReadingAt(10));

test('time is up: a reminder', async () => {
  aws.put(aPagedAlert());
  settle(aws, minute(2));
  expect(await handler({ ...seen, action: 'moveOn', because: 'timeIsUp' })).toEqual({ moved: true });
  expect(aws.alert()).toMatchObject({
    step: { escalationLevel: 'nurse', attempt: 1 },
    standing: { deadline: minute(4) },
  });
});

test('attempted again after its reply was lost, it moves one step and no further', async () => {
  aws.put(aPagedAlert());
  settle(aws, minute(2));
  await handler({ ...seen, action: 'moveOn', because: 'timeIsUp' });
  const again = await handler({ ...seen, action: 'moveOn', because: 'timeIsUp' });
  expect(again).toEqual({ moved: false, refused: 'movedOn' });
  expect(aws.alert().step.attempt).toBe(1);
});

test('the roster is not needed to move on from a page that failed for want of it', async () => {
  aws.put(aPagedAlert());
  settle(aws, minute(1));
  aws.before = (call) => (call.startsWith('GetObject') ? new Error('S3 is down') : undefined);
  expect(await handler({ ...seen, action: 'moveOn', because: 'pageFailed' })).toEqual({ moved: true });
  expect(aws.alert().step.escalationLevel).toBe('doctor');
});

describe('waiting for the recheck', () => {
  test('stores the token by which it is woken', async () => {
    aws.put(anOwnedAlert());
    settle(aws, minute(1));
    await handler({ ...seen, action: 'wait', taskToken: 'own-token' });
    expect(aws.stored()).toMatchObject({
      token: 'own-token',
      alert: { standing: { is: 'owned', dueAt: minute(17) } },
    });
    expect(aws.waiting.has('own-token')).toBe(true);
  });

  test('worse news has come in between: the wait ends before it has begun', async () => {
    aws.put(anOwnedAlert({ worst: 'emergency' }));
    settle(aws, minute(1));
    const result = await handler({ ...seen, action: 'wait', taskToken: 'own-token' });
    expect(result).toEqual({ moved: false, refused: 'worseSince' });
    expect(aws.waiting.has('own-token')).toBe(false);
  });

  test.each([
    [{ endedAt: minute(1) }, false],
    [{}, true],
  ])('a device’s, of which the fault was over just before: %j', async (fault, waits) => {
    const { pk, patientId, worst, announced } = aDeviceAlert();
    aws.put(anOwnedAlert({ pk, patientId, worst, announced }), {
      ...{ pk: 'CONTACTS#bp-1', kind: 'contacts', deviceId: 'bp-1', version: 1, heard: [], recent: [] },
      faults: { unreadable: { since: minute(-1), ...fault } },
    });
    settle(aws, minute(1));
    await handler({ ...seen, alertKey: pk, action: 'wait', taskToken: 'own-token' });
    expect(aws.stored(pk).token).toBe('own-token');
    expect(aws.waiting.has('own-token')).toBe(waits);
  });

  test('a wait that can neither be kept nor ended is an error, which Step Functions sees', async () => {
    aws.put(anOwnedAlert({ worst: 'emergency' }));
    settle(aws, minute(1));
    aws.before = (call) => (call.startsWith('SendTaskSuccess') ? silence() : undefined);
    await expect(handler({ ...seen, action: 'wait', taskToken: 'own-token' })).rejects.toThrow('no answer');
  });
});

test('a new round asks one level above the owner', async () => {
  aws.put(anOwnedAlert());
  settle(aws, minute(16));
  await handler({ ...seen, action: 'beginRound', asking: 'recheck' });
  expect(aws.alert()).toMatchObject({
    round: { number: 2, asking: 'recheck' },
    step: { escalationLevel: 'doctor', attempt: 0 },
    standing: { is: 'waiting', formerOwner: { clinicianId: nurse.id, round: 1 } },
  });
});

describe('closing', () => {
  test('a recovered patient’s alert', async () => {
    aws.put(anOwnedAlert(), good);
    settle(aws, minute(16));
    expect(await handler({ ...seen, action: 'close' })).toEqual({ moved: true });
    expect(aws.alert().standing).toEqual({
      is: 'closed',
      at: minute(16),
      reason: 'recovered',
      clinicianId: null,
      dueAt: null,
      formerOwner: anOwnedAlert().standing.owner,
    });
  });

  test('not without vitals', async () => {
    aws.put(anOwnedAlert());
    settle(aws, minute(16));
    expect(await handler({ ...seen, action: 'close' })).toEqual({ moved: false, refused: 'notRecovered' });
  });

  test('not when a suspect reading joins between reading the vitals and writing', async () => {
    aws.put(anOwnedAlert(), good);
    settle(aws, minute(16));
    aws.before = (call) => {
      if (call === 'Put PATIENT#p-7') aws.put(anOwnedAlert({ seq: 4, alarmedAt: minute(12) }));
      return undefined;
    };
    expect(await handler({ ...seen, action: 'close' })).toEqual({ moved: false, refused: 'notRecovered' });
    expect(aws.alert().standing.is).toBe('owned');
  });
});

test('an action that nobody knows is an error', async () => {
  settle(aws, minute(1));
  await expect(handler({ ...seen, action: 'dance' })).rejects.toThrow('action');
});
