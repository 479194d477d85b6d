/** What of a delivery stream the local account models: to S3 as Parquet, with at most one processor. */
import { z } from 'zod';
import { inert } from '../../engine/inert.ts';

const parameter = <Name extends string, Value extends z.ZodType>(name: Name, value: Value) =>
  z.strictObject({ ParameterName: z.literal(name), ParameterValue: value });

/** A number, spelled as a text. */
const numeral = (least: number, most: number) =>
  z.string().refine((text) => Number(text) >= least && Number(text) <= most, `must be ${least} to ${most}`);

const destination = z.strictObject({
  BucketARN: z.string(),
  RoleARN: z.string(),
  Prefix: z.string(),
  ErrorOutputPrefix: z.string(),
  // With format conversion, the smallest buffer that Firehose takes is 64 MB.
  // https://docs.aws.amazon.com/firehose/latest/dev/enable-record-format-conversion.html
  BufferingHints: z.strictObject({
    IntervalInSeconds: z.number().min(0).max(900),
    SizeInMBs: z.number().min(64).max(128),
  }),
  CompressionFormat: z.literal('UNCOMPRESSED'),
  CloudWatchLoggingOptions: inert(
    'why a delivery failed is a line of the event log here',
    z
      .strictObject({ Enabled: z.literal(true), LogGroupName: z.string(), LogStreamName: z.string() })
      .optional(),
  ),
  EncryptionConfiguration: inert(
    'encryption at rest changes nothing that a caller sees',
    z.strictObject({ KMSEncryptionConfig: z.strictObject({ AWSKMSKeyARN: z.string() }) }).optional(),
  ),
  DataFormatConversionConfiguration: z.strictObject({
    Enabled: z.literal(true),
    InputFormatConfiguration: z.strictObject({
      Deserializer: z.strictObject({ OpenXJsonSerDe: z.strictObject({}) }),
    }),
    OutputFormatConfiguration: z.strictObject({
      Serializer: z.strictObject({ ParquetSerDe: z.strictObject({}) }),
    }),
    SchemaConfiguration: z.strictObject({
      CatalogId: z.string(),
      DatabaseName: z.string(),
      Region: z.string(),
      RoleARN: z.string(),
      TableName: z.string(),
      VersionId: z.literal('LATEST'),
    }),
  }),
  ProcessingConfiguration: z
    .strictObject({
      Enabled: z.literal(true),
      Processors: z.tuple([
        z.strictObject({
          Type: z.literal('Lambda'),
          Parameters: z.array(
            z.discriminatedUnion('ParameterName', [
              parameter('LambdaArn', z.string()),
              parameter('NumberOfRetries', numeral(0, 300)),
              // https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
              parameter('BufferSizeInMBs', numeral(0.2, 3)),
            ]),
          ),
        }),
      ]),
    })
    .optional(),
});

export const streamProperties = z.strictObject({
  DeliveryStreamName: z.string(),
  DeliveryStreamType: z.enum(['DirectPut', 'KinesisStreamAsSource']),
  ExtendedS3DestinationConfiguration: destination,
  KinesisStreamSourceConfiguration: z
    .strictObject({ KinesisStreamARN: z.string(), RoleARN: z.string() })
    .optional(),
  DeliveryStreamEncryptionConfigurationInput: inert(
    'encryption at rest changes nothing that a caller sees',
    z.strictObject({ KeyType: z.literal('CUSTOMER_MANAGED_CMK'), KeyARN: z.string() }).optional(),
  ),
});
export type Properties = z.infer<typeof streamProperties>;
