/**
 * Amazon S3, on this machine's disk: `<account.directory>/s3/<bucket>/<key>`.
 *
 * - A PutObject is visible to every later read and list: strong consistency.
 *   https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 * - A missing key is NoSuchKey for who may list the bucket, AccessDenied for who may not.
 *   https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 * - GetObject says when the object was put.
 *   https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_ResponseSyntax
 * - GetObject with If-None-Match of the present ETag is 304, which the SDK throws.
 *   https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 * - PutObject with If-Match of another ETag than the present one, or with If-None-Match `*` where there is an object, is 412.
 *   https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * - ListObjectsV2 gives at most 1,000 keys a page, in UTF-8 order.
 *   https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { AwsError } from '../engine/aws-error.ts';
import { inert } from '../engine/inert.ts';
import { resourcePolicy } from '../engine/policy.ts';
import { type Account, type Caller, type Payload, resource, type Service } from '../engine/service.ts';

const listPageSize = 1000;

/** Nothing expires here: the shortest that the template asks for is a week, longer than the account runs. */
const lifecycleRule = z.strictObject({
  Status: z.literal('Enabled'),
  Prefix: z.string().optional(),
  ExpirationInDays: z.number().min(7),
  NoncurrentVersionExpiration: z.strictObject({ NoncurrentDays: z.number() }).optional(),
});

const bucketProperties = z.strictObject({
  BucketEncryption: inert(
    'encryption at rest changes nothing that a caller sees',
    z
      .strictObject({
        ServerSideEncryptionConfiguration: z.array(
          z.strictObject({
            BucketKeyEnabled: z.boolean().optional(),
            ServerSideEncryptionByDefault: z.strictObject({
              SSEAlgorithm: z.enum(['AES256', 'aws:kms']),
              KMSMasterKeyID: z.string().optional(),
            }),
          }),
        ),
      })
      .optional(),
  ),
  LifecycleConfiguration: inert(
    'objects expire after a week at the earliest, longer than the account runs',
    z.strictObject({ Rules: z.array(lifecycleRule) }).optional(),
  ),
  LoggingConfiguration: inert(
    'nobody keeps access logs here',
    z.strictObject({ DestinationBucketName: z.string(), LogFilePrefix: z.string() }).optional(),
  ),
  PublicAccessBlockConfiguration: inert(
    'nobody from outside reaches these buckets',
    z
      .strictObject({
        BlockPublicAcls: z.literal(true),
        BlockPublicPolicy: z.literal(true),
        IgnorePublicAcls: z.literal(true),
        RestrictPublicBuckets: z.literal(true),
      })
      .optional(),
  ),
  VersioningConfiguration: inert(
    'nobody here asks for an old version',
    z.strictObject({ Status: z.literal('Enabled') }).optional(),
  ),
});

const policyProperties = z.strictObject({
  Bucket: z.string(),
  PolicyDocument: inert(
    'it denies plain HTTP and lets the log service write: nothing here speaks either, and the template is checked for both',
    resourcePolicy,
  ),
});

/** What callers may ask for. Media types are kept by S3 and read by nobody here; checksums the SDK asks for by itself. */
const options = {
  PutObject: ['Bucket', 'Key', 'Body', 'ContentType', 'ChecksumAlgorithm', 'IfMatch', 'IfNoneMatch'],
  GetObject: ['Bucket', 'Key', 'IfNoneMatch', 'ChecksumMode'],
  ListObjectsV2: ['Bucket', 'Prefix', 'ContinuationToken'],
};

/** As S3 orders keys: by their bytes in UTF-8. */
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

export type S3Service = Service & {
  /** The folder that holds a bucket's objects. */
  folderOf(bucket: string): string;
};

function bytesOf(body: Payload): Buffer {
  return body === undefined ? Buffer.alloc(0) : Buffer.from(body as Uint8Array | string);
}

export function s3(account: Account): S3Service {
  const buckets = new Set<string>();
  const storedAt = new Map<string, number>();
  /** The roster is asked for all the time, and is the same: to compare is cheaper than to hash. */
  let hashed: { bytes: Buffer; tag: string } = { bytes: Buffer.alloc(0), tag: '' };
  function etag(bytes: Buffer): string {
    if (hashed.tag === '' || !hashed.bytes.equals(bytes))
      hashed = { bytes, tag: `"${createHash('md5').update(bytes).digest('hex')}"` };
    return hashed.tag;
  }

  function folderOf(bucket: string): string {
    if (!buckets.has(bucket)) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist');
    return join(account.directory, 's3', bucket);
  }

  function fileOf({ Bucket, Key }: { Bucket: string; Key: string }): string {
    // Keys are 1 to 1,024 bytes on S3; of those, the ones that name a file of their own on a disk are modelled.
    const parts = Key.split('/');
    if (Buffer.byteLength(Key) > 1024 || parts.some((part) => ['', '.', '..'].includes(part)))
      throw new AwsError('InvalidArgument', 'Invalid object key');
    return join(folderOf(Bucket), Key);
  }

  function read(input: { Bucket: string; Key: string }, caller: Caller): Buffer {
    const file = fileOf(input);
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) return readFileSync(file);
    try {
      account.authorize(caller, [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${input.Bucket}` }]);
    } catch {
      throw new AwsError('AccessDenied', 'Access Denied');
    }
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', { Key: input.Key });
  }

  /** Throws when what stands there is not what the writer has seen. */
  function expectSeen(input: Payload, file: string): void {
    const there = statSync(file, { throwIfNoEntry: false })?.isFile() ? etag(readFileSync(file)) : undefined;
    if (input.IfNoneMatch !== undefined && input.IfNoneMatch !== '*')
      throw new AwsError('NotImplemented', 'A PutObject knows If-None-Match of * alone');
    if (input.IfMatch !== undefined && there === undefined)
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', { Key: input.Key });
    if ((input.IfNoneMatch && there) || (input.IfMatch !== undefined && input.IfMatch !== there))
      throw new AwsError(
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
      );
  }

  const object = (action: string) => (input: Payload) => [
    { action, resource: `arn:aws:s3:::${input.Bucket}/${input.Key}` },
  ];

  return {
    id: 's3',
    folderOf,
    operations: {
      PutObject: {
        options: options.PutObject,
        permissions: object('s3:PutObject'),
        run(input) {
          const file = fileOf(input);
          const bytes = bytesOf(input.Body);
          expectSeen(input, file);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, bytes);
          storedAt.set(file, account.clock.now());
          return { ETag: etag(bytes) };
        },
      },
      GetObject: {
        options: options.GetObject,
        permissions: object('s3:GetObject'),
        run(input, caller) {
          const bytes = read(input, caller);
          if (input.IfNoneMatch === etag(bytes))
            throw new AwsError('NotModified', 'Not Modified', { $metadata: { httpStatusCode: 304 } });
          return {
            ContentLength: bytes.length,
            ETag: etag(bytes),
            LastModified: new Date(storedAt.get(fileOf(input)) ?? 0),
            Body: {
              transformToString: async () => bytes.toString('utf8'),
              transformToByteArray: async () => new Uint8Array(bytes),
            },
          };
        },
      },
      ListObjectsV2: {
        options: options.ListObjectsV2,
        permissions: (input) => [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${input.Bucket}` }],
        run(input) {
          const folder = folderOf(input.Bucket);
          const after: string = input.ContinuationToken ?? '';
          const keys = readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
            .filter((key) => key.startsWith(input.Prefix ?? '') && byBytes(key, after) > 0)
            .sort(byBytes);
          const page = keys.slice(0, listPageSize);
          const more = keys.length > page.length;
          return {
            Contents: page.map((Key) => ({
              Key,
              LastModified: new Date(storedAt.get(join(folder, Key)) ?? 0),
            })),
            KeyCount: page.length,
            IsTruncated: more,
            ...(more && { NextContinuationToken: page.at(-1) }),
          };
        },
      },
    },
    resources: {
      'AWS::S3::Bucket': resource(bucketProperties, ({ logicalId }) => {
        const name = `vigil-local-${logicalId.toLowerCase()}`;
        buckets.add(name);
        mkdirSync(join(account.directory, 's3', name), { recursive: true });
        return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
      }),
      'AWS::S3::BucketPolicy': {
        properties: policyProperties,
        create: ({ logicalId }) => ({ ref: logicalId }),
      },
    },
  };
}
