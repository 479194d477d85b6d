/** Analytics: each morning the night's archive is queried, reconciled, made a report, and the report announced. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Foundation } from '../constructs/foundation.ts';
import { lambdaFunction } from '../constructs/function.ts';
import { type HttpApi, pageSettings } from '../constructs/http-api.ts';
import { Operations } from '../constructs/operations.ts';
import { allow, allowItems, items } from '../constructs/permissions.ts';
import { Queries } from '../constructs/queries.ts';
import { schedule } from '../constructs/schedule.ts';
import { workflow } from '../constructs/workflow.ts';
import type { Alerting } from './alerting.ts';
import type { Answering } from './answering.ts';
import type { ArchiveTables } from './archive-tables.ts';
import type { Notifications } from './notifications.ts';

export class Analytics extends Construct {
  readonly nightlyReport: StateMachine;
  private readonly foundation: Foundation;

  constructor(
    scope: Construct,
    foundation: Foundation,
    tables: ArchiveTables,
    api: HttpApi,
    alerting: Alerting,
    answering: Answering,
    { notifier }: Notifications,
  ) {
    super(scope, 'Analytics');
    this.foundation = foundation;
    this.nightlyReport = this.reportNightly(tables, new Queries(this, foundation), api, alerting, notifier);
    this.serveReports(api, alerting, answering);
  }

  private reportNightly(
    tables: ArchiveTables,
    queries: Queries,
    api: HttpApi,
    alerting: Alerting,
    notifier: IFunction,
  ): StateMachine {
    const { stage, encryption, buckets } = this.foundation;
    const { archive } = buckets;
    const functions = {
      'choose-report-window': lambdaFunction(this, this.foundation, 'choose-report-window', {
        description: "From 06:00 to 06:00 on the hospital's clocks, and what to ask the archive about it",
        memoryMiB: 256,
        timeoutSeconds: 10,
        environment: { HOSPITAL_ZONE: stage.zone },
        may: [],
      }),
      'list-open-alerts': lambdaFunction(this, this.foundation, 'list-open-alerts', {
        description: 'Archives which alerts the table has open, for the reconciliation',
        memoryMiB: 256,
        timeoutSeconds: 60,
        environment: {
          TABLE_NAME: alerting.table.tableName,
          DUE_INDEX: alerting.dueIndex,
          ARCHIVE_BUCKET: archive.bucketName,
        },
        may: [
          allowItems(['dynamodb:Query'], alerting.dueIndexArn, ['alert']),
          allow(['s3:PutObject'], archive.arnForObjects('open-alerts/*')),
          encryption.dataThrough(['dynamodb', 's3']),
        ],
      }),
      'render-report': lambdaFunction(this, this.foundation, 'render-report', {
        description: "Makes the report of the queries' results",
        memoryMiB: 1024,
        timeoutSeconds: 120,
        environment: {
          ARCHIVE_BUCKET: archive.bucketName,
          ROSTER_BUCKET: buckets.roster.bucketName,
          ANSWER_URL: api.url,
        },
        may: [
          allow(['athena:GetQueryResults'], queries.workGroupArn),
          allow(['s3:GetObject'], archive.arnForObjects('athena/*')),
          // Which devices are on standby, and on whose clocks the shifts are.
          buckets.readingRoster(),
          allow(['s3:PutObject'], archive.arnForObjects('reports/*')),
          // What event source mappings gave up.
          allow(['s3:ListBucket'], archive.bucketArn),
          encryption.dataThrough(['s3']),
        ],
      }),
    };
    const nightly = workflow(this, this.foundation, 'NightlyReport', 'nightly-report', {
      functions: { ...functions, [Operations.notifier]: notifier },
      placeholders: { WorkGroup: queries.workGroupName, Database: tables.databaseName },
      may: [...this.querying(tables, queries), encryption.dataThrough(['s3'])],
    });
    this.startEachMorning(nightly);
    return nightly;
  }

  /** By a function, since a schedule has no name for an execution that a person could read. */
  private startEachMorning(nightly: StateMachine): void {
    const { stage } = this.foundation;
    const starter = lambdaFunction(this, this.foundation, 'start-report', {
      description: 'Starts the nightly report under the name of its night',
      memoryMiB: 256,
      timeoutSeconds: 30,
      environment: { HOSPITAL_ZONE: stage.zone, NIGHTLY_REPORT_ARN: nightly.stateMachineArn },
      may: [
        allow(['states:StartExecution'], nightly.stateMachineArn),
        // Whether it is the same night that has the name.
        allow(
          ['states:DescribeExecution'],
          Stack.of(this).formatArn({
            service: 'states',
            resource: 'execution',
            resourceName: `vigil-${stage.name}-nightly-report:night-to-*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ),
      ],
    });
    schedule(this, this.foundation, 'NightlyReport', {
      name: 'nightly-report',
      description: "The report of the night, at 06:15 on the hospital's clocks",
      // A quarter of an hour after the window's end: the last minute is in the archive, the day shift is there.
      expression: 'cron(15 6 * * ? *)',
      target: starter,
      // After an hour the morning meeting is over; it is kept with the undelivered, and operations start it by hand.
      triesForSeconds: 3600,
    });
  }

  /** What Athena asks of whoever runs a query: its workgroup, the tables' definitions, their objects. */
  private querying(tables: ArchiveTables, queries: Queries): PolicyStatement[] {
    const { archive } = this.foundation.buckets;
    return [
      allow(
        ['athena:GetQueryExecution', 'athena:StartQueryExecution', 'athena:StopQueryExecution'],
        queries.workGroupArn,
      ),
      allow(
        ['athena:GetDataCatalog'],
        Stack.of(this).formatArn({
          service: 'athena',
          resource: 'datacatalog',
          resourceName: 'AwsDataCatalog',
        }),
      ),
      allow(['glue:GetDatabase', 'glue:GetTable'], ...tables.arnsFor(...tables.names)),
      allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], archive.bucketArn),
      allow(
        ['s3:GetObject'],
        ...['events', 'open-alerts', 'quarantine', 'readings'].map((prefix) =>
          archive.arnForObjects(`${prefix}/*`),
        ),
      ),
      // Large results are written in parts.
      allow(
        ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
        archive.arnForObjects('athena/*'),
      ),
    ];
  }

  private serveReports(api: HttpApi, { table }: Alerting, answering: Answering): void {
    const { stage, encryption, buckets } = this.foundation;
    const serveReport = lambdaFunction(this, this.foundation, 'serve-report', {
      description: 'Shows a report to whoever gives a PIN',
      ...pageSettings(stage),
      environment: {
        TABLE_NAME: table.tableName,
        ARCHIVE_BUCKET: buckets.archive.bucketName,
        ROSTER_BUCKET: buckets.roster.bucketName,
        ANSWER_SECRET_ARN: answering.secret.ref,
      },
      may: [
        allow(['s3:GetObject'], buckets.archive.arnForObjects('reports/*')),
        buckets.readingRoster(),
        allow(['secretsmanager:GetSecretValue'], answering.secret.ref),
        // Only to count wrong PINs.
        allowItems(['dynamodb:GetItem', 'dynamodb:UpdateItem'], table.tableArn, [items.wrongPins]),
        encryption.dataThrough(['dynamodb', 's3', 'secretsmanager']),
      ],
    });
    api.serve('Report', '/report/{reportId}', serveReport);
  }
}
