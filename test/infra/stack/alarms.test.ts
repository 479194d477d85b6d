import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { synthesize } from '../../../infra/build/synthesize.ts';
import { items } from '../../../infra/constructs/permissions.ts';
import { type Resource, resources } from '../template.ts';

/** The runbook's sections by the anchor that their heading has on a page. */
const sections = new Map(
  readFileSync('infra/runbook.md', 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...text] = section.split('\n');
      return [heading.trim().toLowerCase().replaceAll(' ', '-'), text.join('\n')];
    }),
);

const handlers = globSync('handlers/{*,{aws,runtime,use-cases}/**/*}.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .join('');

const alarms = resources('AWS::CloudWatch::Alarm').map(([, properties]) => properties);

test.each(alarms.map((alarm) => [alarm.AlarmName, alarm]))(
  '%s says its impact and where its runbook is',
  (_name, alarm) => {
    const [, impact, anchor] =
      /^([A-Z].{30,}\.) See infra\/runbook\.md#([a-z-]+)$/.exec(alarm.AlarmDescription) ?? [];
    expect(impact).toBeDefined();
    const section = sections.get(anchor as string);
    for (const part of ['Description', 'Impact', 'Investigation', 'Resolution'])
      expect(section).toContain(`**${part}.**`);
  },
);

test('every section of the runbook on an alarm has an alarm', () => {
  const anchors = new Set(alarms.map(({ AlarmDescription }) => AlarmDescription.split('#')[1]));
  const unused = [...sections].filter(
    ([anchor, text]) => !anchors.has(anchor) && !text.trim().startsWith('No alarm.'),
  );
  expect(unused.map(([anchor]) => anchor)).toEqual([]);
});

test.each(Object.values(items))(
  'what an item %s that does not parse means stands in the runbook',
  (pattern) => {
    const prefix = pattern.replace('*', '');
    expect(sections.get('item-invalid')).toMatch(new RegExp(`^- (\`[A-Z]+#\`, )*\`${prefix}\``, 'm'));
  },
);

const isOfTheWebhook = ({ MetricName }: Resource['Properties']) =>
  /^(WebhookFailed|OperationsNotTold)$/.test(MetricName);

test('every alarm is told to the operations, by a topic of its own and by their webhook', () => {
  const topic = resources('AWS::SNS::Topic').find(([, { TopicName }]) => /-alarms$/.test(TopicName))?.[0];
  for (const { AlarmActions } of alarms.filter((alarm) => !isOfTheWebhook(alarm))) {
    expect(AlarmActions).toHaveLength(2);
    expect(AlarmActions[0]).toEqual({ Ref: topic });
    expect(JSON.stringify(AlarmActions[1])).toMatch(/:function:vigil-demo-notify"/);
  }
  const permission = resources('AWS::Lambda::Permission').find(
    ([, { Principal }]) => Principal === 'lambda.alarms.cloudwatch.amazonaws.com',
  )?.[1];
  expect(JSON.stringify(permission.SourceArn)).toMatch(/:alarm:vigil-demo-\*"/);
});

test('what says that the webhook fails is not said to the webhook: that would fail, and keep it on', () => {
  const topic = resources('AWS::SNS::Topic').find(([, { TopicName }]) => /-alarms$/.test(TopicName))?.[0];
  const ofTheWebhook = alarms.filter(isOfTheWebhook);
  expect(ofTheWebhook).toHaveLength(2);
  for (const { AlarmActions } of ofTheWebhook) expect(AlarmActions).toEqual([{ Ref: topic }]);
});

test('without a webhook, alarms are mailed, and no function is called', async () => {
  const { template } = await synthesize('production', { operationsEmail: 'operations@example.org' });
  for (const { Type, Properties } of Object.values<Resource>(template.Resources))
    if (Type === 'AWS::CloudWatch::Alarm') expect(Properties.AlarmActions).toHaveLength(1);
});

test('a pager hears when an alarm is over too, of all alarms that it hears of', async () => {
  expect(alarms.filter(({ OKActions }) => OKActions)).toEqual([]);
  const { template } = await synthesize('production', { webhook: 'on', webhookFormat: 'pagerdutyEventsV2' });
  const ofThePager = Object.values<Resource>(template.Resources).filter(
    ({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && !isOfTheWebhook(Properties),
  );
  expect(ofThePager.length).toBeGreaterThan(20);
  for (const { Properties } of ofThePager) expect(Properties.OKActions).toEqual([Properties.AlarmActions[1]]);
});

test('a step of the escalation that fails is an alarm, whichever it is', () => {
  const called = readFileSync('workflows/escalation.asl.json', 'utf8').matchAll(/\$\{(\w+)FunctionArn\}/g);
  const entries = new Set(
    [...called].map(([, name]) => (name as string).replace(/\B[A-Z]/g, '-$&').toLowerCase()),
  );
  expect(entries.size).toBe(5);
  for (const entry of entries)
    expect(alarms).toContainEqual(
      expect.objectContaining({
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: `vigil-demo-${entry}` }],
        Threshold: 1,
      }),
    );
});

test('a sweeper that says nothing is an alarm', () => {
  expect(alarms.find(({ MetricName }) => MetricName === 'SweeperRan')).toMatchObject({
    Namespace: 'Vigil',
    Dimensions: [{ Name: 'service', Value: 'vigil-demo' }],
    TreatMissingData: 'breaching',
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
  });
});

test.each([
  ['Invocations', [{ Name: 'FunctionName', Value: 'vigil-demo-consume-readings' }], 90],
  ['ReadingsReceived', [{ Name: 'service', Value: 'vigil-demo' }], 90],
])('no %s at all is an alarm: a feed that is dead says nothing else', (metric, Dimensions, minutes) => {
  expect(alarms.find(({ MetricName }) => MetricName === metric)).toMatchObject({
    Dimensions,
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: minutes,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  });
});

test('a night without a report is an alarm, whatever kept it from coming', () => {
  const succeeded = alarms.find(({ MetricName }) => MetricName === 'ExecutionsSucceeded');
  expect(succeeded).toMatchObject({
    Namespace: 'AWS/States',
    Statistic: 'Sum',
    Period: 3600,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  });
  const [machine] = resources('AWS::StepFunctions::StateMachine').find(
    ([, { StateMachineName }]) => StateMachineName === 'vigil-demo-nightly-report',
  ) as [string, unknown];
  expect(succeeded.Dimensions).toEqual([{ Name: 'StateMachineArn', Value: { Ref: machine } }]);
  // A night may have 25 hours, and its report take longer than the one before.
  expect(succeeded.EvaluationPeriods).toBe(26);
});

test('what Lambda turns away in this account and region is an alarm', () => {
  const [throttles, ...more] = alarms.filter(({ MetricName }) => MetricName === 'Throttles');
  expect(more).toEqual([]);
  expect(throttles).toMatchObject({ Namespace: 'AWS/Lambda', Statistic: 'Sum', Period: 60, Threshold: 1 });
  expect(throttles).not.toHaveProperty('Dimensions');
});

test.each(alarms.map((alarm) => [alarm.AlarmName, alarm]))(
  '%s looks back no further than CloudWatch does',
  (_name, { Period, EvaluationPeriods }) => {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    const mostDays = Period >= 3600 ? 7 : 1;
    expect(Period * EvaluationPeriods).toBeLessThanOrEqual(mostDays * 86_400);
  },
);

test('a silent ward is an alarm that stays on, and so is a watcher that does not run', () => {
  expect(alarms.find(({ MetricName }) => MetricName === 'WardsSilent')).toMatchObject({
    Dimensions: [{ Name: 'service', Value: 'vigil-demo' }],
    Statistic: 'Maximum',
    Period: 300,
    EvaluationPeriods: 2,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'breaching',
  });
  const schedule = resources('AWS::Scheduler::Schedule').find(([, { Name }]) =>
    /watch-feeds/.test(Name),
  )?.[1];
  expect(schedule.ScheduleExpression).toBe('rate(5 minutes)');
});

test.each([
  ['a consumer that falls behind by a minute', 'consume-readings', 60_000],
  ['an archiver that falls behind by a quarter of an hour', 'archive-events', 900_000],
])('%s is an alarm', (_what, entry, Threshold) => {
  const ages = alarms.filter(({ MetricName }) => MetricName === 'IteratorAge');
  expect(ages).toContainEqual(
    expect.objectContaining({
      Dimensions: [{ Name: 'FunctionName', Value: `vigil-demo-${entry}` }],
      Statistic: 'Maximum',
      Threshold,
    }),
  );
});

test.each([
  'AnswersFailed',
  'ClaimNotWritten',
  'DeviceClockOff',
  'EventsNotReadable',
  'ItemsInvalid',
  'NotRaisedAgain',
  'PageUndeliverable',
  'PinTriesUsedUp',
  'ReadingsQuarantined',
  'ReadingsRefused',
  'ReadingsSetAside',
  'ReportsNotShown',
  'RequestsRefused',
  'RosterNotRenewed',
  'UnknownBed',
  'UnknownDevice',
  'UnknownWard',
])('one %s is an alarm, under the name by which a handler counts it', (metric) => {
  expect(alarms.find(({ MetricName }) => MetricName === metric)).toMatchObject({
    Namespace: 'Vigil',
    Dimensions: [{ Name: 'service', Value: 'vigil-demo' }],
    Statistic: 'Sum',
    Threshold: 1,
    TreatMissingData: 'notBreaching',
  });
  expect(handlers).toContain(`'${metric}'`);
});

test.each(['DeviceClockOff', 'ReadingsQuarantined', 'ReadingsRefused', 'ReadingsSetAside', 'UnknownDevice'])(
  'the first %s is told within a minute',
  (metric) => {
    expect(alarms.find(({ MetricName }) => MetricName === metric)).toMatchObject({
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  },
);

test('five wrong PINs within a minute are an alarm, wherever they were given', () => {
  expect(alarms.find(({ MetricName }) => MetricName === 'WrongPins')).toMatchObject({
    Namespace: 'Vigil',
    Dimensions: [{ Name: 'service', Value: 'vigil-demo' }],
    Statistic: 'Sum',
    Period: 60,
    Threshold: 5,
  });
  expect(handlers).toContain("'WrongPins'");
});
