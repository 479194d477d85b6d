/** The feeds: what notices that a ward's readings have stopped. Wards are data, so a function watches them. */
import { Construct } from 'constructs';
import type { Foundation } from '../constructs/foundation.ts';
import { lambdaFunction } from '../constructs/function.ts';
import { allow, allowItems, items } from '../constructs/permissions.ts';
import { schedule } from '../constructs/schedule.ts';
import { wardsWatchedEveryMinutes } from './alarms.ts';
import type { Alerting } from './alerting.ts';

export class Feeds extends Construct {
  constructor(scope: Construct, foundation: Foundation, { table, escalation }: Alerting) {
    super(scope, 'Feeds');
    const { encryption, buckets, operations } = foundation;
    const telling = operations.telling();
    const watcher = lambdaFunction(this, foundation, 'watch-feeds', {
      description:
        'Looks which wards have not been heard for too long, and tells the operations; and which devices',
      memoryMiB: 256,
      timeoutSeconds: 55,
      environment: {
        TABLE_NAME: table.tableName,
        ROSTER_BUCKET: buckets.roster.bucketName,
        ESCALATION_ARN: escalation.stateMachineArn,
        ...telling.environment,
      },
      may: [
        allowItems(['dynamodb:GetItem'], table.tableArn, [items.claims, items.contacts, items.feeds]),
        allowItems(['dynamodb:PutItem'], table.tableArn, [items.claims, items.contacts]),
        allow(['states:StartExecution'], escalation.stateMachineArn),
        allowItems(['dynamodb:UpdateItem'], table.tableArn, [items.feeds, items.turns]),
        buckets.readingRoster(),
        ...telling.may,
        encryption.dataThrough(['dynamodb', 's3']),
      ],
    });
    schedule(this, foundation, 'WatchFeeds', {
      name: 'watch-feeds',
      description: 'Looks which wards have not been heard for too long',
      expression: `rate(${wardsWatchedEveryMinutes} minutes)`,
      target: watcher,
      // The next run is due by then.
      triesForSeconds: wardsWatchedEveryMinutes * 60,
    });
  }
}
