import { afterEach, beforeEach, expect, test } from 'vitest';
import { referenceOf } from '../../handlers/alert/reference.ts';
import { resumeInput } from '../../handlers/alert/sweep.ts';
import { handler } from '../../handlers/open-alert.ts';
import { AlertingAws } from './alert/alerting-aws.ts';
import { aClaim, aPagedAlert, aSupersededClaim, START } from './alert/builders.ts';
import { restore, settle } from './alert/function-settings.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
  settle(aws, START);
});
afterEach(restore);

test('a claimed reading becomes the patient’s alert, now', async () => {
  aws.put(aClaim());
  const result = await handler({ readingId: aClaim().readingId, executionName: 'exec-1' });
  expect(result).toEqual({
    outcome: 'opened',
    alertId: '3f9a0c21b7de4455',
    reference: `VG ${aws.alert().reference}`,
    carriedBy: 'exec-1',
  });
  expect(aws.alert()).toMatchObject({ openedAt: START, executionName: 'exec-1' });
});

test('a reading that joins says which alert it joined, and which execution carries that', async () => {
  aws.put(aPagedAlert(), aClaim());
  const { alertId, executionName: carriedBy } = aPagedAlert();
  const reference = `VG ${referenceOf(alertId)}`;
  const result = await handler({ readingId: aClaim().readingId, executionName: 'exec-2' });
  expect(result).toEqual({ outcome: 'joined', alertId, reference, carriedBy });
});

test('a reading that was put aside is part of no alert', async () => {
  aws.put(aSupersededClaim());
  const result = await handler({ readingId: aClaim().readingId, executionName: 'exec-2' });
  expect(result).toEqual({ outcome: 'joined', alertId: null, reference: null, carriedBy: null });
});

test('an alert that the sweeper resumes is this execution’s, and the table is not read again', async () => {
  const started = { ...resumeInput(aPagedAlert()), executionName: 'exec-1-a1' };
  const { alertId } = aPagedAlert();
  const reference = `VG ${referenceOf(alertId)}`;
  const result = await handler(started);
  expect(result).toEqual({
    outcome: 'resumed',
    alertId,
    reference,
    carriedBy: 'exec-1-a1',
  });
  expect(aws.calls).toEqual([]);
});

test('an event of another shape is an error that names the field', async () => {
  await expect(handler({ readingId: 'r' })).rejects.toThrow('executionName');
});
