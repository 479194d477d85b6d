import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { newPage } from '../../handlers/alert/page.ts';
import { logger, metrics } from '../../handlers/aws/logger.ts';
import { hashPin, pepperOf } from '../../handlers/aws/pin.ts';
import type { PinHash } from '../../handlers/on-call/roster.ts';
import { anOwnedAlert, aPagedAlert, aReadingAt, at, minute } from '../alert/builders.ts';
import { formsOf, head, open, post, requestOf, submit, textOf } from '../answering/browser.ts';
import { type FakeAws, fakeAws, rootKey } from '../answering/fake-aws.ts';
import { aRoster } from '../on-call/builders.ts';

const pins = { 'nurse-1': '204817', 'nurse-2': '593206', 'doctor-1': '128574' };
const pinHashes: Record<string, PinHash> = {};
const link = 'a'.repeat(22);
const nurse = { clinician: 'nurse-1', pin: pins['nurse-1'] };
const doctor = { clinician: 'doctor-1', pin: pins['doctor-1'] };
let aws: FakeAws;
let tests = 0;

beforeAll(async () => {
  for (const [id, pin] of Object.entries(pins)) {
    pinHashes[id] = await hashPin(pin, pepperOf(rootKey), Buffer.from(`salt of ${id}`));
  }
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(minute(1)) });
  vi.stubEnv('TABLE_NAME', 'table');
  // A bucket of its own, as rosters are kept for a minute by bucket.
  vi.stubEnv('ROSTER_BUCKET', `roster-${++tests}`);
  vi.stubEnv('ANSWER_SECRET_ARN', 'arn:secret');
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue();
  vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    metrics.clearMetrics();
    return metrics;
  });
  aws = fakeAws(aRoster({}, pinHashes));
  put(aPagedAlert());
  aws.items.set(`PAGE#${link}`, newPage(aPagedAlert(), link, 'nurse-1', at(0)));
  aws.items.set('VITALS#p-7', {
    pk: 'VITALS#p-7',
    recent: [
      { ...aReadingAt(-20), systolicMmHg: 131, diastolicMmHg: 77 },
      { ...aReadingAt(0, 'critical'), systolicMmHg: 191, diastolicMmHg: 117 },
    ],
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const put = (alert: Alert) => aws.items.set(alert.pk, alert);
const alertNow = (): Alert => aws.items.get('PATIENT#p-7');
const pageNow = () => aws.items.get(`PAGE#${link}`);
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const wrongPin = async (pin = '000000') => submit(link, await open(link), 'accept', { ...nurse, pin });

describe('opening the link', () => {
  test('shows severity, place and reference, and no values', async () => {
    const page = await open(link);
    expect(page.status).toBe(200);
    expect(textOf(page.html)).toContain(
      'CRITICAL blood pressure ward-001 bed 4 Heron Ward Reference VG 7F3K9Q',
    );
    expect(page.html).not.toMatch(/191|117|p-7|mmHg/);
    expect(formsOf(page.html)).toEqual([
      {
        hidden: { token: expect.any(String), shown: 'critical' },
        actions: ['accept', 'decline', 'look'],
        visible: ['clinician', 'pin'],
      },
    ]);
  });

  test('names the addressee first, then who is on call, and nobody who only does quality', async () => {
    aws.items.set(`PAGE#${link}`, { ...pageNow(), clinicianId: 'lead-1' });
    const names = [...(await open(link)).html.matchAll(/<option value="([^"]+)"/g)].map(([, id]) => id);
    expect(names[0]).toBe('lead-1');
    expect(names.toSorted()).toEqual(['doctor-1', 'lead-1', 'nurse-1', 'nurse-2']);
  });

  test('changes nothing, by GET or HEAD', async () => {
    await open(link);
    expect(await head(link)).toMatchObject({ status: 200, html: '' });
    expect(aws.writes).toEqual([]);
    expect(aws.bells).toEqual([]);
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
    aws = fakeAws(aRoster({ wards: [{ id: 'ward-001', name }] }, pinHashes));
    put(aPagedAlert({ bed: '<i>4</i>' }));
    aws.items.set(`PAGE#${link}`, newPage(aPagedAlert(), link, 'nurse-1', at(0)));
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
    expect(alertNow()).toMatchObject({ ownerId: 'nurse-1', ownerRole: 'nurse', ownerRound: 1, seq: 3 });
    expect(alertNow().events.at(-1)).toMatchObject({ type: 'accepted', clinicianId: 'nurse-1' });
    expect(aws.bells).toEqual(['token-1']);
    expect(textOf(page.html)).toContain('You have it since 03:01. It is rechecked at 03:16');
    expect(textOf(page.html)).toContain('191 / 117 critical');
    expect(formsOf(page.html).map(({ actions }) => actions)).toEqual([['close']]);
  });

  test('by the colleague who picked up the telephone, as themselves', async () => {
    await submit(link, await open(link), 'accept', doctor);
    expect(alertNow()).toMatchObject({ ownerId: 'doctor-1', ownerRole: 'doctor' });
  });

  test('twice is once', async () => {
    const form = await open(link);
    await submit(link, form, 'accept', nurse);
    const again = await submit(link, form, 'accept', nurse);
    expect(textOf(again.html)).toContain('You have it since 03:01');
    expect(alertNow().seq).toBe(3);
  });

  test('of two at once one has it, and the other is told who', async () => {
    const form = await open(link);
    const pages = await Promise.all([
      submit(link, form, 'accept', nurse),
      submit(link, form, 'accept', doctor),
    ]);
    const owner = alertNow().ownerId;
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
    put({ ...alertNow(), worst: 'emergency', seq: 3 });
    const page = await submit(link, form, 'accept', nurse);
    expect(page.status).toBe(409);
    expect(textOf(page.html)).toContain('It has got worse since you opened this page');
    expect(alertNow().ownerId).toBeNull();
    await submit(link, page, 'accept');
    expect(alertNow().ownerId).toBe('nurse-1');
  });

  test('is confirmed also when the readings cannot be shown', async () => {
    aws.before = (call) => (call.startsWith('Get VITALS') ? new Error('throttled') : undefined);
    const page = await submit(link, await open(link), 'accept', nurse);
    expect(page.status).toBe(200);
    expect(textOf(page.html)).toContain('You have it since 03:01. It is rechecked at 03:16');
    expect(textOf(page.html)).toContain('They cannot be shown just now');
    expect(logger.error).toHaveBeenCalledWith('trend-not-read', {
      alertId: alertNow().alertId,
      error: 'Error',
    });
  });

  test('without having been shown a level is only a look', async () => {
    const { token } = formsOf((await open(link)).html)[0]?.hidden ?? {};
    await post(link, { token: token as string, ...nurse, action: 'accept' });
    expect(alertNow().ownerId).toBeNull();
  });
});

describe('not coming', () => {
  test('is recorded once, rings, and can be taken back by opening the link again', async () => {
    const form = await open(link);
    const page = await submit(link, form, 'decline', nurse);
    expect(textOf(page.html)).toContain('Recorded: you cannot come. The next person is asked now.');
    await submit(link, form, 'decline', nurse);
    expect(alertNow()).toMatchObject({ declined: ['nurse-1'], seq: 3 });
    expect(alertNow().events.at(-1)).toMatchObject({ type: 'declined', reason: 'cannot come' });
    expect(aws.bells).toEqual(['token-1']);
    await submit(link, await open(link), 'accept', nurse);
    expect(alertNow().ownerId).toBe('nurse-1');
  });
});

describe('looking first', () => {
  test('shows values, trend and history, and records nothing of the alert', async () => {
    put({
      ...alertNow(),
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
    expect(alertNow().seq).toBe(2);
  });

  test('answers without the PIN for ten minutes, and not a second longer', async () => {
    const inside = await submit(link, await open(link), 'look', nurse);
    pass(10 * 60);
    const late = await submit(link, inside, 'accept');
    expect(late.status).toBe(403);
    expect(textOf(late.html)).toContain('Please give your PIN again');
    expect(alertNow().ownerId).toBeNull();
    pass(-1);
    await submit(link, inside, 'accept');
    expect(alertNow().ownerId).toBe('nurse-1');
  });

  test('a session is of one page and one person', async () => {
    const inside = await submit(link, await open(link), 'look', nurse);
    const session = formsOf(inside.html)[0]?.hidden.session as string;
    const other = 'c'.repeat(22);
    aws.items.set(`PAGE#${other}`, { ...pageNow(), pk: `PAGE#${other}`, pageId: other });
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
    expect(alertNow().ownerId).toBeNull();
  });

  test('who has left the roster is out at once', async () => {
    const inside = await submit(link, await open(link), 'look', nurse);
    aws.roster = aRoster({
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
    expect([without.status, alertNow().status]).toEqual([400, 'open']);
    const closed = await submit(link, inside, 'close', { reason: 'transferred' });
    expect(alertNow()).toMatchObject({ status: 'closed', closedBecause: 'transferred' });
    expect(textOf(closed.html)).toContain('You closed this alert');
    expect(aws.bells).toEqual(['token-1']);
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
    expect(alertNow().status).toBe('open');
  });

  test('is refused when it got worse meanwhile', async () => {
    const inside = await submit(link, await open(link), 'look', nurse);
    put({ ...alertNow(), worst: 'emergency', seq: 3 });
    const page = await submit(link, inside, 'close', { reason: 'transferred' });
    expect([page.status, alertNow().status]).toEqual([409, 'open']);
  });
});

describe('a late click', () => {
  test('says by role who has it since when; by name after the PIN', async () => {
    put(anOwnedAlert({ ownerId: 'doctor-1', ownerRole: 'doctor' }));
    const page = await open(link);
    expect(textOf(page.html)).toContain('A doctor has it since 03:01.');
    expect(formsOf(page.html)[0]?.actions).toEqual(['look']);
    const inside = await submit(link, page, 'look', nurse);
    expect(textOf(inside.html)).toContain('Dr Elias Brandreth (doctor) has it since 03:01');
  });

  test('of an earlier round leads to the newest message', async () => {
    put({ ...alertNow(), round: 2 });
    const page = await open(link);
    expect(textOf(page.html)).toContain('open the newest message about this reference');
    expect(formsOf(page.html)[0]?.actions).toEqual(['look']);
  });

  test('of a form from an earlier round records nothing', async () => {
    const form = await open(link);
    put({ ...alertNow(), round: 2, seq: 3 });
    const page = await submit(link, form, 'accept', nurse);
    expect(page.status).toBe(409);
    expect(textOf(page.html)).toContain('open the newest message'.replace('o', 'O'));
    expect(alertNow().seq).toBe(3);
  });

  test.each([
    [
      'closed',
      () => put({ ...alertNow(), status: 'closed', closedAt: minute(1), closedBecause: 'comfort care' }),
    ],
    ['followed by a new alert', () => put({ ...alertNow(), alertId: 'another' })],
  ])('of an alert that is %s has no form', async (_case, change) => {
    const form = await open(link);
    change();
    for (const page of [await open(link), await submit(link, form, 'accept', nurse)]) {
      expect(textOf(page.html)).toContain('This alert is closed');
      expect(page.html).not.toContain('comfort');
      expect(formsOf(page.html)).toEqual([]);
    }
    expect(aws.writes).toEqual([]);
  });
});

describe('PINs', () => {
  test("a wrong one, or a colleague's, does nothing but count", async () => {
    const page = await wrongPin(pins['doctor-1']);
    expect([page.status, pageNow().wrongPins, alertNow().seq]).toEqual([403, 1, 2]);
    expect(textOf(page.html)).toContain('4 tries are left');
  });

  test('whoever mistyped it need not look for the own name again', async () => {
    const page = await submit(link, await open(link), 'accept', { ...doctor, pin: '000000' });
    expect(page.html).toMatch(/<option value="doctor-1" selected>/);
  });

  test('a right one is not counted, and makes no wrong one undone: nobody guesses on behind a PIN of the own', async () => {
    await wrongPin();
    await submit(link, await open(link), 'look', nurse);
    expect(pageNow()).toMatchObject({ wrongPins: 1, lockedUntil: null });
    for (let tries = 2; tries <= 4; tries++) await wrongPin();
    await submit(link, await open(link), 'look', nurse);
    expect(pageNow()).toMatchObject({ wrongPins: 4, lockedUntil: null });
    expect((await wrongPin()).status).toBe(429);
  });

  test('a right one counts also when the attempt cannot be given back', async () => {
    let updates = 0;
    aws.before = (call) =>
      call.startsWith('Update PAGE') && ++updates === 2 ? new Error('throttled') : undefined;
    expect((await submit(link, await open(link), 'accept', nurse)).status).toBe(200);
    expect([updates, alertNow().ownerId]).toEqual([2, 'nurse-1']);
  });

  test('five wrong ones stop PINs on the page for 60 seconds and ask the next person at once', async () => {
    for (let tries = 1; tries <= 4; tries++) expect((await wrongPin()).status).toBe(403);
    expect(alertNow().declined).toEqual([]);
    expect((await wrongPin()).status).toBe(429);
    expect(alertNow().events.at(-1)).toMatchObject({
      type: 'declined',
      clinicianId: 'nurse-1',
      reason: 'wrong PINs',
    });
    expect(aws.bells).toEqual(['token-1']);
    pass(59);
    expect((await submit(link, await open(link), 'accept', nurse)).status).toBe(429);
    expect(alertNow().ownerId).toBeNull();
    pass(1);
    expect((await submit(link, await open(link), 'accept', nurse)).status).toBe(200);
    expect(alertNow().ownerId).toBe('nurse-1');
  });

  test.each([
    ['asking', {}, 'The next person is being asked.', ''],
    ['owned', anOwnedAlert(), 'A nurse has it since', 'next person'],
    ['of an earlier round', { round: 2 }, 'This link is from an earlier message', 'next person'],
  ])(
    'the lock of a page that is %s says what is true of it, at once and later',
    async (_what, change, says, saysNot) => {
      for (let tries = 1; tries <= 4; tries++) await wrongPin();
      put({ ...alertNow(), ...change });
      const form = await open(link);
      const { token } = formsOf(form.html)[0]?.hidden ?? {};
      for (let tries = 5; tries <= 6; tries++) {
        const page = await post(link, { token: token as string, ...nurse, pin: '000000', action: 'accept' });
        expect(page.status).toBe(429);
        expect(textOf(page.html)).toContain('Too many wrong PINs: none is taken here until 03:02.');
        expect(textOf(page.html)).toContain(says);
        if (saysNot) expect(textOf(page.html)).not.toContain(saysNot);
      }
    },
  );

  test('many at once gain nothing: five are tried', async () => {
    const form = await open(link);
    const guesses = Array.from({ length: 12 }, (_, index) =>
      submit(link, form, 'accept', { ...nurse, pin: String(index).padStart(6, '0') }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(4);
    expect(statuses.filter((status) => status === 429)).toHaveLength(8);
    expect(alertNow().declined).toEqual(['nurse-1']);
  });

  test.each([['12345'], ['1234567'], ['abcdef'], ['']])('%j is no attempt', async (pin) => {
    expect((await wrongPin(pin)).status).toBe(400);
    expect(pageNow().wrongPins).toBe(0);
  });

  test('a form of two hours ago is no attempt, and comes back fresh', async () => {
    const form = await open(link);
    pass(2 * 3600);
    const stale = await submit(link, form, 'accept', nurse);
    expect([stale.status, pageNow().wrongPins, alertNow().ownerId]).toEqual([403, 0, null]);
    await submit(link, stale, 'accept', nurse);
    expect(alertNow().ownerId).toBe('nurse-1');
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
  expect(alertNow()).toMatchObject({ status: 'open', ownerId: null });
  expect(alertNow().events.map(({ type }) => type)).toEqual(['declined']);
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
