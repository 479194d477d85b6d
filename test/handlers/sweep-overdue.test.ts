import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { metrics } from '../../handlers/runtime/logger.ts';
import { handler } from '../../handlers/sweep-overdue.ts';
import { silence } from '../local-aws.ts';
import { AlertingAws } from './alert/alerting-aws.ts';
import {
  aClaim,
  aClosedAlert,
  aDeviceAlert,
  aFulfilledClaim,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  at,
  minute,
  stored,
} from './alert/builders.ts';
import { OPERATIONS, restore, settle } from './alert/function-settings.ts';

let aws: AlertingAws;
let counted: string[];
beforeEach(() => {
  aws = new AlertingAws();
  counted = [];
  vi.spyOn(metrics, 'addMetric').mockImplementation((name: string) => {
    counted.push(name);
    return metrics;
  });
});
afterEach(restore);

const claim = aClaim();
const again = `${claim.executionName}-r1`;
const alertDue = (number: number, dueAt: string) =>
  aPagedAlert({ pk: `PATIENT#p-${number}`, alertId: `alert-${number}`, standing: { dueAt } });
const stuckAlert = (number: number) => alertDue(number, at(60 + number));

describe('each minute', () => {
  test('a claim that nobody took is started again, under its next name, as the same call', async () => {
    aws.put(claim);
    settle(aws, minute(1));
    expect(await handler({})).toEqual({ raised: 1, failed: 0 });
    expect(aws.executions.get(again)).toEqual({
      readingId: claim.readingId,
      alertKey: 'PATIENT#p-7',
      level: 'critical',
      ward: 'ward-001',
      bed: '4',
      arrivedAt: at(-1),
    });
    expect(aws.claim()).toMatchObject({ raisedAgain: 1, executionName: again, dueAt: minute(2) });
  });

  test('an alert whose execution stopped is carried on by another one', async () => {
    aws.put(stuckAlert(1));
    settle(aws, minute(3));
    await handler({});
    expect(aws.alert('PATIENT#p-1')).toMatchObject({
      executionName: 'alert-1-a1',
      raisedAgain: 1,
      standing: { dueAt: minute(4), deadline: minute(2) },
    });
    expect(aws.executions.get('alert-1-a1')).toMatchObject({
      resume: true,
      alertKey: 'PATIENT#p-1',
      alertId: 'alert-1',
    });
  });

  test('what is not due, or over, is left alone', async () => {
    aws.put(claim, anAlert({ standing: { dueAt: minute(9) } }));
    settle(aws, at(59));
    expect(await handler({})).toEqual({ raised: 0, failed: 0 });
    expect(aws.executions.size).toBe(0);
    expect(aws.mails).toEqual([]);
  });

  test('what is over, and too late to tell, is found for the last time', async () => {
    const closed = aClosedAlert({ called: { whom: ['doctor-1'], notBefore: null } });
    aws.put({ ...closed, standing: { ...closed.standing, dueAt: minute(17) } } as Alert);
    settle(aws, minute(31));
    expect(await handler({})).toEqual({ raised: 0, failed: 0 });
    expect(aws.alert().called.whom).toEqual([]);
    expect(aws.items.get(closed.pk)).not.toHaveProperty('dueOn');
    expect(aws.executions.size).toBe(0);
    expect(aws.mails).toEqual([]);
  });

  test('the index is late: the item itself says that there is nothing to do', async () => {
    settle(aws, minute(3));
    const listed = [claim, stored(stuckAlert(1))];
    aws.put(aFulfilledClaim('alert-2'), alertDue(1, minute(9)));
    const answer = aws.answer.bind(aws);
    vi.spyOn(aws, 'answer').mockImplementation(async (command, send) =>
      command.constructor.name === 'QueryCommand'
        ? { Items: listed.filter(({ dueOn }) => dueOn === command.input.ExpressionAttributeValues[':dueOn']) }
        : answer(command, send),
    );
    expect(await handler({})).toEqual({ raised: 0, failed: 0 });
    expect(aws.executions.size).toBe(0);
  });

  test('every page of the list is read, and one item that fails stops no other', async () => {
    aws.put(...[1, 2, 3, 4, 5].map(stuckAlert));
    settle(aws, minute(3));
    aws.before = (call) => (call === 'StartExecution alert-2-a1' ? silence() : undefined);
    expect(await handler({})).toEqual({ raised: 4, failed: 1 });
    expect([...aws.executions.keys()].sort()).toEqual([
      'alert-1-a1',
      'alert-3-a1',
      'alert-4-a1',
      'alert-5-a1',
    ]);
    expect(counted).toContain('NotRaisedAgain');
    // A minute later it is due again, and so found again.
    aws.before = () => undefined;
    settle(aws, minute(4));
    await handler({});
    expect(aws.executions.has('alert-2-a2')).toBe(true);
  });

  test('an item that is no alert as the table keeps it is set aside: its patient is raised again, and it stops no other', async () => {
    aws.put(...[1, 2].map(stuckAlert));
    const broken = { ...aws.items.get('PATIENT#p-1'), round: 'one' };
    aws.items.set('PATIENT#p-1', broken);
    settle(aws, minute(3));
    expect(await handler({})).toEqual({ raised: 2, failed: 0 });
    const raised = aws.alert('PATIENT#p-1');
    expect(raised).toMatchObject({
      seq: 5,
      worst: 'critical',
      standing: { is: 'waiting', dueAt: minute(4) },
    });
    expect(raised.alertId).not.toBe('alert-1');
    expect([...aws.executions.keys()].sort()).toEqual([`${raised.alertId}-a1`, 'alert-2-a1'].sort());
    expect(aws.items.get('ASIDE#PATIENT#p-1#3').original).toEqual(broken);
    expect(aws.mails[0]?.Message).toContain(`${raised.alertId}-a1 (the alert before could not be read)`);
    settle(aws, minute(5));
    await handler({});
    expect(aws.mails[1]?.Message).toContain(`${raised.alertId}-a2 (overdue)`);
  });

  test('a claim that is none as the table keeps it is raised all the same', async () => {
    aws.put(claim);
    aws.items.set(claim.pk, { ...aws.items.get(claim.pk), limits: 'high' });
    settle(aws, minute(1));
    expect(await handler({})).toEqual({ raised: 1, failed: 0 });
    expect(aws.executions.get(again)).toMatchObject({ alertKey: 'PATIENT#p-7', level: 'critical' });
    expect(aws.claim()).toMatchObject({ raisedAgain: 1, original: { limits: 'high' } });
  });

  test('a claim whose write’s reply was lost is started nevertheless', async () => {
    aws.put(claim);
    settle(aws, minute(1));
    // The SDK's own second attempt meets the first one's effect.
    aws.before = (call) => {
      if (call.startsWith('Put READING#') && aws.claim().raisedAgain === 0) {
        aws.put({ ...claim, raisedAgain: 1, executionName: again, dueAt: minute(2) });
      }
      return undefined;
    };
    expect((await handler({})).raised).toBe(1);
    expect(aws.executions.has(again)).toBe(true);
  });

  test('a claim that was fulfilled while it was swept is not', async () => {
    aws.put(claim);
    settle(aws, minute(1));
    aws.before = (call) => {
      if (call.startsWith('Put READING#')) aws.put(aFulfilledClaim('alert-1'));
      return undefined;
    };
    expect((await handler({})).raised).toBe(0);
    expect(aws.executions.size).toBe(0);
  });

  test('a claim that was raised twice more while it was swept is not taken back', async () => {
    aws.put(claim);
    settle(aws, minute(1));
    const since = { ...claim, raisedAgain: 2, executionName: `${claim.executionName}-r2`, dueAt: minute(3) };
    aws.before = (call) => {
      if (call.startsWith('Put READING#')) aws.put(since);
      return undefined;
    };
    expect((await handler({})).raised).toBe(0);
    expect(aws.claim()).toEqual(since);
    expect(aws.executions.size).toBe(0);
  });

  test('the operations team gets one mail, with references and places, without values', async () => {
    aws.put(claim, stuckAlert(1));
    settle(aws, minute(3));
    await handler({});
    expect(aws.mails).toHaveLength(1);
    expect(aws.mails[0]).toMatchObject({ TopicArn: OPERATIONS, Subject: 'Vigil restarted 2 escalations' });
    expect(aws.mails[0]?.Message).toContain('VG 7F3K9Q, critical, ward-001 bed 4: alert-1-a1 (overdue)');
    expect(aws.mails[0]?.Message).not.toMatch(/190|100|p-7|p-1\b/);
  });

  test('the heartbeat says that it has swept; a list that cannot be read is no sweep, and stops not the other', async () => {
    settle(aws, minute(3));
    await handler({});
    expect(counted).toEqual(['SweeperRan']);
    counted = [];
    aws.put(stuckAlert(1));
    aws.before = (call) => (call === 'Query claim' ? silence() : undefined);
    expect(await handler({})).toEqual({ raised: 1, failed: 1 });
    expect(counted).not.toContain('SweeperRan');
  });
});

describe('an execution ended badly', () => {
  const ended = (name: string, input: object | null, status = 'ABORTED') => ({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { name, status, input: input && JSON.stringify(input) },
  });
  const told = { readingId: claim.readingId, alertKey: 'PATIENT#p-7' };

  test('in its first state: its claim is raised at once', async () => {
    aws.put(claim);
    settle(aws, at(5));
    expect(await handler(ended(claim.executionName, told))).toEqual({ raised: 1, failed: 0 });
    expect(aws.executions.has(again)).toBe(true);
    expect(aws.mails).toHaveLength(1);
  });

  test('while it waited: its alert is carried on at once, under the same deadline', async () => {
    const alert = aPagedAlert({ executionName: claim.executionName });
    aws.put(aFulfilledClaim(alert.alertId), alert);
    settle(aws, at(50));
    await handler(ended(claim.executionName, told));
    expect(aws.executions.has('3f9a0c21b7de4455-a1')).toBe(true);
    expect(aws.alert()).toMatchObject({
      executionName: '3f9a0c21b7de4455-a1',
      standing: { deadline: minute(2) },
    });
  });

  test('one that resumed: likewise, by its alert', async () => {
    aws.put(aPagedAlert({ executionName: 'x-a1', raisedAgain: 1 }));
    settle(aws, at(50));
    await handler(ended('x-a1', { resume: true, alertKey: 'PATIENT#p-7', alertId: '3f9a0c21b7de4455' }));
    expect(aws.executions.has('3f9a0c21b7de4455-a2')).toBe(true);
  });

  test.each([
    ['its day was over: the next one carries it on, and the operations hear nothing of it', 'TIMED_OUT', 0],
    ['it was killed: the operations hear of it', 'ABORTED', 1],
  ])('of a device, and %s', async (_how, status, mails) => {
    const alert = aDeviceAlert({ executionName: 'x' });
    aws.put(alert);
    settle(aws, at(50));
    await handler(ended('x', { readingId: 'none', alertKey: alert.pk }, status));
    expect(aws.executions.has(`${alert.alertId}-a1`)).toBe(true);
    expect(aws.mails).toHaveLength(mails);
  });

  test('of a patient, its day over: the operations hear of it', async () => {
    aws.put(aFulfilledClaim(anOwnedAlert().alertId), anOwnedAlert({ executionName: 'x' }));
    settle(aws, at(50));
    await handler(ended('x', told, 'TIMED_OUT'));
    expect(aws.mails).toHaveLength(1);
  });

  test('one that no longer carried anything changes nothing', async () => {
    aws.put(aFulfilledClaim(anOwnedAlert().alertId), anOwnedAlert());
    settle(aws, at(50));
    expect(await handler(ended('a-zombie', told))).toEqual({ raised: 0, failed: 0 });
    expect(await handler(ended('without-input', null))).toEqual({ raised: 0, failed: 0 });
    expect(aws.executions.size).toBe(0);
    expect(aws.mails).toEqual([]);
  });

  test('one whose alert is over, as far as it can be read, changes nothing: nobody is paged for it', async () => {
    const over = { ...stored(aClosedAlert({ executionName: 'x' })), round: 'one' };
    aws.put(aFulfilledClaim('3f9a0c21b7de4455'));
    aws.items.set('PATIENT#p-7', over);
    settle(aws, at(50));
    expect(await handler(ended('x', told))).toEqual({ raised: 0, failed: 0 });
    expect(aws.items.get('PATIENT#p-7')).toEqual(over);
    expect(aws.executions.size).toBe(0);
    // What contradicts itself is not believed.
    aws.items.set('PATIENT#p-7', { ...over, dueOn: 'alert', dueAt: at(0) });
    expect(await handler(ended('x', told))).toEqual({ raised: 1, failed: 0 });
  });

  test('what it cannot raise is an error, so that it is delivered again', async () => {
    aws.put(claim);
    settle(aws, at(5));
    aws.before = (call) => (call.startsWith('StartExecution') ? silence() : undefined);
    await expect(handler(ended(claim.executionName, told))).rejects.toThrow('no answer');
  });

  test('an event of another kind is an error', async () => {
    settle(aws, at(5));
    await expect(handler({ 'detail-type': 'Something Else', detail: {} })).rejects.toThrow();
  });
});
