import { afterEach, beforeEach, expect, test } from 'vitest';
import { handler } from '../../handlers/assess-alert.ts';
import { AlertingAws } from './alert/alerting-aws.ts';
import {
  aClosedAlert,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  at,
  minute,
  nurse,
  someVitals,
} from './alert/builders.ts';
import { aRoster, restore, settle } from './alert/function-settings.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
});
afterEach(restore);

const event = { alertKey: 'PATIENT#p-7', alertId: '3f9a0c21b7de4455', executionName: 'exec-1' };

test('the first level is to be paged', async () => {
  aws.put(anAlert());
  settle(aws, at(5));
  expect(await handler(event)).toMatchObject({
    next: 'Page nurse',
    escalationLevel: 'nurse',
    waitSeconds: 115,
  });
});

test('whoever is on call declined: move on', async () => {
  aws.put(aPagedAlert({ round: { declined: [nurse.id] } }));
  settle(aws, at(5));
  expect(await handler(event)).toMatchObject({
    next: 'Move to the next step',
    because: 'everybodyDeclined',
  });
});

test('nobody is on call: move on', async () => {
  aws.put(anAlert());
  settle(aws, at(5), aRoster({ rotations: [] }));
  expect(await handler(event)).toMatchObject({
    next: 'Move to the next step',
    because: 'nobodyOnCall',
  });
});

test('at the recheck the patient’s vitals decide, without the roster', async () => {
  aws.put(anOwnedAlert());
  settle(aws, minute(16));
  aws.before = (call) => (call.startsWith('GetObject') ? new Error('S3 is down') : undefined);
  expect(await handler(event)).toMatchObject({ next: 'Begin a new round', asking: 'repeat' });
  aws.put(someVitals(aReadingAt(10)));
  expect(await handler(event)).toMatchObject({ next: 'Close alert' });
});

test('an alert that is over needs neither roster nor vitals', async () => {
  aws.put(aClosedAlert());
  settle(aws, minute(16));
  expect(await handler(event)).toMatchObject({ next: 'Closed' });
  expect(aws.calls).toEqual(['Get PATIENT#p-7']);
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
