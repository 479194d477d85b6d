/** Conformance with https://docs.aws.amazon.com/AmazonS3/latest/ (pages named by each test). */
import { beforeEach, expect, test } from 'vitest';
import type { Payload } from '../../infra/local/service.ts';
import { s3 } from '../../infra/local/services/s3.ts';
import { type FakeAccount, fakeAccount, operator } from './fake-account.ts';

let account: FakeAccount;
let Bucket: string;

beforeEach(() => {
  account = fakeAccount();
  account.add(s3);
  Bucket = account.create('AWS::S3::Bucket', 'Archive', {}).ref;
});

const call = (operation: string, input: Payload) =>
  account.done(account.call(operator, 's3', operation, { Bucket, ...input }));

test('Welcome#ConsistencyModel: what was put is read, whole, at once', async () => {
  await call('PutObject', { Key: 'a/b.txt', Body: 'text' });
  const { Body, ContentLength } = await call('GetObject', { Key: 'a/b.txt' });
  expect([await Body.transformToString(), ContentLength]).toEqual(['text', 4]);
});

test('conditional-reads: If-None-Match of the present ETag is 304', async () => {
  const { ETag } = await call('PutObject', { Key: 'a', Body: '1' });
  await expect(call('GetObject', { Key: 'a', IfNoneMatch: ETag })).rejects.toMatchObject({
    details: { $metadata: { httpStatusCode: 304 } },
  });
  await call('PutObject', { Key: 'a', Body: '2' });
  expect(await (await call('GetObject', { Key: 'a', IfNoneMatch: ETag })).Body.transformToString()).toBe('2');
});

test('API_GetObject: a missing key is NoSuchKey for who may list, AccessDenied for who may not', async () => {
  await expect(call('GetObject', { Key: 'none' })).rejects.toMatchObject({ name: 'NoSuchKey' });
  account.denied.add('s3:ListBucket');
  await expect(call('GetObject', { Key: 'none' })).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('API_ListObjectsV2: by prefix, in order, in pages', async () => {
  for (const Key of ['b', 'a/2', 'a/1', 'a/3']) await call('PutObject', { Key, Body: '' });
  const first = await call('ListObjectsV2', { Prefix: 'a/', MaxKeys: 2 });
  const second = await call('ListObjectsV2', {
    Prefix: 'a/',
    ContinuationToken: first.NextContinuationToken,
  });
  const keys = [first, second].map((page) => page.Contents.map((object: Payload) => object.Key));
  expect(keys).toEqual([['a/1', 'a/2'], ['a/3']]);
});

test('a bucket that is not there, and a key that leaves the bucket, are refused', async () => {
  await expect(call('PutObject', { Bucket: 'other', Key: 'a', Body: '' })).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
  await expect(call('PutObject', { Key: '../a', Body: '' })).rejects.toMatchObject({
    name: 'InvalidArgument',
  });
});
