/** Whom a level's state mails, attempted once and again, and what may come in between. */
import { beforeEach, describe, expect, test } from 'vitest';
import { NobodyReached } from '../../handlers/page-clinicians.ts';
import { silence } from '../local-aws.ts';
import type { AlertingAws } from './alert/alerting-aws.ts';
import {
  aClosedAlert,
  aDeviceAlert,
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
import { settle, topicOf } from './alert/function-settings.ts';
import { aPaging, page } from './alert/paging.ts';

const paging = aPaging();
const { mailed, types } = paging;
let aws: AlertingAws;
beforeEach(() => {
  aws = paging.aws;
});

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

describe('a device that has spoken well while its page was written', () => {
  const alert = aDeviceAlert({
    announced: null,
    called: { whom: [], notBefore: null },
    step: { escalationLevel: 'lead', asked: [], mailed: [] },
  });
  const contacts = (fault: object) => ({
    ...{ pk: 'CONTACTS#bp-1', kind: 'contacts', deviceId: 'bp-1', version: 1, heard: [], recent: [] },
    faults: { unreadable: { since: at(-2), ...fault } },
  });

  test.each([
    ['the mail goes out, and the wait ends', { endedAt: at(4) }, false],
    ['not while the fault lasts', {}, true],
  ])('%s', async (_what, fault, waits) => {
    aws.put(alert, contacts(fault));
    settle(aws, at(5));
    await page(alert);
    expect(mailed()).toEqual([lead.id]);
    expect(aws.alert(alert.pk).events.map(({ type }) => type)).toEqual(['asking', 'paged']);
    expect(aws.waiting.has('own-token')).toBe(waits);
  });

  test('its mails have their own, slow lane', async () => {
    aws.put(alert);
    settle(aws, at(5));
    aws.items.set(`TURN#vigil-clinician-${lead.id}`, { kind: 'turn', background: Date.parse(minute(1)) });
    await page(alert);
    expect(mailed()).toEqual([]);
    expect(aws.alert(alert.pk).step.turns).toEqual({ [lead.id]: minute(1) });
  });

  test('that nobody knows, for want of the table, holds nothing up', async () => {
    aws.put(alert);
    settle(aws, at(5));
    aws.before = (call) => (call === 'Get CONTACTS#bp-1' ? silence() : undefined);
    await page(alert);
    expect(aws.waiting.has('own-token')).toBe(true);
  });
});

test('nobody left on a quieter level: the state fails, and the operations team is not troubled', async () => {
  aws.put(aPagedAlert({ round: { declined: [nurse.id] } }));
  settle(aws, at(5));
  await expect(page(aPagedAlert())).rejects.toThrow(NobodyReached);
  expect(aws.mails).toEqual([]);
});
