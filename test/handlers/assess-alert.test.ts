import { afterEach, beforeEach, expect, test } from 'vitest';
import { handler } from '../../handlers/look-at-alert.ts';
import { anAlert, anOwnedAlert, aPagedAlert, aReadingAt, at, minute, nurse } from './alert/builders.ts';
import { type FakeAws, fakeAws } from './alert/fake-aws.ts';
import { aRoster, restore, settle } from './alert/function-settings.ts';

let aws: FakeAws;
beforeEach(() => {
  aws = fakeAws();
});
afterEach(restore);

const event = { alertKey: 'PATIENT#p-7', alertId: '3f9a0c21b7de4455', executionName: 'exec-1' };

test('the first rung is to be paged', async () => {
  aws.put(anAlert());
  settle(aws, at(5));
  expect(await handler(event)).toMatchObject({ step: 'page', rung: 'nurse', waitSeconds: 115 });
});

test('whoever is on call declined: move on', async () => {
  aws.put(aPagedAlert({ declined: [nurse.id] }));
  settle(aws, at(5));
  expect(await handler(event)).toMatchObject({ step: 'move on', because: 'everybody declined' });
});

test('nobody is on call: move on', async () => {
  aws.put(anAlert());
  settle(aws, at(5), aRoster({ rotations: [] }));
  expect(await handler(event)).toMatchObject({ step: 'move on', because: 'nobody is on call' });
});

test('at the recheck the patient’s vitals decide, without the roster', async () => {
  aws.put(anOwnedAlert());
  settle(aws, minute(16));
  aws.before = (call) => (call.startsWith('GetObject') ? new Error('S3 is down') : undefined);
  expect(await handler(event)).toMatchObject({ step: 'new round', asking: 'repeat' });
  aws.put({ pk: 'VITALS#p-7', recent: [aReadingAt(10)] });
  expect(await handler(event)).toMatchObject({ step: 'close' });
});

test('it changes nothing', async () => {
  aws.put(anAlert());
  settle(aws, at(5));
  await handler(event);
  expect(aws.calls.filter((call) => !call.startsWith('Get'))).toEqual([]);
});

test('an alert that is not there is an error', async () => {
  settle(aws, at(5));
  await expect(handler(event)).rejects.toThrow('PATIENT#p-7');
});
