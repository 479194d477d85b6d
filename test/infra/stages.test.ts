import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { judge } from '../../handlers/clinical/judge.ts';
import { adult } from '../../handlers/clinical/policies.ts';
import { claimReading } from '../../handlers/reading/claim-reading.ts';
import { buildApp } from '../../infra/app.ts';
import { settingsOf, stageNames } from '../../infra/config.ts';
import { synthesize } from '../../infra/synthesize.ts';
import { aReading } from '../reading/builders.ts';
import { functions, type Resource, resources, templates } from './template.ts';

test.each(stageNames)('%s synthesizes, by the rules of three packs, without a finding', async (stage) => {
  const { assemblyDirectory } = await synthesize(stage);
  const read = (file: string) => readFileSync(join(assemblyDirectory, file), 'utf8');
  expect(JSON.parse(read('validation-report.json')).pluginReports).toEqual([]);
  // Acknowledgements are recorded only where a pack found something: all three have run.
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
  const { arrivedAt, expiresAt } = claimReading(judged, 'critical', false, aReading().arrivedAt);
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

test('the report is made at 06:15 on the clocks of the hospital, whose zone its own file states', () => {
  const { zone } = JSON.parse(readFileSync('infra/hospital/hospital.json', 'utf8'));
  const nightly = resources('AWS::Scheduler::Schedule').find(([, { Name }]) =>
    Name.endsWith('nightly-report'),
  );
  expect(nightly?.[1]).toMatchObject({
    ScheduleExpression: 'cron(15 6 * * ? *)',
    ScheduleExpressionTimezone: zone,
  });
  const chooses = functions().find(([entry]) => entry === 'choose-report-window');
  expect(chooses?.[1].Environment.Variables.HOSPITAL_ZONE).toBe(zone);
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

test('an address given at deployment is subscribed to the operations, and what mail refuses is kept', () => {
  vi.stubEnv('CDK_CONTEXT_JSON', JSON.stringify({ operationsEmail: 'operations@example.org' }));
  const outdir = mkdtempSync(join(tmpdir(), 'vigil-mail-'));
  buildApp('production', outdir).synth();
  vi.unstubAllEnvs();
  const { Resources } = JSON.parse(readFileSync(join(outdir, 'vigil-production.template.json'), 'utf8'));
  const subscriptions = (Object.values(Resources) as Resource[]).filter(
    ({ Type }) => Type === 'AWS::SNS::Subscription',
  );
  // The ladder's messages, and CloudWatch's alarms.
  expect(subscriptions).toHaveLength(2);
  for (const { Properties } of subscriptions)
    expect(Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'operations@example.org',
      RedrivePolicy: { deadLetterTargetArn: expect.anything() },
    });
});
