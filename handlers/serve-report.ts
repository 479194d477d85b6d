/**
 * The nightly report behind the link of its mail: a form for who it is and the PIN, then the report, for 30 days. Leads and
 * doctors read the rows of their wards, who does quality all. Wrong PINs count as on an alert's page that is not the newest.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Form, readForm } from './answering/form.ts';
import { lockedReport, type Notice, problems, wrongPin } from './answering/notices.ts';
import { pinField, whoField } from './answering/outside-page.ts';
import { type HtmlResponse, html, htmlResponse } from './answering/page.ts';
import { formToken, isFormToken } from './answering/tokens.ts';
import { readStored } from './aws/archive-store.ts';
import { tryPin } from './aws/check-pin.ts';
import { environment } from './aws/environment.ts';
import { logger } from './aws/logger.ts';
import { loadRoster } from './aws/roster-store.ts';
import { loadAnswerKeys } from './aws/secrets.ts';
import { servePage } from './aws/serve-page.ts';
import { isReadable, readableBy, reportKey } from './reporting/readers.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ARCHIVE_BUCKET: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
  ANSWER_SECRET_ARN: z.string().min(1),
});

const Request = z.object({
  requestContext: z.object({ http: z.object({ method: z.enum(['GET', 'HEAD', 'POST']) }) }),
  pathParameters: z.object({ reportId: z.string() }),
  cookies: z.array(z.string()).default([]),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

/** 128 bits in hexadecimal; anything else was never a link of ours. */
const REPORT_ID = /^[0-9a-f]{32}$/;

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
  const { requestContext, pathParameters, cookies, body, isBase64Encoded } = Request.parse(event);
  const { method } = requestContext.http;
  const { reportId } = pathParameters;
  const report = await storedReport(config.ARCHIVE_BUCKET, reportId, now);
  if (report === undefined) return withoutBody(method, unknownReport());
  const keys = await loadAnswerKeys(config.ANSWER_SECRET_ARN, Date.parse(now));
  const about = `report ${reportId}`;
  const form: Form = method === 'POST' ? readForm(body, isBase64Encoded) : {};
  const ask = (problem?: Notice) => pinPage(formToken(keys.formKey, about, now), form.clinician, problem);
  if (method !== 'POST') return withoutBody(method, ask());

  if (!form.token || !isFormToken(keys.formKey, about, form.token, now)) return ask(problems.formTooOld);
  if (!form.clinician) return ask(problems.noName);
  if (!form.pin) return ask(problems.noPin);
  const roster = await loadRoster(config.ROSTER_BUCKET, Date.parse(now));
  const id = reportId.slice(0, 6);
  const expected = roster.clinicians.filter((clinician) => readableBy(clinician, report) !== undefined);
  const tried = await tryPin(
    { tableName: config.TABLE_NAME, keys, now, roster },
    { name: form.clinician, pin: form.pin, cookies, expected },
    () => 'elsewhere',
    { reportId: id },
  );
  if (tried.is !== 'right')
    return ask(tried.lock ? lockedReport(tried.lock.until, { roster, now }) : wrongPin());
  const readable = readableBy(tried.who, report);
  if (readable === undefined) return ask(problems.notAReader);
  logger.info('report-read', { reportId: id, clinicianId: tried.who.id });
  return { ...whole(readable), cookies: tried.cookies };
}

/** Undefined for what was never a report, and for one that is kept but not shown any more. */
async function storedReport(bucket: string, reportId: string, now: string): Promise<string | undefined> {
  const stored = REPORT_ID.test(reportId) ? await readStored(bucket, reportKey(reportId)) : undefined;
  return stored && isReadable(stored.at, now) ? stored.text : undefined;
}

function withoutBody(method: string, response: HtmlResponse): HtmlResponse {
  return method === 'HEAD' ? { ...response, body: '' } : response;
}

/** The link is the same for everybody, so the page names nobody. */
function pinPage(token: string, said: string | undefined, problem: Notice | undefined): HtmlResponse {
  return htmlResponse(
    problem?.status ?? 200,
    'Nightly report',
    html`<h1>Nightly report</h1>
${problem && html`<div class="notice bad" role="alert"><p>${problem.text}</p></div>`}
<form method="post" autocomplete="off">
<input type="hidden" name="token" value="${token}">
${whoField(said)}
${pinField('pin')}
<button name="action" value="look" class="main">Show the report</button>
</form>`,
  );
}

function unknownReport(): HtmlResponse {
  return htmlResponse(
    404,
    'No such report',
    html`<h1>No such report</h1><p>The link is incomplete, or the report is older than 30 days. Open the link in Vigil's newest mail, or ask the operations team for it.</p>`,
  );
}

function failedReport(): HtmlResponse {
  return htmlResponse(
    500,
    'Not shown',
    html`<h1>This did not work</h1><p>Something went wrong on our side. Go back and try once more in a minute; if it fails again, ask the operations team. The report itself is kept.</p>`,
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
