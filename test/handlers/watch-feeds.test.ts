import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { logger, metrics } from '../../handlers/aws/logger.ts';
import { handler } from '../../handlers/watch-feeds.ts';
import { Items } from '../items.ts';
import { aRoster } from './on-call/builders.ts';

// biome-ignore lint/suspicious/noExplicitAny: command inputs have every shape
type Any = any;

const noon = Date.parse('2026-11-24T12:00:00.000Z');
const minutesAgo = (minutes: number) => new Date(noon - minutes * 60_000).toISOString();
const roster = aRoster({
  wards: [
    { id: 'ward-001', name: 'Heron' },
    { id: 'ward-002', name: 'Kingfisher', silentAfterMinutes: 240 },
  ],
  devices: [
    { id: 'bp-1', ward: 'ward-001', bed: '1' },
    { id: 'bp-2', ward: 'ward-002', bed: '1' },
  ],
});

let items: Items;
let mails: { Subject: string; Message: string }[];
let fault: (call: string) => Error | undefined;
let counted: [string, number][];
let tests = 0;

const operations: Record<string, (input: Any) => unknown> = {
  GetObject: () => ({ Body: { transformToString: async () => JSON.stringify(roster) } }),
  Get: (input) => items.read(input),
  // The other updates are of turns at the operations' address: it is always theirs.
  Update: ({ Key, ExpressionAttributeValues: values }) =>
    Key.pk.startsWith('FEED#')
      ? void items.set(Key.pk, { ...items.get(Key.pk), pk: Key.pk, toldAt: values[':now'] })
      : { Attributes: { routine: values[':next'] } },
  ListSubscriptionsByTopic: () => ({ Subscriptions: [{ SubscriptionArn: 'arn:confirmed' }] }),
  Publish: (input) => ({ MessageId: `message-${mails.push(input)}` }),
};

beforeEach(() => {
  items = new Items();
  mails = [];
  counted = [];
  fault = () => undefined;
  vi.useFakeTimers({ now: noon, toFake: ['Date'] });
  vi.stubEnv('TABLE_NAME', 'vigil-demo');
  vi.stubEnv('ROSTER_BUCKET', `roster-${++tests}`);
  vi.stubEnv('OPERATIONS_TOPIC_ARN', 'arn:operations');
  vi.stubEnv('OPERATIONS_EMAIL', 'operations@example.org');
  vi.stubEnv('WEBHOOK_SECRET_ARN', '');
  vi.stubEnv('STAGE', 'demo');
  for (const client of [DynamoDBDocumentClient, S3Client, SNSClient])
    vi.spyOn(client.prototype, 'send').mockImplementation((async (command: Any) => {
      const operation = command.constructor.name.replace('Command', '');
      const error = fault(`${operation} ${command.input.Key?.pk ?? ''}`.trim());
      if (error) throw error;
      return operations[operation]?.(command.input);
    }) as never);
  for (const method of ['info', 'error'] as const) vi.spyOn(logger, method).mockImplementation(() => {});
  vi.spyOn(metrics, 'addMetric').mockImplementation(((name: string, _unit: string, value: number) =>
    counted.push([name, value])) as never);
  vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation((() => {}) as never);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const heard = (ward: string, minutes: number) =>
  items.set(`FEED#${ward}`, { pk: `FEED#${ward}`, heardAt: minutesAgo(minutes) });

test('wards that are heard: none is silent, and that is said, since silence of the watcher is bad news', async () => {
  heard('ward-001', 90);
  heard('ward-002', 240);
  expect(await handler()).toEqual({ watched: 2, silent: 0 });
  expect(counted).toEqual([['WardsSilent', 0]]);
  expect(mails).toEqual([]);
  expect(metrics.publishStoredMetrics).toHaveBeenCalledOnce();
});

test('one ward has been silent for longer than its roster allows: the operations are told once, the alarm stays on', async () => {
  heard('ward-001', 91);
  heard('ward-002', 91);
  await handler();
  await handler();
  expect(counted).toEqual([
    ['WardsSilent', 1],
    ['WardsSilent', 1],
  ]);
  expect(mails.map(({ Subject }) => Subject)).toEqual(['Vigil has no readings from ward ward-001']);
  expect(mails[0]?.Message).toContain('- ward-001: last reading Tue 24 Nov 10:29 (Europe/London)');
});

test('it speaks and falls silent again: that is another silence', async () => {
  heard('ward-001', 91);
  heard('ward-002', 1);
  await handler();
  vi.setSystemTime(noon + 300 * 60_000);
  heard('ward-001', -100);
  await handler();
  expect(mails).toHaveLength(2);
});

test('wards never heard since the deployment are silent from the first look on, in one mail', async () => {
  expect(await handler()).toEqual({ watched: 2, silent: 2 });
  expect(mails.map(({ Subject }) => Subject)).toEqual(['Vigil has no readings from 2 wards']);
  expect(mails[0]?.Message).toContain('- ward-002: no reading yet');
  await handler();
  expect(mails).toHaveLength(1);
});

test('a mail that is refused is sent by the next run, and the count is not held up', async () => {
  fault = (call) => (call === 'Publish' ? new Error('SNS is down') : undefined);
  await handler();
  expect(counted).toEqual([
    ['WardsSilent', 2],
    ['OperationsNotTold', 1],
  ]);
  fault = () => undefined;
  await handler();
  expect(mails).toHaveLength(1);
});

test('a mark that is lost tells twice', async () => {
  fault = (call) => (call.startsWith('Update FEED#') ? new Error('no answer') : undefined);
  await handler();
  fault = () => undefined;
  await handler();
  await handler();
  expect(mails).toHaveLength(2);
});

test('what cannot be read is no silence and no sound: the run fails', async () => {
  fault = (call) => (call === 'Get FEED#ward-002' ? new Error('no answer') : undefined);
  await expect(handler()).rejects.toThrow('no answer');
  expect(counted).toEqual([]);
});
