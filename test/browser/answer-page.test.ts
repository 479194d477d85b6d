/**
 * The pages in a real browser: a phone of 360 px, without JavaScript, light and dark. With SCREENSHOTS=DIRECTORY they are
 * also saved, for people to look at.
 */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { responsible } from '../../handlers/alert/alert.ts';
import { requestsOf } from '../../handlers/alert/ask.ts';
import { stepOf } from '../../handlers/alert/mails.ts';
import { newPage } from '../../handlers/alert/page.ts';
import { handler } from '../../handlers/answer-page.ts';
import { StoredAlert } from '../../handlers/aws/dynamodb/alert-store.ts';
import { logger, metrics } from '../../handlers/runtime/logger.ts';
import { hashPin, pepperOf } from '../../handlers/runtime/pin.ts';
import {
  aClaim,
  anOwnedAlert,
  aReadingAt,
  at,
  minute,
  nurse,
  seenAs,
  someVitals,
  stored,
  when,
  whenRaised,
} from '../handlers/alert/builders.ts';
import { useTries } from '../handlers/answering/tries.ts';
import { aRoster } from '../handlers/on-call/builders.ts';
import { LocalAws, rootKey } from '../local-aws.ts';
import { launchBrowser } from './launch.ts';

const link = 'a'.repeat(22);
const pin = '204817';
let aws: LocalAws;
let server: Server;
let launched: Awaited<ReturnType<typeof launchBrowser>> | undefined;
let browser: Browser;
let url: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { cookie } = request.headers;
    const { statusCode, headers, body, cookies } = await handler({
      requestContext: { http: { method: request.method } },
      pathParameters: { pageId: request.url?.split('/').at(-1) },
      ...(cookie && { cookies: cookie.split('; ') }),
      body: await text(request),
    });
    response.writeHead(statusCode, { ...headers, ...(cookies && { 'set-cookie': cookies }) }).end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/page/${link}`;
  launched = await launchBrowser();
  browser = launched.browser;
});

afterAll(async () => {
  await launched?.close();
  server?.close();
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(minute(1)) });
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue();
  vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    metrics.clearMetrics();
    return metrics;
  });
  const pinHash = await hashPin(pin, pepperOf(rootKey), Buffer.from('salt'));
  const wards = [{ id: 'ward-001', name: 'Heron Ward, adult medicine and short stay' }];
  aws = new LocalAws(aRoster({ wards }, { 'nurse-1': pinHash }));
  const alert = pagedAlert();
  aws.items.set(alert.pk, stored(alert));
  aws.items.set(`PAGE#${link}`, newPage(alert, link, 'nurse-1', at(0)));
  const recent = [128, 134, 131, 149, 162, 171, 191].map((systolicMmHg, index) => ({
    ...aReadingAt((index - 6) * 15, systolicMmHg >= 180 ? 'critical' : 'normal'),
    systolicMmHg,
    diastolicMmHg: 70 + index * 7,
  }));
  aws.items.set('VITALS#p-7', someVitals(...recent));
});

/** A reading raised it, and the nurse was mailed two seconds later. */
function pagedAlert() {
  const raised = whenRaised(undefined, aClaim(), at(0), 'exec-1');
  const ask = {
    type: 'ask',
    seen: seenAs(raised),
    responders: [nurse],
    sighting: undefined,
    newPageIds: [link],
  } as const;
  const asked = when(raised, ask, at(1));
  const published = requestsOf(asked, [nurse]);
  return when(asked, { type: 'recordMails', step: stepOf(asked), published, turns: {} }, at(2));
}

const ownerNow = () => responsible(StoredAlert.parse(aws.items.get('PATIENT#p-7')).alert)?.clinicianId;

/** What a guesser leaves behind who had the newest page. */
const useUpTries = () => useTries(aws.items, 'PIN#nurse-1', 'newestPage');

/** Fills a form in and sends it. */
const answer = async (tab: Tab, fields: Record<string, string>, button: string) => {
  for (const [field, value] of Object.entries(fields)) await tab.fill(field, value);
  await tab.click(button);
};

/** How one gets to a page, and what it says that no page before it said. */
type Visit = { go(tab: Tab): Promise<unknown>; says: string };
const visits: Record<string, Visit> = {
  asking: { go: (tab) => tab.goto(url), says: 'Nobody has accepted yet' },
  'wrong PIN': {
    async go(tab) {
      await visit(tab, 'asking');
      await answer(tab, { '#pin': '739145' }, 'text=Accept:');
    },
    says: 'do not match',
  },
  'somebody else': {
    async go(tab) {
      await visit(tab, 'asking');
      await tab.click('summary');
    },
    says: 'initials',
  },
  'wrong name': {
    async go(tab) {
      await visit(tab, 'somebody else');
      await answer(tab, { '#clinician': 'XY', '#other-pin': '739145' }, 'details >> text=Accept:');
    },
    says: 'do not match',
  },
  'looking first': {
    async go(tab) {
      await visit(tab, 'asking');
      await answer(tab, { '#pin': pin }, 'text=See the details first');
    },
    says: 'Signed in as',
  },
  accepted: {
    async go(tab) {
      await visit(tab, 'asking');
      await answer(tab, { '#pin': pin }, 'text=Accept:');
    },
    says: 'You accepted at 03:01',
  },
  declined: {
    async go(tab) {
      await visit(tab, 'asking');
      await answer(tab, { '#pin': pin }, "text=I can't");
    },
    says: 'Recorded: you cannot come',
  },
  'declined after accepting': {
    async go(tab) {
      await visit(tab, 'asking');
      const later = await tab.context().newPage();
      await visit(later, 'accepted');
      await later.close();
      await tab.bringToFront();
      await answer(tab, { '#pin': pin }, "text=I can't");
    },
    says: 'Nothing was recorded: you have already accepted',
  },
  'tries used up': {
    async go(tab) {
      useUpTries();
      await visit(tab, 'asking');
      await answer(tab, { '#pin': pin }, 'text=Accept:');
    },
    says: 'Too many wrong PINs',
  },
  'signed out': {
    async go(tab) {
      await visit(tab, 'looking first');
      await tab.click('text=Sign out');
    },
    says: 'You are signed out',
  },
  late: {
    go(tab) {
      const owned = anOwnedAlert({ owner: { clinicianId: 'doctor-1', role: 'doctor' } });
      aws.items.set(owned.pk, stored(owned));
      return tab.goto(url);
    },
    says: 'A doctor accepted at 03:01',
  },
  closed: {
    async go(tab) {
      await visit(tab, 'looking first');
      await tab.selectOption('#reason', 'transferred');
      await tab.click('button[value=close]');
    },
    says: 'You closed this alert',
  },
  unknown: {
    go: (tab) => tab.goto(url.replace(link, 'elsewhere')),
    says: 'This link leads nowhere',
  },
};

/** Goes there and waits until it is there: a click returns while the page before it is still shown. */
const visit = async (tab: Tab, name: string) => {
  const { go, says } = visits[name] as Visit;
  await go(tab);
  await tab.locator('main', { hasText: says }).waitFor();
  await tab.waitForLoadState();
};

describe.each(['light', 'dark'] as const)('on a phone, %s', (colorScheme) => {
  test.each(Object.keys(visits))('%s', async (name) => {
    const context = await browser.newContext({
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
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  });
  const tab = await context.newPage();
  await visit(tab, 'accepted');
  expect(ownerNow()).toBe('nurse-1');
  expect(aws.wakes).toEqual(['token-1']);
  await context.close();
});

test('the keyboard alone answers, in the order of reading', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const tab = await context.newPage();
  await tab.goto(url);
  await tab.keyboard.press('Tab');
  await tab.keyboard.type(pin);
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('text=You accepted at');
  expect(ownerNow()).toBe('nurse-1');
  await context.close();
});

test('somebody else says who it is by initials, folded open by the keyboard', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const tab = await context.newPage();
  await tab.goto(url);
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
  const context = await browser.newContext({ javaScriptEnabled: false });
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
  const context = await browser.newContext({ javaScriptEnabled: false });
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
