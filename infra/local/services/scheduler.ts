/**
 * Amazon EventBridge Scheduler.
 *
 * - `rate(n minutes)` first runs when the schedule is made, then each n minutes; `cron(m h * * ? *)` is read in the schedule's
 *   time zone: a time skipped by the clock change runs at the next valid minute, a repeated one runs once.
 *   https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * - The target is called with the schedule's role: lambda:InvokeFunction (asynchronous) or states:StartExecution.
 *   https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
 * - A call that fails is tried again with back-off until MaximumEventAgeInSeconds, then goes to the dead-letter queue.
 *   https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { IamService } from '../iam.ts';
import type { Account, Service } from '../service.ts';

const minuteMs = 60_000;
/** Between two attempts; AWS names no figure for the back-off. */
const retryAfterMs = 15_000;

const scheduleProperties = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  ScheduleExpression: z
    .string()
    .regex(
      /^(rate\(\d+ (minute|hour)s?\)|cron\(\d+ \d+ \* \* \? \*\))$/,
      'only rate(n minutes or hours) and daily cron are modelled',
    ),
  ScheduleExpressionTimezone: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
  Target: z.strictObject({
    Arn: z.string(),
    Input: z.string(),
    RoleArn: z.string(),
    DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
    RetryPolicy: z
      .strictObject({ MaximumEventAgeInSeconds: z.number(), MaximumRetryAttempts: z.number().optional() })
      .optional(),
  }),
});
type Properties = z.infer<typeof scheduleProperties>;

/** The next time, epoch milliseconds, after `now`. */
function nextRun(expression: string, zone: string, now: number): number {
  const rate = /^rate\((\d+) (minute|hour)/.exec(expression);
  if (rate) return now + Number(rate[1]) * (rate[2] === 'hour' ? 60 : 1) * minuteMs;
  const [, minute, hour] = /^cron\((\d+) (\d+)/.exec(expression) as RegExpExecArray;
  const local = DateTime.fromMillis(now, { zone });
  for (const days of [0, 1]) {
    const at = local
      .plus({ days })
      .startOf('day')
      .set({ hour: Number(hour), minute: Number(minute) });
    if (at.toMillis() > now) return at.toMillis();
  }
  throw new Error(`${expression} has no next run`);
}

export function scheduler(account: Account): Service {
  const schedules: Properties[] = [];

  function targetCall({
    Arn,
    Input,
  }: Properties['Target']): [service: string, operation: string, input: object] {
    return Arn.includes(':stateMachine:')
      ? [
          'sfn',
          'StartExecution',
          { stateMachineArn: Arn, input: Input, name: `scheduled-${account.clock.now()}` },
        ]
      : ['lambda', 'Invoke', { FunctionName: Arn, Payload: Input, InvocationType: 'Event' }];
  }

  async function run({ Name, Target }: Properties): Promise<void> {
    const giveUpAt = account.clock.now() + (Target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400) * 1000;
    const [service, operation, input] = targetCall(Target);
    for (;;) {
      try {
        if (!account.service<IamService>('iam').trusts(Target.RoleArn, 'scheduler.amazonaws.com'))
          throw new Error('AccessDenied: the role does not trust scheduler.amazonaws.com');
        await account.call({ name: `schedule ${Name}`, roleArn: Target.RoleArn }, service, operation, input);
        return;
      } catch (error) {
        if (account.clock.now() + retryAfterMs >= giveUpAt) {
          account.record({
            source: 'scheduler',
            what: 'gave up',
            schedule: Name,
            error: (error as Error).name,
          });
          return;
        }
        await account.clock.sleep(retryAfterMs);
      }
    }
  }

  function plan(schedule: Properties, at: number): void {
    account.clock.at(at, () => {
      void run(schedule);
      plan(schedule, nextRun(schedule.ScheduleExpression, schedule.ScheduleExpressionTimezone, at));
    });
  }

  return {
    id: 'scheduler',
    operations: {},
    resources: {
      'AWS::Scheduler::Schedule': {
        properties: scheduleProperties,
        create({ properties }: { properties: Properties }) {
          schedules.push(properties);
          const arn = `arn:aws:scheduler:${account.region}:${account.accountId}:schedule/default/${properties.Name}`;
          return { ref: properties.Name, attributes: { Arn: arn } };
        },
      },
    },
    start() {
      const now = account.clock.now();
      for (const schedule of schedules)
        if (schedule.State !== 'DISABLED')
          plan(schedule, nextRun(schedule.ScheduleExpression, schedule.ScheduleExpressionTimezone, now));
    },
  };
}
