/** Which records come together and when, as https://docs.aws.amazon.com/lambda/latest/dg/ has it (pages named by each test). */
import { expect, test } from 'vitest';
import type { Payload } from '../../../../../infra/local/engine/service.ts';
import { dynamodb } from '../../../../../infra/local/services/dynamodb/service.ts';
import { eventSourceMapping } from '../../../../../infra/local/services/event-source-mapping/service.ts';
import { fakeAccount, operator } from '../../fake-account.ts';
import { aMapping, once, streamMapping, tableStreamArn, theFunction } from './mapping.ts';

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
