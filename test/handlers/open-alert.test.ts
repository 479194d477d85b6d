import { afterEach, beforeEach, expect, test } from 'vitest';
import { handler } from '../../handlers/open-alert.ts';
import { aClaim, START } from '../alert/builders.ts';
import { type FakeAws, fakeAws } from '../alert/fake-aws.ts';
import { restore, settle } from '../alert/function-settings.ts';

let aws: FakeAws;
beforeEach(() => {
  aws = fakeAws();
  settle(aws, START);
});
afterEach(restore);

test('a claimed reading becomes the patient’s alert, now', async () => {
  aws.put(aClaim());
  const result = await handler({ readingId: aClaim().readingId, executionName: 'exec-1' });
  expect(result).toEqual({ outcome: 'opened', alertId: '3f9a0c21b7de4455' });
  expect(aws.alert()).toMatchObject({ openedAt: START, executionName: 'exec-1' });
});

test('an event of another shape is an error that names the field', async () => {
  await expect(handler({ readingId: 'r' })).rejects.toThrow('executionName');
});
