/** The buckets: the archive, the rosters, and who read either of them. */
import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ROSTER_KEY } from '../../handlers/on-call/roster.ts';
import type { StageSettings } from '../config.ts';
import type { Encryption } from './encryption.ts';
import { allow } from './permissions.ts';
import { dataRemovalPolicy } from './removal.ts';

/** How long Step Functions lets a failed report be redriven (infra/runbook.md): it reads the answers that it had by then. */
const redriveDays = 14;
/** An execution of six hours at most lies between an answer and its failure, and another after the redrive: less than a day. */
const queryResultsDays = redriveDays + 1;
/** Access logs answer "who has read this": HIPAA 164.316(b)(2) keeps such records for six years. */
const accessLogsDays = 6 * 365;

export class Buckets extends Construct {
  readonly archive: Bucket;
  readonly roster: Bucket;

  constructor(scope: Construct, stage: StageSettings, encryption: Encryption) {
    super(scope, 'Buckets');
    const guarded = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: dataRemovalPolicy(stage),
    };
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...guarded,
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(accessLogsDays) }],
    });
    const confidential = {
      ...guarded,
      encryption: BucketEncryption.KMS,
      encryptionKey: encryption.data,
      // One data key a bucket instead of one an object: a night of small objects is thousands of KMS calls less.
      bucketKeyEnabled: true,
      // The CDK's own classes do not fit its interfaces under exactOptionalPropertyTypes.
      serverAccessLogsBucket: accessLogs as IBucket,
    };
    this.archive = new Bucket(this, 'Archive', {
      ...confidential,
      serverAccessLogsPrefix: 'archive/',
      lifecycleRules: [
        {
          prefix: 'athena/',
          expiration: Duration.days(queryResultsDays),
          noncurrentVersionExpiration: Duration.days(1),
        },
      ],
    });
    this.roster = new Bucket(this, 'Roster', { ...confidential, serverAccessLogsPrefix: 'roster/' });
  }

  /** Lets a role read the roster; the data key is a grant of its own. */
  readingRoster(): PolicyStatement {
    return allow(['s3:GetObject'], this.roster.arnForObjects(ROSTER_KEY));
  }
}
