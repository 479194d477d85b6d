import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { quarantine } from '../../../handlers/aws/s3/quarantine.ts';
import type { Unreadable } from '../../../handlers/reading/parse-record.ts';
import { contentOf } from '../../../handlers/reading/redriven.ts';
import { quarantineCommand } from '../../../infra/cli/quarantine.ts';
import { seededRandom } from '../../../infra/local/engine/random.ts';
import { kinesisEntry, tableEntry } from '../../../infra/local/services/event-source-mapping/entries.ts';
import { failureObject } from '../../../infra/local/services/event-source-mapping/failure.ts';
import { LocalAws } from '../../local-aws.ts';

const shardId = 'shardId-000000000002';
const broken = '{"deviceId":"bp-7","patient":{"name":"Amara Müller"},"sys":"205/124",null ';
const arrivedAt = '2026-03-03T01:00:00.000Z';

let aws: LocalAws;
let bucket: string;
let target: string[];
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-03T08:00:00Z'), toFake: ['Date'] });
  aws = new LocalAws();
  bucket = process.env.ARCHIVE_BUCKET ?? '';
  target = ['--bucket', bucket, '--stream', process.env.STREAM_NAME ?? ''];
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** Quarantined by the consumer's own hand. */
async function keep(
  sequenceNumber: string,
  index: number,
  bytes: Uint8Array = Buffer.from(broken),
  at = arrivedAt,
  partitionKey = 'bp-7',
) {
  const unreadable: Unreadable = {
    index,
    bytes,
    reason: 'not JSON',
    refused: false,
    technical: 'unreadable',
  };
  await quarantine(bucket, unreadable, { shardId, sequenceNumber, arrivedAt: at, partitionKey });
  return `quarantine/dt=${at.slice(0, 10)}/${shardId}-${sequenceNumber}-${index}.json`;
}

/** Given up by the local account, as Lambda does it. */
function giveUp(streamArn: string, batch: ReturnType<typeof kinesisEntry>[]): string {
  const given = { mappingId: 'm-1', functionArn: 'f', streamArn, condition: 'RecordAgeExceeded' as const };
  const { Key, Body } = failureObject(
    { ...given, batch, invocations: 9, response: undefined },
    Date.parse('2026-03-03T07:00:00Z'),
    seededRandom(1, 'given up'),
  );
  aws.store(Key, Body);
  return Key;
}
const streamArn = 'arn:aws:kinesis:eu-west-2:1:stream/Bloodpressure_iot_stream';
const source = { streamArn, region: 'eu-west-2', roleArn: 'r' };
const aBatch = (...texts: string[]) =>
  giveUp(
    streamArn,
    texts.map((text, index) =>
      kinesisEntry(source, {
        shardId,
        sequenceNumber: String(90 + index),
        partitionKey: 'bp-7',
        data: Buffer.from(text),
        arrivedAt: Date.parse('2026-02-24T07:00:00Z'),
      }),
    ),
  );

const run = async (...argv: string[]) => (await quarantineCommand(argv)).text;
/** What the stream was given, in order: key, text, and when it says that it first came. */
const sentAs = () =>
  aws.done
    .filter(({ call }) => call.startsWith('PutRecord '))
    .map(({ input }) => {
      const { bytes, origin } = contentOf(input.Data, {
        shardId,
        sequenceNumber: '1',
        arrivedAt: '2026-12-31T00:00:00.000Z',
      });
      return [input.PartitionKey, Buffer.from(bytes).toString(), origin.firstArrivedAt];
    });
const sent = () => sentAs().map(([key, text]) => [key, text]);

describe('list', () => {
  test('says why, from where, when and how much, in the order of the stream', async () => {
    const second = await keep('11', 0);
    const tenth = await keep('9', 10);
    const third = await keep('9', 2);
    const batch = aBatch('one', 'two');
    const objects = JSON.parse(await run('list', '--json', ...target));
    expect(objects.map(({ key }: { key: string }) => key)).toEqual([third, tenth, second, batch]);
    expect(objects[0]).toEqual({
      key: third,
      reason: 'not JSON',
      at: arrivedAt,
      shardId,
      sequenceNumber: '9',
      index: 2,
      records: 1,
      bytes: Buffer.byteLength(broken),
      redriven: null,
    });
    expect(objects[3]).toMatchObject({
      reason: 'given up: RecordAgeExceeded',
      at: '2026-03-03T07:00:00.000Z',
      sequenceNumber: '90',
      index: null,
      records: 2,
      bytes: 6,
    });
  });

  test('in words, without a byte of any record', async () => {
    expect(await run('list', ...target)).toBe('Nothing of what is asked for is in quarantine.');
    const key = await keep('9', 0);
    expect(await run('list', ...target)).toBe(
      `     1  not JSON\n\n2026-03-03T01:00:00  waiting      1 record, ${Buffer.byteLength(broken)} bytes        not JSON\n  ${key}`,
    );
  });

  test('an object of another kind is named, and keeps nobody from the others', async () => {
    await keep('9', 0);
    aws.store('aws/lambda/m-2/odd', '{');
    const said = await run('list', ...target);
    expect(said).toMatch(
      /no readings .* neither a quarantined record nor .*\n {2}aws\/lambda\/m-2\/odd\n.*waiting/,
    );
  });
});

describe('of much, only what is wanted', () => {
  const gets = () => aws.calls.filter((call) => call.startsWith('GetObject '));
  const keysOf = (text: string) => text.split('\n').filter((line) => /^ {2}\S/.test(line));

  test('what waits, unless what was re-driven is asked for; an object is read once, and no mark of what has none', async () => {
    const [first, second] = [await keep('9', 0), await keep('10', 0)];
    await run('redrive', first, ...target);
    aws.calls.length = 0;
    expect(keysOf(await run('list', ...target))).toEqual([`  ${second}`]);
    expect(gets()).toEqual([`GetObject ${second}`]);
    expect(keysOf(await run('list', '--redriven', ...target))).toEqual([`  ${first}`]);
  });

  test('how many there are of each reason comes first', async () => {
    for (const sequenceNumber of ['9', '10']) await keep(sequenceNumber, 0);
    aBatch('one');
    expect(await run('list', ...target)).toMatch(
      /^ {5}2 {2}not JSON\n {5}1 {2}given up: RecordAgeExceeded\n\n2026-/,
    );
  });

  test('by time, reason and device; what is older is not even read', async () => {
    const older = await keep('8', 0, Buffer.from('older'), '2026-03-01T23:00:00.000Z');
    const early = await keep('9', 0, Buffer.from('early'));
    const late = await keep('10', 0, Buffer.from('late'), '2026-03-03T02:00:00.000Z', 'bp-8');
    const batch = aBatch('one');
    const listed = async (...filters: string[]) => keysOf(await run('list', ...filters, ...target));
    expect(await listed('--since', '2026-03-03T02:30:00+01:00')).toEqual([`  ${late}`, `  ${batch}`]);
    expect(gets()).not.toContain(`GetObject ${older}`);
    expect(await listed('--since', '2026-03-03')).toHaveLength(3);
    expect(await listed('--reason-has', 'JSON')).toEqual([older, early, late].map((key) => `  ${key}`));
    expect(await listed('--device', 'bp-8')).toEqual([`  ${late}`]);
    const said = ['--device', 'bp-7', '--reason-has', 'JSON', '--since', '2026-03-02'];
    await run('redrive', '--all', ...said, '--reason', 'mended', ...target);
    expect(sent()).toEqual([['bp-7', 'early']]);
    await expect(run('list', '--since', '02/03/2026', ...target)).rejects.toThrow(
      '--since 02/03/2026: neither',
    );
  });
});

describe('show', () => {
  test('has the structure of what came, and none of its values', async () => {
    const key = await keep('9', 0);
    const said = await run('show', key, ...target);
    expect(said).toContain(`shard      ${shardId}\nsequence   9\nindex      0\n`);
    expect(said).toContain('{"deviceId":"aa-9","patient":{"name":"aaaaa aaaaaa"},"sys":"999/999",null ');
    expect(said).not.toMatch(/Amara|ller|205|bp-7/);
  });

  test('has the bytes where they are asked for, and nothing that moves the cursor', async () => {
    const text = `${broken}\u001b[2J`;
    const key = await keep('9', 0, Buffer.from(text));
    expect(await run('show', key, '--bytes', ...target)).toContain(`${broken}\\u{1b}[2J`);
  });

  test('says what is no text, in base64 where the bytes are asked for', async () => {
    const key = await keep('9', 0, Buffer.from([0x1f, 0x8b, 8, 0, 255]));
    expect(await run('show', key, ...target)).toMatch(/\nno text in UTF-8; begins with the bytes 1f8b$/);
    expect(await run('show', key, '--bytes', ...target)).toMatch(/\nbase64 H4sIAP8=$/);
  });

  test('names in values that look like fields, and fields that look like values, are masked', async () => {
    const key = await keep(
      '9',
      0,
      Buffer.from('{"Amara Whitlock": 1, "p-4711": 2, "sbp": "a \\"sbp\\": 7", x"'),
    );
    expect(await run('show', key, ...target)).toContain(
      '{"aaaaa aaaaaaaa": 9, "a-9999": 9, "sbp": "a \\"aaa\\": 9", a"',
    );
  });

  test('a patient’s name in place of a field’s is masked, however it is written', async () => {
    const text =
      '{"Whitlock": 1, "amara_whitlock": 2, "Amara.systolic": 3, "nibp_sys": 4, "subject": {"p": 5}}';
    const key = await keep('9', 0, Buffer.from(text));
    expect(await run('show', key, ...target)).toContain(
      '{"aaaaaaaa": 9, "aaaaa_aaaaaaaa": 9, "aaaaa.aaaaaaaa": 9, "nibp_sys": 9, "subject": {"a": 9}}',
    );
  });

  test('the end of a key is enough, where it is the only one', async () => {
    const key = await keep('9', 0);
    await keep('19', 0);
    expect(await run('show', '002-9-0.json', ...target)).toContain(key);
    await expect(run('show', '9-0.json', ...target)).rejects.toThrow('9-0.json: 2 objects have such a key');
    await expect(run('show', 'nothing', ...target)).rejects.toThrow('nothing: no objects have such a key');
  });
});

describe('redrive', () => {
  test('of what was kept before its key was written down sends it under one of its own', async () => {
    const key = await keep('9', 0);
    const { partition_key: _key, ...older } = JSON.parse(String(aws.objects.get(key)));
    aws.store(key, JSON.stringify(older));
    await run('redrive', key, ...target);
    expect(sent()).toEqual([[`${shardId}-9`, broken]]);
  });

  test('puts the bytes into the stream as they came, once, and writes down who did, when and why', async () => {
    const key = await keep('9', 0);
    const said = await run('redrive', key, '--reason', 'the gateway is mended', ...target);
    expect(sent()).toEqual([['bp-7', broken]]);
    expect(said).toMatch(
      /^2026-03-03T08:00:00\.000Z \S+ re-drove 1 object, 1 record; 0 had been before \(the gateway is mended\)$/,
    );
    const marker = JSON.parse(String(aws.objects.get(`redriven/${key}`)));
    expect(marker).toEqual({
      at: '2026-03-03T08:00:00.000Z',
      by: expect.any(String),
      reason: 'the gateway is mended',
      records: 1,
    });

    expect(await run('redrive', key, ...target)).toContain(
      're-drove 0 objects, 0 records; 1 had been before',
    );
    expect(sent()).toHaveLength(1);
    expect(await run('list', '--redriven', ...target)).toContain('re-driven');
    expect(await run('show', key, ...target)).toMatch(
      /re-driven {2}2026-03-03T08:00:00\.000Z by \S+: the gateway is mended/,
    );
  });

  test('--all sends whatever waits, a batch under the keys that its records had', async () => {
    await keep('9', 1);
    await keep('9', 0, Buffer.from('first'));
    aBatch('one', 'two');
    expect(await run('redrive', '--all', ...target)).toContain(
      're-drove 3 objects, 4 records; 0 had been before',
    );
    expect(sent()).toEqual([
      ['bp-7', 'first'],
      ['bp-7', broken],
      ['bp-7', 'one'],
      ['bp-7', 'two'],
    ]);
    await run('redrive', '--all', ...target);
    expect(sent()).toHaveLength(4);
  });

  test('each record says when it first came, also when it is sent a second time', async () => {
    const key = await keep('9', 0);
    aBatch('one');
    await run('redrive', '--all', ...target);
    const batchArrivedAt = '2026-02-24T07:00:00.000Z';
    expect(sentAs()).toEqual([
      ['bp-7', broken, arrivedAt],
      ['bp-7', 'one', batchArrivedAt],
    ]);
    const [{ input } = { input: {} }] = aws.done.filter(({ call }) => call.startsWith('PutRecord '));
    await keep('30', 0, input.Data, '2026-03-03T09:00:00.000Z');
    await run('redrive', '--all', ...target);
    expect(sentAs().at(-1)).toEqual(['bp-7', broken, arrivedAt]);
    expect(aws.objects.has(`redriven/${key}`)).toBe(true);
  });

  test('what the table’s stream gave up holds no readings, and is sent nowhere', async () => {
    const change = { sequenceNumber: '5', at: 0, eventName: 'INSERT', keys: {}, newImage: {} };
    const key = giveUp('arn:aws:dynamodb:eu-west-2:1:table/vigil/stream/x', [
      tableEntry(source, change as never),
    ]);
    expect(await run('redrive', '--all', ...target)).toContain('re-drove 0 objects, 0 records');
    expect(await run('list', ...target)).toMatch(/no readings .*given up: RecordAgeExceeded/);
    expect(aws.objects.has(`redriven/${key}`)).toBe(false);
  });

  test('one that the stream does not take keeps nobody from the others, and may be sent again', async () => {
    const key = await keep('9', 0);
    await keep('10', 0);
    let calls = 0;
    aws.before = (call) =>
      call.startsWith('PutRecord ') && ++calls === 1
        ? Object.assign(new Error(), { name: 'Throttled' })
        : undefined;
    const { text, hasFailed } = await quarantineCommand(['redrive', '--all', ...target]);
    expect([hasFailed, text.split('\n')[0]]).toEqual([true, `${key}: not re-driven (Throttled)`]);
    expect(text).toContain('re-drove 1 object, 1 record');
    expect(await run('redrive', '--all', ...target)).toContain(
      're-drove 1 object, 1 record; 1 had been before',
    );
  });

  test('a crash between the stream and the marker sends it twice at the most', async () => {
    await keep('9', 0);
    aws.before = (call) => (call.startsWith('PutObject redriven/') ? new Error('gone') : undefined);
    await quarantineCommand(['redrive', '--all', ...target]);
    aws.before = () => undefined;
    await run('redrive', '--all', ...target);
    await run('redrive', '--all', ...target);
    expect(sent()).toEqual([
      ['bp-7', broken],
      ['bp-7', broken],
    ]);
  });
});

test.each([
  [['list']],
  [['list', 'KEY', '--bucket', 'b']],
  [['show', '--bucket', 'b']],
  [['show', '--all', '--bucket', 'b']],
  [['redrive', 'KEY', '--bucket', 'b']],
  [['redrive', '--bucket', 'b', '--stream', 's']],
  [['redrive', 'KEY', '--all', '--bucket', 'b', '--stream', 's']],
  [['list', '--reason', 'not JSON', '--bucket', 'b']],
  [['show', 'KEY', '--device', 'bp-7', '--bucket', 'b']],
  [['redrive', 'KEY', '--since', '2026-03-03', '--bucket', 'b', '--stream', 's']],
  [['redrive', '--all', '--redriven', '--bucket', 'b', '--stream', 's']],
  [['forget', 'KEY', '--bucket', 'b']],
])('%j is answered with the usage', async (argv) => {
  await expect(quarantineCommand(argv)).rejects.toThrow(/^Usage: npm run quarantine/);
});
