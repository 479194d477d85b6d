/** What a person's answer does to the alert, and what the page says of it then. */

import { describe, expect, test } from 'vitest';
import { responsible } from '../../../handlers/alert/alert.ts';
import { logger } from '../../../handlers/runtime/logger.ts';
import { at, minute } from '../alert/builders.ts';
import { formsOf, open, post, submit, textOf } from '../answering/browser.ts';
import { aPageStory, doctor, link, nurse, pass, pinHashes } from '../answering/page-story.ts';
import { aRoster } from '../on-call/builders.ts';

const story = aPageStory();

describe('accepting', () => {
  test('with the PIN: one event, the workflow is woken, and the page has values and the time of the recheck', async () => {
    const page = await submit(link, await open(link), 'accept', nurse);
    expect(page.status).toBe(200);
    expect(story.alertNow()).toMatchObject({
      seq: 3,
      standing: { is: 'owned', owner: { clinicianId: 'nurse-1', role: 'nurse', round: 1 } },
    });
    expect(story.lastEvent()).toMatchObject({ type: 'accepted', clinicianId: 'nurse-1' });
    expect(story.aws.wakes).toEqual(['token-1']);
    expect(textOf(page.html)).toContain('You accepted at 03:01. The recheck is at 03:16');
    expect(textOf(page.html)).toContain('191 / 117 critical');
    expect(formsOf(page.html).map(({ actions }) => actions)).toEqual([
      ['hand-over'],
      ['give-back'],
      ['close'],
      ['sign-out'],
    ]);
  });

  test('by the colleague who picked up the telephone, as themselves', async () => {
    await submit(link, await open(link), 'accept', doctor);
    expect(responsible(story.alertNow())).toMatchObject({ clinicianId: 'doctor-1', role: 'doctor' });
  });

  test('twice is once', async () => {
    const form = await open(link);
    await submit(link, form, 'accept', nurse);
    const again = await submit(link, form, 'accept', nurse);
    expect(textOf(again.html)).toContain('You accepted at 03:01');
    expect(story.alertNow().seq).toBe(3);
  });

  test('of two at once one has it, and the other is told who', async () => {
    const form = await open(link);
    const pages = await Promise.all([
      submit(link, form, 'accept', nurse),
      submit(link, form, 'accept', doctor),
    ]);
    const owner = story.ownerNow();
    const texts = pages.map(({ html }) => textOf(html));
    expect(texts.filter((text) => text.includes('You accepted at'))).toHaveLength(1);
    expect(texts.join()).toContain(
      owner === 'nurse-1' ? 'Amara Whitlock (nurse) accepted at' : 'Dr Elias Brandreth (doctor) accepted at',
    );
  });

  test('after it got worse, what is new has to be read first', async () => {
    const form = await open(link);
    story.put({ ...story.alertNow(), worst: 'emergency', seq: 3 });
    const page = await submit(link, form, 'accept', nurse);
    expect(page.status).toBe(409);
    expect(textOf(page.html)).toContain('The patient has got worse since you opened this page');
    expect(story.ownerNow()).toBeNull();
    await submit(link, page, 'accept');
    expect(story.ownerNow()).toBe('nurse-1');
  });

  test('is confirmed also when the readings cannot be shown', async () => {
    story.aws.before = (call) => (call.startsWith('Get VITALS') ? new Error('throttled') : undefined);
    const page = await submit(link, await open(link), 'accept', nurse);
    expect(page.status).toBe(200);
    expect(textOf(page.html)).toContain('You accepted at 03:01. The recheck is at 03:16');
    expect(textOf(page.html)).toContain('They cannot be shown at the moment');
    expect(logger.error).toHaveBeenCalledWith('trend-not-read', {
      alertId: story.alertNow().alertId,
      error: 'Error',
    });
  });

  test('without having been shown a level is not done, and the page says so', async () => {
    const { token } = formsOf((await open(link)).html)[0]?.hidden ?? {};
    const page = await post(link, { token: token as string, ...nurse, action: 'accept' });
    expect([page.status, story.ownerNow()]).toEqual([400, null]);
    expect(textOf(page.html)).toContain('Nothing was recorded. Read this page first');
  });
});

describe('not coming', () => {
  test('is recorded once, wakes the workflow, and can be taken back by opening the link again', async () => {
    const form = await open(link);
    const page = await submit(link, form, 'decline', nurse);
    expect(textOf(page.html)).toContain(
      'Recorded: you cannot come. The next person is being paged now: Tomasz Ferrow (nurse).',
    );
    await submit(link, form, 'decline', nurse);
    expect(story.alertNow()).toMatchObject({ round: { declined: ['nurse-1'] }, seq: 3 });
    expect(story.lastEvent()).toMatchObject({ type: 'declined', reason: 'cannotCome' });
    expect(story.aws.wakes).toEqual(['token-1']);
    await submit(link, await open(link), 'accept', nurse);
    expect(story.ownerNow()).toBe('nurse-1');
  });
});

describe('looking first', () => {
  test('shows values, trend and history, and records nothing of the alert', async () => {
    story.put({
      ...story.alertNow(),
      events: [
        {
          seq: 2,
          type: 'paged',
          at: at(1),
          writeId: 'w',
          step: { id: 1, round: 1, escalationLevel: 'nurse', attempt: 0 },
          turns: {},
          dueAt: minute(3),
          pages: [{ pageId: link, clinicianId: 'nurse-1', role: 'nurse', purpose: 'page' }],
        },
      ],
    });
    const page = await submit(link, await open(link), 'show', nurse);
    const text = textOf(page.html);
    expect(text).toContain('03:00 191 / 117 critical 02:40 131 / 77 normal');
    expect(text).toContain('03:00 Paged Amara Whitlock (nurse)');
    expect(page.html).toContain('<svg');
    expect(page.html).not.toContain(link);
    expect(story.alertNow().seq).toBe(2);
  });

  test('answers without the PIN for ten minutes, and not a second longer', async () => {
    const inside = await submit(link, await open(link), 'show', nurse);
    pass(10 * 60);
    const late = await submit(link, inside, 'accept');
    expect(late.status).toBe(403);
    expect(textOf(late.html)).toContain('Please enter your PIN again');
    expect(story.ownerNow()).toBeNull();
    pass(-1);
    await submit(link, inside, 'accept');
    expect(story.ownerNow()).toBe('nurse-1');
  });

  test('a session is of one page and one person', async () => {
    const inside = await submit(link, await open(link), 'show', nurse);
    const session = formsOf(inside.html)[0]?.hidden.session as string;
    const other = 'c'.repeat(22);
    story.aws.items.set(`PAGE#${other}`, { ...story.pageNow(), pk: `PAGE#${other}`, pageId: other });
    const tries = [
      await post(other, { session, shown: 'critical', action: 'accept' }),
      await post(link, {
        session: session.replace('nurse-1', 'doctor-1'),
        shown: 'critical',
        action: 'accept',
      }),
      await post(link, { session: 'nonsense', shown: 'critical', action: 'accept' }),
    ];
    expect(tries.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(story.ownerNow()).toBeNull();
  });

  test('who has left the roster is out at once', async () => {
    const inside = await submit(link, await open(link), 'show', nurse);
    story.aws.roster = aRoster({
      clinicians: aRoster({}, pinHashes).clinicians.filter(({ id }) => id !== 'nurse-1'),
      rotations: [],
    });
    pass(60);
    expect((await submit(link, inside, 'accept')).status).toBe(403);
  });
});

describe('closing', () => {
  test('takes a reason, ends the alert and wakes the workflow', async () => {
    const inside = await submit(link, await open(link), 'show', nurse);
    const without = await submit(link, inside, 'close', { reason: '' });
    expect([without.status, story.alertNow().standing.is]).toEqual([400, 'waiting']);
    const closed = await submit(link, inside, 'close', { reason: 'measuredByHand' });
    expect(story.alertNow().standing).toEqual({
      is: 'closed',
      at: minute(1),
      reason: 'measuredByHand',
      clinicianId: 'nurse-1',
      dueAt: null,
      formerOwner: null,
    });
    expect(textOf(closed.html)).toContain('You closed this alert');
    expect(textOf(closed.html)).toContain('Closed at 03:01: seen and measured by hand.');
    expect(story.aws.wakes).toEqual(['token-1']);
  });

  test('is not done with a PIN alone, nor as recovered', async () => {
    const { token } = formsOf((await open(link)).html)[0]?.hidden ?? {};
    await post(link, {
      token: token as string,
      ...nurse,
      shown: 'critical',
      action: 'close',
      reason: 'transferred',
    });
    const inside = await submit(link, await open(link), 'show', nurse);
    await submit(link, inside, 'close', { reason: 'recovered' });
    expect(story.alertNow().standing.is).toBe('waiting');
  });

  test('is refused when it got worse meanwhile', async () => {
    const inside = await submit(link, await open(link), 'show', nurse);
    story.put({ ...story.alertNow(), worst: 'emergency', seq: 3 });
    const page = await submit(link, inside, 'close', { reason: 'transferred' });
    expect([page.status, story.alertNow().standing.is]).toEqual([409, 'waiting']);
  });

  test('offers every reason in words, and posts its identifier', async () => {
    const { html } = await submit(link, await open(link), 'show', nurse);
    const options = [...html.matchAll(/<option value="(\w+)">([^<]+)</g)].map(([, ...option]) => option);
    expect(options).toEqual([
      ['measuredByHand', 'seen and measured by hand'],
      ['transferred', 'transferred'],
      ['theatre', 'theatre'],
      ['comfortCare', 'comfort care'],
      ['died', 'died'],
      ['deviceRemoved', 'device removed'],
    ]);
  });

  test('is not done for a reason in words, which nobody posts', async () => {
    const inside = await submit(link, await open(link), 'show', nurse);
    const page = await submit(link, inside, 'close', { reason: 'comfort care' });
    expect([page.status, story.alertNow().standing.is]).toEqual([400, 'waiting']);
  });
});
