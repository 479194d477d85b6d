import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { reportPage } from '../../handlers/reporting/report-page.ts';
import { tableOfQuery } from '../../handlers/reporting/tables.ts';
import { logger, metrics } from '../../handlers/runtime/logger.ts';
import { handler } from '../../handlers/serve-report.ts';
import { LocalAws, rootKey } from '../local-aws.ts';
import { formsOf, textOf } from './answering/browser.ts';
import { aRoster, pinHashesOf } from './on-call/builders.ts';
import { aSummary, theChecks, window } from './reporting/builders.ts';

const reportId = '00112233445566778899aabbccddeeff';
const silentIn = (ward: string | null, device_id: string) => ({
  device_id,
  ward,
  bed: '4',
  last_arrived_at: '2026-03-02 20:00:00.000',
  readings: '9',
});
const silent = [
  silentIn('ward-001', 'bp-001'),
  silentIn('A&E', 'bp-101'),
  silentIn('ward-009', 'bp-901'),
  silentIn(null, 'bp-nowhere'),
];
const report = reportPage({
  window,
  summary: aSummary(),
  checks: theChecks({ pagesHaveOutcome: 1 }),
  tables: [tableOfQuery('silence', silent, new Set())],
  rosterZone: window.zone,
});
const pins = { 'nurse-1': '204817', 'doctor-1': '128574', 'lead-1': '731902', 'quality-1': '540661' };
const pinHashes = pinHashesOf(pins, rootKey);
let aws: LocalAws;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-03T07:00:00.000Z') });
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue();
  vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    metrics.clearMetrics();
    return metrics;
  });
  aws = new LocalAws(aRoster({}, pinHashes));
  store();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** As the nightly workflow stores it. */
function store(body = report): void {
  aws.store(`reports/${reportId}.html`, body);
}

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const day = 86_400;

async function send(
  method: string,
  fields?: Record<string, string>,
  { id = reportId, cookies = [] }: { id?: string; cookies?: string[] } = {},
) {
  const { statusCode, headers, body, ...more } = await handler({
    requestContext: { http: { method } },
    pathParameters: { reportId: id },
    isBase64Encoded: true,
    ...(cookies.length > 0 && { cookies }),
    ...(fields && { body: Buffer.from(new URLSearchParams(fields).toString()).toString('base64') }),
  });
  return { status: statusCode, headers, html: body, cookies: more.cookies ?? [] };
}

/** Opens the link and gives a PIN, as a person would. */
async function read(clinician: string, pin = pins[clinician as keyof typeof pins], cookies: string[] = []) {
  const [form] = formsOf((await send('GET')).html);
  return send('POST', { ...form?.hidden, clinician, pin, action: 'show' }, { cookies });
}

describe('opening the link', () => {
  test('asks who it is and for the PIN, and shows nothing of the night', async () => {
    const page = await send('GET');
    expect(page.status).toBe(200);
    expect(textOf(page.html)).toContain(
      'Nightly report My initials or my ID My PIN (6 digits) Show the report',
    );
    expect(page.html).not.toMatch(/1865|reconcil|lost/i);
    expect(formsOf(page.html)).toMatchObject([{ actions: ['show'], visible: ['clinician', 'pin'] }]);
    expect(aws.items.size).toBe(0);
  });

  test('names nobody, also after a wrong PIN or a wrong name', async () => {
    const pages = [await send('GET'), await read('lead-1', '739145'), await read('AW', '739145')];
    for (const { html } of pages)
      expect(html).not.toMatch(/Whitlock|Ferrow|Brandreth|Ashgrove|Maplethorpe|doctor-1|nurse-1/);
  });

  test('a PIN without a name is no attempt, and after a wrong one the name need not be typed again', async () => {
    const [form] = formsOf((await send('GET')).html);
    const fields = { ...form?.hidden, clinician: ' ', pin: pins['lead-1'], action: 'show' };
    const nameless = await send('POST', fields);
    expect([nameless.status, textOf(nameless.html)]).toEqual([
      400,
      expect.stringContaining('Enter your initials or your ID'),
    ]);
    expect(aws.items.size).toBe(0);
    expect((await read('lead-1', '739145')).html).toContain('name="clinician" value="lead-1"');
  });

  test('no browser is asked to keep the PIN', async () => {
    const fields = [...(await send('GET')).html.matchAll(/<(?:form|input)\b[^>]*>/g)].map(([tag]) => tag);
    expect(fields.filter((tag) => !/type="hidden"|autocomplete="off"/.test(tag))).toEqual([]);
  });

  test('HEAD has the same headers and no body', async () => {
    const page = await send('HEAD');
    expect([page.status, page.html]).toEqual([200, '']);
  });

  test.each(['ffffffffffffffffffffffffffffffff', '../roster/hospital', reportId.toUpperCase()])(
    '%s was never a report',
    async (id) => {
      expect((await send('GET', undefined, { id })).status).toBe(404);
    },
  );
});

describe('with the PIN', () => {
  test('who does quality reads all of it', async () => {
    const page = await read('quality-1');
    expect(page.status).toBe(200);
    expect(page.html).toBe(report);
  });

  const devicesOf = (html: string) => [...new Set(html.match(/bp-\w+/g))];

  test.each(['doctor-1', 'lead-1'] as const)(
    '%s reads the hospital’s figures, and the rows of their own wards',
    async (id) => {
      const page = await read(id);
      expect(page.status).toBe(200);
      expect(devicesOf(page.html)).toEqual(['bp-001']);
      expect(textOf(page.html)).toContain('Readings archived 1865');
      // Whose page it was, the proof's example would tell.
      expect(textOf(page.html)).toContain('NO every page has an outcome 9 1');
      expect(page.html).not.toContain('PATIENT#');
      expect(page.html.match(/<(?:table|tr|td|section)\b/g)?.length).toBeGreaterThan(40);
    },
  );

  test('wards are compared as they are spelled, whatever a device states', async () => {
    const clinicians = aws.roster.clinicians.map((person) =>
      person.id === 'lead-1' ? { ...person, wards: ['A&E', 'ward-00'] } : person,
    );
    const wards = ['ward-001', 'A&E', 'ward-00'].map((id) => ({ id, name: id }));
    aws.roster = { ...aws.roster, clinicians, wards };
    expect(devicesOf((await read('lead-1')).html)).toEqual(['bp-101']);
  });

  test('a report whose rows say no ward, as those of before, is read by who does quality only', async () => {
    store('<style></style><main><table><tr><td>bp-001</td></tr></table></main>');
    const page = await read('doctor-1');
    expect([page.status, /bp-001/.test(page.html)]).toEqual([403, false]);
    expect((await read('quality-1')).html).toContain('bp-001');
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

  test.each(['EB', 'eb', ' E. B. ', 'DOCTOR-1'])(
    '%j is Dr Elias Brandreth, by initials or id',
    async (name) => {
      expect((await read(name, pins['doctor-1'])).html).toContain('bp-001');
    },
  );

  test('a nurse’s own PIN does not open it, nor another person’s', async () => {
    const nurses = await read('nurse-1');
    expect(nurses.status).toBe(403);
    expect(textOf(nurses.html)).toContain('Your PIN is correct, but reports are open only to doctors, leads');
    expect(nurses.html).not.toContain('1865');
    expect((await read('lead-1', pins['doctor-1'])).status).toBe(403);
  });

  test('a wrong name is answered as a wrong PIN is, try for try', async () => {
    const answers = async (name: string) => {
      aws.items.clear();
      const texts: string[] = [];
      for (let tries = 1; tries <= 6; tries++) {
        const { status, html } = await read(name, '739145');
        texts.push(`${status} ${textOf(html)}`);
      }
      return texts;
    };
    const real = await answers('lead-1');
    expect(real.map((text) => text.slice(0, 3))).toEqual(['403', '403', '403', '403', '429', '429']);
    expect(await answers('nobody')).toEqual(real);
    expect(await answers('nurse-1')).toEqual(real);
  });

  test('five wrong ones lock it for a while, and the ninth for a good while longer', async () => {
    for (let attempt = 1; attempt < 5; attempt++) expect((await read('lead-1', '739145')).status).toBe(403);
    for (const minutes of [10, 10, 10]) {
      expect((await read('lead-1', '739145')).status).toBe(429);
      expect(textOf((await read('lead-1')).html)).toMatch(/no PIN is accepted here until 07:[1-4]0/);
      pass(minutes * 60);
    }
    expect((await read('lead-1', '739145')).status).toBe(429);
    pass(25 * 60);
    expect(textOf((await read('lead-1')).html)).toContain('no PIN is accepted here until 08:00');
    pass(5 * 60);
    expect((await read('lead-1')).status).toBe(200);
  });

  test('sixty wrong ones of made-up names on one report keep its new readers out for four hours at most', async () => {
    for (let n = 0; n < 60; n++) await read(`made-up-${n}`, '739145');
    expect((await read('lead-1')).status).toBe(429);
    pass(4 * 3600);
    expect((await read('lead-1')).status).toBe(200);
  });

  test('what it says of a wrong PIN does not tell how many were given elsewhere', async () => {
    const texts: string[] = [];
    for (let attempt = 1; attempt < 5; attempt++) texts.push(textOf((await read('lead-1', '739145')).html));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).not.toMatch(/left/);
  });

  test('where the PIN has been right before, a guesser elsewhere locks nobody out', async () => {
    const [cookie = ''] = (await read('lead-1')).cookies;
    expect(cookie).toMatch(
      /^__Host-vigil-lead-1=[\w.-]+; Max-Age=15552000; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
    for (let attempt = 1; attempt <= 6; attempt++) await read('lead-1', '739145');
    expect((await read('lead-1')).status).toBe(429);
    const known = cookie.split(';').slice(0, 1);
    expect((await read('lead-1', pins['lead-1'], known)).status).toBe(200);
    for (const forged of ['x.9999999999999.y', `${known}x`, ''])
      expect((await read('lead-1', pins['lead-1'], [`__Host-vigil-lead-1=${forged}`])).status).toBe(429);
  });

  test('after 30 days it is answered as one that never was', async () => {
    pass(30 * day - 1);
    expect((await read('lead-1')).status).toBe(200);
    pass(1);
    const never = await send('GET', undefined, { id: 'f'.repeat(32) });
    expect(await send('GET')).toEqual(never);
    expect(never.status).toBe(404);
  });

  test('wrong PINs are counted for the alarm, and logged with ids', async () => {
    const counted = vi.spyOn(metrics, 'addMetric');
    vi.spyOn(metrics, 'publishStoredMetrics').mockReturnValue(metrics);
    await read('lead-1', '739145');
    expect(counted).toHaveBeenCalledWith('WrongPins', 'Count', 1);
    expect(logger.warn).toHaveBeenCalledWith('pin-wrong', {
      reportId: reportId.slice(0, 6),
      clinicianId: 'lead-1',
      locked: false,
    });
    metrics.clearMetrics();
  });

  test('is shown also when the attempt cannot be given back', async () => {
    let updates = 0;
    aws.before = (call) =>
      call.startsWith('Update ') && ++updates === 5 ? new Error('throttled') : undefined;
    expect((await read('lead-1')).status).toBe(200);
    expect(updates).toBe(6);
    expect(logger.warn).toHaveBeenCalledWith('try-not-given-back', { error: 'Error' });
  });

  test('a form that is not ours, or of long ago, opens nothing', async () => {
    const fields = { clinician: 'lead-1', pin: pins['lead-1'], action: 'show' };
    expect((await send('POST', fields)).status).toBe(403);
    expect((await send('POST', { ...fields, token: 'guessed' })).status).toBe(403);
    const [form] = formsOf((await send('GET')).html);
    vi.setSystemTime(Date.now() + 3 * 3_600_000);
    expect((await send('POST', { ...form?.hidden, ...fields })).status).toBe(403);
    expect(aws.items.size).toBe(0);
  });

  test('the log has neither PIN nor the link', async () => {
    await read('lead-1');
    await read('lead-1', '739145');
    await read('lead-1', '999999');
    const logged = JSON.stringify([logger.info, logger.warn].map((log) => vi.mocked(log).mock.calls));
    expect(logged).not.toMatch(new RegExp(`${reportId}|${pins['lead-1']}|999999|739145`));
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
