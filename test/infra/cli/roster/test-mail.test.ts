/** The mail that proves that a clinician can be paged. */
import { expect, test } from 'vitest';
import { explanationOf, headlines } from '../../../../handlers/alert/words.ts';
import { alarmLevels } from '../../../../handlers/clinical/severity.ts';
import { cleanMail } from '../../../../handlers/mail/text.ts';
import { sendTestMail } from '../../../../infra/cli/roster/test-mail.ts';
import { anAlert } from '../../../handlers/alert/builders.ts';

// biome-ignore lint/suspicious/noExplicitAny: command inputs have every shape
type Any = any;

const topics = 'arn:aws:sns:eu-west-2:111122223333:vigil-production-clinician-';
const confirmed = `${topics}nurse-1:3f2a`;

/** SNS with these subscriptions, one a page. */
function snsWith(...subscriptions: string[]) {
  const published: Any[] = [];
  const send = async ({ constructor: { name }, input }: Any) => {
    if (name === 'PublishCommand') return published.push(input);
    const page = Number(input.NextToken ?? 0);
    return {
      Subscriptions: subscriptions.slice(page, page + 1).map((SubscriptionArn) => ({ SubscriptionArn })),
      NextToken: page + 1 < subscriptions.length ? String(page + 1) : undefined,
    };
  };
  return { sns: { send } as Any, published };
}

test('goes through the clinician’s own topic, in words that SNS takes as they are', async () => {
  const { sns, published } = snsWith('PendingConfirmation', confirmed);
  expect(await sendTestMail('nurse-1', topics, sns)).toMatch(/^nurse-1: a test mail is on its way/);
  const [{ TopicArn, Subject: subject, Message }] = published;
  const { default: message, sms } = JSON.parse(Message);
  expect([published.length, TopicArn]).toEqual([1, `${topics}nurse-1`]);
  expect(cleanMail({ subject, message, sms })).toEqual({ subject, message, sms });
  expect(message).toMatch(/^[\x20-\x7e\n]*$/);
});

test('says that it is a test, and is like no page: no link, none of its headlines', async () => {
  const { sns, published } = snsWith(confirmed);
  await sendTestMail('nurse-1', topics, sns);
  const [{ Subject, Message: content }] = published;
  const { default: Message, sms } = JSON.parse(content);
  expect(sms).toBe(Subject);
  expect(Subject).toMatch(/^TEST/);
  expect(Message).toMatch(/^This is a test/);
  expect(Message).toContain('no-reply@sns.amazonaws.com');
  expect(`${Subject}\n${Message}`).not.toMatch(/https?:|VG |critical|emergency|ward|bed/i);
  const levels = alarmLevels
    .filter((worst) => worst !== 'technical')
    .map((worst) => explanationOf(anAlert({ worst })));
  for (const text of [...Object.values(headlines), ...levels])
    expect(`${Subject}\n${Message}`).not.toContain(text);
});

test.each([
  ['nobody is subscribed', []],
  ['nobody has confirmed', ['PendingConfirmation', 'Deleted']],
])('%s: no mail, and what to do', async (_what, subscriptions) => {
  const { sns, published } = snsWith(...subscriptions);
  await expect(sendTestMail('nurse-1', topics, sns)).rejects.toThrow(
    /nobody has confirmed.*roster -- confirm/,
  );
  expect(published).toEqual([]);
});

test('an unknown topic is the operator’s to look for; what else SNS says is passed on', async () => {
  const failing = (name: string) =>
    ({ send: async () => Promise.reject(Object.assign(new Error('no'), { name })) }) as Any;
  await expect(sendTestMail('ghost', topics, failing('NotFoundException'))).rejects.toThrow(
    `${topics}ghost: no such topic`,
  );
  await expect(sendTestMail('nurse-1', topics, failing('Throttled'))).rejects.toThrow(/^no$/);
});
