import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { claimReading } from '../../handlers/alert/claim-reading.ts';
import { judge } from '../../handlers/clinical/judge.ts';
import { adult } from '../../handlers/clinical/policies.ts';
import { buildApp } from '../../infra/app.ts';
import { synthesize } from '../../infra/build/synthesize.ts';
import { settingsOf, stageNames } from '../../infra/config.ts';
import { InputError } from '../../infra/input-error.ts';
import { aReading } from '../handlers/reading/builders.ts';
import { type Resource, resources, templates } from './template.ts';

test.each(stageNames)('%s synthesizes, by the rules of three packs, without a finding', async (stage) => {
  const { assemblyDirectory } = await synthesize(stage);
  const read = (file: string) => readFileSync(join(assemblyDirectory, file), 'utf8');
  expect(JSON.parse(read('validation-report.json')).pluginReports).toEqual([]);
  // Suppressions are recorded only where a pack found something: all three have run.
  for (const pack of ['AwsSolutions-', 'HIPAA.Security-', 'Serverless-'])
    expect(read(`vigil-${stage}.metadata.json`)).toContain(`::${pack}`);
});

test.each(stageNames)('%s reads the stream whose name the devices know', (stage) => {
  expect(resources('AWS::Kinesis::Stream', stage)[0]?.[1].Name).toBe('Bloodpressure_iot_stream');
});

test.each(stageNames)('%s keeps readings in the stream for a week, and every claim longer', (stage) => {
  const hours = resources('AWS::Kinesis::Stream', stage)[0]?.[1].RetentionPeriodHours;
  expect(hours).toBe(168);
  const judged = { reading: aReading(), judgement: judge(aReading(), adult) };
  const { arrivedAt, expiresAt } = claimReading(judged, 'critical', 'inTime', aReading().arrivedAt);
  expect(expiresAt * 1000 - Date.parse(arrivedAt)).toBeGreaterThan(hours * 3_600_000);
});

test('only the demo has simulated devices, and logs each reading', () => {
  const simulated = (stage: (typeof stageNames)[number]) =>
    Object.keys(templates[stage].Resources).filter((id) => /simulate/i.test(id)).length;
  expect(simulated('demo')).toBeGreaterThan(0);
  expect(simulated('production')).toBe(0);
  const testMode = (stage: (typeof stageNames)[number]) =>
    resources('AWS::Lambda::Function', stage)
      .map(([, { Environment }]) => Environment.Variables.TEST_MODE)
      .filter(Boolean);
  expect(testMode('demo')).toEqual(['on']);
  expect(testMode('production')).toEqual(['off']);
});

test('a stage that nobody defined is refused, and those that exist are named', () => {
  expect(() => settingsOf('staging')).toThrow('No stage is called staging; there are: demo, production');
});

/** The stage's template when a deployment states these settings. */
function deployedWith(stage: (typeof stageNames)[number], context: Record<string, string>) {
  vi.stubEnv('CDK_CONTEXT_JSON', JSON.stringify(context));
  const outdir = mkdtempSync(join(tmpdir(), 'vigil-context-'));
  buildApp(stage, outdir).synth();
  vi.unstubAllEnvs();
  const { Resources } = JSON.parse(readFileSync(join(outdir, `vigil-${stage}.template.json`), 'utf8'));
  return (type: string) =>
    (Object.values(Resources) as Resource[]).filter(({ Type }) => Type === type).map((it) => it.Properties);
}

/** The zones that the template names: of each schedule, and of the night that a report covers. */
function zonesOf(of: (type: string) => Resource['Properties'][]) {
  return [
    ...of('AWS::Scheduler::Schedule').map((schedule) => schedule.ScheduleExpressionTimezone),
    ...of('AWS::Lambda::Function')
      .map(({ Environment }) => Environment?.Variables.HOSPITAL_ZONE)
      .filter(Boolean),
  ];
}

test('the report is made at 06:15 on the clocks of the stage, whose zone the deployment states', () => {
  const zurich = deployedWith('production', { zone: 'Europe/Zurich' });
  const nightly = zurich('AWS::Scheduler::Schedule').find(({ Name }) => Name.endsWith('nightly-report'));
  expect(nightly.ScheduleExpression).toBe('cron(15 6 * * ? *)');
  expect(zonesOf(zurich).length).toBeGreaterThan(2);
  expect(new Set(zonesOf(zurich))).toEqual(new Set(['Europe/Zurich']));
});

test('without a word on it the demo keeps the clocks of the sample hospital, and production knows no hospital', () => {
  const { zone } = JSON.parse(readFileSync('infra/hospital/hospital.json', 'utf8'));
  const zones = (stage: (typeof stageNames)[number]) =>
    new Set(zonesOf((type) => resources(type, stage).map(([, properties]) => properties)));
  expect(zones('demo')).toEqual(new Set([zone]));
  expect(zones('production')).toEqual(new Set(['UTC']));
});

test('the consumer takes four batches of a shard at once, or as many as the deployment states', () => {
  const factors = (of: (type: string) => Resource['Properties'][]) =>
    of('AWS::Lambda::EventSourceMapping').map(({ ParallelizationFactor }) => ParallelizationFactor);
  for (const stage of stageNames)
    expect(factors((type) => resources(type, stage).map(([, properties]) => properties))).toContain(4);
  const narrow = factors(deployedWith('production', { parallelizationFactor: '1' }));
  expect(narrow).toContain(1);
  expect(narrow).not.toContain(4);
});

test('the whole feed counts as dead after as long as the deployment states', () => {
  const feed = (of: (type: string) => Resource['Properties'][]) =>
    of('AWS::CloudWatch::Alarm')
      .filter(({ MetricName }) => /^(Invocations|ReadingsReceived)$/.test(MetricName))
      .map(({ Period, EvaluationPeriods }) => (Period * EvaluationPeriods) / 60);
  expect(feed((type) => resources(type, 'production').map(([, properties]) => properties))).toEqual([15, 15]);
  expect(feed(deployedWith('production', { silentAfterMinutes: '45' }))).toEqual([45, 45]);
});

test.each([
  [{ zone: 'Europe/Zurick' }, '--context zone=Europe/Zurick: not an IANA time zone'],
  [{ zone: '+01:00' }, '--context zone=+01:00: not an IANA time zone'],
  [{ zone: 'europe/zurich' }, '--context zone=europe/zurich: not an IANA time zone'],
  [{ zone: '' }, '--context zone=: not an IANA time zone'],
  [{ operationsEmail: '' }, '--context operationsEmail=: '],
  [{ operationsEmail: 'the porter' }, '--context operationsEmail=the porter: '],
  [{ parallelizationFactor: '0' }, '--context parallelizationFactor=0: '],
  [{ parallelizationFactor: '11' }, '--context parallelizationFactor=11: '],
  [{ parallelizationFactor: 'many' }, '--context parallelizationFactor=many: '],
  [{ silentAfterMinutes: '0' }, '--context silentAfterMinutes=0: '],
  [{ silentAfterMinutes: '' }, '--context silentAfterMinutes=: '],
  // What CloudWatch takes for an alarm that looks each minute: a day.
  [{ silentAfterMinutes: '1441' }, '--context silentAfterMinutes=1441: '],
  [{ webhook: 'on', webhookFormat: 'opsgenie' }, '--context webhookFormat=opsgenie: '],
  [{ webhookFormat: 'pagerdutyEventsV2' }, 'only beside --context webhook=on'],
  [{ opertionsEmail: 'a@example.org' }, '--context opertionsEmail: '],
])('%o is refused with the name of the setting', (context, message) => {
  expect(() => settingsOf('production', context)).toThrow(InputError);
  expect(() => settingsOf('production', context)).toThrow(message);
});

test('what outlives the stack: in production all that holds data, in the demo nothing', () => {
  const kept = (stage: (typeof stageNames)[number]) =>
    Object.values(templates[stage].Resources)
      .filter(
        (resource) => (resource as { DeletionPolicy?: string }).DeletionPolicy === 'RetainExceptOnCreate',
      )
      .map(({ Type }) => Type);
  expect(kept('demo')).toEqual([]);
  expect(new Set(kept('production'))).toEqual(
    new Set([
      'AWS::DynamoDB::Table',
      'AWS::KMS::Key',
      'AWS::Kinesis::Stream',
      'AWS::S3::Bucket',
      'AWS::SecretsManager::Secret',
    ]),
  );
});

test('no stage names an account or a region, or needs code that runs while it is deployed', () => {
  for (const stage of stageNames) {
    const text = JSON.stringify(templates[stage]);
    expect(text).not.toMatch(/\b\d{12}\b|\b[a-z]{2}-(north|south|east|west|central)[a-z]*-\d\b/);
    expect(text).not.toMatch(/Custom::|AWS::CloudFormation::CustomResource/);
  }
});

test('an account that lets no function reserve concurrency is deployed to without', () => {
  vi.stubEnv('CDK_CONTEXT_JSON', JSON.stringify({ pageConcurrency: '0' }));
  const outdir = mkdtempSync(join(tmpdir(), 'vigil-small-'));
  buildApp('production', outdir).synth();
  vi.unstubAllEnvs();
  const template = readFileSync(join(outdir, 'vigil-production.template.json'), 'utf8');
  expect(template).not.toContain('ReservedConcurrentExecutions');
});

test('an address given at deployment is subscribed to the operations, and what mail refuses is kept', () => {
  const of = deployedWith('production', { operationsEmail: 'operations@example.org' });
  // The escalation's messages, and CloudWatch's alarms.
  expect(of('AWS::SNS::Subscription')).toHaveLength(2);
  for (const subscription of of('AWS::SNS::Subscription'))
    expect(subscription).toMatchObject({
      Protocol: 'email',
      Endpoint: 'operations@example.org',
      RedrivePolicy: { deadLetterTargetArn: expect.anything() },
    });
});
