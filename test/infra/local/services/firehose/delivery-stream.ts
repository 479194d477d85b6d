/** A delivery stream into `rows/` of a bucket: say only what matters of it. */
import type { FakeAccount } from '../../fake-account.ts';

export type DeliveryStream = {
  name?: string;
  bucket: string;
  processor?: Record<string, string>;
  stream?: string;
  hints?: object;
};

export function addDeliveryStream(
  account: FakeAccount,
  { name = 'delivery', bucket, processor, stream, hints }: DeliveryStream,
): void {
  account.create('AWS::KinesisFirehose::DeliveryStream', 'Delivery', {
    DeliveryStreamName: name,
    DeliveryStreamType: stream ? 'KinesisStreamAsSource' : 'DirectPut',
    ...(stream && { KinesisStreamSourceConfiguration: { KinesisStreamARN: stream, RoleARN: 'role' } }),
    ExtendedS3DestinationConfiguration: {
      BucketARN: `arn:aws:s3:::${bucket}`,
      RoleARN: 'role',
      Prefix: 'rows/dt=!{timestamp:yyyy-MM-dd}/',
      ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/',
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64, ...hints },
      CompressionFormat: 'UNCOMPRESSED',
      DataFormatConversionConfiguration: {
        Enabled: true,
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
        SchemaConfiguration: {
          CatalogId: account.accountId,
          DatabaseName: 'vigil',
          Region: account.region,
          RoleARN: 'role',
          TableName: 'rows',
          VersionId: 'LATEST',
        },
      },
      ...(processor && {
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: Object.entries({ LambdaArn: 'arn:function', ...processor }).map(
                ([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue }),
              ),
            },
          ],
        },
      }),
    },
  });
  account.service('firehose').start?.();
}
