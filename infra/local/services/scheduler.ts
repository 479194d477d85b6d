/**
 * Amazon EventBridge Scheduler.
 *
 * - `rate(n minutes)` without a start date first runs when the schedule is made, then each n minutes. `cron(m h * * ? *)` is
 *   read in the schedule's time zone: a time that the change of the clock skips is left out, one that comes twice runs once.
 *   Targets are invoked with a precision of 60 seconds; here at the first of them.
 *   https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * - The target is called with the schedule's role: lambda:InvokeFunction (asynchronous).
 *   https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
 * - A role that does not trust the scheduler is refused when the schedule is made; the source of its calls is the schedule's
 *   group. https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 * - A call that fails is tried again with growing waits, up to 185 times and for MaximumEventAgeInSeconds (a day),
 *   then goes to the dead-letter queue, with the schedule's role.
 *   https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
import { DateTime } from 'luxon';
import { z } from 'zod';
import { AwsError } from '../engine/aws-error.ts';
import { deliver, deliveryDefaults } from '../engine/delivery.ts';
import type { IamService } from '../engine/iam.ts';
import { inert } from '../engine/inert.ts';
import { type Account, resource, type Service } from '../engine/service.ts';
import { bury } from './sqs.ts';

const minuteMs = 60_000;
const scheduleProperties = z.strictObject({
  Name: z.string(),
  Description: inert('prose', z.string().optional()),
  ScheduleExpression: z
    .string()
    .regex(
      /^(rate\(\d+ (minute|hour)s?\)|cron\(\d+ \d+ \* \* \? \*\))$/,
      'only rate(n minutes or hours) and daily cron are modelled',
    ),
  ScheduleExpressionTimezone: z.string(),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
  Target: z.strictObject({
    Arn: z.string(),
    Input: z.string(),
    RoleArn: z.string(),
    DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
    RetryPolicy: z
      .strictObject({
        MaximumEventAgeInSeconds: z.number().min(60).max(86_400),
      })
      .optional(),
  }),
});
type Properties = z.infer<typeof scheduleProperties>;

/** The next time, epoch milliseconds, after `now`. */
function nextRun(expression: string, zone: string, now: number): number {
  const rate = /^rate\((\d+) (minute|hour)/.exec(expression);
  if (rate) return now + Number(rate[1]) * (rate[2] === 'hour' ? 60 : 1) * minuteMs;
  const [, minute, hour] = /^cron\((\d+) (\d+)/.exec(expression) as RegExpExecArray;
  const time = { hour: Number(hour), minute: Number(minute) };
  const today = DateTime.fromMillis(now, { zone }).startOf('day');
  // Today, tomorrow, or the day after when tomorrow skips this time.
  for (const days of [0, 1, 2]) {
    const at = today.plus({ days }).set(time);
    // luxon moves a time that the clock skips to the next hour.
    const exists = at.hour === time.hour && at.minute === time.minute;
    if (exists && at.toMillis() > now) return at.toMillis();
  }
  throw new Error(`${expression} has no next run`);
}

/** The first time: a rate without a start date begins at once. */
function firstRun({ ScheduleExpression, ScheduleExpressionTimezone }: Properties, now: number): number {
  return ScheduleExpression.startsWith('rate')
    ? now
    : nextRun(ScheduleExpression, ScheduleExpressionTimezone, now);
}

export function scheduler(account: Account): Service {
  const schedules: Properties[] = [];

  const groupArn = `arn:aws:scheduler:${account.region}:${account.accountId}:schedule-group/default`;
  const arnOf = (name: string) =>
    `arn:aws:scheduler:${account.region}:${account.accountId}:schedule/default/${name}`;

  async function run({ Name, Target }: Properties): Promise<void> {
    const caller = { name: `schedule ${Name}`, roleArn: Target.RoleArn };
    const input = { FunctionName: Target.Arn, Payload: Target.Input, InvocationType: 'Event' };
    const failure = await deliver(account.clock, () => account.call(caller, 'lambda', 'Invoke', input), {
      ...deliveryDefaults,
      ...(Target.RetryPolicy && { seconds: Target.RetryPolicy.MaximumEventAgeInSeconds }),
    });
    if (!failure) return;
    account.record({ source: 'scheduler', what: 'gave up', schedule: Name, error: failure.name });
    if (!Target.DeadLetterConfig) return;
    const why = { ERROR_CODE: failure.name, SCHEDULE_ARN: arnOf(Name), TARGET_ARN: Target.Arn };
    await bury(account, caller, Target.DeadLetterConfig.Arn, { body: Target.Input, why });
  }

  function plan(schedule: Properties, at: number): void {
    account.clock.at(at, () => {
      account.faults.deliver(schedule.Name, account.clock, () => void run(schedule));
      plan(schedule, nextRun(schedule.ScheduleExpression, schedule.ScheduleExpressionTimezone, at));
    });
  }

  return {
    id: 'scheduler',
    operations: {},
    resources: {
      'AWS::Scheduler::Schedule': resource(scheduleProperties, ({ properties }) => {
        const { RoleArn } = properties.Target;
        if (!account.service<IamService>('iam').trusts(RoleArn, 'scheduler.amazonaws.com', groupArn))
          throw new AwsError(
            'ValidationException',
            `${properties.Name}: the execution role must allow EventBridge Scheduler to assume it`,
          );
        schedules.push(properties);
        return { ref: properties.Name, attributes: { Arn: arnOf(properties.Name) } };
      }),
    },
    start() {
      const now = account.clock.now();
      for (const schedule of schedules) plan(schedule, firstRun(schedule, now));
    },
  };
}
