/** Conformance with https://docs.aws.amazon.com/kinesis/latest/APIReference/ (pages named by each test). */
import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { Payload } from '../../../../infra/local/engine/service.ts';
import { type KinesisRecord, kinesis } from '../../../../infra/local/services/kinesis.ts';
import { type FakeAccount, fakeAccount, operator } from '../fake-account.ts';

let account: FakeAccount;
let records: KinesisRecord[];

beforeEach(() => {
  account = fakeAccount();
  const service = account.add(kinesis);
  const { attributes } = account.create('AWS::Kinesis::Stream', 'Stream', {
    Name: 'readings',
    RetentionPeriodHours: 168,
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  records = [];
  service.onRecord(attributes.Arn as string, (record) => records.push(record));
});

const put = (Records: Payload[]) =>
  account.done(account.call(operator, 'kinesis', 'PutRecords', { StreamName: 'readings', Records }));
const aRecord = (PartitionKey: string, text = 'x') => ({ PartitionKey, Data: Buffer.from(text) });

test('key-concepts: a partition key always has the same shard, and its numbers rise', async () => {
  await put(Array.from({ length: 40 }, (_, index) => aRecord(`device-${index % 8}`)));
  const shards = Map.groupBy(records, (record) => record.partitionKey);
  for (const own of shards.values()) {
    expect(new Set(own.map((record) => record.shardId)).size).toBe(1);
    const numbers = own.map((record) => BigInt(record.sequenceNumber));
    expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
  }
  expect(new Set(records.map((record) => record.shardId)).size).toBeGreaterThan(1);
});

test('API_PutRecords: an answer for each record, in order', async () => {
  const { FailedRecordCount, Records } = await put([aRecord('a'), aRecord('b')]);
  expect([FailedRecordCount, Records.length]).toEqual([0, 2]);
  expect(Records[0].SequenceNumber).toBe(records[0]?.sequenceNumber);
});

test('key-concepts: the shard is chosen by the MD5 of the partition key, in four even ranges', async () => {
  await put(['a', 'b', 'c', 'd'].map((key) => aRecord(key)));
  const expected = ['a', 'b', 'c', 'd'].map((key) => {
    const first = Number.parseInt(createHash('md5').update(key).digest('hex')[0] as string, 16);
    return `shardId-00000000000${Math.floor(first / 4)}`;
  });
  expect(records.map((record) => record.shardId)).toEqual(expected);
});

test('service-sizes-and-limits: beyond 1,000 records a second a shard refuses single ones, and another one does not', async () => {
  const many = (key: string) => put(Array.from({ length: 500 }, () => aRecord(key)));
  for (let call = 0; call < 2; call++) expect((await many('a')).FailedRecordCount).toBe(0);
  const { FailedRecordCount, Records } = await put([aRecord('a'), aRecord('b'), aRecord('a')]);
  expect([FailedRecordCount, Records[1].ErrorCode]).toEqual([2, undefined]);
  expect(Records[0].ErrorCode).toBe('ProvisionedThroughputExceededException');
  expect(records).toHaveLength(1001);
  const one = { StreamName: 'readings', ...aRecord('a') };
  await expect(account.done(account.call(operator, 'kinesis', 'PutRecord', one))).rejects.toThrow(
    'Rate exceeded',
  );
  await account.clock.run(account.clock.now() + 1000);
  expect((await put([aRecord('a')])).FailedRecordCount).toBe(0);
});

test('API_PutRecords: bytes come out as they went in, with the time of their arrival', async () => {
  const Data = Buffer.from([0, 255, 128, 10]);
  await put([{ PartitionKey: 'a', Data }]);
  expect(records[0]?.data).toEqual(Data);
  expect(records[0]?.arrivedAt).toBe(account.clock.now());
});

test('API_PutRecord: is answered with shard and number, and asked for on the stream', async () => {
  const resource = 'arn:aws:kinesis:eu-west-2:111122223333:stream/readings';
  const input = { StreamName: 'readings', ...aRecord('a') };
  const answer = await account.done(account.call(operator, 'kinesis', 'PutRecord', input));
  expect(answer).toEqual({ ShardId: records[0]?.shardId, SequenceNumber: records[0]?.sequenceNumber });
  expect(account.asked).toEqual([{ action: 'kinesis:PutRecord', resource }]);
});

test.each([
  ['500 records', Array.from({ length: 500 }, () => aRecord('a'))],
  ['a record of 1 MiB with its key', [aRecord('a', 'x'.repeat(1024 * 1024 - 1))]],
  ['a partition key of 256 characters', [aRecord('k'.repeat(256))]],
])('API_PutRecords: %s is taken', async (_what, given) => {
  await put(given);
  expect(records).toHaveLength(given.length);
});

test.each([
  ['no record', [], 'ValidationException'],
  ['more than 500 records', Array.from({ length: 501 }, () => aRecord('a')), 'ValidationException'],
  ['a record over 1 MiB', [aRecord('b'), aRecord('a', 'x'.repeat(1024 * 1024))], 'InvalidArgumentException'],
  [
    'more than 5 MiB',
    Array.from({ length: 6 }, () => aRecord('a', 'x'.repeat(1_000_000))),
    'InvalidArgumentException',
  ],
  ['no partition key', [aRecord('b'), aRecord('')], 'ValidationException'],
  ['a partition key over 256 characters', [aRecord('k'.repeat(257))], 'ValidationException'],
])('API_PutRecords: %s is refused, and nothing of the call is put', async (_what, given, name) => {
  await expect(put(given)).rejects.toMatchObject({ name });
  expect(records).toEqual([]);
});

test('an option or a property that is not modelled is refused by name', async () => {
  await expect(put([{ ...aRecord('a'), ExplicitHashKey: '0' }])).rejects.toThrow('ExplicitHashKey');
  const provisioned = {
    Name: 's',
    RetentionPeriodHours: 24,
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
  };
  expect(() => account.create('AWS::Kinesis::Stream', 'S', provisioned)).toThrow('StreamMode');
  const encrypted = { EncryptionType: 'KMS', KeyId: 'key', Alias: 'x' };
  expect(() =>
    account.create('AWS::Kinesis::Stream', 'S', {
      Name: 's',
      RetentionPeriodHours: 24,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      StreamEncryption: encrypted,
    }),
  ).toThrow('Alias');
});

test('a stream that is not there is ResourceNotFoundException', async () => {
  const outcome = account.done(
    account.call(operator, 'kinesis', 'PutRecord', { StreamName: 'none', ...aRecord('a') }),
  );
  await expect(outcome).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
