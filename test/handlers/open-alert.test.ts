import { afterEach, beforeEach, expect, test } from 'vitest';
import { referenceOf } from '../../handlers/alert/reference.ts';
import { resumeInput } from '../../handlers/alert/sweep.ts';
import { handler } from '../../handlers/open-alert.ts';
import { AlertingAws } from './alert/alerting-aws.ts';
import { aClaim, anOwnedAlert, aPagedAlert, aSupersededClaim, minute, START } from './alert/builders.ts';
import { restore, settle } from './alert/function-settings.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
  settle(aws, START);
});
afterEach(restore);

const started = (executionName: string) => {
  const { readingId, alertKey } = aClaim();
  return { readingId, alertKey, executionName };
};
/** How a fresh alert stands at the start, and what it needs first. */
const atTheNurse = {
  next: 'Page nurse',
  round: 1,
  escalationLevel: 'nurse',
  attempt: 0,
  level: 'critical',
  deadline: minute(2),
  waitSeconds: 120,
};

test('a claimed reading becomes the patient’s alert, now, and the nurse is to be paged', async () => {
  aws.put(aClaim());
  const result = await handler(started('exec-1'));
  expect(result).toEqual({
    outcome: 'opened',
    alertId: '3f9a0c21b7de4455',
    reference: `VG ${aws.alert().reference}`,
    carriedBy: 'exec-1',
    ...atTheNurse,
  });
  expect(aws.alert()).toMatchObject({ openedAt: START, executionName: 'exec-1' });
});

test('a reading that joins says which alert it joined, and which execution carries that', async () => {
  aws.put(aPagedAlert(), aClaim());
  const { alertId, executionName: carriedBy } = aPagedAlert();
  const reference = `VG ${referenceOf(alertId)}`;
  const result = await handler(started('exec-2'));
  expect(result).toEqual({ outcome: 'joined', alertId, reference, carriedBy, next: 'Joined' });
});

test('a reading that was put aside is part of no alert', async () => {
  aws.put(aSupersededClaim());
  const result = await handler(started('exec-2'));
  expect(result).toEqual({
    outcome: 'joined',
    alertId: null,
    reference: null,
    carriedBy: null,
    next: 'Joined',
  });
});

test('an alert that the sweeper resumes is this execution’s, which goes on where it stands and changes nothing', async () => {
  const alert = { ...anOwnedAlert(), executionName: 'exec-1-a1' };
  aws.put(alert);
  const { alertId } = alert;
  const result = await handler({ ...resumeInput(alert), executionName: 'exec-1-a1' });
  expect(result).toMatchObject({
    outcome: 'resumed',
    alertId,
    reference: `VG ${referenceOf(alertId)}`,
    carriedBy: 'exec-1-a1',
    next: 'Wait for the recheck',
  });
  expect(aws.calls.filter((call) => !call.startsWith('Get'))).toEqual([]);
});

test('one that was started by hand for an alert that another execution carries ends at once', async () => {
  const alert = aPagedAlert();
  aws.put(alert);
  expect(await handler({ ...resumeInput(alert), executionName: 'by-hand' })).toMatchObject({
    next: 'Taken over',
  });
});

test('without a roster to be read nobody is assumed: the state fails, and finds its own alert when it is tried again', async () => {
  aws.put(aClaim());
  aws.before = (call) => (call.startsWith('GetObject') ? new Error('S3 is down') : undefined);
  await expect(handler(started('exec-1'))).rejects.toThrow('S3 is down');
  aws.before = () => undefined;
  expect(await handler(started('exec-1'))).toMatchObject({ outcome: 'opened', ...atTheNurse });
});

test('an event of another shape is an error that names the field', async () => {
  await expect(handler({ readingId: 'r' })).rejects.toThrow('executionName');
});
