/** The archive: every reading and every event of an alert as Parquet in S3, within a minute or so. */
import { Construct } from 'constructs';
import type { Foundation } from '../constructs/foundation.ts';
import { lambdaFunction } from '../constructs/function.ts';
import { allow } from '../constructs/permissions.ts';
import { consumeStream } from '../constructs/stream-consumer.ts';
import type { Alerting } from './alerting.ts';
import type { ArchiveTables } from './archive-tables.ts';
import type { Ingest } from './ingest.ts';
import { parquetDelivery } from './parquet-delivery.ts';

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
        buckets.readingRoster(),
        allow(['secretsmanager:GetSecretValue'], identitySecret.ref),
        encryption.readingThrough(['s3', 'secretsmanager']),
      ],
    });
    parquetDelivery(this, this.foundation, this.tables, 'readings', {
      transform,
      may: [
        allow(
          ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
          stream.streamArn,
        ),
        encryption.dataThrough(['kinesis', 's3']),
      ],
      source: (roleArn) => ({
        deliveryStreamType: 'KinesisStreamAsSource',
        kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.streamArn, roleArn },
      }),
    });
  }

  private archiveEvents({ table }: Alerting): void {
    const { encryption } = this.foundation;
    const delivery = parquetDelivery(this, this.foundation, this.tables, 'events', {
      may: [encryption.dataThrough(['s3'])],
      source: () => ({
        deliveryStreamType: 'DirectPut',
        deliveryStreamEncryptionConfigurationInput: {
          keyType: 'CUSTOMER_MANAGED_CMK',
          keyArn: encryption.data.keyArn,
        },
      }),
    });
    const archiver = lambdaFunction(this, this.foundation, 'archive-events', {
      description: "Archives each write's event from the table's stream",
      memoryMiB: 256,
      // A batch of 100 is one or two calls; a minute is room for the SDK's own retries.
      timeoutSeconds: 60,
      environment: { EVENTS_DELIVERY_STREAM: delivery.deliveryStreamName as string },
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
        encryption.dataThrough(['dynamodb', 's3']),
      ],
    });
    consumeStream(this, this.foundation, 'ArchiveEventsFromTable', {
      streamArn: table.tableStreamArn as string,
      consumer: archiver,
      keptSeconds: changesKeptSeconds,
      // Pages and vitals, most of the table's writes, carry no event.
      pattern: { dynamodb: { NewImage: { kind: { S: ['alert', 'claim', 'setAside'] } } } },
    });
  }
}
