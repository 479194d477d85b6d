import { describe, expect, test, vi } from 'vitest';
import { newPage } from '../../handlers/alert/page.ts';
import { logger } from '../../handlers/aws/logger.ts';
import { anOwnedAlert, aPagedAlert, at, minute } from './alert/builders.ts';
import { formsOf, head, open, post, requestOf, submit, textOf } from './answering/browser.ts';
import { fakeAws } from './answering/fake-aws.ts';
import { aPageStory, doctor, link, nurse, pass, pinHashes, pins, wrongPin } from './answering/page-story.ts';
import { aRoster } from './on-call/builders.ts';

const story = aPageStory();

describe('opening the link', () => {
  test('shows severity, place and reference, and no values', async () => {
    const page = await open(link);
    expect(page.status).toBe(200);
    expect(textOf(page.html)).toContain(
      'CRITICAL blood pressure ward-001 bed 4 Heron Ward Reference VG 7F3K9Q',
    );
    expect(page.html).not.toMatch(/191|117|p-7|mmHg/);
    const hidden = { token: expect.any(String), shown: 'critical' };
    const actions = ['accept', 'decline', 'look'];
    expect(formsOf(page.html)).toEqual([
      { hidden: { ...hidden, clinician: 'nurse-1' }, actions, visible: ['pin'] },
      { hidden, actions, visible: ['clinician', 'pin'] },
    ]);
  });

  test('names the addressee and nobody else, whatever was tried', async () => {
    const pages = [await open(link), await wrongPin(), await submit(link, await open(link), 'look', doctor)];
    for (const { html } of pages.slice(0, 2)) {
      expect(textOf(html)).toContain('Amara Whitlock, nurse');
      expect(html).not.toMatch(/Ferrow|Brandreth|Ashgrove|Maplethorpe|doctor-1|lead-1|nurse-2/);
    }
    expect(textOf(pages[2]?.html ?? '')).toContain('Signed in as Dr Elias Brandreth');
  });

  test('an addressee who has left the roster, or only does quality, is not asked for a PIN', async () => {
    for (const clinicianId of ['gone', 'quality-1']) {
      story.aws.items.set(`PAGE#${link}`, { ...story.pageNow(), clinicianId });
      const page = await open(link);
      expect(formsOf(page.html).map(({ visible }) => visible)).toEqual([['clinician', 'pin']]);
      await submit(link, page, 'look', { clinician: 'nurse-1', pin: pins['nurse-1'] });
    }
  });

  test('no browser is asked to keep the PIN', async () => {
    const { html } = await open(link);
    const fields = [...html.matchAll(/<(?:form|input)\b[^>]*>/g)].map(([tag]) => tag);
    const kept = fields.filter((tag) => !/type="hidden"|autocomplete="off"/.test(tag));
    expect([fields.length > 4, kept]).toEqual([true, []]);
  });

  test('changes nothing, by GET or HEAD', async () => {
    await open(link);
    expect(await head(link)).toMatchObject({ status: 200, html: '' });
    expect(story.aws.writes).toEqual([]);
    expect(story.aws.bells).toEqual([]);
  });

  test('runs nothing, is kept nowhere, and tells no other site', async () => {
    const { headers, html } = await open(link);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'/,
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(html).not.toMatch(/<script|style="|https?:/);
  });

  test('what the roster says of wards and people is text, never markup', async () => {
    const name = '<b>"R&D\'s\u202e"</b>';
    story.aws = fakeAws(aRoster({ wards: [{ id: 'ward-001', name }] }, pinHashes));
    story.put(aPagedAlert({ bed: '<i>4</i>' }));
    story.aws.items.set(`PAGE#${link}`, newPage(aPagedAlert(), link, 'nurse-1', at(0)));
    const { html } = await open(link);
    expect(html).toContain('&lt;b&gt;&quot;R&amp;D&#39;s&quot;&lt;/b&gt;');
    expect(html).not.toMatch(/<b>|<i>|\u202e/);
  });

  test.each([['short'], ['b'.repeat(22)]])('a link that is not ours: %s', async (pageId) => {
    const page = await open(pageId);
    expect(page.status).toBe(404);
    expect(textOf(page.html)).toContain('Open the link in the message itself');
  });
});

describe('accepting', () => {
  test('with the PIN: one event, the bell, values and when it is rechecked', async () => {
    const page = await submit(link, await open(link), 'accept', nurse);
    expect(page.status).toBe(200);
    expect(story.alertNow()).toMatchObject({ ownerId: 'nurse-1', ownerRole: 'nurse', ownerRound: 1, seq: 3 });
    expect(story.alertNow().events.at(-1)).toMatchObject({ type: 'accepted', clinicianId: 'nurse-1' });
    expect(story.aws.bells).toEqual(['token-1']);
    expect(textOf(page.html)).toContain('You have it since 03:01. It is rechecked at 03:16');
    expect(textOf(page.html)).toContain('191 / 117 critical');
    expect(formsOf(page.html).map(({ actions }) => actions)).toEqual([['close'], ['sign-out']]);
  });

  test('by the colleague who picked up the telephone, as themselves', async () => {
    await submit(link, await open(link), 'accept', doctor);
    expect(story.alertNow()).toMatchObject({ ownerId: 'doctor-1', ownerRole: 'doctor' });
  });

  test('twice is once', async () => {
    const form = await open(link);
    await submit(link, form, 'accept', nurse);
    const again = await submit(link, form, 'accept', nurse);
    expect(textOf(again.html)).toContain('You have it since 03:01');
    expect(story.alertNow().seq).toBe(3);
  });

  test('of two at once one has it, and the other is told who', async () => {
    const form = await open(link);
    const pages = await Promise.all([
      submit(link, form, 'accept', nurse),
      submit(link, form, 'accept', doctor),
    ]);
    const owner = story.alertNow().ownerId;
    const texts = pages.map(({ html }) => textOf(html));
    expect(texts.filter((text) => text.includes('You have it since'))).toHaveLength(1);
    expect(texts.join()).toContain(
      owner === 'nurse-1'
        ? 'Amara Whitlock (nurse) has it since'
        : 'Dr Elias Brandreth (doctor) has it since',
    );
  });

  test('after it got worse, what is new has to be read first', async () => {
    const form = await open(link);
    story.put({ ...story.alertNow(), worst: 'emergency', seq: 3 });
    const page = await submit(link, form, 'accept', nurse);
    expect(page.status).toBe(409);
    expect(textOf(page.html)).toContain('It has got worse since you opened this page');
    expect(story.alertNow().ownerId).toBeNull();
    await submit(link, page, 'accept');
    expect(story.alertNow().ownerId).toBe('nurse-1');
  });

  test('is confirmed also when the readings cannot be shown', async () => {
    story.aws.before = (call) => (call.startsWith('Get VITALS') ? new Error('throttled') : undefined);
    const page = await submit(link, await open(link), 'accept', nurse);
    expect(page.status).toBe(200);
    expect(textOf(page.html)).toContain('You have it since 03:01. It is rechecked at 03:16');
    expect(textOf(page.html)).toContain('They cannot be shown just now');
    expect(logger.error).toHaveBeenCalledWith('trend-not-read', {
      alertId: story.alertNow().alertId,
      error: 'Error',
    });
  });

  test('without having been shown a level is not done, and the page says so', async () => {
    const { token } = formsOf((await open(link)).html)[0]?.hidden ?? {};
    const page = await post(link, { token: token as string, ...nurse, action: 'accept' });
    expect([page.status, story.alertNow().ownerId]).toEqual([400, null]);
    expect(textOf(page.html)).toContain('Nothing was recorded: read what this page says');
  });
});

describe('not coming', () => {
  test('is recorded once, rings, and can be taken back by opening the link again', async () => {
    const form = await open(link);
    const page = await submit(link, form, 'decline', nurse);
    expect(textOf(page.html)).toContain(
      'Recorded: you cannot come. The next person is asked now. That is Tomasz Ferrow (nurse).',
    );
    await submit(link, form, 'decline', nurse);
    expect(story.alertNow()).toMatchObject({ declined: ['nurse-1'], seq: 3 });
    expect(story.alertNow().events.at(-1)).toMatchObject({ type: 'declined', reason: 'cannot come' });
    expect(story.aws.bells).toEqual(['token-1']);
    await submit(link, await open(link), 'accept', nurse);
    expect(story.alertNow().ownerId).toBe('nurse-1');
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
          round: 1,
          rung: 'nurse',
          level: 'critical',
          pages: [{ pageId: link, clinicianId: 'nurse-1', role: 'nurse', purpose: 'page' }],
        },
      ],
    });
    const page = await submit(link, await open(link), 'look', nurse);
    const text = textOf(page.html);
    expect(text).toContain('03:00 191 / 117 critical 02:40 131 / 77 normal');
    expect(text).toContain('03:00 Asked Amara Whitlock (nurse)');
    expect(page.html).toContain('<svg');
    expect(page.html).not.toContain(link);
    expect(story.alertNow().seq).toBe(2);
  });

  test('answers without the PIN for ten minutes, and not a second longer', async () => {
    const inside = await submit(link, await open(link), 'look', nurse);
    pass(10 * 60);
    const late = await submit(link, inside, 'accept');
    expect(late.status).toBe(403);
    expect(textOf(late.html)).toContain('Please give your PIN again');
    expect(story.alertNow().ownerId).toBeNull();
    pass(-1);
    await submit(link, inside, 'accept');
    expect(story.alertNow().ownerId).toBe('nurse-1');
  });

  test('a session is of one page and one person', async () => {
    const inside = await submit(link, await open(link), 'look', nurse);
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
    expect(story.alertNow().ownerId).toBeNull();
  });

  test('who has left the roster is out at once', async () => {
    const inside = await submit(link, await open(link), 'look', nurse);
    story.aws.roster = aRoster({
      clinicians: aRoster({}, pinHashes).clinicians.filter(({ id }) => id !== 'nurse-1'),
      rotations: [],
    });
    pass(60);
    expect((await submit(link, inside, 'accept')).status).toBe(403);
  });
});

describe('closing', () => {
  test('takes a reason, ends the alert and rings', async () => {
    const inside = await submit(link, await open(link), 'look', nurse);
    const without = await submit(link, inside, 'close', { reason: '' });
    expect([without.status, story.alertNow().status]).toEqual([400, 'open']);
    const closed = await submit(link, inside, 'close', { reason: 'transferred' });
    expect(story.alertNow()).toMatchObject({ status: 'closed', closedBecause: 'transferred' });
    expect(textOf(closed.html)).toContain('You closed this alert');
    expect(story.aws.bells).toEqual(['token-1']);
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
    const inside = await submit(link, await open(link), 'look', nurse);
    await submit(link, inside, 'close', { reason: 'recovered' });
    expect(story.alertNow().status).toBe('open');
  });

  test('is refused when it got worse meanwhile', async () => {
    const inside = await submit(link, await open(link), 'look', nurse);
    story.put({ ...story.alertNow(), worst: 'emergency', seq: 3 });
    const page = await submit(link, inside, 'close', { reason: 'transferred' });
    expect([page.status, story.alertNow().status]).toEqual([409, 'open']);
  });
});

describe('a late click', () => {
  test('says by role who has it since when; by name after the PIN', async () => {
    story.put(anOwnedAlert({ ownerId: 'doctor-1', ownerRole: 'doctor' }));
    const page = await open(link);
    expect(textOf(page.html)).toContain('A doctor has it since 03:01.');
    expect(formsOf(page.html)[0]?.actions).toEqual(['look']);
    const inside = await submit(link, page, 'look', nurse);
    expect(textOf(inside.html)).toContain('Dr Elias Brandreth (doctor) has it since 03:01');
  });

  test('of an earlier round leads to the newest message', async () => {
    story.put({ ...story.alertNow(), round: 2 });
    const page = await open(link);
    expect(textOf(page.html)).toContain('open the newest message about this reference');
    expect(formsOf(page.html)[0]?.actions).toEqual(['look']);
  });

  test('of a form from an earlier round records nothing', async () => {
    const form = await open(link);
    story.put({ ...story.alertNow(), round: 2, seq: 3 });
    const page = await submit(link, form, 'accept', nurse);
    expect(page.status).toBe(409);
    expect(textOf(page.html)).toContain('open the newest message'.replace('o', 'O'));
    expect(story.alertNow().seq).toBe(3);
  });

  test.each([
    [
      'closed',
      () =>
        story.put({
          ...story.alertNow(),
          status: 'closed',
          closedAt: minute(1),
          closedBecause: 'comfort care',
        }),
    ],
    ['followed by a new alert', () => story.put({ ...story.alertNow(), alertId: 'another' })],
  ])('of an alert that is %s has no form', async (_case, change) => {
    const form = await open(link);
    change();
    for (const page of [await open(link), await submit(link, form, 'accept', nurse)]) {
      expect(textOf(page.html)).toContain('This alert is closed');
      expect(page.html).not.toContain('comfort');
      expect(formsOf(page.html)).toEqual([]);
    }
    expect(story.aws.writes).toEqual([]);
  });
});

describe('PINs', () => {
  test("a wrong one, or a colleague's, does nothing but count", async () => {
    const page = await wrongPin(pins['doctor-1']);
    expect([page.status, story.pageNow().wrongPins, story.alertNow().seq]).toEqual([403, 1, 2]);
    expect(textOf(page.html)).toContain('4 tries are left before the next person is asked.');
  });

  test('whoever mistyped it need not say again who it is', async () => {
    const page = await submit(link, await open(link), 'accept', { ...doctor, pin: '593207' });
    expect(page.html).toMatch(/<details open>/);
    expect(page.html).toMatch(/name="clinician" value="doctor-1"/);
    expect((await wrongPin()).html).not.toMatch(/<details open>/);
  });

  test('five wrong ones on the page ask the next person at once, and the right one still counts', async () => {
    for (let tries = 1; tries <= 4; tries++) expect((await wrongPin()).status).toBe(403);
    expect(story.alertNow().declined).toEqual([]);
    const fifth = await wrongPin();
    expect(fifth.status).toBe(429);
    expect(textOf(fifth.html)).toContain(
      'Too many wrong PINs on this page. The right one still counts. The next person is asked now. That is the nurse.',
    );
    expect(story.alertNow().events.at(-1)).toMatchObject({
      type: 'declined',
      clinicianId: 'nurse-1',
      reason: 'wrong PINs',
    });
    expect(story.aws.bells).toEqual(['token-1']);
    expect((await submit(link, await open(link), 'accept', nurse)).status).toBe(200);
    expect(story.alertNow().ownerId).toBe('nurse-1');
  });

  test.each([
    ['asking', {}, 'The next person is asked now. That is the nurse.', ''],
    ['owned', anOwnedAlert(), 'A nurse has it since', 'next person'],
    ['of an earlier round', { round: 2 }, 'This link is from an earlier message', 'next person'],
  ])('too many on a page that is %s say what is true of it', async (_what, change, says, saysNot) => {
    for (let tries = 1; tries <= 4; tries++) await wrongPin();
    story.put({ ...story.alertNow(), ...change });
    const form = await open(link);
    const { token } = formsOf(form.html)[0]?.hidden ?? {};
    const page = await post(link, { token: token as string, ...nurse, pin: '000000', action: 'accept' });
    expect(page.status).toBe(429);
    expect(textOf(page.html)).toContain('Too many wrong PINs');
    expect(textOf(page.html)).toContain(says);
    if (saysNot) expect(textOf(page.html)).not.toContain(saysNot);
  });

  test('many at once are all counted, and pass the page on once', async () => {
    const form = await open(link);
    const guesses = Array.from({ length: 12 }, (_, index) =>
      submit(link, form, 'accept', { ...nurse, pin: `73914${index % 10}` }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(8);
    expect(story.alertNow()).toMatchObject({ declined: ['nurse-1'], seq: 3 });
    expect([story.pageNow().wrongPins, story.wrongOf('PIN#nurse-1', 'newestPage')]).toEqual([12, 12]);
  });

  test.each([['12345'], ['1234567'], ['abcdef'], ['']])('%j is no attempt', async (pin) => {
    expect((await wrongPin(pin)).status).toBe(400);
    expect(story.pageNow().wrongPins).toBe(0);
  });

  test('a form of two hours ago is no attempt, and comes back fresh', async () => {
    const form = await open(link);
    pass(2 * 3600);
    const stale = await submit(link, form, 'accept', nurse);
    expect([stale.status, story.pageNow().wrongPins, story.alertNow().ownerId]).toEqual([403, 0, null]);
    await submit(link, stale, 'accept', nurse);
    expect(story.alertNow().ownerId).toBe('nurse-1');
  });
});

test('a mail scanner that runs scripts and submits every form with junk cannot accept', async () => {
  const junk = ['', 'test', '123456', '000000', '1234', 'admin@example.org'];
  let page = await open(link);
  for (const value of junk) {
    for (const { hidden, actions, visible } of formsOf(page.html)) {
      for (const action of [...actions, 'close', 'submit']) {
        const filled = Object.fromEntries(visible.map((name) => [name, value]));
        await post(link, { ...hidden, ...filled, action });
        await post(link, { ...hidden, ...filled, clinician: 'nurse-1', reason: 'died', action });
      }
    }
    page = await open(link);
  }
  expect(story.alertNow()).toMatchObject({ status: 'open', ownerId: null });
  expect(story.alertNow().events.map(({ type }) => type)).toEqual(['declined']);
});

test('logs hold ids, and neither link, PIN, name nor token', async () => {
  const lines: unknown[] = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(logger, level).mockImplementation((...line: unknown[]) => void lines.push(line));
  }
  const form = await open(link);
  for (let tries = 1; tries <= 5; tries++) await wrongPin('999999');
  pass(60);
  await submit(link, form, 'accept', nurse);
  const logged = JSON.stringify(lines);
  expect(logged).toContain('3f9a0c21b7de4455');
  for (const secret of [link, '999999', pins['nurse-1'], 'Whitlock', 'token-1', form.html.slice(0, 40)]) {
    expect(logged).not.toContain(secret);
  }
});

test('a failure is counted for the alarm, and is a page that says what to do next', async () => {
  const { metrics } = await import('../../handlers/aws/logger.ts');
  const counted = vi.spyOn(metrics, 'addMetric');
  vi.stubEnv('TABLE_NAME', '');
  const { handler } = await import('../../handlers/answer-page.ts');
  const response = await handler(requestOf('GET', link));
  expect(response.statusCode).toBe(500);
  expect(response.body).toContain('Go back and answer once more');
  expect(counted).toHaveBeenCalledWith('AnswersFailed', 'Count', 1);
});
