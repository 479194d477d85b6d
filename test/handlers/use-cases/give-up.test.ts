/** An owner hands the alert over or gives it back on the page, and whoever closes it says whether it was of use. */
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { anOwnedAlert } from '../alert/builders.ts';
import { formsOf, type Opened, open, post, submit, textOf } from '../answering/browser.ts';
import { aPageStory, doctor, link, nurse } from '../answering/page-story.ts';

const story = aPageStory();

/** What the owner sees after accepting. */
const owned = async (): Promise<Opened> => submit(link, await open(link), 'accept', nurse);
const show = async (who: typeof nurse) => {
  story.put(anOwnedAlert());
  const [form] = formsOf((await open(link)).html);
  return post(link, { ...form?.hidden, ...who, action: 'show' });
};
const actionsOf = (page: Opened) => formsOf(page.html).flatMap(({ actions }) => actions);
const colleaguesOf = ({ html }: Opened) =>
  [
    ...(/<select id="colleague"[\s\S]*?<\/select>/.exec(html)?.[0] ?? '').matchAll(
      /value="([^"]+)">([^<]+)/g,
    ),
  ].map(([, , name]) => name);

describe('the owner', () => {
  test('is offered colleagues of the ward, and nobody else is', async () => {
    expect(colleaguesOf(await show(nurse))).toEqual([
      'Tomasz Ferrow (nurse)',
      'Dr Elias Brandreth (doctor)',
      'Maren Ashgrove (lead)',
    ]);
    expect(actionsOf(await show(doctor))).toEqual(['close', 'sign-out']);
  });

  test('hands it over: the colleague is asked by name, and the owner stays responsible', async () => {
    const page = await submit(link, await owned(), 'hand-over', { colleague: 'doctor-1' });
    expect(story.lastEvent()).toMatchObject({ type: 'handedOver', clinicianId: 'nurse-1', to: 'doctor-1' });
    expect(story.alertNow()).toMatchObject({
      round: { number: 2, asking: 'handedOver', handedTo: 'doctor-1' },
      step: { escalationLevel: 'doctor' },
    });
    expect(story.ownerNow()).toBe('nurse-1');
    expect(page.status).toBe(200);
    expect(textOf(page.html)).toContain(
      'Recorded. The next person is being paged now: Dr Elias Brandreth (doctor). You accepted earlier, so you remain responsible until somebody else accepts.',
    );
    expect(actionsOf(page)).toEqual(['close', 'sign-out']);
    expect(story.aws.wakes).toContain('token-1');
  });

  test.each(['', 'nurse-1', 'nobody'])(
    'hands it over to "%s": a colleague has to be chosen',
    async (colleague) => {
      const page = await submit(link, await owned(), 'hand-over', { colleague });
      expect([page.status, story.lastEvent()?.type]).toEqual([400, 'accepted']);
      expect(textOf(page.html)).toContain('Choose a colleague of the ward.');
    },
  );

  test('gives it back: the next level is paged at once', async () => {
    const page = await submit(link, await owned(), 'give-back');
    expect(story.alertNow()).toMatchObject({
      round: { number: 2, asking: 'givenBack', declined: ['nurse-1'] },
      step: { escalationLevel: 'doctor' },
    });
    expect(textOf(page.html)).toContain(
      'Recorded. The next person is being paged now: Dr Elias Brandreth (doctor).',
    );
  });

  test('on two telephones at once: one write decides, the other is told', async () => {
    const page = await owned();
    const both = await Promise.all([
      submit(link, page, 'hand-over', { colleague: 'doctor-1' }),
      submit(link, page, 'give-back'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(story.alertNow().round.number).toBe(2);
    const late = both.find(({ status }) => status === 409) as Opened;
    expect(textOf(late.html)).toContain('Nothing was recorded: you have given this alert up already');
  });

  test('alone may: a colleague with the same link may not', async () => {
    const inside = await show(doctor);
    const session = formsOf(inside.html)[0]?.hidden.session as string;
    const page = await post(link, { session, action: 'give-back' });
    expect([page.status, story.alertNow().seq]).toEqual([409, 3]);
    expect(textOf(page.html)).toContain('Amara Whitlock (nurse) accepted at');
  });

  test('needs the session that follows the PIN', async () => {
    story.put(anOwnedAlert());
    const [form] = formsOf((await open(link)).html);
    await post(link, { ...form?.hidden, ...nurse, action: 'give-back' });
    expect(story.alertNow().seq).toBe(3);
  });
});

describe('whoever closes it', () => {
  const closedWith = async (fields: Record<string, string>, page?: Opened) => {
    await submit(link, page ?? (await owned()), 'close', { reason: 'measuredByHand', ...fields });
    return story.lastEvent() as Alert['events'][number] & { type: 'closed' };
  };

  test('may say whether it was of use, by one tap', async () => {
    const page = await owned();
    expect(
      [...page.html.matchAll(/<input id="\w+" type="radio" name="usefulness" value="(\w+)">/g)].map(
        ([, value]) => value,
      ),
    ).toEqual(['acted', 'nothingNeeded', 'wrongMeasurement']);
    expect(await closedWith({ usefulness: 'acted' }, page)).toMatchObject({
      type: 'closed',
      usefulness: 'acted',
    });
  });

  test.each([{}, { usefulness: 'perhaps' }])('and need not: %o', async (fields) => {
    expect(await closedWith(fields as Record<string, string>)).not.toHaveProperty('usefulness');
  });
});
