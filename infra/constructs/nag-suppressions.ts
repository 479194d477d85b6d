/**
 * Findings of cdk-nag that stay, each with the reason that a security reviewer is given. Synth suppresses them exactly
 * where they are found, and fails on a finding that is not here and on an entry that nothing needs any more.
 */
export type Suppression = {
  /** The rule with the finding in brackets, e.g. `AwsSolutions-IAM5[Resource::*]`. */
  rule: RegExp;
  /** The construct's path under the stack. */
  at: RegExp;
  reason: string;
};

const roles = /Role\/DefaultPolicy\/Resource$/;

export const suppressions: readonly Suppression[] = [
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    at: roles,
    reason:
      'Only five groups of actions stand on *, because the Service Authorization Reference gives them no resource: ' +
      "X-Ray segments, the delivery of a workflow's logs, answers to a task, whose token names the execution, the end " +
      'of a subscription, whose random id names it, and whether a telephone number has opted out of text messages. A ' +
      'test of the template allows no others.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<BucketsArchive\w+\.Arn>\/[\w/-]+\/\*\]$/,
    at: roles,
    reason:
      'Object names are dates, sequence numbers and random ids, so a grant can only name the prefix; each role has the ' +
      'prefixes that it reads or writes, never the whole bucket.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:sns:[^*]+-clinician-\*\]$/,
    at: /(PageClinicians|ReconcileSubscriptions|StandDown)Role/,
    reason:
      'There is a topic for each clinician of the roster, made while Vigil runs; the grant names their common prefix, ' +
      'which no other topic has.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:states:[^*]+:execution:[\w-]+-nightly-report:night-to-\*\]$/,
    at: /StartReportRole/,
    reason:
      'Executions of the nightly report are named by their night; the grant reads those of that one state machine, whose ' +
      'input is the two ends of a window.',
  },
  {
    rule: /^HIPAA\.Security-IAMNoInlinePolicy$/,
    at: roles,
    reason:
      'Each policy belongs to one role and goes when the role goes; a managed policy could be attached to a second ' +
      'principal, which is what this control is to prevent. No user or group exists.',
  },
  {
    rule: /^(HIPAA\.Security|Serverless)-LambdaDLQ$/,
    at: /./,
    reason:
      'Most functions are called synchronously or by an event source mapping with its own failure destination. The ' +
      'few that a schedule, a rule or an alarm calls have an on-failure destination instead, which also says why: the ' +
      'queue of what could not be delivered.',
  },
  {
    rule: /^HIPAA\.Security-LambdaConcurrency$/,
    at: /./,
    reason:
      'A reservation is also a ceiling: it would throttle the pager in the one hour in which many patients alarm at ' +
      'once. Only the pages behind links have one, since only they are called from the internet: a flood of requests ' +
      "then stops at it, and leaves the rest of the account's concurrency to those who page (decisions/0015).",
  },
  {
    rule: /^HIPAA\.Security-LambdaInsideVPC$/,
    at: /./,
    reason:
      'The functions reach AWS services only, by TLS and IAM, and nothing that lives in a VPC. A VPC would add subnets, ' +
      'endpoints and address limits that can stop a page, and no boundary that IAM does not already draw.',
  },
  {
    rule: /^HIPAA\.Security-S3BucketReplicationEnabled$/,
    at: /Buckets\//,
    reason:
      "S3 keeps objects in three zones, and they are versioned. A second region is the hospital's decision on where " +
      'its data may lie; the loss of a region stops Vigil, which is the secondary system, and not the bedside alarm.',
  },
  {
    rule: /^HIPAA\.Security-S3DefaultEncryptionKMS$/,
    at: /Buckets\/AccessLogs\/Resource$/,
    reason:
      "S3 delivers server access logs only to buckets under S3's own keys. The logs name objects and callers; objects " +
      'are named by date and random id.',
  },
  {
    rule: /^HIPAA\.Security-DynamoDBInBackupPlan$/,
    at: /Alerting\/Table\/Resource$/,
    reason:
      'Point-in-time recovery covers every second of the last 35 days; the table holds what is open now, and every ' +
      'event of the past is in the archive, so older backups would restore nothing that is wanted.',
  },
  {
    rule: /^(AwsSolutions-SMG4|HIPAA\.Security-SecretsManagerRotationEnabled)$/,
    at: /(Answering\/Secret|Operations\/Webhook)$/,
    reason:
      'PIN hashes are derived with this secret: rotating it on a timer would lock every clinician out at once. It is ' +
      'replaced together with the PINs, when a roster is published (infra/runbook.md, Replacing the secret). The webhook ' +
      'secret holds an address that is the receiver’s to change; nothing can rotate it from here.',
  },
  {
    rule: /^(AwsSolutions-SMG4|HIPAA\.Security-SecretsManagerRotationEnabled)$/,
    at: /Ingest\/IdentitySecret$/,
    reason:
      'Readings and patients are known by ids that are derived with this secret: after a rotation a reading that comes ' +
      'again would be another reading, and a patient another patient (infra/runbook.md, Replacing the identity secret).',
  },
  {
    rule: /^AwsSolutions-APIG4$/,
    at: /HttpApi\//,
    reason:
      'A link in a mail is opened by a phone without credentials for AWS. The functions authorize: an unguessable id ' +
      'of 128 bits shows ward, bed and severity only, and a PIN with a form token is needed for anything else.',
  },
  {
    rule: /^AwsSolutions-KDF1$/,
    at: /Archive\/ReadingsDelivery$/,
    reason:
      'Firehose refuses encryption of its own for a delivery stream that reads from Kinesis: what it buffers is under ' +
      "the source stream's key, which is Vigil's data key.",
  },
  {
    rule: /^AwsSolutions-KDS3$/,
    at: /Ingest\/Stream\/Resource$/,
    reason:
      'The rule prefers the key that AWS manages for its price; readings of patients are under a key whose use the ' +
      'hospital can see and revoke.',
  },
  {
    rule: /^(AwsSolutions-SQS3|Serverless-SQSRedrivePolicy)$/,
    at: /Operations\/Undelivered\/Resource$/,
    reason:
      'This queue is itself the dead-letter queue, of schedules and of a rule; an alarm tells of each message.',
  },
];
