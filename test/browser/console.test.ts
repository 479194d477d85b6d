/**
 * A newcomer's first two minutes in a real browser, on a phone of 360 px: `npm start`, the first mail, the PIN, the picture
 * of the execution, the report. With SCREENSHOTS=DIRECTORY the pages are also saved, for people to look at.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchBrowser } from './launch.ts';

const views = {
  phone: { width: 360, height: 740 },
  desktop: { width: 1280, height: 800 },
};
let launched: Awaited<ReturnType<typeof launchBrowser>> | undefined;
let browser: Browser;
let vigil: ChildProcess;
let url: string;
let said = '';
const temporary = mkdtempSync(join(tmpdir(), 'console-'));

beforeAll(async () => {
  vigil = spawn('node', ['infra/cli/start.ts', '--port', '0'], {
    env: { ...process.env, TMPDIR: temporary },
  });
  vigil.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  vigil.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await vi.waitFor(() => expect(said).toContain('Ctrl-C stops.'), { timeout: 120_000 });
  url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
  launched = await launchBrowser();
  browser = launched.browser;
});

afterAll(async () => {
  await launched?.close();
  vigil?.kill('SIGKILL');
  rmSync(temporary, { recursive: true, force: true });
});

async function open(
  view: keyof typeof views,
  colorScheme: 'light' | 'dark',
): Promise<{ tab: Tab; complaints: string[] }> {
  const context = await browser.newContext({ colorScheme, javaScriptEnabled: false, viewport: views[view] });
  const tab = await context.newPage();
  const complaints: string[] = [];
  tab.on('console', (message) => complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(error.message));
  return { tab, complaints };
}

/** What holds for every page: nothing sticks out, everything that is pressed is big enough. */
async function looksRight(tab: Tab, name: string): Promise<void> {
  const { width = 0 } = tab.viewportSize() ?? {};
  const { SCREENSHOTS } = process.env;
  await tab.waitForLoadState();
  if (SCREENSHOTS) await tab.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  const small = `[...document.querySelectorAll('button, nav a, .filters a, ul.list a')]
    .map((element) => element.getBoundingClientRect())
    .filter((box) => box.height < 44 || box.right > innerWidth).length`;
  // A page that asks for itself again may be between two of itself.
  const [scrolled, smallOnes] = await vi.waitFor(
    () => tab.evaluate<[number, number]>(`[document.documentElement.scrollWidth, ${small}]`),
    { timeout: 30_000 },
  );
  expect(scrolled, name).toBeLessThanOrEqual(width);
  expect(smallOnes, name).toBe(0);
}

/** Waits, as a person does, while the pages ask for themselves again. */
const appears = (tab: Tab, selector: string) =>
  tab.locator(selector).first().waitFor({ state: 'visible', timeout: 40_000 });

/** The product's own pages open in a tab of their own. */
async function follow(tab: Tab, selector: string): Promise<Tab> {
  const [opened] = await Promise.all([tab.context().waitForEvent('page'), tab.click(selector)]);
  await opened.waitForLoadState();
  return opened;
}

const post = (path: string, headers: Record<string, string>, body: string) =>
  new Promise<number>((resolve, reject) => {
    const sent = request(`${url}${path}`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end(body);
  });

test('start, first mail, link, PIN, accept, the picture, and on to the report', async () => {
  const { tab, complaints } = await open('phone', 'light');
  await tab.goto(url);
  await looksRight(tab, 'quiet phone light');
  await tab.click('text=Next event');
  await appears(tab, 'text=CRITICAL blood pressure');
  await looksRight(tab, 'mailbox phone light');

  await tab.click('text=CRITICAL blood pressure');
  await looksRight(tab, 'mail phone light');
  const pin = await tab.innerText('.pin b');
  const answer = await follow(tab, '.mail a');
  await answer.fill('#pin', pin);
  await answer.click('text=Accept:');
  await appears(answer, 'text=You accepted at');

  await tab.click('text=critical-ward-001-1');
  await appears(tab, 'dd:has-text("Wait for the recheck")');
  expect(await tab.locator('svg.narrow .node.current').textContent()).toContain(
    'Wait for the recheck: in progress',
  );
  await looksRight(tab, 'execution phone light');
  await tab.click('svg.narrow a:has(.node.current)');
  await appears(tab, 'li:target:has-text("Wait for the recheck"):has-text("waits until")');
  await looksRight(tab, 'step phone light');
  const desktop = await open('desktop', 'light');
  await desktop.tab.setViewportSize({ width: 1280, height: 1180 });
  await desktop.tab.goto(`${tab.url().split('?')[0]}?still`);
  await looksRight(desktop.tab, 'execution waiting desktop light');

  await tab.goto(`${url}/latest-report`);
  await tab.click('text=/To the report \\(\\w+ 06:20\\)/');
  await appears(tab, 'text=Open the report');
  await looksRight(tab, 'report phone light');
  expect(await tab.innerText('main')).toMatch(/ 06:20:\d\d/);
  const readersPin = await tab.innerText('.pin b');
  const reader = /sign in as (\S+) with this PIN/.exec(await tab.innerText('main'))?.[1] as string;
  const report = await follow(tab, 'text=Open the report');
  await report.fill('#pin', readersPin);
  await report.click('text=Show the report');
  // The browser asks for a name before it sends anything.
  expect(await report.locator('#clinician:invalid').count()).toBe(1);
  await report.fill('#clinician', reader);
  await report.click('text=Show the report');
  await appears(report, 'text=/reconciled|Nothing was lost/i');
  await looksRight(report, 'the report itself phone light');
  expect(complaints).toEqual([]);
  expect(said).toMatch(/03:\d\d:\d\d {2}accepted by nurse +ward-001 bed 1/);
  expect(said).toMatch(/closed +ward-001 bed 1 +recovered/);
  expect(said).toMatch(/report mailed/);
});

test.each([
  ['phone', 'dark'],
  ['desktop', 'light'],
  ['desktop', 'dark'],
] as const)('every page on a %s, %s', async (view, scheme) => {
  const { tab, complaints } = await open(view, scheme);
  for (const [name, path] of [
    ['mailbox', '/'],
    ['executions', '/executions'],
    ['report', '/latest-report'],
  ]) {
    await tab.goto(`${url}${path}?still`);
    await looksRight(tab, `${name} ${view} ${scheme}`);
  }
  await tab.goto(`${url}/?still`);
  await tab.locator('ul.list a').last().click();
  await looksRight(tab, `mail ${view} ${scheme}`);
  for (const name of ['critical-ward-001-1', 'night-to-']) {
    await tab.goto(`${url}/executions?still`);
    await tab.click(`text=${name}`);
    await looksRight(tab, `execution ${name} ${view} ${scheme}`);
  }
  expect(complaints).toEqual([]);
});

test('looking changes nothing, and another site cannot press a button', async () => {
  const origin = { origin: url, 'content-type': 'application/x-www-form-urlencoded' };
  expect(await post('/console', { ...origin, origin: 'https://elsewhere.example' }, 'action=critical')).toBe(
    403,
  );
  expect(await post('/console', { ...origin, 'sec-fetch-site': 'same-site' }, 'action=critical')).toBe(403);
  expect(await post('/console', {}, 'action=critical')).toBe(403);
  expect(await post('/console', { ...origin, host: 'elsewhere.example' }, 'action=critical')).toBe(421);
  expect(await post('/console', origin, 'action=constructor')).toBe(400);
  for (const method of ['GET', 'HEAD'])
    expect((await fetch(`${url}/console?action=critical`, { method })).status).toBe(404);
});

test('a paused clock stands still, and still answers', async () => {
  const { tab } = await open('desktop', 'light');
  await tab.goto(`${url}/?still`);
  await tab.click('text=Pause');
  // A click returns before it is answered, and going elsewhere would take it back.
  await appears(tab, 'text=Resume');
  await tab.goto(`${url}/?still`);
  const time = await tab.innerText('.clock b');
  await tab.goto(`${url}/?still`);
  expect(await tab.innerText('.clock b')).toBe(time);
  await tab.locator('ul.list a', { hasText: 'CRITICAL' }).last().click();
  await appears(await follow(tab, '.mail a'), 'text=/Reference VG/');
});

test('Ctrl-C ends it cleanly and leaves nothing behind', async () => {
  vigil.kill('SIGINT');
  const [code] = await once(vigil, 'exit');
  expect(code).toBe(0);
  expect(existsSync(temporary) && readdirSync(temporary).filter((name) => name.startsWith('vigil-'))).toEqual(
    [],
  );
});
