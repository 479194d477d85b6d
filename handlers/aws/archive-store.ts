/** Texts in the archive bucket: lists, reports and their summaries. */
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3 } from './clients.ts';

export async function putText(bucket: string, key: string, text: string, contentType: string): Promise<void> {
  await s3().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType }));
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
    const { Body, LastModified } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const text = await Body?.transformToString();
    return text === undefined || !LastModified ? undefined : { text, at: LastModified.toISOString() };
  } catch (error) {
    if (error instanceof NoSuchKey || (error as Error).name === 'AccessDenied') return undefined;
    throw error;
  }
}
