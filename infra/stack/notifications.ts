/** Notifications: the mails of the nightly report, and CloudWatch's alarms on their way to the operations' webhook. */
import { Aws } from 'aws-cdk-lib';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { keepUndelivered } from '../constructs/called-later.ts';
import type { Foundation } from '../constructs/foundation.ts';
import { lambdaFunction } from '../constructs/function.ts';
import { Operations } from '../constructs/operations.ts';
import { allow, allowItems, items } from '../constructs/permissions.ts';
import type { Alerting } from './alerting.ts';

export class Notifications extends Construct {
  readonly notifier: IFunction;

  constructor(scope: Construct, foundation: Foundation, { table }: Alerting) {
    super(scope, 'Notifications');
    const { stage, encryption, operations, buckets } = foundation;
    const telling = operations.telling();
    this.notifier = lambdaFunction(this, foundation, Operations.notifier, {
      description: "Sends the nightly report's mails, and takes alarms to the operations' webhook",
      memoryMiB: 256,
      // A mail waits 20 s for its turn at the most; the rest is room for the SDK's retries.
      timeoutSeconds: 55,
      environment: {
        TABLE_NAME: table.tableName,
        REPORTS_TOPIC_ARN: operations.reports.topicArn,
        ROSTER_BUCKET: buckets.roster.bucketName,
        ...telling.environment,
      },
      may: [
        // Whose turn it is to be mailed.
        allowItems(['dynamodb:UpdateItem'], table.tableArn, [items.turns]),
        allow(['sns:ListSubscriptionsByTopic', 'sns:Publish', 'sns:Subscribe'], operations.reports.topicArn),
        // Who reads the report, where their subscription has lapsed.
        buckets.readingRoster(),
        ...telling.may,
        encryption.dataThrough(['dynamodb', 's3']),
      ],
    });
    if (operations.webhook) {
      // An alarm that is an hour old has had its mail.
      keepUndelivered(this, foundation, 'Notify', this.notifier, 3600);
      new CfnPermission(this, 'AlarmsCallTheWebhook', {
        action: 'lambda:InvokeFunction',
        functionName: this.notifier.functionArn,
        principal: 'lambda.alarms.cloudwatch.amazonaws.com',
        sourceArn: `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:vigil-${stage.name}-*`,
      });
    }
  }
}
