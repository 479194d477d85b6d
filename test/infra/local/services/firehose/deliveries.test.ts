/** Firehose's documented behaviours; each group cites its page. */
import { describe, expect, test } from 'vitest';
import type { FirehoseService } from '../../../../../infra/local/services/firehose/service.ts';
import { operator } from '../../fake-account.ts';
import { deliveryStream, failed, objects, pass, put, rows, world } from './firehose.ts';

describe('buffering (create-configure)', () => {
  test('what comes within the interval of the first record is one object', async () => {
    deliveryStream();
    await put({ text: 'a' });
    await pass(40);
    await put({ text: 'b' });
    await pass(15);
    expect(objects()).toEqual([]);
    await pass(10);
    expect((await rows()).map(([text]) => text)).toEqual(['a', 'b']);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
    await put({ text: 'c' });
    await pass(65);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(2);
  });

  test('a full buffer does not wait for the interval, and the next interval begins with the next record', async () => {
    deliveryStream();
    const text = (megabytes: number) => ({ text: 'x'.repeat(megabytes * 900 * 1024) });
    // 4 MiB a call at most, 1,000 KiB a record: 72 records of 900 KiB are 63.3 MiB, one more is 64.2.
    for (let call = 0; call < 18; call++) await put(text(1), text(1), text(1), text(1));
    expect(objects()).toEqual([]);
    await put(text(1));
    await pass(1);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
    expect(await rows()).toHaveLength(73);
    await pass(120);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
    await put({ text: 'next' });
    await pass(59);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
    await pass(2);
    expect(objects().filter((name) => name.endsWith('.parquet'))).toHaveLength(2);
  });

  test('nothing is left to happen when nothing waits', async () => {
    deliveryStream();
    await put({ text: 'a' });
    await pass(65);
    expect(world.account.clock.nextAt()).toBeUndefined();
  });

  test.each([
    ['SizeInMBs', { SizeInMBs: 63 }],
    ['IntervalInSeconds', { IntervalInSeconds: 901 }],
    ['RoleSession', { RoleSession: 'x' }],
  ])('a buffer that Firehose would not take, or that is not modelled, is refused: %s', (name, hints) => {
    expect(() => deliveryStream({ hints })).toThrow(name);
  });

  test('a stopped delivery takes records and delivers none', async () => {
    deliveryStream();
    await put({ text: 'before' });
    world.account.service<FirehoseService>('firehose').stop('delivery');
    await put({ text: 'after' });
    await pass(3600);
    expect(objects()).toEqual([]);
  });
});

test('the prefix has the day of the oldest record, in UTC (s3-prefixes); the name says stream and time (s3-object-name)', async () => {
  deliveryStream();
  await put({ text: 'before midnight' });
  await pass(31);
  await put({ text: 'after midnight' });
  await pass(60);
  expect(objects().filter((name) => name.endsWith('.parquet'))).toEqual([
    expect.stringMatching(/^rows\/dt=2026-03-01\/delivery-1-2026-03-02-00-00-\d\d-\w+\.parquet$/),
  ]);
});

describe('format conversion (record-format-conversion)', () => {
  test('columns are the table’s: what is absent is null, what is more is left out', async () => {
    deliveryStream();
    await put(
      { text: 'all', number: 1.5, whole: 7, flag: true, at: '2026-03-01 12:00:00.250', more: 1 },
      { text: 'none' },
    );
    await pass(61);
    expect(await rows()).toEqual([
      ['all', '1.5', '7', 'true', '2026-03-01 12:00:00.25'],
      ['none', null, null, null, null],
    ]);
  });

  test('objects may follow each other, with or without space, and hold braces in texts', async () => {
    deliveryStream();
    await put('{"text":"a"}{"text":"b}{\\"c"}\n{"text":"d"}\n');
    await pass(61);
    expect((await rows()).map(([text]) => text)).toEqual(['a', 'b}{"c', 'd']);
  });

  test.each([
    ['no JSON', 'not JSON'],
    ['half an object', '{"text":"a"}{"text":'],
    ['a text for a number', '{"number":"many"}'],
    ['a time of another form', '{"at":"2026-03-01T12:00:00Z"}'],
  ])('%s goes to the error prefix with its bytes; its neighbours are delivered', async (_what, bad) => {
    deliveryStream();
    await put({ text: 'good' }, bad);
    await pass(61);
    expect((await rows()).map(([text]) => text)).toEqual(['good']);
    expect(failed()).toEqual({ 'format-conversion-failed/dt=2026-03-01': [bad] });
  });
});

describe('what is not let through', () => {
  test.each(['s3:PutObject', 'glue:GetTableVersions'])(
    'without %s is tried again until it is (retry)',
    async (action) => {
      deliveryStream();
      world.account.denied.add(action);
      await put({ text: 'a' });
      await pass(3600);
      expect(objects()).toEqual([]);
      world.account.denied.delete(action);
      await pass(31);
      expect(await rows()).toHaveLength(1);
    },
  );

  test('is given up after 24 hours, which the log says (retry)', async () => {
    deliveryStream();
    world.account.denied.add('s3:PutObject');
    await put({ text: 'a' });
    await pass(24 * 3600 + 120);
    expect(world.account.events.filter((event) => event.what === 'gave up')).toHaveLength(1);
    world.account.denied.clear();
    await pass(3600);
    expect(objects()).toEqual([]);
  });

  test('a stream that it may not read is not read; whoever puts records does not notice', async () => {
    const stream = `arn:aws:kinesis:${world.account.region}:${world.account.accountId}:stream/readings-in`;
    deliveryStream({ stream });
    world.account.denied.add('kinesis:GetRecords');
    const record = { StreamName: 'readings-in', PartitionKey: 'a', Data: Buffer.from('{}') };
    await world.account.done(world.account.call(operator, 'kinesis', 'PutRecord', record));
    await pass(65);
    expect(objects()).toEqual([]);
  });
});

describe('PutRecordBatch (API_PutRecordBatch)', () => {
  test('answers with an id for each record', async () => {
    deliveryStream();
    const { FailedPutCount, RequestResponses } = await put({ text: 'a' }, { text: 'b' });
    expect(FailedPutCount).toBe(0);
    expect(new Set(RequestResponses.map(({ RecordId }: { RecordId: string }) => RecordId)).size).toBe(2);
  });

  test.each([
    ['no record', []],
    ['501 records', Array(501).fill('{}')],
    ['a record over 1,000 KiB', ['x'.repeat(1000 * 1024 + 1)]],
    ['more than 4 MiB', Array(5).fill('x'.repeat(900 * 1024))],
  ])('refuses %s', async (_what, records) => {
    deliveryStream();
    await expect(put(...records)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  test('refuses an option that is not modelled, by name', async () => {
    deliveryStream();
    const input = { DeliveryStreamName: 'delivery', Records: [{ Data: Buffer.from('{}') }], Priority: 1 };
    await expect(
      world.account.done(world.account.call(operator, 'firehose', 'PutRecordBatch', input)),
    ).rejects.toThrow('Priority');
  });

  test('takes 500 records', async () => {
    deliveryStream();
    await put(...Array(500).fill('{}'));
    await pass(61);
    expect(await rows()).toHaveLength(500);
  });

  test('refuses a stream that is not there', async () => {
    await expect(put({ text: 'a' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
