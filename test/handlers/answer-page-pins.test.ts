/** Whose PIN it is, how often it is tried, and how it is taken back by signing out. */
import { describe, expect, test, vi } from 'vitest';
import { newPage } from '../../handlers/alert/page.ts';
import { logger, metrics } from '../../handlers/runtime/logger.ts';
import { pinMatches } from '../../handlers/runtime/pin.ts';
import { LocalAws } from '../local-aws.ts';
import { anOwnedAlert, aPagedAlert, at } from './alert/builders.ts';
import { formsOf, open, post, submit, textOf } from './answering/browser.ts';
import { aPageStory, doctor, link, nurse, pass, pinHashes, pins, wrongPin } from './answering/page-story.ts';
import { useTries } from './answering/tries.ts';
import { aRoster } from './on-call/builders.ts';

vi.mock(import('../../handlers/runtime/pin.ts'), { spy: true });

const story = aPageStory();
/** A newer round asks by now: the page of the story is an earlier message. */
const inRound2 = () => aPagedAlert({ round: { number: 2 } });

test('the right PIN of the addressee shows that mail arrives; anybody else’s, and a wrong one, do not', async () => {
  const reached = (id: string) => story.aws.items.get(`REACHED#${id}`);
  await wrongPin();
  await submit(link, await open(link), 'show', doctor);
  expect([reached('nurse-1'), reached('doctor-1')]).toEqual([undefined, undefined]);
  await submit(link, await open(link), 'show', nurse);
  expect(reached('nurse-1')).toMatchObject({ kind: 'reached', reachedAt: new Date().toISOString() });
  expect(reached('doctor-1')).toBeUndefined();
});

describe('who it is', () => {
  const as = async (clinician: string, pin: string) =>
    submit(link, await open(link), 'show', { clinician, pin });

  test.each([['AW'], ['a.w.'], ['nurse-1'], [' Nurse-1 ']])('%j is Amara Whitlock', async (name) => {
    expect(textOf((await as(name, pins['nurse-1'])).html)).toContain('Signed in as Amara Whitlock');
  });

  test('initials without the title, and only where one person bears them', async () => {
    expect((await as('EB', pins['doctor-1'])).status).toBe(200);
    story.aws = new LocalAws(
      aRoster({
        clinicians: aRoster({}, pinHashes).clinicians.map((person) => ({ ...person, name: 'Ann Other' })),
      }),
    );
    story.put(aPagedAlert());
    story.putPage();
    pass(60);
    expect((await as('AO', pins['nurse-1'])).status).toBe(403);
    expect((await as('nurse-1', pins['nurse-1'])).status).toBe(200);
  });

  test('a wrong name is answered as a wrong PIN is, try for try, and costs as much', async () => {
    const answers = async (clinician: string) => {
      vi.mocked(pinMatches).mockClear();
      story.putPage();
      story.put(aPagedAlert());
      story.aws.done.length = 0;
      const texts: string[] = [];
      for (let tries = 1; tries <= 7; tries++) {
        const { status, html } = await as(clinician, '739145');
        texts.push(`${status} ${textOf(html)}`);
      }
      const writes = story.aws.writes.map((write) => write.replace(/PIN#[\w.-]+#/, 'PIN##'));
      return { texts, writes, checks: vi.mocked(pinMatches).mock.calls.length };
    };
    const real = await answers('doctor-1');
    expect(real.texts.map((text) => text.slice(0, 3))).toEqual([
      '403',
      '403',
      '403',
      '403',
      '429',
      '429',
      '429',
    ]);
    expect(real.checks).toBe(5);
    for (const name of ['nobody', 'quality-1', 'ZZ']) expect(await answers(name)).toEqual(real);
  });
});

describe('PINs', () => {
  test("a wrong one, or a colleague's, does nothing but count", async () => {
    const page = await wrongPin(pins['doctor-1']);
    expect([page.status, story.pageNow().wrongPins, story.alertNow().seq]).toEqual([403, 1, 2]);
    expect(textOf(page.html)).toContain('You have 4 tries left before the next person is paged.');
  });

  test('whoever mistyped it need not say again who it is', async () => {
    const page = await submit(link, await open(link), 'accept', { ...doctor, pin: '593207' });
    expect(page.html).toMatch(/<details open>/);
    expect(page.html).toMatch(/name="clinician" value="doctor-1"/);
    expect((await wrongPin()).html).not.toMatch(/<details open>/);
  });

  test('five wrong ones on the page ask the next person at once, and the right one still counts', async () => {
    for (let tries = 1; tries <= 4; tries++) expect((await wrongPin()).status).toBe(403);
    expect(story.alertNow().round.declined).toEqual([]);
    const fifth = await wrongPin();
    expect(fifth.status).toBe(429);
    expect(textOf(fifth.html)).toContain(
      'Too many wrong PINs on this page. The correct one still works. The next person is being paged now: the nurse.',
    );
    expect(story.lastEvent()).toMatchObject({
      type: 'declined',
      clinicianId: 'nurse-1',
      reason: 'wrongPins',
    });
    expect(story.aws.wakes).toEqual(['token-1']);
    expect((await submit(link, await open(link), 'accept', nurse)).status).toBe(200);
    expect(story.ownerNow()).toBe('nurse-1');
  });

  test.each([
    ['asking', aPagedAlert(), 'The next person is being paged now: the nurse.', ''],
    ['owned', anOwnedAlert(), 'A nurse accepted at', 'next person'],
    ['of an earlier round', inRound2(), 'This link is from an earlier message', 'next person'],
  ])('too many on a page that is %s say what is true of it', async (_what, alert, says, saysNot) => {
    for (let tries = 1; tries <= 4; tries++) await wrongPin();
    story.put(alert);
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
    expect(story.alertNow().round.declined).toEqual(['nurse-1']);
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
    expect([stale.status, story.pageNow().wrongPins, story.ownerNow()]).toEqual([403, 0, null]);
    await submit(link, stale, 'accept', nurse);
    expect(story.ownerNow()).toBe('nurse-1');
  });
});

describe('guessing', () => {
  const other = 'c'.repeat(22);
  const guess = (pageId: string, clinician: string, cookies?: string[]) => async (pin: string) =>
    submit(pageId, await open(pageId), 'show', { clinician, pin }, cookies);
  const statusesOf = async (times: number, pin: (n: number) => Promise<{ status: number }>) => {
    const statuses: number[] = [];
    for (let n = 0; n < times; n++) statuses.push((await pin(n)).status);
    return statuses;
  };
  const wrong = (n: number) => String(739_145 + n);
  /** As if so many wrong PINs had been given in a lane before. */
  const givenBefore = (whose: string, lane: string, count?: number) =>
    useTries(story.aws.items, whose, lane, count);

  test('an earlier page, another page and a colleague’s page share a few tries, and take longer and longer', async () => {
    story.put(inRound2());
    story.aws.items.set(`PAGE#${other}`, {
      ...newPage(inRound2(), other, 'nurse-2', at(0)),
    });
    const onOld = guess(link, 'nurse-1');
    const onColleagues = guess(other, 'nurse-1');
    await statusesOf(3, (n) => onOld(wrong(n)));
    await statusesOf(2, (n) => onColleagues(wrong(n)));
    for (const page of [onOld, onColleagues]) expect((await page(pins['nurse-1'])).status).toBe(429);
    for (const minutes of [10, 10, 10]) {
      pass(minutes * 60);
      expect((await onOld(wrong(9))).status).toBe(429);
      expect((await onOld(pins['nurse-1'])).status).toBe(429);
    }
    expect(story.wrongOf('PIN#nurse-1', 'elsewhere')).toBe(8);
    pass(3600);
    const refused = await onOld(pins['nurse-1']);
    expect(textOf(refused.html)).toContain('no PIN is accepted here until 08:00');
    pass(4 * 3600);
    expect((await onOld(pins['nurse-1'])).status).toBe(200);
  });

  test('elsewhere used up leaves the newest page as it was, and the other way round', async () => {
    givenBefore('PIN#nurse-1', 'elsewhere');
    expect((await guess(link, 'nurse-1')(pins['nurse-1'])).status).toBe(200);
    story.aws.items.delete('PIN#nurse-1#elsewhere');
    givenBefore('PIN#nurse-1', 'newestPage');
    story.put(inRound2());
    expect((await guess(link, 'nurse-1')(pins['nurse-1'])).status).toBe(200);
  });

  test('however many guesses on a newest page later, as long as one is left, the addressee is in at the first try', async () => {
    for (const count of [0, 10, 24]) {
      givenBefore('PIN#nurse-1', 'newestPage', count);
      expect((await guess(link, 'nurse-1')(pins['nurse-1'])).status).toBe(200);
    }
  });

  test.each([
    ['of one person', 'PIN#nurse-1', '04:48'],
    ['of the whole hospital', 'PIN#.everybody', '03:36'],
  ])(
    'the tries %s used up, the PIN counts where it was right before, and the patient does not wait',
    async (_whose, pk, until) => {
      const { cookies } = await guess(link, 'nurse-1')(pins['nurse-1']);
      givenBefore(pk, 'newestPage');
      const counted = vi.spyOn(metrics, 'addMetric');
      const refused = await submit(link, await open(link), 'accept', nurse);
      expect(refused.status).toBe(429);
      expect(textOf(refused.html)).toContain(
        `until ${until} a PIN works here only on a phone or computer on which you or a colleague have answered before. The next person is being paged now:`,
      );
      expect(counted).toHaveBeenCalledWith('PinTriesUsedUp', 'Count', 1);
      // What is not tried counts nowhere.
      expect(story.wrongOf('PIN#nurse-1', 'newestPage')).toBe(pk === 'PIN#nurse-1' ? 25 : 0);
      expect(story.alertNow()).toMatchObject({
        standing: { formerOwner: null },
        round: { declined: ['nurse-1'] },
      });
      const accepted = await submit(link, await open(link), 'accept', nurse, cookies);
      expect([accepted.status, story.ownerNow()]).toEqual([200, 'nurse-1']);
    },
  );

  test('a browser’s own few wrong ones do not touch the others’, and then it counts as any', async () => {
    const { cookies } = await guess(link, 'nurse-1')(pins['nurse-1']);
    expect(cookies).toHaveLength(1);
    const known = guess(link, 'nurse-1', cookies);
    await statusesOf(9, (n) => known(wrong(n)));
    // Its last one brings no lock: others are left.
    expect(textOf((await known(wrong(9))).html)).toContain(
      'Too many wrong PINs on this page. The correct one',
    );
    expect(story.wrongOf('PIN#nurse-1', 'newestPage')).toBe(0);
    await known(wrong(10));
    expect(story.wrongOf('PIN#nurse-1', 'newestPage')).toBe(1);
  });

  test('a colleague’s phone or the ward’s computer will do, and gives its owner ten guesses of colleagues in all', async () => {
    const { cookies } = await guess(link, 'doctor-1')(pins['doctor-1']);
    givenBefore('PIN#nurse-1', 'newestPage');
    expect((await guess(link, 'nurse-1')(pins['nurse-1'])).status).toBe(429);
    expect((await guess(link, 'nurse-1', cookies)(pins['nurse-1'])).status).toBe(200);
    await statusesOf(5, (n) => guess(link, 'nurse-1', cookies)(wrong(n)));
    await statusesOf(5, (n) => guess(link, 'nobody', cookies)(wrong(n)));
    expect(story.wrongOf('PIN#doctor-1', 'others')).toBe(10);
    expect((await guess(link, 'nurse-1', cookies)(pins['nurse-1'])).status).toBe(429);
    expect((await guess(link, 'doctor-1', cookies)(pins['doctor-1'])).status).toBe(200);
  });

  test('a right one is not counted, and makes no wrong one undone: nobody guesses on behind a PIN of the own', async () => {
    await guess(link, 'nurse-1')(wrong(0));
    await guess(link, 'doctor-1')(wrong(0));
    const counts = () =>
      [...story.aws.items].flatMap(([pk, item]) => (pk.startsWith('PIN#') ? [[pk, item.lastTry]] : []));
    const now = counts();
    expect(now).toHaveLength(5);
    await guess(link, 'nurse-1')(pins['nurse-1']);
    await guess(link, 'doctor-1')(pins['doctor-1']);
    expect(counts()).toEqual(now);
  });

  test('a right one counts also when the attempt cannot be given back', async () => {
    let updates = 0;
    story.aws.before = (call) =>
      call.startsWith('Update PIN') && ++updates > 2 ? new Error('throttled') : undefined;
    expect((await submit(link, await open(link), 'accept', nurse)).status).toBe(200);
    expect([updates, story.ownerNow()]).toEqual([4, 'nurse-1']);
    expect(logger.warn).toHaveBeenCalledWith('try-not-given-back', { error: 'Error' });
  });

  test('many at once gain nothing: as many are checked as are left', async () => {
    givenBefore('PIN#nurse-1', 'newestPage', 20);
    const form = await open(link);
    vi.mocked(pinMatches).mockClear();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => submit(link, form, 'show', { ...nurse, pin: wrong(n) })),
    );
    expect(pinMatches).toHaveBeenCalledTimes(5);
    expect(story.wrongOf('PIN#nurse-1', 'newestPage')).toBe(25);
  });

  test('a PIN that cannot be counted is not tried', async () => {
    story.aws.before = (call) => (call.startsWith('Update PIN') ? new Error('throttled') : undefined);
    expect((await submit(link, await open(link), 'accept', nurse)).status).toBe(500);
    expect(story.ownerNow()).toBeNull();
  });

  test('what a scanner fills in uses up nobody’s tries', async () => {
    for (const pin of ['123456', '000000', '111111']) expect((await wrongPin(pin)).status).toBe(403);
    expect([story.pageNow().wrongPins, story.wrongOf('PIN#nurse-1', 'newestPage')]).toEqual([3, 0]);
  });
});

describe('signing out', () => {
  const pressed = async (inside: Awaited<ReturnType<typeof open>>) => submit(link, inside, 'sign-out');

  test('ends the session there and then, on the server', async () => {
    const inside = await submit(link, await open(link), 'show', nurse);
    const out = await pressed(inside);
    expect(textOf(out.html)).toContain('You are signed out. To go on, enter your PIN again.');
    expect(out.html).not.toMatch(/191|Signed in/);
    pass(1);
    for (const action of ['accept', 'close', 'sign-out']) {
      const { session } = formsOf(inside.html)[0]?.hidden ?? {};
      const again = await post(link, {
        session: session as string,
        shown: 'critical',
        reason: 'died',
        action,
      });
      expect([again.status, /191|Signed in/.test(again.html)]).toEqual([403, false]);
    }
    expect(story.alertNow()).toMatchObject({ standing: { is: 'waiting', formerOwner: null } });
  });

  test('a browser that goes back and sends the PIN once more is not let in either', async () => {
    const form = await open(link);
    const inside = await submit(link, form, 'show', nurse);
    pass(1);
    const out = await pressed(inside);
    expect((await submit(link, form, 'show', nurse)).status).toBe(403);
    pass(1);
    expect((await submit(link, out, 'show', nurse)).status).toBe(200);
    expect((await submit(link, await open(link), 'show', nurse)).status).toBe(200);
  });

  test('is of one person and one page', async () => {
    const inside = await submit(link, await open(link), 'show', nurse);
    const doctors = await submit(link, await open(link), 'show', doctor);
    await pressed(inside);
    await submit(link, doctors, 'accept');
    expect(story.ownerNow()).toBe('doctor-1');
  });
});
