/** Conformance with https://docs.aws.amazon.com/AmazonS3/latest/ (pages named by each test). */
import { beforeEach, expect, test } from 'vitest';
import type { Payload } from '../../../../infra/local/engine/service.ts';
import { s3 } from '../../../../infra/local/services/s3.ts';
import { type FakeAccount, fakeAccount, operator } from '../fake-account.ts';

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

test('API_GetObject: says when the object was put last', async () => {
  await call('PutObject', { Key: 'a', Body: '1' });
  await account.done(account.clock.sleep(5000));
  const before = account.clock.now();
  await call('PutObject', { Key: 'a', Body: '2' });
  await account.done(account.clock.sleep(5000));
  const { LastModified } = await call('GetObject', { Key: 'a' });
  expect(LastModified.getTime() - before).toBeLessThan(1000);
});

test('conditional-reads: If-None-Match of the present ETag is 304', async () => {
  const { ETag } = await call('PutObject', { Key: 'a', Body: '1' });
  await expect(call('GetObject', { Key: 'a', IfNoneMatch: ETag })).rejects.toMatchObject({
    details: { $metadata: { httpStatusCode: 304 } },
  });
  await call('PutObject', { Key: 'a', Body: '2' });
  expect(await (await call('GetObject', { Key: 'a', IfNoneMatch: ETag })).Body.transformToString()).toBe('2');
});

test('conditional-writes: If-Match writes over what was seen and nothing else, If-None-Match over nothing', async () => {
  const put = (Body: string, condition: object) => call('PutObject', { Key: 'a', Body, ...condition });
  await expect(put('1', { IfMatch: '"none"' })).rejects.toMatchObject({ name: 'NoSuchKey' });
  const first = await put('1', { IfNoneMatch: '*' });
  await expect(put('2', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await put('2', { IfMatch: first.ETag });
  await expect(put('3', { IfMatch: first.ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(put('3', { IfNoneMatch: first.ETag })).rejects.toMatchObject({ name: 'NotImplemented' });
  expect(await (await call('GetObject', { Key: 'a' })).Body.transformToString()).toBe('2');
});

test('API_GetObject: a missing key is NoSuchKey for who may list, AccessDenied for who may not', async () => {
  await expect(call('GetObject', { Key: 'none' })).rejects.toMatchObject({ name: 'NoSuchKey' });
  account.denied.add('s3:ListBucket');
  await expect(call('GetObject', { Key: 'none' })).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('API_ListObjectsV2: by prefix, in order, in pages of a thousand', async () => {
  const names = Array.from({ length: 1001 }, (_, index) => `a/${String(index).padStart(4, '0')}`);
  for (const Key of ['b', ...names.toReversed()]) await call('PutObject', { Key, Body: '' });
  const first = await call('ListObjectsV2', { Prefix: 'a/' });
  const second = await call('ListObjectsV2', {
    Prefix: 'a/',
    ContinuationToken: first.NextContinuationToken,
  });
  const keys = [first, second].map((page) => page.Contents.map((object: Payload) => object.Key));
  expect(keys).toEqual([names.slice(0, 1000), names.slice(1000)]);
  expect(first.Contents[0].LastModified).toBeInstanceOf(Date);
});

test('API_ListObjectsV2: keys come in the order of their bytes, hidden files among them', async () => {
  // In UTF-16, as JavaScript compares, the last two would change places.
  for (const Key of ['\u{1f9ea}', '\uff5e', '.hidden']) await call('PutObject', { Key, Body: '' });
  const { Contents } = await call('ListObjectsV2', {});
  expect(Contents.map((object: Payload) => object.Key)).toEqual(['.hidden', '\uff5e', '\u{1f9ea}']);
});

test('API_GetObject: a key that is only the beginning of others is missing', async () => {
  await call('PutObject', { Key: 'a/b', Body: '' });
  await expect(call('GetObject', { Key: 'a' })).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('Service Authorization Reference: objects are asked for by their own ARN, a list by the bucket', async () => {
  await call('PutObject', { Key: 'a', Body: '' });
  await call('GetObject', { Key: 'a' });
  await call('ListObjectsV2', {});
  expect(account.asked).toEqual([
    { action: 's3:PutObject', resource: `arn:aws:s3:::${Bucket}/a` },
    { action: 's3:GetObject', resource: `arn:aws:s3:::${Bucket}/a` },
    { action: 's3:ListBucket', resource: `arn:aws:s3:::${Bucket}` },
  ]);
});

test('an option or a nested property that is not modelled is refused by name, never ignored', async () => {
  const archived = { Key: 'a', Body: '', StorageClass: 'GLACIER' };
  await expect(call('PutObject', archived)).rejects.toThrow('StorageClass');
  const lifecycle = { Rules: [{ Status: 'Enabled', ExpirationInDays: 30, TagFilters: [] }] };
  expect(() => account.create('AWS::S3::Bucket', 'Other', { LifecycleConfiguration: lifecycle })).toThrow(
    'TagFilters',
  );
});

test('a bucket that is not there, and a key that leaves the bucket, are refused', async () => {
  await expect(call('PutObject', { Bucket: 'other', Key: 'a', Body: '' })).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
  await expect(call('PutObject', { Key: '../a', Body: '' })).rejects.toMatchObject({
    name: 'InvalidArgument',
  });
});
