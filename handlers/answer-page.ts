/**
 * The page behind the link of a mail. GET and HEAD read and change nothing. A POST answers only with a PIN, or with the
 * session that follows one; one write decides and wakes the workflow, and the page says how things stand now.
 */
import { z } from 'zod';
import { type Form, readForm } from './answering/form.ts';
import {
  locked,
  type Notice,
  onlyKnownBrowsers,
  passedOn,
  problems,
  signedOut,
  wrongPin,
} from './answering/notices.ts';
import { failedPage, outsidePage, overPage, unknownPage } from './answering/outside-page.ts';
import type { HtmlResponse } from './answering/page.ts';
import { isSignedOut } from './answering/sign-out.ts';
import {
  formIssuedAt,
  formToken,
  isFormToken,
  sessionBeganAt,
  sessionOwner,
  sessionToken,
} from './answering/tokens.ts';
import { isNewestPageOf, mayAnswer, standingOf, type Visit } from './answering/visit.ts';
import { readAlert, readPage } from './aws/alert-store.ts';
import { type Tried, tryPin } from './aws/check-pin.ts';
import { environment } from './aws/environment.ts';
import { countFailure, signOut } from './aws/page-store.ts';
import { loadRoster } from './aws/roster-store.ts';
import { loadAnswerKeys } from './aws/secrets.ts';
import { servePage } from './aws/serve-page.ts';
import { about, act, type Desk, passOn, tokenOf } from './use-cases/answer.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
  ANSWER_SECRET_ARN: z.string().min(1),
});

/** API Gateway's payload format 2.0, as far as it is used. */
const Request = z.object({
  requestContext: z.object({ http: z.object({ method: z.enum(['GET', 'HEAD', 'POST']) }) }),
  pathParameters: z.object({ pageId: z.string() }),
  cookies: z.array(z.string()).default([]),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

/** 128 bits in base64url; anything else was never a link of ours. */
const PAGE_ID = /^[\w-]{22}$/;
/** Five wrong PINs on a page ask the next person at once (decisions/0013). */
const PASSES_ON_AFTER = 5;

export function handler(event: unknown): Promise<HtmlResponse> {
  return servePage(event, () => respond(event), {
    code: 'answer-failed',
    metric: 'AnswersFailed',
    failed: failedPage,
    secretArn: () => settings().ANSWER_SECRET_ARN,
  });
}

async function respond(event: unknown): Promise<HtmlResponse> {
  const now = new Date().toISOString();
  const config = settings();
  const { requestContext, pathParameters, cookies, body, isBase64Encoded } = Request.parse(event);
  const { method } = requestContext.http;
  const visit = await visitOf(pathParameters.pageId, config.TABLE_NAME, config.ROSTER_BUCKET, now);
  if (!visit) return withoutBody(method, unknownPage());
  const keys = await loadAnswerKeys(config.ANSWER_SECRET_ARN, Date.parse(now));
  const desk = { tableName: config.TABLE_NAME, visit, keys, now, cookies };
  const response =
    method === 'POST' ? await post(desk, readForm(body, isBase64Encoded)) : outsidePage(visit, tokenOf(desk));
  return withoutBody(method, response);
}

async function visitOf(
  pageId: string,
  tableName: string,
  bucket: string,
  now: string,
): Promise<Visit | undefined> {
  const page = PAGE_ID.test(pageId) ? await readPage(tableName, pageId) : undefined;
  const alert = page && (await readAlert(tableName, page.alertKey));
  return page && alert && { page, alert, roster: await loadRoster(bucket, Date.parse(now)), now };
}

function withoutBody(method: string, response: HtmlResponse): HtmlResponse {
  return method === 'HEAD' ? { ...response, body: '' } : response;
}

/** Who posts, by session or by PIN; then what they want. */
async function post(desk: Desk, form: Form): Promise<HtmlResponse> {
  const { visit, keys } = desk;
  if (standingOf(visit) === 'over') return overPage(visit);
  if (form.session !== undefined) return withSession(desk, form, form.session);
  const again = (problem: Notice) => outsidePage(visit, tokenOf(desk), problem, form.clinician);
  if (!form.token || !isFormToken(keys.formKey, about(visit), form.token, visit.now))
    return again(problems.formTooOld);
  if (!form.clinician) return again(problems.noName);
  if (!form.pin) return again(problems.noPin);
  return withPin(desk, form, form.pin, formIssuedAt(form.token));
}

async function withSession(desk: Desk, form: Form, session: string): Promise<HtmlResponse> {
  const { tableName, visit, keys } = desk;
  const owner = sessionOwner(keys.formKey, about(visit), session, visit.now);
  const me = mayAnswer(visit).find(({ id }) => id === owner);
  if (!me || isSignedOut(visit.page, me.id, sessionBeganAt(session)))
    return outsidePage(visit, tokenOf(desk), problems.sessionOver);
  if (form.action !== 'sign-out') return act(desk, form, me, session);
  await signOut(tableName, visit.page.pk, me.id, visit.now);
  // Signing out ends every form of up to now; the one that it leaves is of after it.
  const justAfter = new Date(Date.parse(visit.now) + 1).toISOString();
  return outsidePage(visit, formToken(keys.formKey, about(visit), justAfter), signedOut);
}

/** Whether that person may answer here is said only after the right PIN, or the page would tell it to whoever asks. */
async function withPin(desk: Desk, form: Form, pin: string, issuedAt: string): Promise<HtmlResponse> {
  const { visit, keys, cookies } = desk;
  const { page, roster, now } = visit;
  const expected = mayAnswer(visit);
  const tried = await tryPin(
    { ...desk, roster },
    { name: form.clinician, pin, cookies, expected },
    (who) => (isNewestPageOf(visit, who) ? 'newest page' : 'elsewhere'),
    { alertId: page.alertId },
  );
  if (tried.is !== 'right') return failed(desk, form, tried);
  const { who } = tried;
  const again = (problem: Notice) => outsidePage(visit, tokenOf(desk), problem, form.clinician);
  if (!expected.some(({ id }) => id === who.id)) return again(problems.notOfTheWard);
  if (isSignedOut(page, who.id, issuedAt)) return again(problems.formTooOld);
  const session = sessionToken(keys.formKey, about(visit), who.id, now);
  return { ...(await act(desk, form, who, session)), cookies: tried.cookies };
}

/**
 * Somebody is guessing, or the addressee cannot remember, or is on a new phone while the tries are used up: in each case
 * the patient does not wait. Five failures pass the page on (a later one does, when that could not be written), and so does
 * turning away who says to be the addressee.
 */
async function failed(desk: Desk, form: Form, tried: Exclude<Tried, { is: 'right' }>): Promise<HtmlResponse> {
  const { tableName, visit } = desk;
  const { page } = visit;
  const failures = await countFailure(tableName, page.pk);
  const asking = standingOf(visit) === 'asking' && !visit.alert.round.declined.includes(page.clinicianId);
  const tooMany = failures >= PASSES_ON_AFTER;
  const asAddressee = isNewestPageOf(visit, tried.who);
  const lock = tried.lock && (asAddressee ? onlyKnownBrowsers : locked)(tried.lock.until, visit);
  if (!tooMany && !lock) {
    const left = asking ? PASSES_ON_AFTER - failures : undefined;
    return outsidePage(visit, tokenOf(desk), wrongPin(left), form.clinician);
  }
  const passesOn = asking && (tooMany || asAddressee);
  const after = passesOn ? { ...visit, alert: await passOn(desk) } : visit;
  return outsidePage(after, tokenOf(desk), passedOn(after, lock), form.clinician);
}
