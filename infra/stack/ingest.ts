/** Ingest: readings enter a Kinesis stream, and the consumer raises those that alarm. */
import { Duration } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Foundation } from '../constructs/foundation.ts';
import { lambdaFunction } from '../constructs/function.ts';
import { allow, allowItems, answeringTasks, items } from '../constructs/permissions.ts';
import { dataRemovalPolicy } from '../constructs/removal.ts';
import { schedule } from '../constructs/schedule.ts';
import { generatedSecret } from '../constructs/secret.ts';
import { consumeStream } from '../constructs/stream-consumer.ts';
import type { Alerting } from './alerting.ts';

/** A record is tried for as long as it is kept: a week covers a long weekend with a broken consumer. */
const retentionDays = 7;

export class Ingest extends Construct {
  readonly stream: Stream;
  /** The root of the key of readings' ids and patients' pseudonyms (decisions/0014). */
  readonly identitySecret: CfnSecret;

  constructor(scope: Construct, foundation: Foundation, alerting: Alerting) {
    super(scope, 'Ingest');
    const { stage, encryption } = foundation;
    this.stream = new Stream(this, 'Stream', {
      streamName: stage.streamName,
      streamMode: StreamMode.ON_DEMAND,
      retentionPeriod: Duration.days(retentionDays),
      encryption: StreamEncryption.KMS,
      encryptionKey: encryption.data,
      removalPolicy: dataRemovalPolicy(stage),
    });
    this.identitySecret = generatedSecret(
      this,
      foundation,
      'IdentitySecret',
      'identity',
      "Vigil: what readings' ids and patients' pseudonyms are derived from",
    );
    this.consume(foundation, alerting);
    if (stage.simulator) this.simulate(foundation);
  }

  private consume(foundation: Foundation, { table, escalation }: Alerting): void {
    const { stage, encryption, buckets } = foundation;
    const consumer = lambdaFunction(this, foundation, 'consume-readings', {
      description: 'Judges each reading of the stream, and raises those that alarm',
      memoryMiB: 512,
      // A batch of 100 takes about a second; a minute is room for the SDK's own retries when a service throttles.
      timeoutSeconds: 60,
      environment: {
        TABLE_NAME: table.tableName,
        ESCALATION_ARN: escalation.stateMachineArn,
        ARCHIVE_BUCKET: buckets.archive.bucketName,
        ROSTER_BUCKET: buckets.roster.bucketName,
        IDENTITY_SECRET_ARN: this.identitySecret.ref,
        TEST_MODE: stage.testMode ? 'on' : 'off',
      },
      may: [
        allow(
          [
            'kinesis:DescribeStream',
            'kinesis:DescribeStreamSummary',
            'kinesis:GetRecords',
            'kinesis:GetShardIterator',
            'kinesis:ListShards',
          ],
          this.stream.streamArn,
        ),
        allowItems(['dynamodb:GetItem'], table.tableArn, [
          items.alerts,
          items.announcements,
          items.claims,
          items.contacts,
          items.deviceAlerts,
          items.drills,
          items.vitals,
        ]),
        answeringTasks(),
        allowItems(['dynamodb:PutItem'], table.tableArn, [
          items.alerts,
          items.claims,
          items.contacts,
          items.feeds,
          items.vitals,
        ]),
        allow(['states:StartExecution'], escalation.stateMachineArn),
        buckets.readingRoster(),
        allow(['secretsmanager:GetSecretValue'], this.identitySecret.ref),
        allow(['s3:PutObject'], buckets.archive.arnForObjects('quarantine/*')),
        encryption.dataThrough(['dynamodb', 'kinesis', 's3', 'secretsmanager']),
      ],
    });
    consumeStream(this, foundation, 'ConsumeReadingsFromStream', {
      streamArn: this.stream.streamArn,
      consumer,
      keptSeconds: Duration.days(retentionDays).toSeconds(),
      // Order matters within a device, which is the partition key.
      parallelizationFactor: stage.parallelizationFactor,
    });
  }

  private simulate(foundation: Foundation): void {
    const { encryption, buckets } = foundation;
    const simulator = lambdaFunction(this, foundation, 'simulate-devices', {
      description: 'Sends what simulated cuffs measure',
      memoryMiB: 256,
      timeoutSeconds: 30,
      environment: {
        STREAM_NAME: this.stream.streamName,
        ROSTER_BUCKET: buckets.roster.bucketName,
      },
      may: [
        allow(['kinesis:PutRecords'], this.stream.streamArn),
        buckets.readingRoster(),
        encryption.dataThrough(['kinesis', 's3']),
      ],
    });
    schedule(this, foundation, 'SimulateDevices', {
      name: 'simulate-devices',
      description: 'What simulated cuffs measure in each minute',
      expression: 'rate(1 minute)',
      target: simulator,
      triesForSeconds: 60,
    });
  }
}
