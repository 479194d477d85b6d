/**
 * The nightly report behind the link of its mail: a form for the PIN, then the report. Leads, doctors and who does
 * quality may read it. Wrong PINs are counted as on an alert's page.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { attemptsLeft } from './answering/attempts.ts';
import { type Form, readForm } from './answering/form.ts';
import { problems, tooManyReportPins, wrongPin } from './answering/notices.ts';
import { type HtmlResponse, html, htmlResponse } from './answering/page.ts';
import { clockTime } from './answering/time.ts';
import { formToken, isFormToken } from './answering/tokens.ts';
import { readText } from './aws/archive-store.ts';
import { countAttempt, giveBackAttempt, guard } from './aws/attempt-store.ts';
import { checkPin } from './aws/check-pin.ts';
import { environment } from './aws/environment.ts';
import { logger } from './aws/logger.ts';
import { loadRoster } from './aws/roster-store.ts';
import { loadAnswerKeys } from './aws/secrets.ts';
import { servePage } from './aws/serve-page.ts';
import type { Roster } from './on-call/roster.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ARCHIVE_BUCKET: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
  ANSWER_SECRET_ARN: z.string().min(1),
});

const Request = z.object({
  requestContext: z.object({ http: z.object({ method: z.enum(['GET', 'HEAD', 'POST']) }) }),
  pathParameters: z.object({ reportId: z.string() }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

/** 128 bits in hexadecimal; anything else was never a link of ours. */
const REPORT_ID = /^[0-9a-f]{32}$/;
/** The count of wrong PINs outlives its lock by far, and then goes. */
const GUARDED_SECONDS = 86_400;

export function handler(event: unknown): Promise<HtmlResponse> {
  return servePage(event, () => respond(event), {
    code: 'report-not-shown',
    metric: 'ReportsNotShown',
    failed: failedReport,
    secretArn: () => settings().ANSWER_SECRET_ARN,
  });
}

async function respond(event: unknown): Promise<HtmlResponse> {
  const now = new Date().toISOString();
  const config = settings();
  const { requestContext, pathParameters, body, isBase64Encoded } = Request.parse(event);
  const { method } = requestContext.http;
  const { reportId } = pathParameters;
  const report = REPORT_ID.test(reportId)
    ? await readText(config.ARCHIVE_BUCKET, `reports/${reportId}.html`)
    : undefined;
  if (report === undefined) return withoutBody(method, unknownReport());
  const roster = await loadRoster(config.ROSTER_BUCKET, Date.parse(now));
  const keys = await loadAnswerKeys(config.ANSWER_SECRET_ARN, Date.parse(now));
  const about = `report ${reportId}`;
  const form: Form = method === 'POST' ? readForm(body, isBase64Encoded) : {};
  const ask = (status = 200, problem?: string) =>
    pinPage(roster, { token: formToken(keys.formKey, about, now), chosen: form.clinician }, status, problem);
  if (method !== 'POST') return withoutBody(method, ask());

  if (!form.token || !isFormToken(keys.formKey, about, form.token, now))
    return ask(problems.formTooOld.status, problems.formTooOld.text);
  if (!form.clinician) return ask(problems.noName.status, problems.noName.text);
  if (!form.pin) return ask(problems.noPin.status, problems.noPin.text);
  const key = `REPORT#${reportId}`;
  const guarded = await guard(config.TABLE_NAME, key, Math.floor(Date.parse(now) / 1000) + GUARDED_SECONDS);
  const attempt = await countAttempt(config.TABLE_NAME, guarded, now);
  if ('lockedUntil' in attempt) return locked(ask, attempt.lockedUntil, roster.zone, now);
  const reader = await checkPin(readers(roster), form.clinician, form.pin, keys.pepper);
  if (reader) {
    await giveBackAttempt(config.TABLE_NAME, { pk: key }, attempt.counted);
    logger.info('report-read', { reportId: reportId.slice(0, 6), clinicianId: reader.id });
    return whole(report);
  }
  const { lockedUntil } = attempt.counted;
  if (lockedUntil !== null) return locked(ask, lockedUntil, roster.zone, now);
  const problem = wrongPin(attemptsLeft(attempt.counted));
  return ask(problem.status, problem.text);
}

function locked(
  ask: (status: number, problem: string) => HtmlResponse,
  until: string,
  zone: string,
  now: string,
): HtmlResponse {
  const problem = tooManyReportPins(clockTime(until, zone, now));
  return ask(problem.status, problem.text);
}

/** Nurses answer alerts; what a night was like is for those who lead, treat, or look after quality. */
function readers({ clinicians }: Roster) {
  return clinicians.filter(({ role }) => role !== 'nurse');
}

function withoutBody(method: string, response: HtmlResponse): HtmlResponse {
  return method === 'HEAD' ? { ...response, body: '' } : response;
}

/** The link is the same for everybody, so nobody is chosen beforehand: a PIN given under another's name would count as wrong. */
function pinPage(
  roster: Roster,
  { token, chosen }: { token: string; chosen: string | undefined },
  status: number,
  problem: string | undefined,
): HtmlResponse {
  return htmlResponse(
    status,
    'Nightly report',
    html`<h1>Nightly report</h1>
${problem && html`<div class="notice bad" role="alert"><p>${problem}</p></div>`}
<form method="post">
<input type="hidden" name="token" value="${token}">
<label for="clinician">I am</label>
<select id="clinician" name="clinician" required>
<option value="">Choose your name</option>
${readers(roster).map(({ id, name, role }) => html`<option value="${id}"${id === chosen ? html` selected` : undefined}>${name}, ${role}</option>\n`)}</select>
<label for="pin">My PIN (6 digits)</label>
<input id="pin" name="pin" type="password" inputmode="numeric" pattern="[0-9]{6}" maxlength="6" autocomplete="current-password" required>
<button name="action" value="look" class="main">Show the report</button>
</form>`,
  );
}

function unknownReport(): HtmlResponse {
  return htmlResponse(
    404,
    'No such report',
    html`<h1>No such report</h1><p>The link is incomplete, or the report is no longer kept. Open the link in the newest mail of Vigil, or ask the operations for it.</p>`,
  );
}

function failedReport(): HtmlResponse {
  return htmlResponse(
    500,
    'Not shown',
    html`<h1>This did not work</h1><p>Something failed on our side. Go back and try once more in a minute; if it fails again, ask the operations. The report itself is kept.</p>`,
  );
}

/** The stored page with the headers of every page of ours; its style is its own, perhaps that of an earlier version. */
function whole(report: string): HtmlResponse {
  const frame = htmlResponse(200, '', html``);
  const style = /<style>([^<]*)<\/style>/.exec(report)?.[1] ?? '';
  const styleHash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`;
  return { ...frame, headers: { ...frame.headers, 'content-security-policy': policy }, body: report };
}
