/** Conformance with https://docs.aws.amazon.com/lambda/latest/dg/ (pages named by each test). */
import { expect, test } from 'vitest';
import type { Payload, Service } from '../../infra/local/service.ts';
import { eventSourceMapping } from '../../infra/local/services/event-source-mapping.ts';
import { kinesis } from '../../infra/local/services/kinesis.ts';
import { fakeAccount, operator } from './fake-account.ts';

const streamArn = 'arn:aws:kinesis:eu-west-2:111122223333:stream/readings';
const bucketArn = 'arn:aws:s3:::archive';

/** A stream and a function that says what becomes of each batch of records. */
function aMapping(consume: (records: string[]) => Payload, properties: Payload = {}) {
  const account = fakeAccount();
  const batches: string[][] = [];
  const objects: { Key: string; Body: string }[] = [];
  account.add(kinesis);
  account.add(
    () =>
      ({
        id: 'lambda',
        resources: {},
        roleOf: () => 'arn:aws:iam::111122223333:role/consumer',
        operations: {
          Invoke: {
            permissions: () => [],
            run({ Payload }: { Payload: string }) {
              const records = JSON.parse(Payload).Records as Payload[];
              const texts = records.map((record) => Buffer.from(record.kinesis.data, 'base64').toString());
              batches.push(texts);
              const answer = consume(texts);
              if (answer instanceof Error) return { FunctionError: 'Unhandled', Payload: '{}' };
              const failures = (answer ?? []).map((text: string) => ({
                itemIdentifier: records[texts.indexOf(text)]?.kinesis.sequenceNumber ?? text,
              }));
              return { Payload: JSON.stringify({ batchItemFailures: failures }) };
            },
          },
        },
      }) as Service,
  );
  account.add(() => ({
    id: 's3',
    resources: {},
    operations: { PutObject: { permissions: () => [], run: (input) => void objects.push(input) } },
  }));
  const mappings = account.add(eventSourceMapping);
  account.create('AWS::Kinesis::Stream', 'Stream', {
    Name: 'readings',
    RetentionPeriodHours: 168,
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  account.create('AWS::Lambda::EventSourceMapping', 'Mapping', {
    EventSourceArn: streamArn,
    FunctionName: 'consumer',
    BatchSize: 100,
    StartingPosition: 'TRIM_HORIZON',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: -1,
    DestinationConfig: { OnFailure: { Destination: bucketArn } },
    ...properties,
  });
  mappings.start?.();
  const put = (...texts: string[]) =>
    account.done(
      account.call(operator, 'kinesis', 'PutRecords', {
        StreamName: 'readings',
        Records: texts.map((text) => ({ PartitionKey: 'one device', Data: Buffer.from(text) })),
      }),
    );
  const run = (seconds: number) => account.clock.run(account.clock.now() + seconds * 1000);
  return { account, batches, objects, put, run };
}

test('services-kinesis-batchfailurereporting: the next batch begins at the lowest failed record', async () => {
  let first = true;
  const { batches, put, run } = aMapping(() => {
    const failed = first ? ['d', 'b'] : [];
    first = false;
    return failed;
  });
  await put('a', 'b', 'c', 'd');
  await run(60);
  expect(batches).toEqual([
    ['a', 'b', 'c', 'd'],
    ['b', 'c', 'd'],
  ]);
});

test('services-kinesis-batchfailurereporting: an unknown identifier fails the whole batch', async () => {
  let first = true;
  const { batches, put, run } = aMapping(() => {
    const failed = first ? ['no such number'] : [];
    first = false;
    return failed;
  });
  await put('a');
  await run(60);
  expect(batches).toEqual([['a'], ['a']]);
});

test('with-kinesis: a poison record is isolated by halving; its neighbours pass, and it goes whole to the destination', async () => {
  const { batches, objects, put, run } = aMapping(
    (texts) => (texts.includes('poison') ? new Error('no') : []),
    {
      MaximumRecordAgeInSeconds: 300,
    },
  );
  await put('a', 'b', 'poison', 'c');
  await run(3600);
  const passed = batches.filter((batch) => !batch.includes('poison')).flat();
  expect(passed.sort()).toEqual(['a', 'b', 'c']);
  expect(objects).toHaveLength(1);
  expect(objects[0]?.Key).toMatch(/^aws\/lambda\/Mapping\/shardId-\d{12}\/2026\/03\/01\/2026-03-01T/);
  const kept = JSON.parse(JSON.parse(objects[0]?.Body ?? '').payload).Records;
  expect(Buffer.from(kept[0].kinesis.data, 'base64').toString()).toBe('poison');
  expect(JSON.parse(objects[0]?.Body ?? '').requestContext.condition).toBe('RecordAgeExceeded');
});

test('with-kinesis: records of one partition key keep their order, also with several batches at once', async () => {
  const { batches, put, run } = aMapping(() => [], { ParallelizationFactor: 10, BatchSize: 2 });
  await put('1', '2', '3');
  await put('4', '5');
  await run(60);
  expect(batches.flat()).toEqual(['1', '2', '3', '4', '5']);
});

test('services-kinesis-parameters: without the permission to read the stream nothing is delivered until it is there', async () => {
  const { account, batches, put, run } = aMapping(() => []);
  account.denied.add('kinesis:GetRecords');
  await put('a');
  await run(60);
  expect(batches).toEqual([]);
  account.denied.clear();
  await run(120);
  expect(batches).toEqual([['a']]);
});

test('invocation-eventfiltering: a record that matches no filter is passed over', async () => {
  const Pattern = JSON.stringify({ kinesis: { partitionKey: ['another device'] } });
  const { batches, put, run } = aMapping(() => [], { FilterCriteria: { Filters: [{ Pattern }] } });
  await put('a');
  await run(60);
  expect(batches).toEqual([]);
});

test('nothing is left to happen once everything is delivered', async () => {
  const { account, put, run } = aMapping(() => []);
  await put('a');
  await run(60);
  expect(account.clock.nextAt()).toBeUndefined();
});
