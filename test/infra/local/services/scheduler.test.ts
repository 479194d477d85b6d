/** Conformance with https://docs.aws.amazon.com/scheduler/latest/UserGuide/ (pages named by each test). */
import { expect, test } from 'vitest';
import { AwsError } from '../../../../infra/local/engine/aws-error.ts';
import type { Payload, Service } from '../../../../infra/local/engine/service.ts';
import { scheduler } from '../../../../infra/local/services/scheduler.ts';
import { sqs } from '../../../../infra/local/services/sqs.ts';
import { fakeAccount } from '../fake-account.ts';

const queueArn = 'arn:aws:sqs:eu-west-2:111122223333:undelivered';

function aSchedule(
  ScheduleExpression: string,
  startAt: string,
  options: { trusted?: boolean; failing?: () => boolean; target?: Payload } = {},
) {
  const account = fakeAccount(startAt);
  const runs: string[] = [];
  const inputs: Payload[] = [];
  const attempts: number[] = [];
  account.add(
    () => ({ id: 'iam', operations: {}, resources: {}, trusts: () => options.trusted ?? true }) as Service,
  );
  const target = (): Service['operations'][string] => ({
    options: ['FunctionName', 'InvocationType', 'Payload'],
    permissions: () => [],
    run(input) {
      attempts.push(account.clock.now());
      if (options.failing?.()) throw new AwsError('TooManyRequestsException', 'slow down');
      runs.push(new Date(account.clock.now()).toISOString().slice(0, 16));
      inputs.push(input);
      return {};
    },
  });
  account.add(() => ({ id: 'lambda', resources: {}, operations: { Invoke: target() } }));
  const queue = account.add(sqs);
  account.create('AWS::SQS::Queue', 'Queue', {
    QueueName: 'undelivered',
    MessageRetentionPeriod: 1_209_600,
    SqsManagedSseEnabled: true,
  });
  const service = account.add(scheduler);
  account.create('AWS::Scheduler::Schedule', 'Schedule', {
    Name: 'nightly',
    ScheduleExpression,
    ScheduleExpressionTimezone: 'Europe/London',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: 'arn:fn',
      Input: '{"a":1}',
      RoleArn: 'arn:role',
      RetryPolicy: { MaximumEventAgeInSeconds: 300 },
      DeadLetterConfig: { Arn: queueArn },
      ...options.target,
    },
  });
  service.start?.();
  return {
    account,
    runs,
    inputs,
    attempts,
    undelivered: () => queue.messages(queueArn),
    seconds: (seconds: number) => account.clock.run(account.clock.now() + seconds * 1000),
    days: (days: number) => account.clock.run(account.clock.now() + days * 86_400_000),
  };
}

test('schedule-types: a rate without a start date runs at once, then each n minutes', async () => {
  const { runs, seconds } = aSchedule('rate(2 minutes)', '2026-03-01T00:00:30Z');
  await seconds(361);
  expect(runs).toEqual(['2026-03-01T00:00', '2026-03-01T00:02', '2026-03-01T00:04', '2026-03-01T00:06']);
});

test('schedule-types: cron is read in the zone, also across both changes of the clock', async () => {
  const spring = aSchedule('cron(15 6 * * ? *)', '2026-03-28T00:00:00Z');
  await spring.days(2);
  expect(spring.runs).toEqual(['2026-03-28T06:15', '2026-03-29T05:15']);
  const autumn = aSchedule('cron(15 6 * * ? *)', '2026-10-24T00:00:00Z');
  await autumn.days(2);
  expect(autumn.runs).toEqual(['2026-10-24T05:15', '2026-10-25T06:15']);
});

test('schedule-types: a time that the change of the clock skips is left out; one that comes twice runs once', async () => {
  const spring = aSchedule('cron(30 1 * * ? *)', '2026-03-28T00:00:00Z');
  await spring.days(3);
  expect(spring.runs).toEqual(['2026-03-28T01:30', '2026-03-30T00:30']);
  const autumn = aSchedule('cron(30 1 * * ? *)', '2026-10-24T12:00:00Z');
  await autumn.days(2);
  expect(autumn.runs).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
});

test('managing-targets-templated: a function is invoked asynchronously, with the input', async () => {
  const { inputs, seconds } = aSchedule('rate(1 hour)', '2026-03-01T00:00:00Z');
  await seconds(1);
  expect(inputs).toEqual([{ FunctionName: 'arn:fn', InvocationType: 'Event', Payload: '{"a":1}' }]);
});

test('setting-up-execution-role: a role that does not trust the scheduler is refused', () => {
  expect(() => aSchedule('rate(1 minute)', '2026-03-01T00:00:00Z', { trusted: false })).toThrow('nightly');
});

test('configuring-schedule-dlq: a target that fails is tried again, with growing waits, until it succeeds', async () => {
  let failing = true;
  const { account, runs, seconds } = aSchedule('rate(1 hour)', '2026-03-01T00:00:00Z', {
    failing: () => failing,
  });
  account.clock.after(100_000, () => {
    failing = false;
  });
  await seconds(600);
  expect(runs).toEqual(['2026-03-01T00:02']);
});

test('configuring-schedule-dlq: what is too old to try again goes to the dead-letter queue', async () => {
  const { attempts, seconds, undelivered } = aSchedule('rate(1 hour)', '2026-03-01T00:00:00Z', {
    failing: () => true,
  });
  await seconds(3599);
  const [first = 0, ...later] = attempts;
  expect(later.every((at) => at - first < 300_000)).toBe(true);
  expect(undelivered()).toMatchObject([
    {
      body: '{"a":1}',
      attributes: { ERROR_CODE: 'TooManyRequestsException', TARGET_ARN: 'arn:fn' },
    },
  ]);
});

test('configuring-schedule-dlq: without sqs:SendMessage the dead letter is lost', async () => {
  const { account, seconds, undelivered } = aSchedule('rate(1 hour)', '2026-03-01T00:00:00Z', {
    failing: () => true,
  });
  account.denied.add('sqs:SendMessage');
  await seconds(3599);
  expect(undelivered()).toEqual([]);
  expect(account.asked.at(-1)).toEqual({ action: 'sqs:SendMessage', resource: queueArn });
});
