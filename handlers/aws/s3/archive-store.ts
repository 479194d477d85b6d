/** Texts in the archive bucket: lists, reports and their summaries. */
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3Client } from '../clients.ts';

export async function putText(bucket: string, key: string, text: string, contentType: string): Promise<void> {
  await s3Client().send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType }),
  );
}

/**
 * The object's text, and when it was stored. Undefined when there is no such object. S3 says so only to who may list the
 * bucket; to others it denies the access.
 */
export async function readStored(
  bucket: string,
  key: string,
): Promise<{ text: string; at: string } | undefined> {
  try {
    const { Body, LastModified } = await s3Client().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const text = await Body?.transformToString();
    return text === undefined || !LastModified ? undefined : { text, at: LastModified.toISOString() };
  } catch (error) {
    if (error instanceof NoSuchKey || (error as Error).name === 'AccessDenied') return undefined;
    throw error;
  }
}

/** Where event source mappings leave what they give up; it cannot be told to them. */
const GIVEN_UP = 'aws/lambda/';

/** How many batches were given up within the window: an object each. Of all that ever were, since their names begin with the mapping and the shard. */
export async function countGivenUp(
  bucket: string,
  { from, to }: { from: string; to: string },
): Promise<number> {
  let count = 0;
  let ContinuationToken: string | undefined;
  do {
    const page = await s3Client().send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: GIVEN_UP,
        ...(ContinuationToken && { ContinuationToken }),
      }),
    );
    const at = (page.Contents ?? []).map(({ LastModified }) => LastModified?.toISOString() ?? '');
    count += at.filter((instant) => instant >= from && instant < to).length;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return count;
}
