/** The hourly look at who is on call: what it remembers, and that the operations are told once. */
import { beforeEach, expect, test, vi } from 'vitest';
import { rememberAnswered } from '../../handlers/aws/dynamodb/preflight-store.ts';
import { handler } from '../../handlers/reconcile-subscriptions.ts';
import { logger, metrics } from '../../handlers/runtime/logger.ts';
import { operator } from '../infra/local/fake-account.ts';
import { silence } from '../local-aws.ts';
import { AlertingAws } from './alert/alerting-aws.ts';
import { lead, nurse } from './alert/builders.ts';
import { aRoster, OPERATIONS, restore, settle, topicOf } from './alert/function-settings.ts';

const start = '2026-11-24T12:00:00.000Z';
const hours = (count: number) => new Date(Date.parse(start) + count * 3_600_000).toISOString();
const REPORTS = topicOf('reports');
const ALARMS = topicOf('alarms');
let aws: AlertingAws;
let counted: number[];

beforeEach(() => {
  aws = new AlertingAws();
  for (const { id } of aRoster().clinicians) {
    const Name = topicOf(id).split(':').at(-1);
    const Attributes = { KmsMasterKeyId: 'arn:key' };
    aws.account.service('sns')?.operations.CreateTopic?.run({ Name, Attributes }, operator);
  }
  settle(aws, start);
  for (const topic of [REPORTS, ALARMS]) aws.subscribe(topic, 'operations@example.org');
  vi.stubEnv('CLINICIAN_TOPIC_KEY_ARN', 'arn:key');
  vi.stubEnv('REPORTS_TOPIC_ARN', REPORTS);
  vi.stubEnv('ALARMS_TOPIC_ARN', ALARMS);
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue();
  counted = [];
  vi.spyOn(metrics, 'addMetric').mockImplementation((name, _unit, value) => {
    if (name === 'OnCallUnreachable') counted.push(value);
    return metrics;
  });
  return restore;
});

async function run(at: string): Promise<void> {
  vi.setSystemTime(at);
  await handler();
}
const told = () => aws.mails.filter(({ TopicArn }) => TopicArn === OPERATIONS).map(({ Message }) => Message);
const problems = () => aws.items.get('PREFLIGHT#hospital').problems;

/** Here everybody confirmed by the link itself, without credentials. */
const endsByLink = [nurse.id, 'doctor-1', lead.id].map((of) => ({ is: 'endsByLink', of, toldAt: start }));

test('who confirmed by the link itself is told once, all in one mail, and sets off no alarm', async () => {
  await run(start);
  expect(told()).toHaveLength(1);
  for (const { of } of endsByLink) expect(told()[0]).toContain(`- ${of}: the link below any mail`);
  await run(hours(1));
  expect(told()).toHaveLength(1);
  expect(problems()).toEqual(endsByLink);
  expect(counted).toEqual([0, 0]);
});

test('a subscription that has ended is told within the hour, again when it ends again, and it is counted meanwhile', async () => {
  await run(start);
  aws.unsubscribe(topicOf(nurse.id));
  await run(hours(1));
  expect(told()[1]).toContain('- nurse-1: has not confirmed');
  expect(told()[1]).not.toContain('doctor-1');
  await run(hours(2));
  expect(told()).toHaveLength(2);
  aws.subscribe(topicOf(nurse.id), 'nurse-1@example.org');
  await run(hours(3));
  aws.unsubscribe(topicOf(nurse.id));
  await run(hours(4));
  expect(told().filter((text) => text.includes('nurse-1: has not confirmed'))).toHaveLength(2);
  expect(counted).toEqual([0, 1, 1, 0, 1]);
});

test('who is new is given an hour to confirm', async () => {
  aws.unsubscribe(topicOf(nurse.id));
  await run(start);
  expect(counted).toEqual([0]);
  await run(hours(1));
  expect(counted).toEqual([0, 1]);
});

test('a confirmation counts for thirty days, an answer for thirty more', async () => {
  const month = 30 * 24;
  const notProved = () =>
    problems().flatMap(({ is, of }: { is: string; of: string }) => (is === 'notProved' ? [of] : []));
  await run(start);
  await rememberAnswered(aws.tableName, nurse.id, hours(1));
  await run(hours(month - 1));
  expect(notProved()).toEqual([]);
  await run(hours(month));
  expect(notProved()).toEqual(['doctor-1', lead.id]);
  await run(hours(month + 1));
  expect(notProved()).toEqual([nurse.id, 'doctor-1', lead.id]);
  // Confirmed anew, with another subscription.
  aws.unsubscribe(topicOf(lead.id));
  aws.subscribe(topicOf(lead.id), 'lead-1@example.org');
  await run(hours(month + 2));
  expect(notProved()).toEqual([nurse.id, 'doctor-1']);
});

test('a telephone that has opted out is told once, without its number, and sets off no alarm', async () => {
  const phone = '+447700900123';
  const withPhone = aRoster().clinicians.map((one) => (one.id === nurse.id ? { ...one, phone } : one));
  aws.roster = aRoster({ clinicians: withPhone });
  await run(start);
  expect(told()[0]).not.toContain('no text messages');
  aws.telephones.optOut(phone);
  await run(hours(1));
  await run(hours(2));
  expect(told()).toHaveLength(2);
  expect(told()[1]).toContain('- nurse-1: the telephone of the roster gets no text messages');
  expect(told()[1]).not.toContain(phone);
  expect(counted).toEqual([0, 0, 0]);
});

test('operations who cannot be told are told by the next run', async () => {
  aws.before = (call) => (call === `Publish ${OPERATIONS}` ? silence() : undefined);
  await run(start);
  expect(problems().every(({ toldAt }: { toldAt?: string }) => toldAt === undefined)).toBe(true);
  aws.before = () => undefined;
  await run(hours(1));
  expect(told()).toHaveLength(1);
});

test('a level without anybody is told, and alarms; its problem goes when somebody is there', async () => {
  const rotations = aRoster().rotations.map((one) =>
    one.role === 'lead' ? { ...one, startsOn: '2026-11-26' } : one,
  );
  aws.roster = aRoster({ rotations });
  await run(start);
  expect(told()[0]).toContain('- lead of ward-001: nobody is on call within the hour');
  await run('2026-11-26T12:00:00.000Z');
  expect(counted).toEqual([1, 0]);
});

test('an answer is remembered if it can be, and never fails for it', async () => {
  aws.before = () => silence();
  await rememberAnswered(aws.tableName, nurse.id, start);
  expect(logger.warn).toHaveBeenCalledWith(
    'reached-not-written',
    expect.objectContaining({ clinicianId: nurse.id }),
  );
});
