/** The one way something is made to happen at set times: EventBridge Scheduler, with a role that can do just that. */
import { Aws, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { keepUndelivered } from './called-later.ts';
import type { Foundation } from './foundation.ts';
import { allow } from './permissions.ts';

type ScheduleSettings = {
  /** What happens, as the console shows it: `vigil-<stage>-<name>`. */
  name: string;
  description: string;
  /** `rate(...)` or `cron(...)`, the latter in the hospital's zone. */
  expression: string;
  /** The function that it invokes. */
  target: IFunction;
  /** How long a call is worth trying: by the Scheduler, and then by Lambda. */
  triesForSeconds: number;
};

export function schedule(
  scope: Construct,
  { stage, operations }: Foundation,
  id: string,
  settings: ScheduleSettings,
): void {
  const role = new Role(scope, `${id}ScheduleRole`, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: {
          'aws:SourceAccount': Aws.ACCOUNT_ID,
          // The Scheduler names the group, which is the default one, and never the schedule.
          'aws:SourceArn': groupArn(scope),
        },
      },
    }),
  });
  const { target, triesForSeconds } = settings;
  role.addToPolicy(allow(['lambda:InvokeFunction'], target.functionArn));
  role.addToPolicy(allow(['sqs:SendMessage'], operations.undelivered.queueArn));
  new CfnSchedule(scope, `${id}Schedule`, {
    name: `vigil-${stage.name}-${settings.name}`,
    description: settings.description,
    scheduleExpression: settings.expression,
    scheduleExpressionTimezone: stage.zone,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: target.functionArn,
      roleArn: role.roleArn,
      input: '{}',
      retryPolicy: { maximumEventAgeInSeconds: triesForSeconds },
      deadLetterConfig: { arn: operations.undelivered.queueArn },
    },
  }).node.addDependency(role);
  keepUndelivered(scope, { operations }, id, target, triesForSeconds);
}

const groupArn = (scope: Construct) =>
  Stack.of(scope).formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' });
