/**
 * Amazon S3, on this machine's disk: `<account.directory>/s3/<bucket>/<key>`.
 *
 * - A PutObject is visible to every later read and list: strong consistency.
 *   https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 * - A missing key is NoSuchKey for who may list the bucket, AccessDenied for who may not.
 *   https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 * - GetObject with If-None-Match of the present ETag is 304, which the SDK throws.
 *   https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 * - ListObjectsV2 gives at most 1,000 keys a page, in UTF-8 order.
 *   https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Account, AwsError, type Caller, type Payload, type Service } from '../service.ts';

const listPageSize = 1000;

const bucketProperties = z.strictObject({
  // What protects objects at rest, keeps old versions, and records accesses changes nothing that a caller sees.
  BucketEncryption: z.unknown().optional(),
  LifecycleConfiguration: z.unknown().optional(),
  LoggingConfiguration: z.unknown().optional(),
  PublicAccessBlockConfiguration: z.unknown().optional(),
  VersioningConfiguration: z.unknown().optional(),
});

const policyProperties = z.strictObject({
  Bucket: z.string(),
  // Denies plain HTTP and lets the log service write: nothing here speaks either (test/infra checks both).
  PolicyDocument: z.unknown(),
});

export type S3Service = Service & {
  /** The folder that holds a bucket's objects. */
  folderOf(bucket: string): string;
};

function bytesOf(body: Payload): Buffer {
  return body === undefined ? Buffer.alloc(0) : Buffer.from(body as Uint8Array | string);
}

export function s3(account: Account): S3Service {
  const buckets = new Set<string>();
  const etag = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`;

  function folderOf(bucket: string): string {
    if (!buckets.has(bucket)) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist');
    return join(account.directory, 's3', bucket);
  }

  function fileOf({ Bucket, Key }: { Bucket: string; Key: string }): string {
    if (!Key || Buffer.byteLength(Key) > 1024 || Key.split('/').includes('..'))
      throw new AwsError('InvalidArgument', 'Invalid object key');
    return join(folderOf(Bucket), Key);
  }

  function read(input: { Bucket: string; Key: string }, caller: Caller): Buffer {
    const file = fileOf(input);
    if (existsSync(file)) return readFileSync(file);
    try {
      account.authorize(caller, [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${input.Bucket}` }]);
    } catch {
      throw new AwsError('AccessDenied', 'Access Denied');
    }
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', { Key: input.Key });
  }

  const object = (action: string) => (input: Payload) => [
    { action, resource: `arn:aws:s3:::${input.Bucket}/${input.Key}` },
  ];

  return {
    id: 's3',
    folderOf,
    operations: {
      PutObject: {
        permissions: object('s3:PutObject'),
        run(input) {
          const file = fileOf(input);
          const bytes = bytesOf(input.Body);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(`${file}.unfinished`, bytes);
          renameSync(`${file}.unfinished`, file);
          return { ETag: etag(bytes) };
        },
      },
      GetObject: {
        permissions: object('s3:GetObject'),
        run(input, caller) {
          const bytes = read(input, caller);
          if (input.IfNoneMatch === etag(bytes))
            throw new AwsError('NotModified', 'Not Modified', { $metadata: { httpStatusCode: 304 } });
          return {
            ContentLength: bytes.length,
            ETag: etag(bytes),
            Body: {
              transformToString: async () => bytes.toString('utf8'),
              transformToByteArray: async () => new Uint8Array(bytes),
            },
          };
        },
      },
      ListObjectsV2: {
        permissions: (input) => [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${input.Bucket}` }],
        run(input) {
          const after: string = input.ContinuationToken ?? input.StartAfter ?? '';
          const keys = globSync('**/*', { cwd: folderOf(input.Bucket), withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name).slice(folderOf(input.Bucket).length + 1))
            .filter((key) => key.startsWith(input.Prefix ?? '') && key > after)
            .sort();
          const page = keys.slice(0, Math.min(input.MaxKeys ?? listPageSize, listPageSize));
          const more = keys.length > page.length;
          return {
            Contents: page.map((Key) => ({ Key })),
            KeyCount: page.length,
            IsTruncated: more,
            ...(more && { NextContinuationToken: page.at(-1) }),
          };
        },
      },
    },
    resources: {
      'AWS::S3::Bucket': {
        properties: bucketProperties,
        create({ logicalId }) {
          const name = `vigil-local-${logicalId.toLowerCase()}`;
          buckets.add(name);
          mkdirSync(join(account.directory, 's3', name), { recursive: true });
          return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
        },
      },
      'AWS::S3::BucketPolicy': {
        properties: policyProperties,
        create: ({ logicalId }) => ({ ref: logicalId }),
      },
    },
  };
}
