/** The archive: every reading and every event of an alert as Parquet in S3, within a minute or so. */
import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { CfnEventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Foundation, logRetention } from '../constructs/foundation.ts';
import { lambdaFunction } from '../constructs/function.ts';
import { allow } from '../constructs/permissions.ts';
import type { Alerting } from './alerting.ts';
import type { ArchiveTables } from './archive-tables.ts';
import type { Ingest } from './ingest.ts';

/** DynamoDB keeps a change for 24 hours. */
const changesKeptSeconds = 24 * 60 * 60;

export class Archive extends Construct {
  private readonly foundation: Foundation;
  private readonly tables: ArchiveTables;

  constructor(
    scope: Construct,
    foundation: Foundation,
    tables: ArchiveTables,
    ingest: Ingest,
    alerting: Alerting,
  ) {
    super(scope, 'Archive');
    this.foundation = foundation;
    this.tables = tables;
    this.archiveReadings(ingest);
    this.archiveEvents(alerting);
  }

  private archiveReadings({ stream, identitySecret }: Ingest): void {
    const { encryption, buckets } = this.foundation;
    const transform = lambdaFunction(this, this.foundation, 'transform-readings', {
      description: 'Reads and judges as the consumer does, for the archive',
      memoryMiB: 512,
      // A batch is 0.2 MiB, a second's work; Firehose itself would wait five minutes.
      timeoutSeconds: 60,
      environment: { ROSTER_BUCKET: buckets.roster.bucketName, IDENTITY_SECRET_ARN: identitySecret.ref },
      may: [
        allow(['s3:GetObject'], buckets.roster.arnForObjects('roster/hospital.json')),
        allow(['secretsmanager:GetSecretValue'], identitySecret.ref),
        encryption.readingThrough(['s3', 'secretsmanager']),
      ],
    });
    const role = this.deliveryRole('readings');
    role.addToPolicy(
      allow(
        ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
        stream.streamArn,
      ),
    );
    role.addToPolicy(allow(['lambda:InvokeFunction'], transform.functionArn));
    role.addToPolicy(encryption.dataThrough(['kinesis', 's3']));
    new CfnDeliveryStream(this, 'ReadingsDelivery', {
      deliveryStreamName: this.nameOf('readings'),
      deliveryStreamType: 'KinesisStreamAsSource',
      kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.streamArn, roleArn: role.roleArn },
      extendedS3DestinationConfiguration: this.parquet('readings', role, transform),
    }).node.addDependency(role);
    this.watch('readings');
  }

  private archiveEvents({ table }: Alerting): void {
    const { encryption, buckets } = this.foundation;
    const role = this.deliveryRole('events');
    role.addToPolicy(encryption.dataThrough(['s3']));
    const delivery = new CfnDeliveryStream(this, 'EventsDelivery', {
      deliveryStreamName: this.nameOf('events'),
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: {
        keyType: 'CUSTOMER_MANAGED_CMK',
        keyArn: encryption.data.keyArn,
      },
      extendedS3DestinationConfiguration: this.parquet('events', role),
    });
    delivery.node.addDependency(role);
    const archiver = lambdaFunction(this, this.foundation, 'archive-events', {
      description: "Archives each write's event from the table's stream",
      memoryMiB: 256,
      // A batch of 100 is one or two calls; a minute is room for the SDK's own retries.
      timeoutSeconds: 60,
      environment: { EVENTS_DELIVERY_STREAM: this.nameOf('events') },
      may: [
        allow(
          [
            'dynamodb:DescribeStream',
            'dynamodb:GetRecords',
            'dynamodb:GetShardIterator',
            'dynamodb:ListStreams',
          ],
          table.tableStreamArn as string,
        ),
        allow(['firehose:PutRecordBatch'], delivery.attrArn),
        // The event source mapping writes what it gives up to this prefix; it cannot be told another.
        allow(['s3:PutObject'], buckets.archive.arnForObjects('aws/lambda/*')),
        allow(['s3:ListBucket'], buckets.archive.bucketArn),
        encryption.dataThrough(['dynamodb', 's3']),
      ],
    });
    new CfnEventSourceMapping(this, 'ArchiveEventsFromTable', {
      functionName: archiver.functionName,
      eventSourceArn: table.tableStreamArn as string,
      startingPosition: 'TRIM_HORIZON',
      batchSize: 100,
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ['ReportBatchItemFailures'],
      // Pages and vitals, most of the table's writes, carry no event.
      filterCriteria: {
        filters: [
          {
            pattern: JSON.stringify({
              dynamodb: { NewImage: { kind: { S: ['alert', 'claim', 'setAside'] } } },
            }),
          },
        ],
      },
      // By age, not by count: no event is given up while the table's stream still has it.
      maximumRecordAgeInSeconds: changesKeptSeconds,
      maximumRetryAttempts: -1,
      destinationConfig: { onFailure: { destination: buckets.archive.bucketArn } },
    });
    this.watch('events');
    const { operations } = this.foundation;
    operations.alarm({
      name: 'events-wait',
      runbook: 'archive-behind',
      impact:
        "Events wait in the table's stream, which keeps them for 24 hours: later they are lost to the archive.",
      metricName: 'IteratorAge',
      of: { entry: 'archive-events' },
      statistic: 'Maximum',
      // Milliseconds: the 15 minutes after which Firehose's own delay is an alarm.
      threshold: 900_000,
      minutes: 5,
    });
    operations.alarm({
      name: 'events-not-readable',
      runbook: 'event-not-readable',
      impact:
        'The archive lacks an event of an alert: the next report will be red, and that alert is not proved.',
      metricName: 'EventsNotReadable',
    });
  }

  private nameOf(what: string): string {
    return `vigil-${this.foundation.stage.name}-${what}`;
  }

  /** What Firehose needs to write Parquet: the table's columns, and two prefixes of the bucket. */
  private deliveryRole(what: string): Role {
    const { buckets } = this.foundation;
    const role = new Role(this, `${what}DeliveryRole`, {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPolicy(
      allow(['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'], ...this.tables.arnsFor(what)),
    );
    role.addToPolicy(
      allow(
        ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        buckets.archive.arnForObjects(`${what}/*`),
        buckets.archive.arnForObjects(`failed/${what}/*`),
      ),
    );
    role.addToPolicy(
      allow(
        ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        buckets.archive.bucketArn,
      ),
    );
    return role;
  }

  /** Why something could not be delivered, for the runbook's reader. That Firehose quotes no values there is to be seen on the first deployment. */
  private errorLog(what: string, role: Role): CfnDeliveryStream.CloudWatchLoggingOptionsProperty {
    const log = new LogGroup(this, `${what}DeliveryLog`, {
      logGroupName: `/aws/kinesisfirehose/${this.nameOf(what)}`,
      retention: logRetention,
      encryptionKey: this.foundation.encryption.data,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stream = log.addStream('Errors', { logStreamName: 'errors' });
    role.addToPolicy(allow(['logs:PutLogEvents'], log.logGroupArn));
    return { enabled: true, logGroupName: log.logGroupName, logStreamName: stream.logStreamName };
  }

  private parquet(
    what: string,
    role: Role,
    transform?: IFunction,
  ): CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty {
    const { buckets, encryption } = this.foundation;
    return {
      bucketArn: buckets.archive.bucketArn,
      roleArn: role.roleArn,
      // Firehose's time is the first record's arrival, in UTC: the partition `dt` of sql/tables.
      prefix: `${what}/dt=!{timestamp:yyyy-MM-dd}/`,
      errorOutputPrefix: `failed/${what}/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
      // 64 MiB is the least that Firehose takes for Parquet; at a hospital's rate the minute comes first.
      bufferingHints: { intervalInSeconds: 60, sizeInMBs: 64 },
      compressionFormat: 'UNCOMPRESSED',
      cloudWatchLoggingOptions: this.errorLog(what, role),
      encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: encryption.data.keyArn } },
      dataFormatConversionConfiguration: {
        enabled: true,
        inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
        outputFormatConfiguration: { serializer: { parquetSerDe: {} } },
        schemaConfiguration: {
          catalogId: Aws.ACCOUNT_ID,
          region: Aws.REGION,
          databaseName: this.tables.databaseName,
          tableName: this.tables.table(what).ref,
          versionId: 'LATEST',
          roleArn: role.roleArn,
        },
      },
      ...(transform && {
        processingConfiguration: {
          enabled: true,
          processors: [
            {
              type: 'Lambda',
              parameters: [
                { parameterName: 'LambdaArn', parameterValue: transform.functionArn },
                // The most that it takes: what is given up for a throttled function is lost to the archive.
                { parameterName: 'NumberOfRetries', parameterValue: '300' },
                // The least that it takes. Lambda answers with 6 MB at most; a row with its limits, in base64, is 7 times
                // a Vigil reading and 27 times the shortest legacy one: 0.2 MiB of those come back as 5.5 MiB.
                { parameterName: 'BufferSizeInMBs', parameterValue: '0.2' },
              ],
            },
          ],
        },
      }),
    };
  }

  private watch(what: string): void {
    this.foundation.operations.alarm({
      name: `${what}-not-archived`,
      runbook: 'archive-behind',
      impact: `The archive lacks the newest ${what}: the nightly report may be red, and the night cannot be proved yet.`,
      metricName: 'DeliveryToS3.DataFreshness',
      of: { namespace: 'AWS/Firehose', dimensions: { DeliveryStreamName: this.nameOf(what) } },
      statistic: 'Maximum',
      // Seconds: buffering takes one minute, transforming and converting another; 15 is no longer a delay.
      threshold: 900,
      minutes: 5,
    });
  }
}
