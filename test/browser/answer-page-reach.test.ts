/**
 * Whom the pages reach: who hears them, who needs them twice as large, who has a keyboard and no mouse, and a telephone with
 * one bar of signal. In a real browser, without JavaScript.
 */
import { join } from 'node:path';
import type { BrowserContextOptions, Page as Tab } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { AlertEvent } from '../../handlers/alert/event.ts';
import { anOwnedAlert, at, stored } from '../handlers/alert/builders.ts';
import { aRoster } from '../handlers/on-call/builders.ts';
import { ownerNow, pin, serveAnswerPages, served, visit, visits } from './answer-page-story.ts';

serveAnswerPages();

const phone = { width: 360, height: 740 };
/** The same phone zoomed to 200%: half as many pixels of CSS each way (WCAG 2.2, 1.4.4 and 1.4.10). */
const zoomed = { width: 180, height: 370 };
/** One page, in one response, over the worst of mobile networks. */
const MOST_BYTES = 20_000;

async function inTab(options: BrowserContextOptions, story: (tab: Tab) => Promise<void>): Promise<void> {
  const context = await served.browser.newContext({ javaScriptEnabled: false, viewport: phone, ...options });
  await story(await context.newPage());
  await context.close();
}

/** What a screen reader needs and does not find. */
const unnamed = `(() => {
  const missing = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  if (document.documentElement.lang !== 'en' || !document.title) missing.push('language or title');
  if (all('main').length !== 1 || all('h1').length !== 1) missing.push('one main, one h1');
  if (all('h1, h2').indexOf(document.querySelector('h1')) !== 0) missing.push('the h1 first');
  if (all('h3, h4, h5, h6').length > 0) missing.push('a heading between');
  const ids = all('[id]').map(({ id }) => id);
  if (new Set(ids).size !== ids.length) missing.push('ids of their own');
  for (const field of all('select, input:not([type=hidden])')) {
    if (![...field.labels].some((label) => label.textContent.trim())) missing.push(field.outerHTML);
  }
  for (const button of all('button, summary')) if (!button.textContent.trim()) missing.push(button.outerHTML);
  for (const radio of all('input[type=radio]'))
    if (!radio.closest('fieldset')?.querySelector('legend')) missing.push('a legend');
  for (const cell of all('th')) if (!cell.scope) missing.push(cell.outerHTML);
  for (const picture of all('svg, img'))
    if (picture.getAttribute('role') !== 'img' || !picture.getAttribute('aria-label')) missing.push('a picture');
  for (const element of all('[role]'))
    if (!['img', 'alert', 'status'].includes(element.getAttribute('role'))) missing.push(element.outerHTML);
  if (all('[tabindex], [accesskey], [autofocus]').length > 0) missing.push('the order of reading');
  return missing;
})()`;

/** What stands beyond the edge, or is cut off within its own box. */
const beyondTheEdge = `(() => {
  const width = document.documentElement.clientWidth;
  const visible = [...document.querySelectorAll('main *, footer')].filter((one) => one.checkVisibility());
  return visible
    .filter((one) => one.getBoundingClientRect().right > width + 1 || (one.tagName === 'BUTTON' && one.scrollWidth > one.clientWidth))
    .map(({ outerHTML }) => outerHTML.slice(0, 100));
})()`;

describe.each(Object.keys(visits))('%s', (name) => {
  test('is named for who hears it', () =>
    inTab({}, async (tab) => {
      await visit(tab, name);
      expect(await tab.evaluate(unnamed)).toEqual([]);
    }));

  test('zoomed to 200%, nothing is cut off and nothing scrolls sideways', () =>
    inTab({ viewport: zoomed }, async (tab) => {
      await visit(tab, name);
      expect(await tab.evaluate(beyondTheEdge)).toEqual([]);
    }));

  test('with text of 200%, the same', () =>
    inTab({}, async (tab) => {
      await visit(tab, name);
      await tab.evaluate("document.documentElement.style.fontSize = '200%'");
      const { SCREENSHOTS } = process.env;
      if (SCREENSHOTS)
        await tab.screenshot({ path: join(SCREENSHOTS, `${name} large text.png`), fullPage: true });
      expect(await tab.evaluate(beyondTheEdge)).toEqual([]);
    }));
});

/** Every response while something is done. */
async function responsesOf(
  tab: Tab,
  doing: () => Promise<unknown>,
): Promise<{ url: string; bytes: number }[]> {
  const bodies: Promise<{ url: string; bytes: number }>[] = [];
  tab.on('response', (response) =>
    bodies.push(response.body().then((body) => ({ url: response.url(), bytes: body.length }))),
  );
  await doing();
  return Promise.all(bodies);
}

test('each page is one response of its own site, the fullest one too', () =>
  inTab({}, async (tab) => {
    const joined = Array.from(
      { length: 20 },
      (_, index): AlertEvent => ({
        ...{ seq: index, at: at(index), writeId: `w${index}`, type: 'undeliverable', reason: 'bounced' },
        ...{
          dueAt: at(60),
          pages: [{ pageId: 'p', clinicianId: 'nurse-2', role: 'nurse', purpose: 'page' }],
        },
      }),
    );
    const [, aClinician] = aRoster().clinicians;
    if (!aClinician) throw new Error('Nobody works here');
    const staff = Array.from({ length: 60 }, (_, index) => ({
      ...aClinician,
      id: `nurse-of-the-pool-${index}`,
      name: `Agnes Featherstonehaugh-${index}`,
    }));
    const { roster } = served.aws;
    served.aws.roster = { ...roster, clinicians: [...roster.clinicians, ...staff] };
    served.aws.items.set('PATIENT#p-7', stored(anOwnedAlert({ events: joined })));
    const responses = await responsesOf(tab, async () => {
      await tab.goto(served.url);
      await tab.fill('#pin', pin);
      await tab.click('button.main');
      await tab.locator('main', { hasText: 'Signed in as' }).waitFor();
    });
    expect(responses.map(({ url }) => url)).toEqual([served.url, served.url]);
    for (const { bytes } of responses) expect(bytes).toBeLessThan(MOST_BYTES);
    expect(await tab.locator('#colleague option').count()).toBeGreaterThan(60);
  }));

test('beyond the PIN one press accepts, and both are on the first screen of a phone', () =>
  inTab({}, async (tab) => {
    await visit(tab, 'asking');
    const accept = await tab.locator('button.main').first().boundingBox();
    expect((accept?.y ?? phone.height) + (accept?.height ?? 0)).toBeLessThanOrEqual(phone.height);
    await tab.fill('#pin', pin);
    await tab.click('text=Accept:');
    await tab.waitForSelector('text=You accepted at');
    expect(ownerNow()).toBe('nurse-1');
  }));

test('the PIN opens a numeric keypad', () =>
  inTab({}, async (tab) => {
    await visit(tab, 'asking');
    expect(await tab.getAttribute('#pin', 'inputmode')).toBe('numeric');
  }));

/** What has the keyboard, and whether that is seen. */
const focused = `(() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  const { tagName, id, value, textContent } = document.activeElement;
  return { what: tagName === 'BUTTON' ? value : id || textContent.trim(), seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
})()`;

test('the keyboard alone reaches all of it in the order of reading, seen at each step, and closes the alert', () =>
  inTab({}, async (tab) => {
    await visit(tab, 'accepted');
    const reached: { what: string; seen: boolean }[] = [];
    for (let presses = 0; presses < 9; presses++) {
      await tab.keyboard.press('Tab');
      reached.push((await tab.evaluate(focused)) as (typeof reached)[number]);
      if (reached.at(-1)?.what === 'reason') await tab.keyboard.type('transferred');
      if (reached.at(-1)?.what === 'close') break;
    }
    expect(reached.map(({ what }) => what)).toEqual([
      'colleague',
      'hand-over',
      'give-back',
      'reason',
      'acted',
      'close',
    ]);
    expect(reached.filter(({ seen }) => !seen)).toEqual([]);
    await tab.keyboard.press('Enter');
    await tab.waitForSelector('text=You closed this alert');
  }));
