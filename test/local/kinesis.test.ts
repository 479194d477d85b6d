/** Conformance with https://docs.aws.amazon.com/kinesis/latest/APIReference/ (pages named by each test). */
import { beforeEach, expect, test } from 'vitest';
import type { Payload } from '../../infra/local/service.ts';
import { type KinesisRecord, kinesis } from '../../infra/local/services/kinesis.ts';
import { secretsManager } from '../../infra/local/services/secrets-manager.ts';
import { type FakeAccount, fakeAccount, operator } from './fake-account.ts';

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

test.each([
  ['more than 500 records', Array.from({ length: 501 }, () => aRecord('a')), 'ValidationException'],
  ['a record over 1 MiB', [aRecord('a', 'x'.repeat(1_100_000))], 'InvalidArgumentException'],
  ['no partition key', [aRecord('')], 'ValidationException'],
])('API_PutRecords: %s is refused', async (_what, given, name) => {
  await expect(put(given)).rejects.toMatchObject({ name });
});

test('a stream that is not there is ResourceNotFoundException', async () => {
  const outcome = account.done(
    account.call(operator, 'kinesis', 'PutRecord', { StreamName: 'none', ...aRecord('a') }),
  );
  await expect(outcome).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('secretsmanager API_GetSecretValue: generated once, read by ARN and by name', async () => {
  account.add(secretsManager);
  const { ref } = account.create('AWS::SecretsManager::Secret', 'Secret', {
    Name: 'answers',
    GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 64 },
  });
  const read = (SecretId: string) =>
    account.done(account.call(operator, 'secrets-manager', 'GetSecretValue', { SecretId }));
  const { SecretString } = await read(ref);
  expect(SecretString).toMatch(/^[A-Za-z0-9]{64}$/);
  expect((await read('answers')).SecretString).toBe(SecretString);
  await expect(read('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
