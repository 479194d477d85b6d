import { describe, expect, test, vi } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { WITHDRAWN } from '../../handlers/alert/mail.ts';
import { logger } from '../../handlers/runtime/logger.ts';
import { LocalAws } from '../local-aws.ts';
import { aClosedAlert, anOwnedAlert, aPagedAlert, bed4, minute } from './alert/builders.ts';
import { formsOf, head, open, post, requestOf, submit, textOf } from './answering/browser.ts';
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
    const actions = ['accept', 'decline', 'show'];
    expect(formsOf(page.html)).toEqual([
      { hidden: { ...hidden, clinician: 'nurse-1' }, actions, visible: ['pin'] },
      { hidden, actions, visible: ['clinician', 'pin'] },
    ]);
  });

  test('names the addressee and nobody else, whatever was tried', async () => {
    const pages = [await open(link), await wrongPin(), await submit(link, await open(link), 'show', doctor)];
    for (const { html } of pages.slice(0, 2)) {
      expect(textOf(html)).toContain('Amara Whitlock, nurse');
      expect(html).not.toMatch(/Ferrow|Brandreth|Ashgrove|Maplethorpe|doctor-1|lead-1|nurse-2/);
    }
    expect(textOf(pages[2]?.html ?? '')).toContain('Signed in as Dr Elias Brandreth');
  });

  test('an addressee who has left the roster, or only does quality, is not asked for a PIN', async () => {
    for (const clinicianId of ['gone', 'quality-1']) {
      story.putPage({ clinicianId });
      const page = await open(link);
      expect(formsOf(page.html).map(({ visible }) => visible)).toEqual([['clinician', 'pin']]);
      await submit(link, page, 'show', { clinician: 'nurse-1', pin: pins['nurse-1'] });
    }
  });

  test('no browser is asked to keep the PIN', async () => {
    const { html } = await open(link);
    const fields = [...html.matchAll(/<(?:form|input)\b[^>]*>/g)].map(([tag]) => tag);
    const kept = fields.filter((tag) => !/type="hidden"|autocomplete="off"/.test(tag));
    expect([fields.length > 4, kept]).toEqual([true, []]);
  });

  test.each([
    ['while it asks', aPagedAlert({ standsOn: [], withdrawal: 'news' })],
    ['when somebody has it', anOwnedAlert({ standsOn: [], withdrawal: 'told' })],
  ])('says that the reading was withdrawn, before the PIN and after it, %s', async (_when, alert) => {
    expect(textOf((await open(link)).html)).not.toContain('withdrawn');
    story.put(alert);
    const page = await open(link);
    expect(textOf(page.html)).toContain(WITHDRAWN);
    expect(textOf((await submit(link, page, 'show', nurse)).html)).toContain(WITHDRAWN);
  });

  test('says why a new round asks when the reading was withdrawn', async () => {
    const round = { number: 2, asking: 'withdrawn', pages: { 'nurse-1': link } } as const;
    story.put(aPagedAlert({ withdrawal: 'told', standsOn: [], owner: {}, round }));
    story.putPage({ round: 2 });
    const { html } = await open(link);
    expect(textOf(html)).toContain('but the reading behind it has been withdrawn since');
  });

  test('changes nothing, by GET or HEAD', async () => {
    await open(link);
    expect(await head(link)).toMatchObject({ status: 200, html: '' });
    expect(story.aws.writes).toEqual([]);
    expect(story.aws.wakes).toEqual([]);
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
    story.aws = new LocalAws(aRoster({ wards: [{ id: 'ward-001', name }] }, pinHashes));
    story.put(aPagedAlert({ place: { ...bed4, bed: '<i>4</i>' } }));
    story.putPage();
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

describe('a late click', () => {
  test('says by role who accepted at when; by name after the PIN', async () => {
    story.put(anOwnedAlert({ owner: { clinicianId: 'doctor-1', role: 'doctor' } }));
    const page = await open(link);
    expect(textOf(page.html)).toContain('A doctor accepted at 03:01.');
    expect(formsOf(page.html)[0]?.actions).toEqual(['show']);
    const inside = await submit(link, page, 'show', nurse);
    expect(textOf(inside.html)).toContain('Dr Elias Brandreth (doctor) accepted at 03:01');
  });

  test('of an earlier round leads to the newest message', async () => {
    story.put(aPagedAlert({ round: { number: 2 } }));
    const page = await open(link);
    expect(textOf(page.html)).toContain('open the newest message about this reference');
    expect(formsOf(page.html)[0]?.actions).toEqual(['show']);
  });

  test('of a form from an earlier round records nothing', async () => {
    const form = await open(link);
    story.put(aPagedAlert({ round: { number: 2 }, seq: 3 }));
    const page = await submit(link, form, 'accept', nurse);
    expect(page.status).toBe(409);
    expect(textOf(page.html)).toContain('open the newest message'.replace('o', 'O'));
    expect(story.alertNow().seq).toBe(3);
  });

  const closed = (changes: Partial<Alert> = {}) =>
    aClosedAlert({
      standing: { is: 'closed', at: minute(1), reason: 'comfortCare', clinicianId: 'doctor-1' },
      ...changes,
    });
  test.each([
    ['closed', closed()],
    ['followed by a new alert that is closed as well', closed({ alertId: 'another' })],
  ])('of an alert that is %s has no form', async (_case, alert) => {
    const form = await open(link);
    story.put(alert);
    for (const page of [await open(link), await submit(link, form, 'accept', nurse)]) {
      expect(textOf(page.html)).toContain('This alert is closed');
      expect(page.html).not.toMatch(/comfort/i);
      expect(formsOf(page.html)).toEqual([]);
    }
    expect(story.aws.writes).toEqual([]);
  });

  test('tells of its own alert where the patient lies, of a newer one not even that', async () => {
    story.put(closed());
    expect(textOf((await open(link)).html)).toContain('bed 4');
    story.put(closed({ alertId: 'another' }));
    expect(textOf((await open(link)).html)).not.toMatch(/ward-001|bed 4/i);
  });

  test('of an alert that is followed by an open one sends to that one, and says nothing of being over', async () => {
    const form = await open(link);
    story.put(aPagedAlert({ alertId: 'another' }));
    expect(textOf(form.html)).toContain('bed 4');
    for (const page of [await open(link), await submit(link, form, 'accept', nurse)]) {
      expect(textOf(page.html)).toContain(
        'The patient has an open alert: open the newest message, or go to the patient.',
      );
      expect(page.html).not.toMatch(/closed|do not need/);
      expect(textOf(page.html)).not.toMatch(/ward-001|bed 4/i);
      expect(formsOf(page.html)).toEqual([]);
    }
    expect(story.aws.writes).toEqual([]);
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
  expect(story.alertNow()).toMatchObject({ standing: { is: 'waiting', formerOwner: null } });
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
  const { metrics } = await import('../../handlers/runtime/logger.ts');
  const counted = vi.spyOn(metrics, 'addMetric');
  vi.stubEnv('TABLE_NAME', '');
  const { handler } = await import('../../handlers/answer-page.ts');
  const response = await handler(requestOf('GET', link));
  expect(response.statusCode).toBe(500);
  expect(response.body).toContain('Go back and answer once more');
  expect(counted).toHaveBeenCalledWith('AnswersFailed', 'Count', 1);
});
