/** The loudest level: everyone is called, and the operations team is told by mail and webhook. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NobodyReached } from '../../handlers/page-clinicians.ts';
import { silence } from '../local-aws.ts';
import type { AlertingAws } from './alert/alerting-aws.ts';
import { at, doctor, lead, minute, nurse, when } from './alert/builders.ts';
import { aRoster, OPERATIONS, settle } from './alert/function-settings.ts';
import { aPaging, everyone, page, taken } from './alert/paging.ts';

const paging = aPaging();
const { aWebhook, mailed } = paging;
let aws: AlertingAws;
beforeEach(() => {
  aws = paging.aws;
});

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
  aws.answer = (command, send) =>
    command.constructor.name === 'PublishCommand' && command.input.TopicArn === OPERATIONS
      ? new Promise((_resolve, reject) => {
          hangUp = () => reject(silence());
        })
      : answer(command, send);
  const paging = page(everyone);
  await vi.waitFor(() => expect(mailed()).toEqual([nurse.id, 'nurse-2', doctor.id, lead.id]));
  hangUp();
  await paging;
});

describe('the webhook', () => {
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
