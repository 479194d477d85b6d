/** Scenes that between them make every call that the local account can make for a role, told as what should happen in each. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { asOperator } from '../../infra/local/account/account.ts';
import type { Template } from '../../infra/local/account/template.ts';
import { startVigil, type Vigil, type VigilOptions } from '../../infra/local/account/vigil.ts';
import { playStory } from '../../infra/local/demo/once.ts';
import type { SqsService } from '../../infra/local/services/sqs.ts';
import { anObservation } from '../handlers/reading/builders.ts';
import { addresseeOf, answerOf, openForm, submit } from './browser.ts';
import { aWard, hospital, operationsAddress, pathOf, topicOf, unsubscribe, type Ward } from './ward.ts';

type Options = Partial<Pick<VigilOptions, 'change' | 'onAllowed' | 'hospital'>>;

export const operate = (vigil: Vigil, name: string, event: unknown) =>
  asOperator(vigil, 'lambda', 'Invoke', {
    FunctionName: `vigil-production-${name}`,
    Payload: JSON.stringify(event),
  });

/** What lies under a prefix of the archive, at any depth. */
function archived({ directory, outputs }: Vigil, prefix: string): string[] {
  const folder = join(directory, 's3', outputs.ArchiveBucket as string, prefix);
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
}

/** Plays something in a ward of its own; gives whether it ended as it should. */
export const inAWard = (play: (ward: Ward) => Promise<boolean>) => async (options: Options) => {
  const ward = await aWard(options);
  try {
    return await play(ward);
  } finally {
    ward.vigil.stop();
  }
};

/** The input of the task of a state that was entered last. */
function lastInput({ sfn }: Ward, executionArn: string, state: string): unknown {
  const events = sfn.history(executionArn);
  const entered = events.findLastIndex(
    ({ type, details }) => type.endsWith('StateEntered') && details?.name === state,
  );
  const { Payload } = JSON.parse(events[entered + 1]?.details?.parameters);
  return Payload;
}

/** A step that comes a second time, when the alert has moved on, ends its wait at once; nobody answers, so everyone is called. */
const worseWhileWaitedFor = inAWard(async (ward) => {
  await ward.measure(188, 112);
  await ward.seconds(30);
  await ward.measure(232, 130);
  await ward.seconds(30);
  const [first] = ward.executions();
  const arn = first?.executionArn ?? '';
  await operate(ward.vigil, 'page-clinicians', lastInput(ward, arn, 'Page nurse'));
  await ward.seconds(1800);
  const { escalationLevel } = ward.alert().step;
  return escalationLevel === 'everyone' && ward.mails().some(({ to }) => to === operationsAddress);
});

/** A wait for the recheck of an alert that nobody has accepted: it is refused, and ends at once. */
const overtakenWait = inAWard(async (ward) => {
  await ward.measure(188, 112);
  await ward.seconds(20);
  const [execution] = ward.executions();
  const input = lastInput(ward, execution?.executionArn ?? '', 'Page nurse') as Record<string, unknown>;
  const { Payload } = await operate(ward.vigil, 'move-alert', { ...input, action: 'wait' });
  return !JSON.parse(Payload).moved;
});

export const hasSubscription = async (ward: Ward, topic: string) =>
  (await asOperator(ward.vigil, 'sns', 'ListSubscriptionsByTopic', { TopicArn: topicOf(topic) }))
    .Subscriptions.length === 1;
export const webhookHeard = (ward: Ward, type: string) =>
  ward.webhook().some(({ body }) => body.includes(`"${type}"`));

/** Neither a nurse nor the operations can be mailed: both are asked to confirm anew, and the webhook hears of it. */
const lapsedSubscriptionsAreRenewed = inAWard(async (ward) => {
  const nurses = hospital.clinicians
    .filter(({ role }) => role === 'nurse')
    .map(({ id }) => `clinician-${id}`);
  await ward.seconds(600);
  for (const topic of [...nurses, 'operations']) await unsubscribe(ward, topic);
  await ward.measure(188, 112);
  await ward.seconds(900);
  return (await hasSubscription(ward, 'operations')) && webhookHeard(ward, 'vigil.alert.everyone-called');
});

/** What was stuck is told to operations who cannot be mailed. */
const sweeperFindsNoOperations = inAWard(async (ward) => {
  await ward.seconds(600);
  await unsubscribe(ward, 'operations');
  await ward.measure(188, 112);
  await ward.seconds(30);
  ward.sfn.stop(ward.executions()[0]?.executionArn ?? '');
  await ward.seconds(120);
  return (await hasSubscription(ward, 'operations')) && webhookHeard(ward, 'vigil.raised-again');
});

/** Nothing was heard yet when the watcher looked first; then a ward falls silent, whose operations can be mailed. */
const silentWardIsTold = inAWard(async (ward) => {
  await ward.measure(120, 70);
  await ward.seconds(110 * 60);
  const silence = /has no readings from ward ward-001/;
  const mailed = ward.mails().some(({ to, subject }) => to === operationsAddress && silence.test(subject));
  return mailed && webhookHeard(ward, 'vigil.wards-silent');
});

/** CloudWatch calls the function for each alarm. */
const alarmReachesTheWebhook = inAWard(async (ward) => {
  await operate(ward.vigil, 'notify', anAlarm);
  return webhookHeard(ward, 'vigil.alarm.alarm');
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
export const anAlarm = {
  source: 'aws.cloudwatch',
  alarmArn: 'arn:aws:cloudwatch:eu-west-2:111122223333:alarm:vigil-production-consumer-behind',
  accountId: '111122223333',
  time: '2026-03-03T01:02:03.456+0000',
  region: 'eu-west-2',
  alarmData: {
    alarmName: 'vigil-production-consumer-behind',
    state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp: '2026-03-03T01:02:03.456+0000' },
    configuration: { description: 'Critical readings wait in the stream.', metrics: [] },
  },
};

export const killedExecutionIsRaisedAgain = inAWard(async (ward) => {
  await ward.measure(188, 112);
  await ward.seconds(30);
  ward.sfn.stop(ward.executions()[0]?.executionArn ?? '');
  await ward.seconds(300);
  return ward.executions().length === 2;
});

/** Step Functions is away when the reading comes: its claim stands, and the sweeper raises it. */
export const lostStartIsMadeGood = inAWard(async (ward) => {
  const back = ward.vigil.faults.outage('sfn');
  await ward.measure(188, 112);
  await ward.seconds(30);
  back();
  await ward.seconds(120);
  return ward.executions().some(({ name }) => name.endsWith('-r1'));
});

/** A device sends a reading twice: the second time its claim is there. */
const repeatedReadingIsOne = inAWard(async (ward) => {
  const { id: deviceId, patientId } = ward.device;
  const measuredAt = new Date(ward.vigil.clock.now()).toISOString();
  const reading = JSON.stringify({ deviceId, patientId, measuredAt, systolic: 188, diastolic: 112 });
  await ward.put(reading);
  await ward.put(reading);
  await ward.seconds(60);
  return ward.executions().length === 1;
});

/** Twice an alert loses what it should hold: a reading meets the first, the end of a wait the second. */
const unreadableAlertIsSetAside = inAWard(async (ward) => {
  const breaks = () =>
    asOperator(ward.vigil, 'dynamodb', 'UpdateItem', {
      TableName: 'vigil-production',
      Key: { pk: { S: ward.alert().pk } },
      UpdateExpression: 'SET #round = :nothing',
      ExpressionAttributeNames: { '#round': 'round' },
      ExpressionAttributeValues: { ':nothing': { NULL: true } },
    });
  await ward.measure(188, 112);
  await ward.seconds(30);
  await breaks();
  await ward.measure(189, 112);
  await ward.seconds(30);
  await breaks();
  await ward.seconds(240);
  return (
    ward.items().filter(({ kind }) => kind === 'setAside').length === 2 && ward.alert().announced !== null
  );
});

/** Its sender withdraws the reading while the nurse is waited for: the consumer takes it from the alert. */
const withdrawnReadingIsTakenBack = inAWard(async (ward) => {
  const effectiveDateTime = new Date(ward.vigil.clock.now()).toISOString();
  for (const status of ['final', 'entered-in-error']) {
    await ward.put(JSON.stringify(anObservation({ status, effectiveDateTime })));
    await ward.seconds(30);
  }
  return ward.alerts().some(({ withdrawal }) => withdrawal === 'news');
});

export const unreadableIsQuarantined = inAWard(async (ward) => {
  await ward.put('{"deviceId":"x","measuredAt":"yesterday"}');
  await ward.seconds(90);
  return archived(ward.vigil, 'quarantine').length > 0;
});

/** Someone whose address changed: the old one has a subscription that nobody wants any more. */
export const oldAddressIsUnsubscribed = inAWard(async ({ vigil, seconds }) => {
  const TopicArn = `arn:aws:sns:eu-west-2:111122223333:vigil-production-clinician-${hospital.clinicians[0]?.id}`;
  await asOperator(vigil, 'sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'old@example.org' });
  await seconds(10);
  await operate(vigil, 'reconcile-subscriptions', {});
  const { Subscriptions } = await asOperator(vigil, 'sns', 'ListSubscriptionsByTopic', { TopicArn });
  return !Subscriptions.some(({ Endpoint }: { Endpoint: string }) => Endpoint === 'old@example.org');
});

/** Both event source mappings give records up after a minute, instead of after days. */
function giveUpAfterAMinute(template: Template): void {
  for (const { Type, Properties } of Object.values(template.Resources))
    if (Type === 'AWS::Lambda::EventSourceMapping') Properties.MaximumRecordAgeInSeconds = 60;
}

const givenUpRecordsAreKept = (options: Options) =>
  inAWard(async ({ vigil, measure, seconds }) => {
    vigil.faults.outage('firehose');
    await measure(188, 112);
    await seconds(120);
    vigil.faults.outage('dynamodb');
    await measure(190, 112);
    await seconds(180);
    const mappings = archived(vigil, 'aws/lambda').filter((name) => !name.includes('/'));
    return mappings.length === 2;
  })({ ...options, change: giveUpAfterAMinute });

/** The nurses' subscriptions have ended, which the hourly run sees before any page: mail and webhook say so. */
const lapsedSubscriptionIsTold = inAWard(async (ward) => {
  await ward.seconds(600);
  await operate(ward.vigil, 'reconcile-subscriptions', {});
  for (const { id, role } of hospital.clinicians)
    if (role === 'nurse') await unsubscribe(ward, `clinician-${id}`);
  await operate(ward.vigil, 'reconcile-subscriptions', {});
  await ward.seconds(10);
  const mailed = ward
    .mails()
    .some(({ to, subject }) => to === operationsAddress && /not reached by mail/.test(subject));
  return mailed && webhookHeard(ward, 'vigil.on-call-unreachable');
});

/** The processor finds no roster for as long as Firehose asks it, and a record of the events is not JSON. */
const failedDeliveriesAreKept = inAWard(async ({ vigil, measure, seconds }) => {
  vigil.faults.outage('lambda');
  await measure(120, 70);
  await asOperator(vigil, 'firehose', 'PutRecordBatch', {
    DeliveryStreamName: 'vigil-production-events',
    Records: [{ Data: Buffer.from('not JSON') }],
  });
  await seconds(3600);
  return ['readings', 'events'].every((what) => archived(vigil, `failed/${what}`).length > 0);
});

/** A wrong PIN on the page of an alert: it counts, and the page remembers it. */
const wrongPinOnAPage = inAWard(async (ward) => {
  await ward.measure(188, 112);
  await ward.seconds(20);
  const [mail] = ward.pages();
  const path = pathOf(mail);
  const answer = answerOf({ ...addresseeOf(mail), pin: '000000' }, 'accept');
  return (await submit(ward, path, { ...(await openForm(ward, path)), ...answer })).status === 403;
});

/** The report's page, with a wrong PIN and then with the right one. */
export const reportIsRead = inAWard(async (ward) => {
  await ward.measure(188, 112);
  await ward.seconds(120);
  await ward.report();
  const link = ward.mails().flatMap(({ text }) => /\/report\/[0-9a-f]+/.exec(text) ?? []);
  const path = link.at(-1) ?? '';
  const { token = '' } = await openForm(ward, path);
  const reader = hospital.clinicians.find(({ role }) => role === 'doctor');
  const clinician = reader?.id ?? '';
  const wrong = await submit(ward, path, { token, clinician, pin: '739145' });
  const right = await submit(ward, path, { token, clinician, pin: reader?.pin ?? '' });
  return wrong.status === 403 && right.status === 200 && !/name="pin"/.test(right.body);
});

/** The night is not reconciled: the operations have a mail. (That a report failed, its alarm tells them.) */
const gapsAreTold = inAWard(async (ward) => {
  await ward.seconds(600);
  const report = await ward.report();
  await ward.seconds(60);
  const told = ward
    .mails()
    .some(({ to, subject }) => to === operationsAddress && /reconciled/i.test(subject));
  return report.reconciled === false && told;
});

/** The night is not reconciled, and the operations have no subscription: the webhook hears of it. */
const gapsFindNoOperations = inAWard(async (ward) => {
  await ward.seconds(600);
  await unsubscribe(ward, 'operations');
  const report = await ward.report();
  return report.reconciled === false && webhookHeard(ward, 'vigil.nightly-report');
});

/** Who reads the report has no subscription any more: it is asked for anew, and the operations have the report meanwhile. */
const reportFindsNoReaders = inAWard(async (ward) => {
  await ward.seconds(600);
  await unsubscribe(ward, 'reports');
  await ward.report();
  return hasSubscription(ward, 'reports');
});

/** The schedule fires again when the night's report has ended: there is one all the same. */
const reportIsStartedTwice = inAWard(async ({ vigil, sfn, seconds }) => {
  const start = async () => (await operate(vigil, 'start-report', {})).Payload;
  const first = await start();
  await seconds(1800);
  const again = await start();
  await seconds(60);
  const reports = sfn.executions().filter(({ machine }) => machine.name.endsWith('nightly-report'));
  return first === again && reports.length === 1 && reports[0]?.status === 'SUCCEEDED';
});

/** What every schedule calls is away for longer than each call is tried. */
async function scheduledCallsAreBuried(options: Options): Promise<boolean> {
  const vigil = await startVigil({
    stage: 'demo',
    hospital,
    seed: 3,
    startAt: '2026-03-03T04:30:00Z',
    ...options,
  });
  try {
    for (const service of ['lambda', 'sfn']) vigil.faults.outage(service);
    await vigil.clock.run(Date.parse('2026-03-03T07:30:00Z'));
    const queue = vigil.service<SqsService>('sqs');
    const letters = queue.messages('arn:aws:sqs:eu-west-2:111122223333:vigil-demo-undelivered');
    return new Set(letters.map(({ attributes }) => attributes.SCHEDULE_ARN)).size === 5;
  } finally {
    vigil.stop();
  }
}

/** The sweeper itself fails on nothing that it calls: here it has too little time. */
function sweepWithoutTime(template: Template): void {
  for (const { Type, Properties } of Object.values(template.Resources))
    if (Type === 'AWS::Lambda::Function' && Properties.FunctionName === 'vigil-demo-sweep-overdue')
      Properties.Timeout = 0.1;
}

/** Each function that is called without waiting for its answer fails for as long as Lambda calls it again. */
async function failedEventsAreKept(options: Options): Promise<boolean> {
  const vigil = await startVigil({
    stage: 'demo',
    hospital,
    seed: 3,
    startAt: '2026-03-03T04:30:00Z',
    ...options,
    change: sweepWithoutTime,
  });
  try {
    for (const service of ['s3', 'dynamodb', 'kinesis', 'sfn', 'sns', 'web']) vigil.faults.outage(service);
    const FunctionName = 'vigil-demo-notify';
    const alarm = { FunctionName, InvocationType: 'Event', Payload: JSON.stringify(anAlarm) };
    await asOperator(vigil, 'lambda', 'Invoke', alarm);
    await vigil.clock.run(Date.parse('2026-03-03T06:30:00Z'));
    const queue = vigil.service<SqsService>('sqs');
    const letters = queue.messages('arn:aws:sqs:eu-west-2:111122223333:vigil-demo-undelivered');
    return new Set(letters.map(({ body }) => JSON.parse(body).requestContext?.functionArn)).size === 6;
  } finally {
    vigil.stop();
  }
}

const aNight = async (options: Options) => (await playStory(hospital, options)).happened;

export const everyCall: [what: string, happens: (options: Options) => Promise<boolean>][] = [
  ['a night of the demo stage, with its report', aNight],
  ['worse while the nurse is waited for', worseWhileWaitedFor],
  ['a wait that was overtaken', overtakenWait],
  ['an execution that is killed is raised again', killedExecutionIsRaisedAgain],
  ['subscriptions that lapsed are renewed', lapsedSubscriptionsAreRenewed],
  ['what was stuck is told to operations without a subscription', sweeperFindsNoOperations],
  ['a ward that falls silent is told', silentWardIsTold],
  ['an alarm reaches the webhook', alarmReachesTheWebhook],
  ['a start that was lost is made good', lostStartIsMadeGood],
  ['a reading that comes twice is one', repeatedReadingIsOne],
  ['an alert that cannot be read is set aside', unreadableAlertIsSetAside],
  ['a reading that is withdrawn is taken back', withdrawnReadingIsTakenBack],
  ['an unreadable record is quarantined', unreadableIsQuarantined],
  ['records that are given up are kept', givenUpRecordsAreKept],
  ['what Firehose cannot deliver is kept', failedDeliveriesAreKept],
  ['an address that is no longer wanted is unsubscribed', oldAddressIsUnsubscribed],
  ['that nobody would be mailed is told', lapsedSubscriptionIsTold],
  ['a wrong PIN on a page', wrongPinOnAPage],
  ['the report is read', reportIsRead],
  ['gaps are told to the operations', gapsAreTold],
  ['gaps are told to operations without a subscription', gapsFindNoOperations],
  ['a report finds nobody who reads it', reportFindsNoReaders],
  ['a report that is started twice is one', reportIsStartedTwice],
  ['events on which a function fails are kept', failedEventsAreKept],
  ['what schedules cannot call is buried', scheduledCallsAreBuried],
];
