/** Conformance with https://docs.aws.amazon.com/sns/latest/ (pages named by each test). */
import { beforeEach, expect, test } from 'vitest';
import type { Payload } from '../../infra/local/service.ts';
import { type SnsService, sns } from '../../infra/local/services/sns.ts';
import { type FakeAccount, fakeAccount, operator } from './fake-account.ts';

let account: FakeAccount;
let service: SnsService;
let TopicArn: string;

beforeEach(async () => {
  account = fakeAccount();
  service = account.add(sns);
  TopicArn = (await call('CreateTopic', { Name: 'nurse' })).TopicArn;
});

const call = (operation: string, input: Payload) =>
  account.done(account.call(operator, 'sns', operation, input));
const run = (seconds: number) => account.clock.run(account.clock.now() + seconds * 1000);
const publish = (more: Payload = {}) =>
  call('Publish', { TopicArn, Message: 'text', Subject: 'subject', ...more });

async function subscribed(Endpoint = 'nurse@example.org') {
  await call('Subscribe', { TopicArn, Protocol: 'email', Endpoint });
  await run(10);
  const token = /Token=(\w+)/.exec(service.mailbox.at(-1)?.text ?? '')?.[1] ?? '';
  return () => service.confirm(token);
}

const subscriptions = async () => (await call('ListSubscriptionsByTopic', { TopicArn })).Subscriptions;

test('API_CreateTopic: the same name gives the same topic; a name of other characters is refused', async () => {
  expect((await call('CreateTopic', { Name: 'nurse' })).TopicArn).toBe(TopicArn);
  await expect(call('CreateTopic', { Name: 'no spaces' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('API_Subscribe: a mail asks for confirmation; until then the ARN reads PendingConfirmation and nothing is delivered', async () => {
  const confirm = await subscribed();
  expect((await subscriptions())[0].SubscriptionArn).toBe('PendingConfirmation');
  await publish();
  await run(10);
  expect(service.mailbox.filter((mail) => mail.subject === 'subject')).toEqual([]);
  expect(confirm()).toBe(true);
  expect((await subscriptions())[0].SubscriptionArn).toMatch(/^arn:aws:sns:/);
  await publish();
  await run(10);
  expect(service.mailbox.at(-1)).toMatchObject({ to: 'nurse@example.org', subject: 'subject', text: 'text' });
});

test('API_Unsubscribe: nothing is delivered any more, and publishing still succeeds', async () => {
  (await subscribed())();
  await call('Unsubscribe', { SubscriptionArn: (await subscriptions())[0].SubscriptionArn });
  const before = service.mailbox.length;
  expect(await publish()).toHaveProperty('MessageId');
  await run(10);
  expect(service.mailbox.length).toBe(before);
});

test.each([
  ['a subject over 100 characters', { Subject: 'x'.repeat(101) }, 'InvalidParameterException'],
  ['a subject that is not ASCII', { Subject: 'Blutdruck für Sie' }, 'InvalidParameterException'],
  ['a subject of two lines', { Subject: 'a\nb' }, 'InvalidParameterException'],
  ['a message over 256 KiB', { Message: 'x'.repeat(300_000) }, 'InvalidParameterException'],
  ['no message', { Message: '' }, 'InvalidParameterException'],
  ['a topic that is not there', { TopicArn: 'arn:aws:sns:eu-west-2:111122223333:none' }, 'NotFoundException'],
])('API_Publish: %s is refused', async (_what, more, name) => {
  await expect(publish(more)).rejects.toMatchObject({ name });
});

test('general/latest/gr/sns: ten mails a second and subscription, no more', async () => {
  (await subscribed())();
  const all = Promise.all(
    Array.from({ length: 12 }, () => account.call(operator, 'sns', 'Publish', { TopicArn, Message: 'text' })),
  );
  await account.done(all);
  await run(10);
  expect(service.mailbox.filter((mail) => mail.text === 'text')).toHaveLength(10);
});

test('a topic with a property that is not modelled is refused', () => {
  expect(() => account.create('AWS::SNS::Topic', 'T', { TopicName: 't', FifoTopic: true })).toThrow(
    'FifoTopic',
  );
});
