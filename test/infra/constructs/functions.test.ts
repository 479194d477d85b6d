import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { entries } from '../../../infra/build/bundle.ts';
import { synthesize } from '../../../infra/build/synthesize.ts';
import { tableProperties } from '../../table-items.ts';
import { functions, type Resource, resources } from '../template.ts';

const operationsSettings = readFileSync('handlers/aws/operations-settings.ts', 'utf8');

test('every entry is a function, and every function an entry', () => {
  expect(
    functions()
      .map(([entry]) => entry)
      .sort(),
  ).toEqual(entries());
});

test.each(functions())(
  '%s is given the settings that its entry reads, and no others',
  (entry, properties) => {
    const own = readFileSync(`handlers/${entry}.ts`, 'utf8');
    const source = own.includes('...operationsSettings') ? own + operationsSettings : own;
    const read = new Set([...source.matchAll(/\b([A-Z][A-Z0-9_]{3,}): z\./g)].map(([, name]) => name));
    const { POWERTOOLS_SERVICE_NAME, ...given } = properties.Environment.Variables;
    expect(Object.keys(given).sort()).toEqual([...read].sort());
    expect(POWERTOOLS_SERVICE_NAME).toBe('vigil-demo');
  },
);

test.each(functions())(
  '%s runs on the runtime and processor of the decision, traced, with its own log',
  (entry, properties) => {
    expect(properties).toMatchObject({
      FunctionName: `vigil-demo-${entry}`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
    });
    const log = resources('AWS::Logs::LogGroup').find(
      ([id]) => id === properties.LoggingConfig.LogGroup.Ref,
    )?.[1];
    expect(log).toMatchObject({ LogGroupName: `/aws/lambda/vigil-demo-${entry}`, RetentionInDays: 90 });
  },
);

test('the consumer never gives a record up while the stream keeps it, and then keeps it in the archive bucket', () => {
  const stream = resources('AWS::Kinesis::Stream')[0]?.[1];
  const mapping = resources('AWS::Lambda::EventSourceMapping').find(([id]) =>
    /ConsumeReadings/.test(id),
  )?.[1];
  expect(mapping).toMatchObject({
    StartingPosition: 'TRIM_HORIZON',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: -1,
    MaximumRecordAgeInSeconds: stream.RetentionPeriodHours * 3600,
  });
  expect(mapping.DestinationConfig.OnFailure.Destination['Fn::GetAtt'][0]).toMatch(/Archive/);
});

test('the API answers GET, HEAD and POST of two pages, and logs routes without paths', () => {
  const routes = resources('AWS::ApiGatewayV2::Route').map(([, { RouteKey }]) => RouteKey);
  expect(routes.sort()).toEqual(
    ['GET', 'HEAD', 'POST'].flatMap((method) => [`${method} /page/{pageId}`, `${method} /report/{reportId}`]),
  );
  const format = resources('AWS::ApiGatewayV2::Stage')[0]?.[1].AccessLogSettings.Format;
  expect(format).toContain('$context.routeKey');
  expect(format).not.toMatch(/\$context\.(path|requestOverride|identity|integration)/);
  // By it the function's own line, which has a hash of the source, is found.
  expect(format).toContain('$context.requestId');
});

test('the API takes far more than one source is let through, and what an account of the smallest kind can take', () => {
  const [stage] = resources('AWS::ApiGatewayV2::Stage').map(([, properties]) => properties);
  const { ThrottlingRateLimit, ThrottlingBurstLimit } = stage.DefaultRouteSettings;
  // One flooding source keeps some four instances busy, each of which lets ten of its requests a second through.
  expect(ThrottlingRateLimit).toBeGreaterThanOrEqual(25 * 4 * 10);
  // Some regions begin with 2,500 a second and bursts of 1,250.
  expect(ThrottlingRateLimit).toBeLessThanOrEqual(2500);
  expect(ThrottlingBurstLimit).toBeLessThanOrEqual(1250);
});

test('pages have a ceiling of their own, so that no flood takes the concurrency of those who page', () => {
  const reserved = (stage: 'demo' | 'production') =>
    resources('AWS::Lambda::Function', stage)
      .filter(([, { ReservedConcurrentExecutions }]) => ReservedConcurrentExecutions !== undefined)
      .map(([, { FunctionName, ReservedConcurrentExecutions }]) => [
        FunctionName.replace(`vigil-${stage}-`, ''),
        ReservedConcurrentExecutions,
      ]);
  for (const stage of ['demo', 'production'] as const)
    expect(Object.fromEntries(reserved(stage))).toEqual({ 'answer-page': 120, 'serve-report': 120 });
  // Half of what a full-grown account runs at once is left to the others, and more than the 100 that Lambda insists on.
  expect(240).toBeLessThan(500);
});

/** What calls functions and does not wait for their answer, each with the seconds for which it tries. */
function calledLater(): [logicalId: string, triesForSeconds: number | undefined][] {
  const scheduled = resources('AWS::Scheduler::Schedule').map(([, { Target }]): [string, number] => [
    Target.Arn['Fn::GetAtt'][0],
    Target.RetryPolicy.MaximumEventAgeInSeconds,
  ]);
  const byAlarms = resources('AWS::Lambda::Permission')
    .filter(([, { Principal }]) => Principal === 'lambda.alarms.cloudwatch.amazonaws.com')
    .map(([, { FunctionName }]): [string, undefined] => [FunctionName['Fn::GetAtt'][0], undefined]);
  const byRules = resources('AWS::Events::Rule').map(([, { Targets }]): [string, undefined] => [
    Targets[0].Arn['Fn::GetAtt'][0],
    undefined,
  ]);
  return [...scheduled, ...byAlarms, ...byRules];
}

test('an event on which a function fails each time, or for which it is too busy, is kept with the undelivered', () => {
  const configs = resources('AWS::Lambda::EventInvokeConfig').map(([, properties]) => properties);
  const [queue] = resources('AWS::SQS::Queue').map(([id]) => id);
  const called = calledLater();
  expect(called).toHaveLength(7);
  for (const [id, seconds] of called) {
    const config = configs.find(({ FunctionName }) => FunctionName.Ref === id);
    expect(config, id).toMatchObject({
      Qualifier: '$LATEST',
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queue, 'Arn'] } } },
    });
    if (seconds) expect(config.MaximumEventAgeInSeconds, id).toBe(seconds);
  }
  expect(configs).toHaveLength(new Set(called.map(([id]) => id)).size);
});

test('without a webhook no alarm calls a function, and none keeps its events', async () => {
  const { template } = await synthesize('production', { operationsEmail: 'operations@example.org' });
  const configs = Object.entries(template.Resources).filter(
    ([, resource]) => (resource as Resource).Type === 'AWS::Lambda::EventInvokeConfig',
  );
  expect(configs.map(([id]) => id).filter((id) => /Notify/.test(id))).toEqual([]);
});

test('a table of claims and alerts that can be restored, streamed, expired and asked for what is due', () => {
  expect(resources('AWS::DynamoDB::Table')[0]?.[1]).toMatchObject({
    TableName: 'vigil-demo',
    ...tableProperties,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
});

test('the sweeper runs each minute, and at once when an escalation ends badly', () => {
  const schedule = resources('AWS::Scheduler::Schedule').find(([, { Name }]) =>
    /sweep-overdue/.test(Name),
  )?.[1];
  expect(schedule).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
  });
  const [rule] = resources('AWS::Events::Rule').map(([, properties]) => properties);
  expect(rule.EventPattern.detail.status).toEqual(['FAILED', 'TIMED_OUT', 'ABORTED']);
  expect(rule.Targets[0].Arn).toEqual(schedule.Target.Arn);
});

test('readings and events are delivered within a minute, as Parquet, under the date of their arrival', () => {
  const streams = resources('AWS::KinesisFirehose::DeliveryStream').map(([, properties]) => properties);
  expect(streams.map(({ DeliveryStreamName }) => DeliveryStreamName).sort()).toEqual([
    'vigil-demo-events',
    'vigil-demo-readings',
  ]);
  for (const { DeliveryStreamName, ExtendedS3DestinationConfiguration: s3 } of streams) {
    const what = DeliveryStreamName.replace('vigil-demo-', '');
    expect(s3.Prefix).toBe(`${what}/dt=!{timestamp:yyyy-MM-dd}/`);
    expect(s3.ErrorOutputPrefix).toMatch(new RegExp(`^failed/${what}/`));
    expect(s3.BufferingHints.IntervalInSeconds).toBe(60);
    expect(s3.DataFormatConversionConfiguration.OutputFormatConfiguration.Serializer).toHaveProperty(
      'ParquetSerDe',
    );
  }
});
