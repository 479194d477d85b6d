/** The functions that assess an alert and page for it, when the patient has been moved since. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { handler as assess } from '../../handlers/assess-alert.ts';
import { NobodyReached, handler as pageClinicians } from '../../handlers/page-clinicians.ts';
import { silence } from '../local-aws.ts';
import { AlertingAws } from './alert/alerting-aws.ts';
import { anAlert, aPagedAlert, aReadingAt, at, minute, nurse, someVitals } from './alert/builders.ts';
import { aRoster, restore, settle, topicOf } from './alert/function-settings.ts';
import { aRotation } from './on-call/builders.ts';

const there = { ward: 'ward-002', bed: '1', device: 'bp-5', deviceRegistered: true };
const seenThere = someVitals({ ...aReadingAt(1), place: there });
const onCall = (ward: string, id: string) => aRotation({ ward, order: [id], shiftStarts: ['00:00'] });
const roster = (...rotations: ReturnType<typeof onCall>[]) =>
  aRoster({
    wards: [
      { id: 'ward-001', name: 'Heron' },
      { id: 'ward-002', name: 'Kingfisher' },
    ],
    rotations,
  });
const both = () => roster(onCall('ward-001', nurse.id), onCall('ward-002', 'nurse-2'));
const of = { alertKey: 'PATIENT#p-7', alertId: '3f9a0c21b7de4455', executionName: 'exec-1' };
const step = {
  round: 1,
  escalationLevel: 'nurse',
  attempt: 0,
  level: 'critical',
  deadline: minute(2),
  taskToken: 'token-1',
};

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
});
afterEach(restore);

const mailed = () => aws.mails.map(({ TopicArn, Subject }) => [TopicArn.replace(topicOf(''), ''), Subject]);

test('a page goes to where the newest reading was taken, alarming or not, and the alert keeps that', async () => {
  aws.put(anAlert(), seenThere);
  settle(aws, at(65), both());
  await pageClinicians({ ...of, ...step });
  expect(mailed()).toEqual([['nurse-2', 'CRITICAL blood pressure - ward-002 bed 1 - VG 7F3K9Q']]);
  expect(aws.alert()).toMatchObject({ place: there, placedAt: minute(1), told: [there] });
});

test('vitals that cannot be read hold no page up: the alert has a place', async () => {
  aws.put(anAlert(), seenThere);
  settle(aws, at(65), both());
  aws.before = (call) => (call === 'Get VITALS#p-7' ? silence() : undefined);
  expect(await assess(of)).toMatchObject({ next: 'Page nurse' });
  await pageClinicians({ ...of, ...step });
  expect(mailed()).toEqual([[nurse.id, 'CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q']]);
});

test('who was asked on the former ward is told; reaching only them reaches nobody', async () => {
  aws.put(aPagedAlert(), seenThere);
  settle(aws, at(65), both());
  aws.unsubscribe(topicOf('nurse-2'));
  await expect(pageClinicians({ ...of, ...step })).rejects.toThrow(NobodyReached);
  expect(mailed()).toEqual([[nurse.id, 'MOVED: CRITICAL blood pressure - ward-002 bed 1 - VG 7F3K9Q']]);
  expect(aws.alert()).toMatchObject({ step: { unreachable: ['nurse-2'] } });
});

test('who is left to ask is looked up for the ward where the patient is', async () => {
  aws.put(anAlert(), seenThere);
  settle(aws, at(65), roster(onCall('ward-001', nurse.id)));
  expect(await assess(of)).toMatchObject({ next: 'Move to the next step', because: 'nobodyOnCall' });
  settle(aws, at(65), roster(onCall('ward-002', 'nurse-2')));
  expect(await assess(of)).toMatchObject({ next: 'Page nurse' });
});
