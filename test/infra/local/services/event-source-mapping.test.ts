/** Conformance with https://docs.aws.amazon.com/lambda/latest/dg/ (pages named by each test). */
import { expect, test } from 'vitest';
import { AwsError } from '../../../../infra/local/engine/aws-error.ts';
import type { Payload, Service } from '../../../../infra/local/engine/service.ts';
import { dynamodb } from '../../../../infra/local/services/dynamodb/service.ts';
import { eventSourceMapping } from '../../../../infra/local/services/event-source-mapping/service.ts';
import { kinesis } from '../../../../infra/local/services/kinesis.ts';
import { type FakeAccount, fakeAccount, operator } from '../fake-account.ts';

const streamArn = 'arn:aws:kinesis:eu-west-2:111122223333:stream/readings';
const tableStreamArn = 'arn:aws:dynamodb:eu-west-2:111122223333:table/t/stream/1';
const bucketArn = 'arn:aws:s3:::archive';

const textOf = (record: Payload) =>
  record.kinesis ? Buffer.from(record.kinesis.data, 'base64').toString() : record.dynamodb.Keys.pk.S;
const numberOf = (record: Payload) => record.kinesis?.sequenceNumber ?? record.dynamodb.SequenceNumber;

/**
 * What the function makes of a batch: the texts that failed (or an identifier that no record has), an Error that it throws,
 * or an answer of another form. What `consume` itself throws is an invocation that did not come about.
 */
type Consume = (records: string[]) => string[] | Error | { answer: Payload };

function theFunction(account: FakeAccount, consume: Consume, milliseconds = 0) {
  const batches: string[][] = [];
  const events: Payload[] = [];
  account.add(
    () =>
      ({
        id: 'lambda',
        resources: {},
        roleOf: () => 'arn:aws:iam::111122223333:role/consumer',
        operations: {
          Invoke: {
            options: ['FunctionName', 'InvocationType', 'Payload'],
            permissions: () => [],
            async run({ Payload }: { Payload: string }) {
              const records = JSON.parse(Payload).Records as Payload[];
              const texts = records.map(textOf);
              batches.push(texts);
              events.push(...records);
              const result = consume(texts);
              await account.clock.sleep(milliseconds);
              if (result instanceof Error)
                return { StatusCode: 200, FunctionError: 'Unhandled', Payload: '{}' };
              const failures = (Array.isArray(result) ? result : []).map((text) => ({
                itemIdentifier: texts.includes(text) ? numberOf(records[texts.indexOf(text)]) : text,
              }));
              const answer = 'answer' in result ? result.answer : { batchItemFailures: failures };
              return { StatusCode: 200, Payload: JSON.stringify(answer) };
            },
          },
        },
      }) as unknown as Service,
  );
  return { batches, events };
}

const streamMapping = {
  EventSourceArn: streamArn,
  FunctionName: 'consumer',
  BatchSize: 100,
  StartingPosition: 'TRIM_HORIZON',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: -1,
  MaximumRecordAgeInSeconds: 604_800,
  DestinationConfig: { OnFailure: { Destination: bucketArn } },
};

/** A stream and a function that says what becomes of each batch of records. */
function aMapping(consume: Consume, properties: Payload = {}, milliseconds = 0) {
  const account = fakeAccount();
  account.add(kinesis);
  const seen = theFunction(account, consume, milliseconds);
  const objects: { Bucket: string; Key: string; Body: string }[] = [];
  account.add(() => ({
    id: 's3',
    resources: {},
    operations: {
      PutObject: {
        options: ['Bucket', 'Key', 'Body'],
        permissions: () => [],
        run: (input) => void objects.push(input),
      },
    },
  }));
  const mappings = account.add(eventSourceMapping);
  account.create('AWS::Kinesis::Stream', 'Stream', {
    Name: 'readings',
    RetentionPeriodHours: 168,
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  account.create('AWS::Lambda::EventSourceMapping', 'Mapping', { ...streamMapping, ...properties });
  mappings.start?.();
  const putFor = (PartitionKey: string, ...texts: string[]) =>
    account.done(
      account.call(operator, 'kinesis', 'PutRecords', {
        StreamName: 'readings',
        Records: texts.map((text) => ({ PartitionKey, Data: Buffer.from(text) })),
      }),
    );
  const put = (...texts: string[]) => putFor('one device', ...texts);
  const run = (seconds: number) => account.clock.run(account.clock.now() + seconds * 1000);
  /** The objects at the destination: why, and the records within. */
  const kept = () =>
    objects.map(({ Body }) => {
      const { requestContext, payload } = JSON.parse(Body);
      return [requestContext.condition, JSON.parse(payload).Records.map(textOf)];
    });
  return { account, ...seen, objects, kept, put, putFor, run };
}

/** Fails as told the first time, and never again. */
function once(failing: ReturnType<Consume>): Consume {
  let first = true;
  return () => {
    const result = first ? failing : [];
    first = false;
    return result;
  };
}

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

test('with-kinesis: a batch holds at most BatchSize records, and at most 6 MB', async () => {
  const small = aMapping(() => [], { BatchSize: 2 });
  await small.put('1', '2', '3');
  await small.run(60);
  expect(small.batches).toEqual([['1', '2'], ['3']]);
  const large = aMapping(() => []);
  // In base64, four of these fit into 6 MB and five do not.
  for (let index = 0; index < 6; index++) await large.put('x'.repeat(1_000_000));
  await large.run(60);
  expect(large.batches.map((batch) => batch.length)).toEqual([4, 2]);
});

test('with-kinesis: batches of a shard go out one after another, also when the function is slow', async () => {
  const { account, put, run } = aMapping(() => [], { BatchSize: 1 }, 5000);
  const started = account.clock.now();
  await put('1', '2', '3');
  await run(12);
  expect(account.clock.nextAt()).toBeGreaterThan(started + 12_000);
});

test('with-kinesis: with ParallelizationFactor, keys go at the same time and each in its order, whatever fails', async () => {
  let calls = 0;
  let running = 0;
  let most = 0;
  const fails = (): string[] | Error => {
    calls++;
    return calls % 3 === 0 ? new Error('no') : [];
  };
  const done: string[] = [];
  const { account, batches, putFor, run } = aMapping(
    (texts) => {
      running++;
      most = Math.max(most, running);
      account.clock.after(400, () => running--);
      const result = fails();
      if (!(result instanceof Error)) done.push(...texts);
      return result;
    },
    { ParallelizationFactor: 4, BatchSize: 3 },
    400,
  );
  const keys = Array.from({ length: 12 }, (_, index) => `device-${index}`);
  for (let turn = 0; turn < 5; turn++) for (const key of keys) await putFor(key, `${key}/${turn}`);
  await run(600);
  for (const key of keys)
    expect(done.filter((text) => text.startsWith(`${key}/`))).toEqual(
      [0, 1, 2, 3, 4].map((turn) => `${key}/${turn}`),
    );
  expect(most).toBeGreaterThan(4);
  expect(batches.length).toBeGreaterThan(20);
});

test('services-kinesis-create: what the role may not read is not delivered, not halved and not given up, until it may', async () => {
  const { account, batches, objects, put, run } = aMapping(() => [], { MaximumRetryAttempts: 0 });
  account.denied.add('kinesis:GetRecords');
  await put('a', 'b');
  await run(600);
  expect(batches).toEqual([]);
  account.denied.clear();
  await run(120);
  expect(batches).toEqual([['a', 'b']]);
  expect(objects).toEqual([]);
});

test('invocation-eventfiltering: a record that matches no filter is passed over', async () => {
  const Pattern = JSON.stringify({ kinesis: { partitionKey: ['another device'] } });
  const { batches, put, putFor, run } = aMapping(() => [], { FilterCriteria: { Filters: [{ Pattern }] } });
  await put('a');
  await putFor('another device', 'b');
  await run(60);
  expect(batches).toEqual([['b']]);
});

test.each([
  ['a rule', { kinesis: { partitionKey: [{ prefix: 'x' }] } }],
  ['a value without a list', { kinesis: { partitionKey: 'x' } }],
])('a filter with %s is refused at the start, not at the first record', (_what, pattern) => {
  const FilterCriteria = { Filters: [{ Pattern: JSON.stringify(pattern) }] };
  expect(() => aMapping(() => [], { FilterCriteria })).toThrow('Only lists of values');
});

test('with-ddb: table records come with keys, images and the event name; those of an item in order', async () => {
  const account = fakeAccount();
  account.add(dynamodb);
  const { batches, events } = theFunction(account, once(new Error('no')));
  const mappings = account.add(eventSourceMapping);
  account.create('AWS::DynamoDB::Table', 'Table', {
    TableName: 't',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  account.create('AWS::Lambda::EventSourceMapping', 'Mapping', {
    ...streamMapping,
    EventSourceArn: tableStreamArn,
  });
  mappings.start?.();
  const put = (item: Payload) =>
    account.done(account.call(operator, 'dynamodb', 'PutItem', { TableName: 't', Item: item }));
  await put({ pk: { S: 'a' }, n: { N: '1' } });
  await put({ pk: { S: 'a' }, n: { N: '2' } });
  await account.clock.run(account.clock.now() + 60_000);
  expect(batches).toEqual([['a', 'a'], ['a'], ['a']]);
  expect(events.slice(-2)).toMatchObject([
    { eventName: 'INSERT', eventSource: 'aws:dynamodb', dynamodb: { NewImage: { n: { N: '1' } } } },
    {
      eventName: 'MODIFY',
      eventSourceARN: tableStreamArn,
      // `pk` and `a` are 3 bytes in the keys and in each image, `n` and its number 3 more in these.
      dynamodb: {
        SizeBytes: 15,
        Keys: { pk: { S: 'a' } },
        OldImage: { n: { N: '1' } },
        NewImage: { n: { N: '2' } },
      },
    },
  ]);
  expect(account.asked).toContainEqual({ action: 'dynamodb:GetRecords', resource: tableStreamArn });
});

test('a property that is not modelled, or out of its range, is refused', () => {
  expect(() => aMapping(() => [], { TumblingWindowInSeconds: 10 })).toThrow('TumblingWindowInSeconds');
  expect(() => aMapping(() => [], { MaximumRecordAgeInSeconds: 30 })).toThrow('MaximumRecordAgeInSeconds');
  expect(() => aMapping(() => [], { ParallelizationFactor: 11 })).toThrow('ParallelizationFactor');
});

test('nothing is left to happen once everything is delivered', async () => {
  const { account, put, run } = aMapping(() => []);
  await put('a');
  await run(60);
  expect(account.clock.nextAt()).toBeUndefined();
});
