/** Conformance with https://docs.aws.amazon.com/scheduler/latest/UserGuide/ (pages named by each test). */
import { expect, test } from 'vitest';
import { AwsError, type Service } from '../../infra/local/service.ts';
import { scheduler } from '../../infra/local/services/scheduler.ts';
import { fakeAccount } from './fake-account.ts';

function aSchedule(
  ScheduleExpression: string,
  startAt: string,
  options: { trusted?: boolean; failing?: () => boolean } = {},
) {
  const account = fakeAccount(startAt);
  const runs: string[] = [];
  account.add(
    () => ({ id: 'iam', operations: {}, resources: {}, trusts: () => options.trusted ?? true }) as Service,
  );
  account.add(() => ({
    id: 'lambda',
    resources: {},
    operations: {
      Invoke: {
        permissions: () => [],
        run() {
          if (options.failing?.()) throw new AwsError('TooManyRequestsException', 'slow down');
          runs.push(new Date(account.clock.now()).toISOString().slice(0, 16));
          return {};
        },
      },
    },
  }));
  const service = account.add(scheduler);
  account.create('AWS::Scheduler::Schedule', 'Schedule', {
    Name: 'nightly',
    ScheduleExpression,
    ScheduleExpressionTimezone: 'Europe/London',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: 'arn:fn',
      Input: '{}',
      RoleArn: 'arn:role',
      RetryPolicy: { MaximumEventAgeInSeconds: 300 },
    },
  });
  service.start?.();
  return {
    account,
    runs,
    days: (days: number) => account.clock.run(account.clock.now() + days * 86_400_000),
  };
}

test('schedule-types: rate runs each n minutes', async () => {
  const { account, runs } = aSchedule('rate(2 minutes)', '2026-03-01T00:00:00Z');
  await account.clock.run(account.clock.now() + 361_000);
  expect(runs).toEqual(['2026-03-01T00:02', '2026-03-01T00:04', '2026-03-01T00:06']);
});

test('schedule-types: cron is read in the zone, also across both changes of the clock', async () => {
  const spring = aSchedule('cron(15 6 * * ? *)', '2026-03-28T00:00:00Z');
  await spring.days(2);
  expect(spring.runs).toEqual(['2026-03-28T06:15', '2026-03-29T05:15']);
  const autumn = aSchedule('cron(15 6 * * ? *)', '2026-10-24T00:00:00Z');
  await autumn.days(2);
  expect(autumn.runs).toEqual(['2026-10-24T05:15', '2026-10-25T06:15']);
});

test('managing-targets: a role that does not trust the scheduler runs nothing', async () => {
  const { account, runs } = aSchedule('rate(1 minute)', '2026-03-01T00:00:00Z', { trusted: false });
  await account.clock.run(account.clock.now() + 600_000);
  expect(runs).toEqual([]);
});

test('configuring-schedule-dlq: a target that fails is tried again until the event is too old', async () => {
  let failing = true;
  const { account, runs } = aSchedule('rate(10 minutes)', '2026-03-01T00:00:00Z', { failing: () => failing });
  account.clock.after(700_000, () => {
    failing = false;
  });
  await account.clock.run(account.clock.now() + 1_000_000);
  expect(runs).toEqual(['2026-03-01T00:11']);
  failing = true;
  await account.clock.run(account.clock.now() + 700_000);
  expect(account.events.filter((event) => event.what === 'gave up')).toHaveLength(1);
});
