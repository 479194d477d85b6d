/** What stands before both pages: how often a source may ask, and what is logged of each request. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failedPage } from '../../../handlers/answering/closing-pages.ts';
import { logger, metrics } from '../../../handlers/runtime/logger.ts';
import { servePage } from '../../../handlers/use-cases/serve-page.ts';
import { html } from '../../../handlers/web/html.ts';
import { htmlResponse } from '../../../handlers/web/page.ts';
import { textOf } from '../answering/browser.ts';

const noon = Date.parse('2026-11-24T12:00:00.000Z');
let lines: Record<string, unknown>[];
let counted: string[];
let asked = 0;
let secret: () => string;

beforeEach(() => {
  vi.useFakeTimers({ now: noon, toFake: ['Date'] });
  lines = [];
  counted = [];
  secret = () => 'R'.repeat(64);
  for (const level of ['info', 'error'] as const)
    vi.spyOn(logger, level).mockImplementation(((code: string, about: object) =>
      lines.push({ code, ...about })) as never);
  vi.spyOn(metrics, 'addMetric').mockImplementation(((name: string) => counted.push(name)) as never);
  vi.spyOn(SecretsManagerClient.prototype, 'send').mockImplementation((async () => ({
    SecretString: secret(),
  })) as never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const eventFrom = (sourceIp: string, method = 'GET') => ({
  requestContext: { requestId: 'request-1', http: { method, sourceIp } },
  pathParameters: { pageId: 'a'.repeat(22) },
});

const ok = async () => {
  asked++;
  return htmlResponse(200, 'A page', html`<h1>A page</h1>`);
};

/** Every test has a secret, and so a day's key, of its own. */
let secrets = 0;
const page = () => {
  const arn = `arn:secret-${++secrets}`;
  return { code: 'answer-failed', metric: 'AnswersFailed', failed: failedPage, secretArn: () => arn };
};

async function flood(source: string): Promise<number> {
  asked = 0;
  for (let request = 0; request < 2000; request++) await servePage(eventFrom(source), ok, page());
  return asked;
}

test('a source that floods is refused before anything is asked for it, with a page that says what to do', async () => {
  expect(await flood('192.0.2.66')).toBe(1600);
  const { statusCode, headers, body } = await servePage(eventFrom('192.0.2.66'), ok, page());
  expect(statusCode).toBe(429);
  expect(headers).toMatchObject({ 'retry-after': '60', 'content-type': expect.stringMatching(/html/) });
  expect(textOf(body)).toMatch(/Wait a minute.*go to the patient.*telephone the ward/);
  expect(counted.filter((name) => name === 'RequestsRefused')).toHaveLength(401);
  expect((await servePage(eventFrom('192.0.2.1'), ok, page())).statusCode).toBe(200);
});

test('each request is logged with its id, its status and a hash of its source: never the address', async () => {
  const once = page();
  await servePage(eventFrom('192.0.2.5'), ok, once);
  await servePage(eventFrom('192.0.2.5'), ok, once);
  await servePage(eventFrom('192.0.2.6'), ok, once);
  const [first, again, other] = lines;
  expect(first).toEqual({
    code: 'page-served',
    requestId: 'request-1',
    status: 200,
    source: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  expect(again?.source).toBe(first?.source);
  expect(other?.source).not.toBe(first?.source);
  expect(JSON.stringify(lines)).not.toContain('192.0.2');
});

test('without the secret, or the source, a page is served all the same, and logged without a hash', async () => {
  secret = () => {
    throw new Error('no answer');
  };
  expect((await servePage(eventFrom('192.0.2.7'), ok, page())).statusCode).toBe(200);
  const nowhere = { requestContext: { http: { method: 'GET' } }, pathParameters: {} };
  expect((await servePage(nowhere, ok, page())).statusCode).toBe(200);
  expect(lines).toEqual([
    { code: 'page-served', requestId: 'request-1', status: 200 },
    { code: 'page-served', status: 200 },
  ]);
});

test('what fails inside becomes the page that says so, and is counted', async () => {
  const broken = async () => {
    throw new TypeError('a bug');
  };
  expect((await servePage(eventFrom('192.0.2.8'), broken, page())).statusCode).toBe(500);
  expect(counted).toEqual(['AnswersFailed']);
  expect(lines).toMatchObject([{ code: 'answer-failed', error: 'TypeError' }, { status: 500 }]);
});

test('a request that cannot be read is a failure inside, and is counted as one', async () => {
  expect((await servePage({ ...eventFrom('192.0.2.8'), cookies: 'no list' }, ok, page())).statusCode).toBe(
    500,
  );
  expect(counted).toEqual(['AnswersFailed']);
  expect(lines).toEqual([
    { code: 'answer-failed', error: 'ZodError' },
    { code: 'page-served', status: 500 },
  ]);
});

test('HEAD has no body, whatever becomes of it', async () => {
  await flood('192.0.2.67');
  for (const source of ['192.0.2.9', '192.0.2.67']) {
    const { body } = await servePage(eventFrom(source, 'HEAD'), ok, page());
    expect(body).toBe('');
  }
});
