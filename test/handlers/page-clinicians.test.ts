import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { logger } from '../../handlers/aws/logger.ts';
import { handler, NobodyReached } from '../../handlers/page-clinicians.ts';
import {
  aClosedAlert,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  at,
  doctor,
  lead,
  minute,
  nurse,
  seenAs,
  when,
} from './alert/builders.ts';
import { type FakeAws, fakeAws, silence } from './alert/fake-aws.ts';
import { aRoster, OPERATIONS, restore, settle, topicOf } from './alert/function-settings.ts';

let aws: FakeAws;
beforeEach(() => {
  aws = fakeAws();
  aws.waiting.add('own-token');
});
afterEach(restore);

/** The workflow pages for the alert as it was assessed. */
const page = (alert: Alert, taskToken = 'own-token') =>
  handler({ alertKey: alert.pk, alertId: alert.alertId, taskToken, ...seenAs(alert) });
const mailed = () => aws.mails.map(({ TopicArn }) => TopicArn.replace(topicOf(''), ''));
const types = () => aws.alert().events.map(({ type }) => type);

describe('the first level', () => {
  test('the nurse on call is mailed a link of her own, and the task waits', async () => {
    aws.put(anAlert());
    settle(aws, at(5));
    await page(anAlert());
    const [item] = aws.pages();
    expect(item).toMatchObject({ alertKey: 'PATIENT#p-7', round: 1, clinicianId: nurse.id });
    expect(item?.pageId).toMatch(/^[\w-]{22}$/);
    expect(aws.mails).toHaveLength(1);
    expect(aws.mails[0]).toMatchObject({
      TopicArn: topicOf(nurse.id),
      Subject: 'CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q',
    });
    expect(aws.mails[0]?.Message).toContain(`https://answers.example/page/${item?.pageId}\n`);
    expect(aws.stored()).toMatchObject({ token: 'own-token', alert: { announced: 'critical' } });
    expect(types()).toEqual(['asking', 'paged']);
    expect(aws.waiting.has('own-token')).toBe(true);
  });

  test('the token is stored, and the page put, before any mail goes out', async () => {
    aws.put(anAlert());
    settle(aws, at(5));
    await page(anAlert());
    const order = aws.calls.map((call) => call.split(' ')[0]);
    expect(order).toEqual([
      'GetObject',
      // Where the patient was last measured.
      'Get',
      // The alert is asking, the page is there, it is the address's turn, the mail is out: only then it is a page.
      // Two looks at the turns: nobody waits in line.
      ...['Get', 'Put', 'Put', 'Update', 'Update', 'ListSubscriptionsByTopic', 'Publish', 'Get', 'Put'],
    ]);
  });

  test('an emergency mails nurse and doctor', async () => {
    const alert = anAlert({ worst: 'emergency' });
    aws.put(alert);
    settle(aws, at(5));
    await page(alert);
    expect(mailed()).toEqual([nurse.id, doctor.id]);
  });
});

describe('attempted again', () => {
  test('after all was done: the new token waits, nobody is mailed twice', async () => {
    aws.put(anAlert());
    settle(aws, at(5));
    await page(anAlert());
    await page(anAlert(), 'second-token');
    expect(mailed()).toEqual([nurse.id]);
    expect(aws.pages()).toHaveLength(1);
    expect(aws.stored().token).toBe('second-token');
    expect(types()).toEqual(['asking', 'paged', 'waiting']);
  });

  test.each(['Put PAGE#', 'ListSubscriptionsByTopic', 'Publish'])(
    'after a death before %s: the mail goes out under the same page, and is recorded once',
    async (where) => {
      aws.put(anAlert());
      settle(aws, at(5));
      // A function that dies says nothing more: whatever it would have called afterwards does not happen either.
      let dead = false;
      aws.before = (call) => {
        dead ||= call.startsWith(where);
        return dead ? silence() : undefined;
      };
      await expect(page(anAlert())).rejects.toThrow();
      const pageId = aws.alert().round.pages[nurse.id];
      aws.before = () => undefined;
      await page(anAlert(), 'second-token');
      expect(mailed()).toEqual([nurse.id]);
      expect(aws.mails[0]?.Message).toContain(`/page/${pageId}\n`);
      expect(types()).toEqual(['asking', 'waiting', 'paged']);
    },
  );

  test('after a death between mail and its record: mailed again, rather than not at all', async () => {
    aws.put(anAlert());
    settle(aws, at(5));
    let dead = false;
    aws.before = () => (dead ? silence() : undefined);
    aws.after = (call) => {
      dead ||= call.startsWith('Publish');
      return undefined;
    };
    await expect(page(anAlert())).rejects.toThrow();
    aws.before = () => undefined;
    aws.after = () => undefined;
    await page(anAlert(), 'second-token');
    expect(mailed()).toEqual([nurse.id, nurse.id]);
    expect(types()).toEqual(['asking', 'waiting', 'paged']);
  });

  test('a reminder is a step of its own, under the same page', async () => {
    aws.put(anAlert());
    settle(aws, at(5));
    await page(anAlert());
    const moveOn = { type: 'moveOn', seen: seenAs(aws.alert()), because: 'timeIsUp' } as const;
    aws.put(when(aws.alert(), moveOn, minute(2)));
    settle(aws, minute(2));
    await page(aws.alert());
    expect(aws.mails.map(({ Subject }) => Subject.split(':')[0])).toEqual([
      'CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q',
      'REMINDER',
    ]);
    expect(aws.pages()).toHaveLength(1);
  });
});

describe('something has come in between', () => {
  test.each([
    ['an answer', anOwnedAlert()],
    ['worse news', anAlert({ worst: 'emergency' })],
    ['a take-over', anAlert({ executionName: 'exec-2' })],
    ['the end', aClosedAlert()],
  ])('%s: nobody is mailed, and the task ends at once', async (_what, alert) => {
    aws.put(alert);
    settle(aws, at(5));
    await page(anAlert());
    expect(aws.mails).toEqual([]);
    expect(aws.waiting.has('own-token')).toBe(false);
    expect(aws.stored()).toEqual({ alert, token: 'token-1' });
  });

  test('a task that may still be waiting is an error, which Step Functions sees', async () => {
    aws.put(anOwnedAlert());
    settle(aws, at(5));
    aws.before = (call) => (call.startsWith('SendTaskSuccess') ? silence() : undefined);
    await expect(page(anAlert())).rejects.toThrow('no answer');
  });
});

describe('mail that cannot reach anybody', () => {
  test.each<[string, (aws: FakeAws) => void, string]>([
    ['no topic', (aws) => aws.subscriptions.delete(topicOf(nurse.id)), 'NotFoundException'],
    ['nobody subscribed', (aws) => aws.subscriptions.set(topicOf(nurse.id), []), 'NoConfirmedSubscription'],
    [
      'a subscription that waits for its confirmation',
      (aws) => aws.subscriptions.set(topicOf(nurse.id), ['PendingConfirmation', 'Deleted']),
      'NoConfirmedSubscription',
    ],
    [
      'SNS refuses',
      (aws) => {
        aws.before = (call) => (call.startsWith('Publish') ? silence() : undefined);
      },
      'InternalServerError',
    ],
  ])('%s: recorded, and the state fails at once', async (_what, breaks, reason) => {
    aws.put(anAlert());
    settle(aws, at(5));
    breaks(aws);
    await expect(page(anAlert())).rejects.toThrow(NobodyReached);
    expect(aws.mails).toEqual([]);
    expect(types()).toEqual(['asking', 'undeliverable']);
    expect(aws.alert()).toMatchObject({ step: { unreachable: [nurse.id] }, standing: { dueAt: at(65) } });
    expect(aws.alert().events.at(-1)).toMatchObject({ reason });
  });

  test('one of two: the other one is mailed and waited for', async () => {
    const alert = anAlert({ worst: 'emergency' });
    aws.put(alert);
    settle(aws, at(5));
    aws.subscriptions.delete(topicOf(nurse.id));
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
    aws.subscriptions.set(topicOf(nurse.id), ['PendingConfirmation', 'arn:aws:sns:eu-west-2:1:t:confirmed']);
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

/** The loudest level: everyone is called, for a quarter of an hour. */
const everyone = anAlert({ step: { escalationLevel: 'everyone' }, standing: { deadline: minute(15) } });

describe('everyone', () => {
  test('is mailed, on call or not, and the operations team with them', async () => {
    aws.put(everyone);
    settle(aws, at(5));
    await page(everyone);
    expect(mailed()).toEqual([OPERATIONS, nurse.id, 'nurse-2', doctor.id, lead.id]);
    expect(aws.mails[0]?.Subject).toMatch(/^EVERYONE PAGED/);
    expect(aws.mails[0]?.Message).not.toContain('/page/');
  });

  test('is not mailed again, nor is the operations team, when the workflow is woken with nothing new', async () => {
    aws.put(everyone);
    settle(aws, at(5));
    await page(everyone);
    const declines = { type: 'decline', clinicianId: lead.id, round: 1, reason: 'cannotCome' } as const;
    aws.put(when(aws.alert(), declines, at(5)));
    await page(aws.alert(), 'second-token');
    expect(aws.mails).toHaveLength(5);
  });

  test('that has been called before, and has not answered, is told as unanswered', async () => {
    const again = { ...everyone, step: { ...everyone.step, attempt: 1 } };
    aws.put(again);
    settle(aws, minute(20));
    await page(again);
    expect(aws.mails[0]?.Subject).toMatch(/^UNANSWERED/);
    expect(aws.mails).toHaveLength(5);
  });

  test('of a ward without anybody: the operations team is told, and the state fails', async () => {
    aws.put(everyone);
    settle(aws, at(5), aRoster({ clinicians: [], rotations: [] }));
    await expect(page(everyone)).rejects.toThrow(NobodyReached);
    expect(mailed()).toEqual([OPERATIONS]);
  });

  test('is paged also when the operations team cannot be told', async () => {
    aws.put(everyone);
    settle(aws, at(5));
    aws.before = (call) => (call === `Publish ${OPERATIONS}` ? silence() : undefined);
    await page(everyone);
    expect(mailed()).toEqual([nurse.id, 'nurse-2', doctor.id, lead.id]);
  });
});

test('an operations topic that does not answer holds up nobody’s page', async () => {
  aws.put(everyone);
  settle(aws, at(5));
  const answer = aws.answer.bind(aws);
  let hangUp = () => {};
  aws.answer = (command) =>
    command.constructor.name === 'PublishCommand' && command.input.TopicArn === OPERATIONS
      ? new Promise((_resolve, reject) => {
          hangUp = () => reject(silence());
        })
      : answer(command);
  const paging = page(everyone);
  await vi.waitFor(() => expect(mailed()).toEqual([nurse.id, 'nurse-2', doctor.id, lead.id]));
  hangUp();
  await paging;
});

describe('mails that have to wait for their turn', () => {
  const emergency = anAlert({ worst: 'emergency' });
  const inLine = (clinicianId: string, seconds: number) =>
    aws.turns.set(`vigil-clinician-${clinicianId}`, Date.parse(at(5)) + seconds * 1000);
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
    const everyone = anAlert({ step: { escalationLevel: 'everyone' }, standing: { deadline: minute(15) } });
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
    const everyone = anAlert({
      step: { escalationLevel: 'everyone', turns: { '#mail': at(4) } },
      standing: { deadline: minute(15) },
    });
    aws.put(everyone);
    settle(aws, at(5));
    aws.subscriptions.set(OPERATIONS, ['PendingConfirmation']);
    await page(everyone);
    expect(mailed()).toEqual([nurse.id, 'nurse-2', doctor.id, lead.id]);
    expect(aws.waiting.has('own-token')).toBe(true);
  });
});

describe('the webhook', () => {
  const everyone = anAlert({ step: { escalationLevel: 'everyone' }, standing: { deadline: minute(15) } });

  test('worse news, and another place, are events of their own; the same news once more is not', async () => {
    aws.put(everyone);
    settle(aws, at(5));
    const webhook = aWebhook(async () => taken());
    const ids = () => webhook.map(({ id }) => id);
    await page(everyone);
    aws.put({ ...aws.alert(), step: { ...aws.alert().step, mailed: [] } });
    await page(everyone, 'again');
    expect(new Set(ids()).size).toBe(1);
    const worse = { ...aws.alert(), worst: 'emergency' as const };
    aws.put(worse);
    await page(worse, 'worse');
    const moved = { ...aws.alert(), place: { ...aws.alert().place, bed: '9' }, placedAt: at(6) };
    aws.put(moved);
    await page(moved, 'moved');
    expect(ids()).toHaveLength(4);
    expect(new Set(ids()).size).toBe(3);
    expect(webhook.map(({ data }) => data.subject.replace(/ - ward.*/, ''))).toEqual([
      ...['EVERYONE PAGED, CRITICAL', 'EVERYONE PAGED, CRITICAL'],
      ...['EVERYONE PAGED, EMERGENCY', 'EVERYONE PAGED, EMERGENCY'],
    ]);
  });

  test('has two attempts: it may have been busy', async () => {
    aws.put(everyone);
    settle(aws, at(5));
    const answers = [429, 503, 202];
    const webhook = aWebhook(async () => new Response(null, { status: answers.shift() as number }));
    await page(everyone);
    expect(webhook).toHaveLength(2);
    expect(aws.alert().step.mailed).not.toContain('#webhook');
    await page(everyone, 'second-token');
    expect(webhook).toHaveLength(2);
    aws.put({ ...aws.alert(), step: { ...aws.alert().step, mailed: [] } });
    answers.unshift(503);
    await page(everyone, 'third-token');
    expect(webhook).toHaveLength(4);
    expect(new Set(webhook.map(({ id }) => id)).size).toBe(1);
    expect(aws.alert().step.mailed).toContain('#webhook');
  });
});

const taken = () => new Response(null, { status: 202 });
let secrets = 0;

/** The stage has a webhook that answers so; the events that it was sent. */
function aWebhook(answer: () => Promise<Response>) {
  const sent: { id: string; data: { subject: string } }[] = [];
  vi.stubEnv('WEBHOOK_SECRET_ARN', `arn:secret-${++secrets}`);
  vi.spyOn(SecretsManagerClient.prototype, 'send').mockImplementation((async () => ({
    SecretString: 'https://pager.example/vigil',
  })) as never);
  vi.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    sent.push(JSON.parse(String(init?.body)));
    return answer();
  });
  return sent;
}

test('nobody left on a quieter level: the state fails, and the operations team is not troubled', async () => {
  aws.put(aPagedAlert({ round: { declined: [nurse.id] } }));
  settle(aws, at(5));
  await expect(page(aPagedAlert())).rejects.toThrow(NobodyReached);
  expect(aws.mails).toEqual([]);
});
