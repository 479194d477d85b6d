/** Conformance with https://docs.aws.amazon.com/sns/latest/ (pages named by each test). */
import { beforeEach, expect, test } from 'vitest';
import type { Payload } from '../../../../infra/local/engine/service.ts';
import { type SnsService, sns } from '../../../../infra/local/services/sns/service.ts';
import { type FakeAccount, fakeAccount, operator } from '../fake-account.ts';

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
  const asked = { TopicArn, Token: token, AuthenticateOnUnsubscribe: 'true' };
  return () =>
    call('ConfirmSubscription', asked).then(
      () => true,
      () => false,
    );
}

const subscriptions = async () => (await call('ListSubscriptionsByTopic', { TopicArn })).Subscriptions;

test('API_CreateTopic: the same name gives the same topic; a name of other characters is refused', async () => {
  expect((await call('CreateTopic', { Name: 'nurse' })).TopicArn).toBe(TopicArn);
  await expect(call('CreateTopic', { Name: 'no spaces' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('API_CreateTopic: the same name with another key is refused, without any it is the topic that is there', async () => {
  const encrypted = (KmsMasterKeyId: string) =>
    call('CreateTopic', { Name: 'doctor', Attributes: { KmsMasterKeyId } });
  const { TopicArn: doctor } = await encrypted('key-1');
  expect((await encrypted('key-1')).TopicArn).toBe(doctor);
  expect((await call('CreateTopic', { Name: 'doctor' })).TopicArn).toBe(doctor);
  await expect(encrypted('key-2')).rejects.toThrow('Topic already exists with different attributes');
});

test('API_Subscribe: a mail asks for confirmation; until then the ARN reads PendingConfirmation and nothing is delivered', async () => {
  const confirm = await subscribed();
  expect((await subscriptions())[0].SubscriptionArn).toBe('PendingConfirmation');
  await publish();
  await run(10);
  expect(service.mailbox.filter((mail) => mail.subject === 'subject')).toEqual([]);
  expect(await confirm()).toBe(true);
  expect((await subscriptions())[0].SubscriptionArn).toMatch(/^arn:aws:sns:/);
  await publish();
  await run(10);
  expect(service.mailbox.at(-1)).toMatchObject({ to: 'nurse@example.org', subject: 'subject', text: 'text' });
});

test('API_Unsubscribe: nothing is delivered any more, and publishing still succeeds', async () => {
  await (await subscribed())();
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
  ['a subject that begins with a space', { Subject: ' a' }, 'InvalidParameterException'],
  ['a message over 256 KiB', { Message: 'x'.repeat(300_000) }, 'InvalidParameterException'],
  ['no message', { Message: '' }, 'InvalidParameterException'],
  ['a topic that is not there', { TopicArn: 'arn:aws:sns:eu-west-2:111122223333:none' }, 'NotFoundException'],
])('API_Publish: %s is refused', async (_what, more, name) => {
  await expect(publish(more)).rejects.toMatchObject({ name });
});

test('API_GetSubscriptionAttributes: whether it was confirmed with credentials; of none that is there, an error', async () => {
  const attributesOf = async (SubscriptionArn: string) =>
    (await call('GetSubscriptionAttributes', { SubscriptionArn })).Attributes;
  await (await subscribed())();
  const [{ SubscriptionArn }] = await subscriptions();
  const confirmed = { PendingConfirmation: 'false' };
  expect(await attributesOf(SubscriptionArn)).toEqual({ ...confirmed, ConfirmationWasAuthenticated: 'true' });
  await subscribed('second@example.org');
  const Token = /Token=(\w+)/.exec(service.mailbox.at(-1)?.text ?? '')?.[1];
  const { SubscriptionArn: second } = await call('ConfirmSubscription', { TopicArn, Token });
  expect(await attributesOf(second)).toEqual({ ...confirmed, ConfirmationWasAuthenticated: 'false' });
  await expect(attributesOf(`${TopicArn}:none`)).rejects.toThrow('does not exist');
});

const flood = (mails: number) =>
  account.done(
    Promise.all(
      Array.from({ length: mails }, () =>
        account.call(operator, 'sns', 'Publish', { TopicArn, Message: 'text' }),
      ),
    ),
  );
const texts = () => service.mailbox.filter((mail) => mail.text === 'text');

test('sns-email-notifications: the eleventh mail of a second suspends the subscription, and publishing succeeds', async () => {
  await (await subscribed())();
  await flood(12);
  await run(10);
  expect(texts()).toHaveLength(10);
  expect((await subscriptions())[0].SubscriptionArn).toBe('PendingConfirmation');
  await publish();
  await run(10);
  expect(texts()).toHaveLength(10);
  expect(service.suspensions()).toBe(1);
});

test('sns-email-notifications: ten mails a second are delivered, second after second', async () => {
  await (await subscribed())();
  await flood(10);
  await run(1);
  await flood(10);
  await run(10);
  expect(texts()).toHaveLength(20);
  expect(service.suspensions()).toBe(0);
});

test('sns-email-notifications: a suspended subscription delivers again once its owner confirms it anew', async () => {
  const confirm = await subscribed();
  await confirm();
  await flood(11);
  await run(10);
  expect(await confirm()).toBe(true);
  await publish();
  await run(10);
  expect(texts()).toHaveLength(11);
});

test('whats-new/2023/05: a subscription that is pending for 48 hours is deleted, and its token with it', async () => {
  const confirm = await subscribed();
  await run(47 * 3600);
  expect(await subscriptions()).toHaveLength(1);
  await run(3600);
  expect(await subscriptions()).toEqual([]);
  expect(await confirm()).toBe(false);
});

test('API_Subscribe: the same address again is the same subscription, without a second mail', async () => {
  await (await subscribed())();
  const [{ SubscriptionArn }] = await subscriptions();
  const again = await call('Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'nurse@example.org' });
  await run(10);
  expect(again.SubscriptionArn).toBe(SubscriptionArn);
  expect(service.mailbox).toHaveLength(1);
});

test('API_ListSubscriptionsByTopic: a hundred a page', async () => {
  for (let index = 0; index < 101; index++)
    await call('Subscribe', { TopicArn, Protocol: 'email', Endpoint: `nurse-${index}@example.org` });
  const first = await call('ListSubscriptionsByTopic', { TopicArn });
  const second = await call('ListSubscriptionsByTopic', { TopicArn, NextToken: first.NextToken });
  expect([first.Subscriptions.length, second.Subscriptions.length]).toEqual([100, 1]);
  expect(second).not.toHaveProperty('NextToken');
});

const phone = '+447700900123';
const subscribePhone = (Attributes?: Payload) =>
  call('Subscribe', { TopicArn, Protocol: 'sms', Endpoint: phone, ...(Attributes && { Attributes }) });
const phoneTexts = () => service.telephones.texts.map(({ to, text }) => [to, text]);
const forBoth = { Message: JSON.stringify({ default: 'long', sms: 'short' }), MessageStructure: 'json' };

test('sns-mobile-phone-number-as-subscriber: a telephone needs no confirmation; the same one again is the same', async () => {
  const { SubscriptionArn } = await subscribePhone();
  expect((await subscribePhone()).SubscriptionArn).toBe(SubscriptionArn);
  expect(await subscriptions()).toMatchObject([{ SubscriptionArn, Protocol: 'sms', Endpoint: phone }]);
  await publish();
  await run(10);
  expect(phoneTexts()).toEqual([[phone, 'text']]);
  expect(service.mailbox).toEqual([]);
});

test('sns-mobile-phone-number-as-subscriber: what is not E.164 is refused', async () => {
  const wrong = call('Subscribe', { TopicArn, Protocol: 'sms', Endpoint: '07700 900123' });
  await expect(wrong).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('API_Publish: the structure json has a text for telephones, and one for all others', async () => {
  await (await subscribed())();
  await subscribePhone();
  await publish(forBoth);
  await run(10);
  expect(service.mailbox.at(-1)?.text).toBe('long');
  expect(phoneTexts()).toEqual([[phone, 'short']]);
  const without = publish({ ...forBoth, Message: JSON.stringify({ sms: 'short' }) });
  await expect(without).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('sns-message-filtering: a policy lets through only what has the attribute', async () => {
  await subscribePhone({ FilterPolicy: JSON.stringify({ sms: ['yes'] }) });
  const attribute = (StringValue: string) => ({ sms: { DataType: 'String', StringValue } });
  for (const MessageAttributes of [undefined, attribute('no'), attribute('yes')])
    await publish({ ...forBoth, ...(MessageAttributes && { MessageAttributes }) });
  await run(10);
  expect(phoneTexts()).toEqual([[phone, 'short']]);
});

test('API_CheckIfPhoneNumberIsOptedOut: who has opted out gets nothing, and is not subscribed anew', async () => {
  await subscribePhone();
  const check = () => call('CheckIfPhoneNumberIsOptedOut', { phoneNumber: phone });
  expect(await check()).toEqual({ isOptedOut: false });
  service.telephones.optOut(phone);
  expect(await check()).toEqual({ isOptedOut: true });
  await publish();
  await run(10);
  expect(phoneTexts()).toEqual([]);
  await expect(subscribePhone()).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('Service Authorization Reference: every action asks for its topic', async () => {
  const confirm = await subscribed();
  await confirm();
  await publish();
  await call('Unsubscribe', { SubscriptionArn: (await subscriptions())[0].SubscriptionArn });
  expect(account.asked.map(({ action, resource }) => [action, resource === TopicArn])).toEqual(
    [
      'CreateTopic',
      'Subscribe',
      'ConfirmSubscription',
      'Publish',
      'ListSubscriptionsByTopic',
      'Unsubscribe',
    ].map((name) => [`sns:${name}`, true]),
  );
});

test('an option that is not modelled is refused by name, never ignored', async () => {
  await expect(publish({ PhoneNumber: '+447700900123' })).rejects.toThrow('PhoneNumber');
  await expect(call('CreateTopic', { Name: 'other', Attributes: { FifoTopic: 'true' } })).rejects.toThrow(
    'FifoTopic',
  );
  await expect(
    call('Subscribe', { TopicArn, Protocol: 'https', Endpoint: 'https://a.example' }),
  ).rejects.toThrow('https');
  const Attributes = { RawMessageDelivery: 'true' };
  await expect(
    call('Subscribe', { TopicArn, Protocol: 'sms', Endpoint: '+447700900123', Attributes }),
  ).rejects.toThrow('RawMessageDelivery');
});

test('a topic with a property that is not modelled is refused', () => {
  expect(() => account.create('AWS::SNS::Topic', 'T', { TopicName: 't', FifoTopic: true })).toThrow(
    'FifoTopic',
  );
});
