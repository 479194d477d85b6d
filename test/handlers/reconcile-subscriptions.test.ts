import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Roster } from '../../handlers/on-call/roster.ts';
import { handler } from '../../handlers/reconcile-subscriptions.ts';
import { logger } from '../../handlers/runtime/logger.ts';
import { aRoster } from './on-call/builders.ts';

// biome-ignore lint/suspicious/noExplicitAny: command inputs have every shape
type Any = any;
type Subscription = { SubscriptionArn: string; Endpoint: string; Protocol?: string };

const prefix = 'arn:aws:sns:eu-west-2:111122223333:vigil-demo-clinician-';
const operationsTopic = 'arn:aws:sns:eu-west-2:111122223333:vigil-demo-operations';
const alarms = 'arn:aws:sns:eu-west-2:111122223333:vigil-demo-alarms';
const reports = 'arn:aws:sns:eu-west-2:111122223333:vigil-demo-reports';
let topics: Map<string, Subscription[]>;
let askedAt: Map<string, number>;
let calls: string[];
let sent: { input: Any }[];
let roster: Roster;
let fault: (call: string) => Error | undefined;
let tests = 0;

const operations: Record<string, (input: Any) => unknown> = {
  GetObject: () => ({ Body: { transformToString: async () => JSON.stringify(roster) } }),
  CreateTopic: ({ Name, Attributes }) => {
    expect(Attributes).toEqual({ KmsMasterKeyId: 'arn:key' });
    const TopicArn = `arn:aws:sns:eu-west-2:111122223333:${Name}`;
    if (!topics.has(TopicArn)) topics.set(TopicArn, []);
    return { TopicArn };
  },
  // One subscription a page, to be turned.
  ListSubscriptionsByTopic: ({ TopicArn, NextToken = '0' }) => {
    const all = topics.get(TopicArn) ?? [];
    const next = Number(NextToken) + 1;
    return { Subscriptions: all.slice(next - 1, next), ...(next < all.length && { NextToken: `${next}` }) };
  },
  Subscribe: ({ TopicArn, Endpoint, Protocol }) => {
    const all = topics.get(TopicArn) ?? [];
    if (!all.some((one) => one.Endpoint === Endpoint && one.SubscriptionArn !== 'Deleted'))
      all.push({
        SubscriptionArn: Protocol === 'sms' ? `${TopicArn}:sms` : 'PendingConfirmation',
        Endpoint,
        Protocol,
      });
  },
  Get: () => ({}),
  Put: () => ({}),
  CheckIfPhoneNumberIsOptedOut: () => ({ isOptedOut: false }),
  GetSubscriptionAttributes: () => ({ Attributes: { ConfirmationWasAuthenticated: 'true' } }),
  Publish: () => ({ MessageId: 'm-1' }),
  // Who was asked when: the condition holds unless that was too short a while ago.
  Update: ({ Key, ExpressionAttributeValues: values }) => {
    if (!(':before' in values)) return { Attributes: {} };
    const before = askedAt.get(Key.pk);
    if (before !== undefined && before > values[':before'])
      throw new ConditionalCheckFailedException({ message: 'asked already', $metadata: {} });
    askedAt.set(Key.pk, values[':now']);
    return { Attributes: { renewedAt: values[':now'] } };
  },
  Unsubscribe: ({ SubscriptionArn }) => {
    for (const [arn, all] of topics)
      topics.set(
        arn,
        all.filter((one) => one.SubscriptionArn !== SubscriptionArn),
      );
  },
};

beforeEach(() => {
  topics = new Map([
    [reports, []],
    [operationsTopic, [{ SubscriptionArn: `${operationsTopic}:1`, Endpoint: 'operations@example.org' }]],
    [alarms, [{ SubscriptionArn: `${alarms}:1`, Endpoint: 'operations@example.org' }]],
  ]);
  askedAt = new Map();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-24T03:00:00Z') });
  vi.stubEnv('TABLE_NAME', 'vigil-test');
  vi.stubEnv('OPERATIONS_TOPIC_ARN', operationsTopic);
  vi.stubEnv('ALARMS_TOPIC_ARN', alarms);
  vi.stubEnv('OPERATIONS_EMAIL', 'operations@example.org');
  vi.stubEnv('WEBHOOK_SECRET_ARN', '');
  vi.stubEnv('WEBHOOK_FORMAT', 'vigil');
  vi.stubEnv('STAGE', 'test');
  calls = [];
  sent = [];
  roster = aRoster();
  fault = () => undefined;
  vi.stubEnv('ROSTER_BUCKET', `roster-${++tests}`);
  vi.stubEnv('CLINICIAN_TOPIC_ARN_PREFIX', prefix);
  vi.stubEnv('CLINICIAN_TOPIC_KEY_ARN', 'arn:key');
  vi.stubEnv('REPORTS_TOPIC_ARN', reports);
  const answer = async (command: { constructor: { name: string }; input: Any }) => {
    const { input } = command;
    const operation = command.constructor.name.replace('Command', '');
    const call = `${operation} ${input.Key?.pk ?? input.Endpoint ?? input.SubscriptionArn ?? input.Name ?? input.TopicArn}`;
    calls.push(call);
    sent.push({ input });
    const error = fault(call);
    if (error) throw error;
    return operations[operation]?.(input);
  };
  for (const client of [SNSClient, S3Client, DynamoDBDocumentClient]) {
    vi.spyOn(client.prototype, 'send').mockImplementation(answer as never);
  }
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const made = (operation: string) => calls.filter((call) => call.startsWith(`${operation} `));
const addressesOf = (id: string) => topics.get(`${prefix}${id}`)?.map(({ Endpoint }) => Endpoint);

test('every clinician who is paged gets a topic and a subscription to confirm', async () => {
  await handler();
  const clinicians = [...topics.keys()].filter((arn) => arn.startsWith(prefix));
  expect(clinicians.map((arn) => arn.slice(prefix.length)).toSorted()).toEqual([
    'doctor-1',
    'lead-1',
    'nurse-1',
    'nurse-2',
  ]);
  expect(addressesOf('nurse-1')).toEqual(['nurse-1@example.org']);
});

test('the report goes to those who do quality, and to no others', async () => {
  topics.set(reports, [{ SubscriptionArn: `${reports}:1`, Endpoint: 'nurse-1@example.org' }]);
  await handler();
  expect(topics.get(reports)?.map(({ Endpoint }) => Endpoint)).toEqual(['quality-1@example.org']);
});

test('the next run changes nothing where the mail was confirmed, and asks those again who have not', async () => {
  await handler();
  for (const [arn, [subscription]] of topics)
    if (subscription && !arn.endsWith('nurse-1')) subscription.SubscriptionArn = `${arn}:1`;
  calls = [];
  await handler();
  expect([...made('Subscribe'), ...made('Unsubscribe')]).toEqual(['Subscribe nurse-1@example.org']);
  calls = [];
  vi.setSystemTime('2026-11-24T04:00:00Z');
  await handler();
  // Not each hour: that would be taken for a nuisance.
  expect(made('Subscribe')).toEqual([]);
});

test.each([operationsTopic, alarms])(
  'operations who cannot be reached any more are asked each hour: %s',
  async (topic) => {
    topics.set(topic, [{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'operations@example.org' }]);
    await handler();
    expect(made('Subscribe')).toContain('Subscribe operations@example.org');
    expect(JSON.stringify(vi.mocked(logger.error).mock.calls)).toContain('operations-not-subscribed');
    calls = [];
    vi.setSystemTime('2026-11-24T04:00:00Z');
    await handler();
    expect(made('Subscribe')).toContain('Subscribe operations@example.org');
  },
);

test('somebody whom the operations have added to their topic stays there', async () => {
  topics
    .get(operationsTopic)
    ?.push({ SubscriptionArn: `${operationsTopic}:2`, Endpoint: 'second@example.org' });
  await handler();
  expect(made('Unsubscribe')).toEqual([]);
});

test('a former address is removed when it had confirmed; a pending one cannot be', async () => {
  topics.set(`${prefix}nurse-1`, [
    { SubscriptionArn: 'PendingConfirmation', Endpoint: 'mistyped@example.org' },
    { SubscriptionArn: `${prefix}nurse-1:1`, Endpoint: 'former@example.org' },
    { SubscriptionArn: `${prefix}nurse-1:2`, Endpoint: 'nurse-1@example.org' },
  ]);
  await handler();
  expect(made('Unsubscribe')).toEqual([`Unsubscribe ${prefix}nurse-1:1`]);
  expect(addressesOf('nurse-1')).toEqual(['mistyped@example.org', 'nurse-1@example.org']);
});

test('who ended the own subscription is asked again', async () => {
  topics.set(`${prefix}nurse-1`, [{ SubscriptionArn: 'Deleted', Endpoint: 'nurse-1@example.org' }]);
  await handler();
  expect(made('Subscribe')).toContain('Subscribe nurse-1@example.org');
});

describe('a telephone of the roster', () => {
  const phone = '+447700900123';
  const reachedBy = (...[changed]: [string?]) => {
    const clinicians = aRoster().clinicians.map((one) =>
      one.id === 'nurse-1' && changed ? { ...one, phone: changed } : one,
    );
    roster = aRoster({ clinicians });
    // A roster is remembered for a while by its bucket.
    vi.stubEnv('ROSTER_BUCKET', `roster-${++tests}`);
    calls = [];
    return handler();
  };

  test('is subscribed beside the mail, once, and only to texts for telephones', async () => {
    await reachedBy(phone);
    expect(addressesOf('nurse-1')).toEqual(['nurse-1@example.org', phone]);
    const { input } = sent.find((one) => one.input.Protocol === 'sms') ?? {};
    expect(JSON.parse(input.Attributes.FilterPolicy)).toEqual({ sms: ['yes'] });
    await reachedBy(phone);
    expect(made('Subscribe')).not.toContain(`Subscribe ${phone}`);
  });

  test('that is changed or taken away is unsubscribed, and the mail stays', async () => {
    await reachedBy(phone);
    await reachedBy('+447700900124');
    expect(made('Unsubscribe')).toEqual([`Unsubscribe ${prefix}nurse-1:sms`]);
    expect(addressesOf('nurse-1')).toEqual(['nurse-1@example.org', '+447700900124']);
    await reachedBy();
    expect(addressesOf('nurse-1')).toEqual(['nurse-1@example.org']);
  });

  test('that SNS does not take keeps nobody from a mail, and fails no run', async () => {
    fault = (call) => (call === `Subscribe ${phone}` ? new Error('opted out') : undefined);
    await reachedBy(phone);
    expect(addressesOf('nurse-1')).toEqual(['nurse-1@example.org']);
    expect(made('Put').length).toBeGreaterThan(0);
  });

  test('stands in no log', async () => {
    fault = (call) => (call === `Subscribe ${phone}` ? new Error(phone) : undefined);
    await reachedBy(phone);
    for (const level of ['info', 'warn', 'error'] as const)
      expect(JSON.stringify(vi.mocked(logger[level]).mock.calls)).not.toContain('77009');
  });
});

test("one clinician's failure keeps no other from a subscription, and fails the run", async () => {
  fault = (call) => (call === 'CreateTopic vigil-demo-clinician-nurse-1' ? new Error('refused') : undefined);
  await expect(handler()).rejects.toThrow('1 topic(s)');
  expect(made('Subscribe')).toHaveLength(4);
});

test('the log has ids, and no names or addresses', async () => {
  await handler();
  const logged = JSON.stringify(vi.mocked(logger.info).mock.calls);
  expect(logged).toContain('nurse-1');
  expect(logged).not.toMatch(/@|Whitlock/);
});
