/** Whom a page lets in, whom it passes on, and where names and signing out tell nothing to whoever has no PIN. */
import { describe, expect, test, vi } from 'vitest';
import { newPage } from '../../handlers/alert/page.ts';
import { pinMatches } from '../../handlers/runtime/pin.ts';
import { LocalAws } from '../local-aws.ts';
import { aPagedAlert, at } from './alert/builders.ts';
import { open, submit, textOf } from './answering/browser.ts';
import { aPageStory, doctor, link, nurse, pass, pinHashes, pins, wrongPin } from './answering/page-story.ts';
import { useTries } from './answering/tries.ts';
import { aRoster } from './on-call/builders.ts';

vi.mock(import('../../handlers/runtime/pin.ts'), { spy: true });

const story = aPageStory();

describe('five wrong PINs pass the page on', () => {
  test('with the sixth, when the write of the fifth failed', async () => {
    for (let tries = 1; tries <= 4; tries++) await wrongPin();
    story.aws.before = (call) => (call.startsWith('Put PATIENT') ? new Error('throttled') : undefined);
    expect((await wrongPin()).status).toBe(500);
    expect(story.alertNow().round.declined).toEqual([]);
    story.aws.before = () => undefined;
    const sixth = await wrongPin();
    expect(textOf(sixth.html)).toContain('Too many wrong PINs on this page. The correct one still works.');
    expect(story.alertNow().round.declined).toEqual(['nurse-1']);
  });

  test('once: later ones write nothing more, and wake nobody', async () => {
    for (let tries = 1; tries <= 5; tries++) await wrongPin();
    const { seq } = story.alertNow();
    for (let tries = 6; tries <= 11; tries++) expect((await wrongPin()).status).toBe(429);
    expect([story.alertNow().seq, story.aws.wakes]).toEqual([seq, ['token-1']]);
  });
});

describe('who is not of the ward', () => {
  const away = 'nurse-2';
  const elsewhere = () => {
    const clinicians = aRoster({}, pinHashes).clinicians.map((person) =>
      person.id === away ? { ...person, wards: ['ward-002'] } : person,
    );
    const wards = ['ward-001', 'ward-002'].map((id) => ({ id, name: id }));
    const rotations = aRoster().rotations.map((rotation) =>
      rotation.role === 'nurse' ? { ...rotation, order: ['nurse-1'] } : rotation,
    );
    story.aws = new LocalAws(aRoster({ clinicians, wards, rotations }));
    story.put(aPagedAlert());
    story.aws.items.set(`PAGE#${link}`, newPage(aPagedAlert(), link, 'nurse-1', at(0)));
    pass(61);
  };

  test('is told so after the right PIN, and nothing is recorded or counted', async () => {
    elsewhere();
    const page = await submit(link, await open(link), 'accept', { clinician: away, pin: pins[away] });
    expect(page.status).toBe(403);
    expect(textOf(page.html)).toContain('Nothing was recorded. Your PIN is correct, but');
    expect(page.html).not.toContain('191');
    expect(story.alertNow()).toMatchObject({ standing: { formerOwner: null }, round: { declined: [] } });
    expect(story.pageNow().wrongPins).toBe(0);
  });

  test('counts as the person that they are, so that no page tells who works where', async () => {
    elsewhere();
    for (let tries = 1; tries <= 5; tries++)
      await submit(link, await open(link), 'show', { clinician: away, pin: '739145' });
    vi.mocked(pinMatches).mockClear();
    const hers = 'd'.repeat(22);
    story.aws.items.set(`PAGE#${hers}`, newPage(aPagedAlert({ round: { number: 0 } }), hers, away, at(0)));
    // An earlier page of her own is in the same lane.
    expect((await submit(hers, await open(hers), 'show', { clinician: away, pin: pins[away] })).status).toBe(
      429,
    );
    expect(pinMatches).not.toHaveBeenCalled();
  });
});

describe('signing out', () => {
  test('leaves a form that takes the PIN again', async () => {
    const inside = await submit(link, await open(link), 'show', nurse);
    pass(1);
    const out = await submit(link, inside, 'sign-out');
    pass(5);
    expect((await submit(link, out, 'accept', nurse)).status).toBe(200);
    expect(story.ownerNow()).toBe('nurse-1');
  });

  test('a form of before counts as any other for who has no PIN: it does not tell that somebody signed out', async () => {
    const form = await open(link);
    const inside = await submit(link, form, 'show', doctor);
    pass(1);
    await submit(link, inside, 'sign-out');
    const tried = async (clinician: string) =>
      textOf((await submit(link, form, 'show', { clinician, pin: '739145' })).html);
    const [signedOut, never] = [await tried('doctor-1'), await tried('nurse-2')];
    expect(signedOut.replace('4 tries', '3 tries')).toBe(never);
    expect((await submit(link, form, 'show', doctor)).status).toBe(403);
  });
});

describe('a browser that several people know', () => {
  const giving = async (clinician: string, pin: string, cookies: string[] = []) =>
    submit(link, await open(link), 'show', { clinician, pin }, cookies);

  test.each([
    ['the first', 'PIN#doctor-1'],
    ['the last', 'PIN#nurse-2'],
  ])('takes a colleague’s PIN though the tries of %s of them are used up', async (_which, usedUp) => {
    const cookies = [
      ...(await giving('doctor-1', pins['doctor-1'])).cookies,
      ...(await giving('nurse-2', pins['nurse-2'])).cookies,
    ];
    useTries(story.aws.items, 'PIN#nurse-1', 'newestPage');
    expect((await giving('nurse-1', pins['nurse-1'])).status).toBe(429);
    useTries(story.aws.items, usedUp, 'others');
    expect((await giving('nurse-1', '739145', cookies)).status).toBe(403);
    expect((await giving('nurse-1', pins['nurse-1'], cookies)).status).toBe(200);
    expect(story.wrongOf('PIN#nurse-1', 'newestPage')).toBe(25);
  });

  test('who has left the roster makes none of them', async () => {
    const { cookies } = await giving('doctor-1', pins['doctor-1']);
    useTries(story.aws.items, 'PIN#nurse-1', 'newestPage');
    story.aws.roster = aRoster(
      {
        clinicians: aRoster({}, pinHashes).clinicians.filter(({ id }) => id !== 'doctor-1'),
        rotations: [],
      },
      pinHashes,
    );
    pass(61);
    expect((await giving('nurse-1', pins['nurse-1'], cookies)).status).toBe(429);
  });
});
