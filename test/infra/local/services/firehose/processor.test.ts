/** Firehose with a function that transforms its records; each group cites its page. */
import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../../../infra/local/engine/aws-error.ts';
import { operator } from '../../fake-account.ts';
import { deliveryStream, failed, pass, put, rows, startAt, world } from './firehose.ts';

describe('a processor (data-transformation)', () => {
  test('gets the records with where they come from, and says what is delivered, dropped and failed', async () => {
    const stream = `arn:aws:kinesis:${world.account.region}:${world.account.accountId}:stream/readings-in`;
    deliveryStream({ processor: {}, stream });
    const said: Record<string, string> = { keep: 'Ok', drop: 'Dropped', fail: 'ProcessingFailed' };
    world.processor = ({ data }) => {
      const text = Buffer.from(data, 'base64').toString();
      return {
        result: said[text] as string,
        data: Buffer.from(JSON.stringify({ text: `${text}, processed` })).toString('base64'),
      };
    };
    for (const text of Object.keys(said)) {
      const record = { StreamName: 'readings-in', PartitionKey: text, Data: Buffer.from(text) };
      await world.account.done(world.account.call(operator, 'kinesis', 'PutRecord', record));
    }
    await pass(65);
    expect((await rows()).map(([text]) => text)).toEqual(['keep, processed']);
    expect(failed()).toEqual({ 'processing-failed/dt=2026-03-01': ['fail'] });
    const [{ records }] = world.invocations;
    expect(records[0].kinesisRecordMetadata).toMatchObject({
      partitionKey: 'keep',
      shardId: expect.stringMatching(/^shardId-/),
      sequenceNumber: expect.stringMatching(/^\d+$/),
      approximateArrivalTimestamp: expect.closeTo(Date.parse(startAt), -2),
    });
  });

  test.each([
    [{}, 700],
    [{ BufferSizeInMBs: '0.2' }, 140],
  ])('is given a MiB at a time, or as much as it is told (%o)', async (parameters, kibibytes) => {
    deliveryStream({ processor: parameters });
    const large = { text: 'x'.repeat(kibibytes * 1024) };
    for (let count = 0; count < 4; count++) await put(large);
    await pass(65);
    expect(world.invocations.map(({ records }) => records.length)).toEqual([2, 2]);
  });

  test.each(['0.1', '3.5', 'much'])('that Firehose would not take is refused: a buffer of %s', (size) => {
    expect(() => deliveryStream({ processor: { BufferSizeInMBs: size } })).toThrow('must be 0.2 to 3');
  });

  test.each([
    [{}, 4],
    [{ NumberOfRetries: '6' }, 7],
  ])('that fails is tried again (%o); after that its records have failed', async (parameters, attempts) => {
    deliveryStream({ processor: parameters });
    let calls = 0;
    world.processor = () => {
      calls++;
      throw new AwsError('TooManyRequestsException', 'Rate exceeded');
    };
    await put({ text: 'a' });
    await pass(90);
    expect(calls).toBe(attempts);
    expect(failed()).toEqual({ 'processing-failed/dt=2026-03-01': ['{"text":"a"}'] });
  });

  test.each([
    ['no answer for the record', { recordId: 'another', result: 'Ok', data: '' }],
    ['Ok without data', { result: 'Ok' }],
    ['a result of another name', { result: 'Done', data: '' }],
  ])('that gives %s has failed the record', async (_what, answer) => {
    deliveryStream({ processor: {} });
    world.processor = () => answer as { result: string };
    await put({ text: 'a' });
    await pass(90);
    expect(failed()).toEqual({ 'processing-failed/dt=2026-03-01': ['{"text":"a"}'] });
  });

  test('that answers nothing at all, or may not be invoked, has failed every record', async () => {
    deliveryStream({ processor: {} });
    world.answersNothing = true;
    await put({ text: 'a' });
    await pass(65);
    world.account.denied.add('lambda:InvokeFunction');
    await put({ text: 'b' });
    await pass(90);
    expect(Object.values(failed()).flat().sort()).toEqual(['{"text":"a"}', '{"text":"b"}']);
    expect(world.account.asked).toContainEqual({ action: 'lambda:InvokeFunction', resource: 'arn:function' });
  });

  test('whose output is no row fails in the conversion, with the bytes that it gave', async () => {
    deliveryStream({ processor: {} });
    world.processor = () => ({ result: 'Ok', data: Buffer.from('not JSON').toString('base64') });
    await put({ text: 'a' });
    await pass(65);
    expect(failed()).toEqual({ 'format-conversion-failed/dt=2026-03-01': ['not JSON'] });
  });

  test('that recovers in time loses nothing', async () => {
    deliveryStream({ processor: {} });
    const working = world.processor;
    world.processor = () => {
      world.processor = working;
      throw new Error('once');
    };
    await put({ text: 'a' });
    await pass(90);
    expect(await rows()).toHaveLength(1);
  });
});
