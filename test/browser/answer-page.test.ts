/**
 * The pages in a real browser: a phone of 360 px, without JavaScript, light and dark. With SCREENSHOTS=DIRECTORY they are
 * also saved, for people to look at.
 */
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { ownerNow, pin, serveAnswerPages, served, useUpTries, visit, visits } from './answer-page-story.ts';

serveAnswerPages();

describe.each(['light', 'dark'] as const)('on a phone, %s', (colorScheme) => {
  test.each(Object.keys(visits))('%s', async (name) => {
    const context = await served.browser.newContext({
      colorScheme,
      javaScriptEnabled: false,
      viewport: { width: 360, height: 740 },
      deviceScaleFactor: 2,
    });
    const tab = await context.newPage();
    const complaints: string[] = [];
    tab.on('console', (message) => complaints.push(message.text()));
    await visit(tab, name);
    const { SCREENSHOTS } = process.env;
    if (SCREENSHOTS)
      await tab.screenshot({ path: join(SCREENSHOTS, `${name} ${colorScheme}.png`), fullPage: true });
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    for (const target of await tab.locator('button, summary, select, input:not([type=hidden])').all()) {
      // What is folded away has no size yet.
      if (!(await target.isVisible())) continue;
      const box = await target.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(44);
      expect(box?.width).toBeGreaterThanOrEqual(44);
    }
    // WCAG 2.2, 1.4.3: text and its ground differ by 4.5:1.
    expect(await tab.evaluate(leastContrast)).toBeGreaterThanOrEqual(4.5);
    for (const field of await tab.locator('select, input:not([type=hidden])').all()) {
      expect(await tab.locator(`label[for="${await field.getAttribute('id')}"]`).count()).toBe(1);
    }
    // The style is applied under the policy, which blocks nothing of ours.
    expect(
      complaints.filter((text) => /Content Security Policy/i.test(text) && !/favicon/.test(text)),
    ).toEqual([]);
    await context.close();
  });
});

/** The least contrast of any text on the page with the nearest ground that is painted behind it. */
const leastContrast = `(() => {
  const rgb = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] !== 0) return color;
    }
    return [255, 255, 255];
  };
  let least = 21;
  for (const element of document.querySelectorAll('main *, footer')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const style = getComputedStyle(element);
    const ink = luminance(rgb(element.namespaceURI.endsWith('svg') ? style.fill : style.color));
    const paper = luminance(ground(element));
    least = Math.min(least, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05));
  }
  return least;
})()`;

test('one-handed and without JavaScript: the PIN, Accept, and it is mine', async () => {
  const context = await served.browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  });
  const tab = await context.newPage();
  await visit(tab, 'accepted');
  expect(ownerNow()).toBe('nurse-1');
  expect(served.aws.wakes).toEqual(['token-1']);
  await context.close();
});

test('the keyboard alone answers, in the order of reading', async () => {
  const context = await served.browser.newContext({ javaScriptEnabled: false });
  const tab = await context.newPage();
  await tab.goto(served.url);
  await tab.keyboard.press('Tab');
  await tab.keyboard.type(pin);
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('text=You accepted at');
  expect(ownerNow()).toBe('nurse-1');
  await context.close();
});

test('somebody else says who it is by initials, folded open by the keyboard', async () => {
  const context = await served.browser.newContext({ javaScriptEnabled: false });
  const tab = await context.newPage();
  await tab.goto(served.url);
  await tab.focus('summary');
  await tab.keyboard.press('Enter');
  await tab.keyboard.press('Tab');
  await tab.keyboard.type('aw');
  await tab.keyboard.press('Tab');
  await tab.keyboard.type(pin);
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('text=You accepted at');
  await context.close();
});

test('a browser where the PIN was right keeps a cookie, and is let in while a guesser has used the tries up', async () => {
  const context = await served.browser.newContext({ javaScriptEnabled: false });
  const tab = await context.newPage();
  await visit(tab, 'looking first');
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({
    name: '__Host-vigil-nurse-1',
    httpOnly: true,
    secure: true,
    sameSite: 'Strict',
    path: '/',
  });
  useUpTries();
  await visit(tab, 'accepted');
  await context.close();
});

test('signed out, going back shows nothing that was there', async () => {
  const context = await served.browser.newContext({ javaScriptEnabled: false });
  const tab = await context.newPage();
  await visit(tab, 'looking first');
  vi.setSystemTime(Date.now() + 1000);
  await tab.click('text=Sign out');
  await tab.waitForSelector('text=You are signed out');
  // Back is the answer to a form, which is kept nowhere: the browser sends the form once more, PIN and all, or shows nothing.
  const again = tab.waitForResponse(() => true, { timeout: 2000 }).catch(() => undefined);
  await tab.goBack().catch(() => undefined);
  await again;
  await tab.waitForLoadState().catch(() => undefined);
  expect(await tab.content()).not.toMatch(/Signed in as|191/);
  await context.close();
});
