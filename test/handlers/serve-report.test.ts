import { createHash } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { logger, metrics } from '../../handlers/aws/logger.ts';
import { hashPin, pepperOf } from '../../handlers/aws/pin.ts';
import type { PinHash } from '../../handlers/on-call/roster.ts';
import { reportPage } from '../../handlers/reporting/report-page.ts';
import { handler } from '../../handlers/serve-report.ts';
import { formsOf, textOf } from '../answering/browser.ts';
import { rootKey } from '../answering/fake-aws.ts';
import { aRoster } from '../on-call/builders.ts';
import { aSummary, theChecks, window } from '../reporting/builders.ts';
import { type FakeAws, fakeAws } from '../reporting/fake-aws.ts';

const reportId = '00112233445566778899aabbccddeeff';
const report = reportPage({ window, summary: aSummary(), checks: theChecks(), tables: [] });
const pins = { 'nurse-1': '204817', 'doctor-1': '128574', 'lead-1': '731902', 'quality-1': '540661' };
const pinHashes: Record<string, PinHash> = {};
let aws: FakeAws;
let tests = 0;

beforeAll(async () => {
  for (const [id, pin] of Object.entries(pins))
    pinHashes[id] = await hashPin(pin, pepperOf(rootKey), Buffer.from(`salt of ${id}`));
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-03T07:00:00.000Z') });
  vi.stubEnv('TABLE_NAME', 'table');
  vi.stubEnv('ARCHIVE_BUCKET', 'archive');
  // A bucket of its own, as rosters are kept for a minute by bucket.
  vi.stubEnv('ROSTER_BUCKET', `report-roster-${++tests}`);
  vi.stubEnv('ANSWER_SECRET_ARN', 'arn:secret');
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue();
  aws = fakeAws();
  aws.roster = aRoster({}, pinHashes);
  aws.objects.set(`reports/${reportId}.html`, { body: report, type: 'text/html' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function send(method: string, fields?: Record<string, string>, id = reportId) {
  const { statusCode, headers, body } = await handler({
    requestContext: { http: { method } },
    pathParameters: { reportId: id },
    isBase64Encoded: true,
    ...(fields && { body: Buffer.from(new URLSearchParams(fields).toString()).toString('base64') }),
  });
  return { status: statusCode, headers, html: body };
}

/** Opens the link and gives a PIN, as a person would. */
async function read(clinician: keyof typeof pins, pin: string = pins[clinician]) {
  const [form] = formsOf((await send('GET')).html);
  return send('POST', { ...form?.hidden, clinician, pin, action: 'look' });
}

describe('opening the link', () => {
  test('asks who it is and for the PIN, and shows nothing of the night', async () => {
    const page = await send('GET');
    expect(page.status).toBe(200);
    expect(textOf(page.html)).toContain('Nightly report I am');
    expect(page.html).not.toMatch(/1865|reconcil|lost/i);
    expect(formsOf(page.html)).toMatchObject([{ actions: ['look'], visible: ['clinician', 'pin'] }]);
    expect(aws.items.size).toBe(0);
  });

  test('names doctors, leads and quality; a nurse has no use of it. Nobody is chosen beforehand', async () => {
    const { html } = await send('GET');
    const names = [...html.matchAll(/<option value="([^"]*)"/g)].map(([, id]) => id);
    expect(names).toEqual(['', 'doctor-1', 'lead-1', 'quality-1']);
    expect(html).toMatch(/<select[^>]* required>/);
    expect(html).not.toContain('selected');
  });

  test('a PIN without a name is no attempt, and after a wrong one the name stays chosen', async () => {
    const [form] = formsOf((await send('GET')).html);
    const nameless = await send('POST', {
      ...form?.hidden,
      clinician: '',
      pin: pins['lead-1'],
      action: 'look',
    });
    expect([nameless.status, textOf(nameless.html)]).toEqual([
      400,
      expect.stringContaining('Choose your name first'),
    ]);
    expect(aws.items.size).toBe(0);
    expect((await read('lead-1', '000000')).html).toContain('<option value="lead-1" selected>');
  });

  test('HEAD has the same headers and no body', async () => {
    const page = await send('HEAD');
    expect([page.status, page.html]).toEqual([200, '']);
  });

  test.each(['ffffffffffffffffffffffffffffffff', '../roster/hospital', reportId.toUpperCase()])(
    '%s was never a report',
    async (id) => {
      expect((await send('GET', undefined, id)).status).toBe(404);
    },
  );
});

describe('with the PIN', () => {
  test.each(['doctor-1', 'lead-1', 'quality-1'] as const)('%s reads the report', async (id) => {
    const page = await read(id);
    expect(page.status).toBe(200);
    expect(page.html).toBe(report);
  });

  test('the report keeps its own style under a strict policy, and is not kept by the browser', async () => {
    const { headers } = await read('lead-1');
    const style = /<style>([^<]*)<\/style>/.exec(report)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(style).not.toBe('');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(headers['cache-control']).toBe('no-store');
  });

  test('a nurse’s own PIN does not open it, nor another person’s', async () => {
    expect((await read('nurse-1')).html).not.toBe(report);
    expect((await read('lead-1', pins['doctor-1'])).status).toBe(403);
  });

  test('five wrong ones lock it for a while, also for the right one', async () => {
    for (let attempt = 1; attempt < 5; attempt++) expect((await read('lead-1', '000000')).status).toBe(403);
    expect((await read('lead-1', '000000')).status).toBe(429);
    expect((await read('lead-1')).status).toBe(429);
    vi.setSystemTime(Date.now() + 61_000);
    expect((await read('lead-1')).html).toBe(report);
  });

  test('a first attempt that finds another one was first makes no wrong PIN of it undone', async () => {
    for (let attempt = 1; attempt < 5; attempt++) await read('lead-1', '000000');
    vi.spyOn(aws.items, 'get').mockReturnValueOnce(undefined);
    expect((await read('lead-1', '000000')).status).toBe(429);
  });

  test('is shown also when the attempt cannot be given back', async () => {
    let updates = 0;
    aws.before = (operation) =>
      operation === 'Update' && ++updates === 2 ? new Error('throttled') : undefined;
    expect((await read('lead-1')).html).toBe(report);
    expect(updates).toBe(2);
    expect(logger.warn).toHaveBeenCalledWith('attempt-not-given-back', { error: 'Error' });
  });

  test('a form that is not ours, or of long ago, opens nothing', async () => {
    const fields = { clinician: 'lead-1', pin: pins['lead-1'], action: 'look' };
    expect((await send('POST', fields)).status).toBe(403);
    expect((await send('POST', { ...fields, token: 'guessed' })).status).toBe(403);
    const [form] = formsOf((await send('GET')).html);
    vi.setSystemTime(Date.now() + 3 * 3_600_000);
    expect((await send('POST', { ...form?.hidden, ...fields })).status).toBe(403);
    expect(aws.items.size).toBe(0);
  });

  test('the log has neither PIN nor the link', async () => {
    await read('lead-1');
    await read('lead-1', '999999');
    const logged = JSON.stringify(vi.mocked(logger.info).mock.calls);
    expect(logged).not.toMatch(new RegExp(`${reportId}|${pins['lead-1']}|999999`));
  });
});

test('a failure is counted for the alarm, and is a page that says what to do next', async () => {
  const counted = vi.spyOn(metrics, 'addMetric');
  vi.spyOn(metrics, 'publishStoredMetrics').mockReturnValue(metrics);
  aws.before = () => new Error('the secret is in here');
  const page = await send('GET');
  expect(page.status).toBe(500);
  expect(textOf(page.html)).toContain('Go back and try once more');
  expect(page.html).not.toContain('secret');
  expect(counted).toHaveBeenCalledWith('ReportsNotShown', 'Count', 1);
  expect(logger.error).toHaveBeenCalledWith('report-not-shown', { error: 'Error' });
  metrics.clearMetrics();
});
