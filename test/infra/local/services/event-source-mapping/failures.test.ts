/** What becomes of batches that fail, as https://docs.aws.amazon.com/lambda/latest/dg/ has it (pages named by each test). */
import { expect, test } from 'vitest';
import { AwsError } from '../../../../../infra/local/engine/aws-error.ts';
import { aMapping, bucketArn, once, streamArn } from './mapping.ts';

test('services-kinesis-batchfailurereporting: the next batch begins at the lowest failed record', async () => {
  const { batches, put, run } = aMapping(once(['d', 'b']));
  await put('a', 'b', 'c', 'd');
  await run(60);
  expect(batches).toEqual([
    ['a', 'b', 'c', 'd'],
    ['b', 'c', 'd'],
  ]);
});

test.each([
  ['an unknown identifier', ['no such number']],
  ['one among known ones', ['b', 'no such number']],
  ['an empty one', ['']],
  ['one that is null', { answer: { batchItemFailures: [{ itemIdentifier: null }] } }],
  ['a failure without one', { answer: { batchItemFailures: [{}] } }],
  ['a function that throws', new Error('no')],
])('services-kinesis-batchfailurereporting: %s fails the whole batch', async (_what, failing) => {
  const { batches, put, run } = aMapping(once(failing), { BisectBatchOnFunctionError: false });
  await put('a', 'b');
  await run(60);
  expect(batches).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test.each([
  ['no failures', { batchItemFailures: [] }],
  ['failures that are null', { batchItemFailures: null }],
  ['an empty object', {}],
  ['null', null],
])('services-kinesis-batchfailurereporting: %s is success', async (_what, answer) => {
  const { batches, put, run } = aMapping(() => ({ answer }));
  await put('a', 'b');
  await run(60);
  expect(batches).toEqual([['a', 'b']]);
});

test('kinesis-on-failure-destination: a poison record is isolated by halving; its neighbours pass', async () => {
  const { batches, kept, put, run } = aMapping((texts) => (texts.includes('poison') ? new Error('no') : []), {
    MaximumRecordAgeInSeconds: 300,
  });
  await put('a', 'b', 'poison', 'c');
  await run(3600);
  expect(batches.slice(0, 4)).toEqual([['a', 'b', 'poison', 'c'], ['a', 'b'], ['poison', 'c'], ['poison']]);
  expect(batches.filter((batch) => !batch.includes('poison'))).toEqual([['a', 'b'], ['c']]);
  expect(kept()).toEqual([['RecordAgeExceeded', ['poison']]]);
});

test('kinesis-on-failure-destination: halving uses up no retry; what is left fails as often as it may, then is given up', async () => {
  const { batches, kept, put, run } = aMapping((texts) => (texts.includes('poison') ? new Error('no') : []), {
    MaximumRetryAttempts: 2,
  });
  await put('a', 'poison');
  await run(60);
  expect(batches).toEqual([['a', 'poison'], ['a'], ['poison'], ['poison'], ['poison']]);
  expect(kept()).toEqual([['RetryAttemptsExhausted', ['poison']]]);
});

test('kinesis-on-failure-destination: the object holds the whole invocation, under the name that the page gives', async () => {
  const { account, objects, put, run } = aMapping(() => new Error('no'), { MaximumRetryAttempts: 0 });
  await put('a');
  await run(60);
  expect(objects).toHaveLength(1);
  const { Bucket, Key, Body } = objects[0] as { Bucket: string; Key: string; Body: string };
  expect(Bucket).toBe('archive');
  expect(Key.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')).toMatch(
    /^aws\/lambda\/UUID\/shardId-\d{12}\/2026\/03\/01\/2026-03-01T00\.00\.\d\d-UUID$/,
  );
  const { payload, KinesisBatchInfo, requestContext, responseContext, timestamp, version } = JSON.parse(Body);
  const [record] = JSON.parse(payload).Records;
  expect([version, timestamp.slice(0, 16)]).toEqual(['1.0', '2026-03-01T00:00']);
  expect(KinesisBatchInfo).toMatchObject({
    streamArn,
    batchSize: 1,
    startSequenceNumber: record.kinesis.sequenceNumber,
    endSequenceNumber: record.kinesis.sequenceNumber,
    approximateArrivalOfFirstRecord: '2026-03-01T00:00:00.001Z',
    approximateArrivalOfLastRecord: '2026-03-01T00:00:00.001Z',
  });
  expect(requestContext).toMatchObject({
    functionArn: 'arn:aws:lambda:eu-west-2:111122223333:function:consumer',
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: 1,
  });
  expect(responseContext).toEqual({
    statusCode: 200,
    executedVersion: '$LATEST',
    functionError: 'Unhandled',
  });
  expect(record).toMatchObject({
    eventSource: 'aws:kinesis',
    eventSourceARN: streamArn,
    eventID: expect.stringMatching(/^shardId-\d{12}:\d{56}$/),
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::111122223333:role/consumer',
    kinesis: { partitionKey: 'one device', data: Buffer.from('a').toString('base64') },
  });
  expect(account.asked).toContainEqual({ action: 's3:ListBucket', resource: bucketArn });
});

test('kinesis-on-failure-destination: only records that are too old are given up; a younger neighbour goes on', async () => {
  const { account, batches, kept, put, run } = aMapping(
    (texts) => (texts.includes('poison') ? ['poison'] : []),
    { MaximumRecordAgeInSeconds: 120 },
  );
  await put('poison');
  await run(90);
  await put('young');
  await run(600);
  expect(kept()).toEqual([['RecordAgeExceeded', ['poison']]]);
  expect(batches.at(-1)).toEqual(['young']);
  expect(account.clock.nextAt()).toBeUndefined();
});

test('services-kinesis-parameters: without an age limit a batch is tried until the stream has lost it, and then leaves no trace', async () => {
  const { account, batches, objects, put, run } = aMapping(
    (texts) => {
      if (texts.includes('poison')) throw new AwsError('TooManyRequestsException', 'Rate exceeded');
      return [];
    },
    { MaximumRecordAgeInSeconds: -1 },
  );
  await put('poison');
  await run(168 * 3600 - 120);
  await put('young');
  expect(account.events.map((event) => event.what)).not.toContain('expired');
  await run(300);
  expect(account.events).toContainEqual({ source: 'event-source-mapping', what: 'expired', records: 1 });
  expect(batches.at(-1)).toEqual(['young']);
  expect(objects).toEqual([]);
  expect(account.clock.nextAt()).toBeUndefined();
});

test('kinesis-on-failure-destination: without s3:ListBucket nothing is kept, which the log says; the shard moves on', async () => {
  const { account, batches, objects, put, run } = aMapping(
    (texts) => (texts.includes('poison') ? new Error('no') : []),
    { MaximumRetryAttempts: 0 },
  );
  account.denied.add('s3:ListBucket');
  await put('poison');
  await run(60);
  await put('next');
  await run(60);
  expect(objects).toEqual([]);
  expect(account.events.map((event) => event.what)).toContain('destination failed');
  expect(batches.at(-1)).toEqual(['next']);
});

test('kinesis-on-failure-destination: an invocation that is throttled uses up no retry and is not halved', async () => {
  let throttled = 20;
  const { batches, objects, put, run } = aMapping(
    () => {
      if (throttled-- > 0) throw new AwsError('TooManyRequestsException', 'Rate exceeded');
      return [];
    },
    { MaximumRetryAttempts: 0 },
  );
  await put('a', 'b');
  await run(3600);
  expect(batches).toEqual(Array.from({ length: 21 }, () => ['a', 'b']));
  expect(objects).toEqual([]);
});
