/** Pages that cannot reach anybody, and mails that have to wait for their turn. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NobodyReached } from '../../handlers/page-clinicians.ts';
import { logger } from '../../handlers/runtime/logger.ts';
import { operator } from '../infra/local/fake-account.ts';
import { silence } from '../local-aws.ts';
import type { AlertingAws } from './alert/alerting-aws.ts';
import { anAlert, at, doctor, lead, minute, nurse } from './alert/builders.ts';
import { OPERATIONS, settle, topicOf } from './alert/function-settings.ts';
import { aPaging, everyone, page, taken } from './alert/paging.ts';

const paging = aPaging();
const { aWebhook, mailed, types } = paging;
let aws: AlertingAws;
beforeEach(() => {
  aws = paging.aws;
});

describe('mail that cannot reach anybody', () => {
  test.each<[string, (aws: AlertingAws) => void, string]>([
    ['no topic', () => vi.stubEnv('CLINICIAN_TOPIC_ARN_PREFIX', topicOf('none-')), 'NotFoundException'],
    ['nobody subscribed', (aws) => aws.unsubscribe(topicOf(nurse.id)), 'NoConfirmedSubscription'],
    [
      'a subscription that waits for its confirmation',
      (aws) => {
        aws.unsubscribe(topicOf(nurse.id));
        aws.subscribe(topicOf(nurse.id), 'mistyped@example.org', 'pending');
      },
      'NoConfirmedSubscription',
    ],
    [
      'SNS refuses',
      (aws) => {
        aws.before = (call) => (call.startsWith('Publish') ? silence() : undefined);
      },
      'InternalServerError',
    ],
  ])('%s: recorded, and the state is over at once', async (_what, breaks, reason) => {
    aws.put(anAlert());
    settle(aws, at(5));
    breaks(aws);
    await expect(page(anAlert())).rejects.toThrow(NobodyReached);
    expect(aws.mails).toEqual([]);
    expect(types()).toEqual(['asking', 'undeliverable']);
    expect(aws.alert()).toMatchObject({ step: { unreachable: [nurse.id] }, standing: { dueAt: at(65) } });
    expect(aws.alert().events.at(-1)).toMatchObject({ reason });
    // Also when nobody hears of the error.
    expect(aws.waiting.has('own-token')).toBe(false);
  });

  test('and the task cannot be woken: the error says so all the same', async () => {
    aws.put(anAlert());
    settle(aws, at(5));
    aws.unsubscribe(topicOf(nurse.id));
    aws.before = (call) => (call.startsWith('SendTaskSuccess') ? silence() : undefined);
    await expect(page(anAlert())).rejects.toThrow(NobodyReached);
  });

  test('a subscription that SNS has disabled, for more than ten mails a second: likewise', async () => {
    aws.put(anAlert());
    settle(aws, at(5));
    const mail = { TopicArn: topicOf(nurse.id), Message: 'text' };
    for (let mails = 1; mails <= 11; mails++)
      aws.account.service('sns')?.operations.Publish?.run(mail, operator);
    const before = aws.mails.length;
    await expect(page(anAlert())).rejects.toThrow(NobodyReached);
    expect(aws.mails.slice(before)).toEqual([]);
    expect(aws.alert().events.at(-1)).toMatchObject({ reason: 'NoConfirmedSubscription' });
  });

  test('a subscription that was ended, and is listed still: likewise', async () => {
    aws.put(anAlert());
    settle(aws, at(5));
    const Subscriptions = [{ SubscriptionArn: 'Deleted', Endpoint: 'nurse-1@example.org' }];
    const list = aws.account.service('sns')?.operations.ListSubscriptionsByTopic;
    Object.assign(list as object, { run: () => ({ Subscriptions }) });
    await expect(page(anAlert())).rejects.toThrow(NobodyReached);
    expect(aws.mails).toEqual([]);
    expect(aws.alert().events.at(-1)).toMatchObject({ reason: 'NoConfirmedSubscription' });
  });

  test('one of two: the other one is mailed and waited for', async () => {
    const alert = anAlert({ worst: 'emergency' });
    aws.put(alert);
    settle(aws, at(5));
    aws.unsubscribe(topicOf(nurse.id));
    await page(alert);
    expect(mailed()).toEqual([doctor.id]);
    expect(aws.stored()).toMatchObject({
      token: 'own-token',
      alert: { step: { unreachable: [nurse.id] } },
    });
    // Attempted again, the one who was mailed still counts as reached.
    await page(alert, 'second-token');
    expect(mailed()).toEqual([doctor.id]);
  });

  test('a second, confirmed subscription is enough', async () => {
    aws.put(anAlert());
    settle(aws, at(5));
    aws.unsubscribe(topicOf(nurse.id));
    aws.subscribe(topicOf(nurse.id), 'mistyped@example.org', 'pending');
    aws.subscribe(topicOf(nurse.id), 'nurse-1@example.org');
    await page(anAlert());
    expect(mailed()).toEqual([nurse.id]);
  });

  test('a subscription that cannot be checked stops no mail', async () => {
    const warn = vi.spyOn(logger, 'warn').mockReturnValue();
    aws.put(anAlert());
    settle(aws, at(5));
    aws.before = (call) => (call.startsWith('ListSubscriptionsByTopic') ? silence() : undefined);
    await page(anAlert());
    expect(mailed()).toEqual([nurse.id]);
    expect(types()).toEqual(['asking', 'paged']);
    expect(warn).toHaveBeenCalledWith('subscription-not-checked', {
      topicArn: topicOf(nurse.id),
      error: 'InternalServerError',
    });
  });

  test('the error’s name is what the workflow catches', async () => {
    expect(new NobodyReached('x').name).toBe('NobodyReached');
  });
});

describe('mails that have to wait for their turn', () => {
  const emergency = anAlert({ worst: 'emergency' });
  const inLine = (clinicianId: string, seconds: number) =>
    aws.inLine(topicOf(clinicianId), Date.parse(at(5)) + seconds * 1000);
  const timers = () =>
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.parse(at(5)) });

  test('one is far ahead when it is decided, and near when the other one is out: it is come back for', async () => {
    aws.put(emergency);
    settle(aws, at(5));
    timers();
    inLine(nurse.id, 2.9);
    inLine(doctor.id, 3.5);
    const paging = page(emergency);
    await vi.advanceTimersByTimeAsync(4000);
    await paging;
    expect(mailed()).toEqual([nurse.id]);
    expect(aws.alert().step.turns[doctor.id]).toBe(new Date(Date.parse(at(8)) + 500).toISOString());
    expect(aws.waiting.has('own-token')).toBe(false);
    // Another mail at that address meanwhile; this one has its turn as it was told.
    vi.setSystemTime(Date.parse(at(8)));
    const again = page(emergency, 'second-token');
    aws.waiting.add('second-token');
    await vi.advanceTimersByTimeAsync(1000);
    await again;
    expect(mailed()).toEqual([nurse.id, doctor.id]);
    expect(aws.waiting.has('second-token')).toBe(true);
  });

  test('a webhook that takes its time: what waits is come back for all the same', async () => {
    aws.put(everyone);
    settle(aws, at(5));
    const webhook = aWebhook(() => new Promise((resolve) => setTimeout(() => resolve(taken()), 4000)));
    timers();
    inLine(lead.id, 3.5);
    const paging = page(everyone);
    await vi.advanceTimersByTimeAsync(5000);
    await paging;
    expect(webhook).toHaveLength(1);
    expect(mailed().sort()).toEqual([doctor.id, nurse.id, 'nurse-2', OPERATIONS].sort());
    expect(aws.waiting.has('own-token')).toBe(false);
  });

  test('operations whose mail cannot go out any more are not tried again and again', async () => {
    const troubled = anAlert({
      step: { escalationLevel: 'everyone', turns: { '#mail': at(4) } },
      standing: { deadline: minute(15) },
    });
    aws.put(troubled);
    settle(aws, at(5));
    aws.unsubscribe(OPERATIONS);
    aws.subscribe(OPERATIONS, 'operations@example.org', 'pending');
    await page(troubled);
    expect(mailed()).toEqual([nurse.id, 'nurse-2', doctor.id, lead.id]);
    expect(aws.waiting.has('own-token')).toBe(true);
  });
});
