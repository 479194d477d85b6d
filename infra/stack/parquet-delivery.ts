/** One delivery of the archive: a Firehose stream that writes a table of sql/tables as Parquet. */
import { Aws } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream, type CfnDeliveryStreamProps } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { encryptedLog } from '../constructs/encrypted-log.ts';
import type { Foundation } from '../constructs/foundation.ts';
import { pascalCase } from '../constructs/function.ts';
import { allow } from '../constructs/permissions.ts';
import type { ArchiveTables } from './archive-tables.ts';

type DeliverySettings = {
  /** Where its records come from. */
  source: (roleArn: string) => CfnDeliveryStreamProps;
  /** What it needs of that source and of the keys. */
  may: readonly PolicyStatement[];
  /** The function that makes rows of them; else they are rows. */
  transform?: IFunction;
};

/** The delivery into the table `what`. */
export function parquetDelivery(
  scope: Construct,
  foundation: Foundation,
  tables: ArchiveTables,
  what: string,
  { source, may, transform }: DeliverySettings,
): CfnDeliveryStream {
  const deliveryStreamName = `vigil-${foundation.stage.name}-${what}`;
  const role = deliveryRole(scope, foundation, tables, what);
  for (const statement of may) role.addToPolicy(statement);
  const log = encryptedLog(
    scope,
    foundation,
    `${what}DeliveryLog`,
    `/aws/kinesisfirehose/${deliveryStreamName}`,
  );
  role.addToPolicy(allow(['logs:PutLogEvents'], log.logGroupArn));
  if (transform) role.addToPolicy(allow(['lambda:InvokeFunction'], transform.functionArn));
  const delivery = new CfnDeliveryStream(scope, `${pascalCase(what)}Delivery`, {
    deliveryStreamName,
    ...source(role.roleArn),
    extendedS3DestinationConfiguration: {
      ...parquet(foundation, tables, what, role),
      // Why something could not be delivered, for the runbook's reader. That Firehose quotes no values there is to be seen on
      // the first deployment.
      cloudWatchLoggingOptions: {
        enabled: true,
        logGroupName: log.logGroupName,
        logStreamName: log.addStream('Errors', { logStreamName: 'errors' }).logStreamName,
      },
      ...(transform && { processingConfiguration: { enabled: true, processors: [transforming(transform)] } }),
    },
  });
  delivery.node.addDependency(role);
  return delivery;
}

/** What Firehose needs to write Parquet: the table's columns, and two prefixes of the bucket. */
function deliveryRole(scope: Construct, { buckets }: Foundation, tables: ArchiveTables, what: string): Role {
  const role = new Role(scope, `${what}DeliveryRole`, {
    assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
      conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
    }),
  });
  role.addToPolicy(
    allow(['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'], ...tables.arnsFor(what)),
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

function parquet(
  { buckets, encryption }: Foundation,
  tables: ArchiveTables,
  what: string,
  { roleArn }: Role,
): CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty {
  return {
    bucketArn: buckets.archive.bucketArn,
    roleArn,
    // Firehose's time is the first record's arrival, in UTC: the partition `dt` of sql/tables.
    prefix: `${what}/dt=!{timestamp:yyyy-MM-dd}/`,
    errorOutputPrefix: `failed/${what}/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
    // 64 MiB is the least that Firehose takes for Parquet; at a hospital's rate the minute comes first.
    bufferingHints: { intervalInSeconds: 60, sizeInMBs: 64 },
    compressionFormat: 'UNCOMPRESSED',
    encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: encryption.data.keyArn } },
    dataFormatConversionConfiguration: {
      enabled: true,
      inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
      outputFormatConfiguration: { serializer: { parquetSerDe: {} } },
      schemaConfiguration: {
        catalogId: Aws.ACCOUNT_ID,
        region: Aws.REGION,
        databaseName: tables.databaseName,
        tableName: tables.table(what).ref,
        versionId: 'LATEST',
        roleArn,
      },
    },
  };
}

function transforming({ functionArn }: IFunction): CfnDeliveryStream.ProcessorProperty {
  return {
    type: 'Lambda',
    parameters: [
      { parameterName: 'LambdaArn', parameterValue: functionArn },
      // The most that it takes: what is given up for a throttled function is lost to the archive.
      { parameterName: 'NumberOfRetries', parameterValue: '300' },
      // The least that it takes. Lambda answers with 6 MB at most; a row with its limits, in base64, is 7 times
      // a Vigil reading and 27 times the shortest legacy one: 0.2 MiB of those come back as 5.5 MiB.
      { parameterName: 'BufferSizeInMBs', parameterValue: '0.2' },
    ],
  };
}
