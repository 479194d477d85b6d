/** Permissions that AWS needs though no call on this machine asks for them, each with the reason and the page that says so. */
export type GrantedForAws = {
  actions: readonly string[];
  /** The services that assume the roles. */
  rolesOf: readonly ('lambda' | 'states' | 'firehose')[];
  /** Only a role that makes such calls needs it; without this, each of these roles does. */
  impliedBy?: RegExp;
  /** The Service Authorization Reference gives these actions no resource: they are granted on `*`. */
  withoutResource?: true;
  reason: string;
  page: string;
};

const guides = 'https://docs.aws.amazon.com';

export const grantedForAws: readonly GrantedForAws[] = [
  {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    rolesOf: ['lambda'],
    reason: 'Lambda writes what a function logs with its role; here lines stay in memory',
    page: `${guides}/lambda/latest/dg/lambda-intro-execution-role.html`,
  },
  {
    actions: ['logs:PutLogEvents'],
    rolesOf: ['firehose'],
    reason: 'Firehose writes why a delivery failed with its role; here that is a line of the event log',
    page: `${guides}/firehose/latest/dev/monitoring-with-cloudwatch-logs.html`,
  },
  {
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    rolesOf: ['lambda'],
    withoutResource: true,
    reason: 'active tracing sends segments with the function’s role; nothing is traced here',
    page: `${guides}/lambda/latest/dg/services-xray.html`,
  },
  {
    actions: [
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ],
    rolesOf: ['states'],
    withoutResource: true,
    reason: 'a state machine with tracing samples and sends segments with its role; nothing is traced here',
    page: `${guides}/step-functions/latest/dg/concepts-xray-tracing.html`,
  },
  {
    actions: [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
    ],
    rolesOf: ['states'],
    withoutResource: true,
    reason: 'the delivery of a state machine’s log is set up with its role; here the history is its log',
    page: `${guides}/step-functions/latest/dg/cw-logs.html`,
  },
  {
    actions: ['kms:Decrypt'],
    rolesOf: ['lambda', 'states', 'firehose'],
    impliedBy: /^((dynamodb|kinesis|s3|secretsmanager):|sns:Publish$)/,
    reason: 'whoever reads what is encrypted, writes it in parts, or publishes it; nothing is encrypted here',
    page: `${guides}/AmazonS3/latest/userguide/UsingKMSEncryption.html`,
  },
  {
    actions: ['kms:GenerateDataKey'],
    rolesOf: ['lambda', 'states', 'firehose'],
    impliedBy: /^(dynamodb:|(kinesis:PutRecords|s3:PutObject|sns:Publish)$)/,
    reason: 'whoever writes what is to be encrypted, or publishes it; nothing is encrypted here',
    page: `${guides}/sns/latest/dg/sns-key-management.html`,
  },
  {
    actions: ['kms:DescribeKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    rolesOf: ['lambda'],
    impliedBy: /^dynamodb:/,
    reason: 'DynamoDB asks these of whoever uses a table under a key of its owner; nothing is encrypted here',
    page: `${guides}/amazondynamodb/latest/developerguide/encryption.usagenotes.html`,
  },
  {
    actions: ['glue:GetTable', 'glue:GetTableVersion'],
    rolesOf: ['firehose'],
    impliedBy: /^glue:GetTableVersions$/,
    reason: 'Firehose names these too for format conversion, and not when it calls which',
    page: `${guides}/firehose/latest/dev/controlling-access.html#using-iam-glue`,
  },
  {
    actions: [
      's3:AbortMultipartUpload',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
    ],
    rolesOf: ['firehose'],
    impliedBy: /^s3:PutObject$/,
    reason: 'Firehose writes large objects in parts and looks for those begun; here each is put at once',
    page: `${guides}/firehose/latest/dev/controlling-access.html#using-iam-s3`,
  },
  {
    actions: [
      'athena:GetDataCatalog',
      'athena:StopQueryExecution',
      'glue:GetDatabase',
      's3:AbortMultipartUpload',
      's3:ListBucketMultipartUploads',
      's3:ListMultipartUploadParts',
    ],
    rolesOf: ['states'],
    impliedBy: /^athena:StartQueryExecution$/,
    reason:
      'Step Functions asks these for startQueryExecution.sync; here a query is not stopped, and writes at once',
    page: `${guides}/step-functions/latest/dg/athena-iam.html`,
  },
];
