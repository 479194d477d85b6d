/**
 * The page behind the link of a mail. GET and HEAD read and change nothing. A POST answers only with a PIN, or with the
 * session that follows one; one write decides, the bell wakes the workflow, and the page says how things stand now.
 */
import { z } from 'zod';
import type { Alert, Page } from './alert/alert.ts';
import { type AnswerRefused, accept, closeByPerson, decline, WRONG_PINS } from './alert/answers.ts';
import type { Outcome } from './alert/events.ts';
import { attemptsLeft } from './answering/attempts.ts';
import { type Form, readForm } from './answering/form.ts';
import { closedPage, insidePage } from './answering/inside-page.ts';
import {
  afterAccept,
  afterDecline,
  type Notice,
  problems,
  tooManyPins,
  worseSince,
  wrongPin,
} from './answering/notices.ts';
import { failedPage, outsidePage, overPage, unknownPage } from './answering/outside-page.ts';
import type { HtmlResponse } from './answering/page.ts';
import { clockTime } from './answering/time.ts';
import { formToken, isFormToken, sessionOwner, sessionToken } from './answering/tokens.ts';
import { mayAnswer, standingOf, type Visit } from './answering/visit.ts';
import { changeAlert, readAlert, readPage, ringBell } from './aws/alert-store.ts';
import { countAttempt, giveBackAttempt } from './aws/attempt-store.ts';
import { checkPin } from './aws/check-pin.ts';
import { environment } from './aws/environment.ts';
import { errorName, logger, metrics } from './aws/logger.ts';
import { loadRoster } from './aws/roster-store.ts';
import { type AnswerKeys, loadAnswerKeys } from './aws/secrets.ts';
import { servePage } from './aws/serve-page.ts';
import { readVitals } from './aws/vitals-store.ts';
import type { Clinician } from './on-call/roster.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
  ANSWER_SECRET_ARN: z.string().min(1),
});

/** API Gateway's payload format 2.0, as far as it is used. */
const Request = z.object({
  requestContext: z.object({ http: z.object({ method: z.enum(['GET', 'HEAD', 'POST']) }) }),
  pathParameters: z.object({ pageId: z.string() }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

/** 128 bits in base64url; anything else was never a link of ours. */
const PAGE_ID = /^[\w-]{22}$/;

type Desk = { tableName: string; visit: Visit; keys: AnswerKeys };

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
  const { requestContext, pathParameters, body, isBase64Encoded } = Request.parse(event);
  const { method } = requestContext.http;
  const visit = await visitOf(pathParameters.pageId, config.TABLE_NAME, config.ROSTER_BUCKET, now);
  if (!visit) return withoutBody(method, unknownPage());
  const keys = await loadAnswerKeys(config.ANSWER_SECRET_ARN, Date.parse(now));
  const desk = { tableName: config.TABLE_NAME, visit, keys };
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

const about = ({ page }: Visit) => `page ${page.pageId}`;
const tokenOf = ({ keys, visit }: Desk) => formToken(keys.formKey, about(visit), visit.now);

/** Who posts, by session or by PIN; then what they want. */
async function post(desk: Desk, form: Form): Promise<HtmlResponse> {
  const { visit, keys } = desk;
  if (standingOf(visit) === 'over') return overPage(visit);
  if (form.session !== undefined) {
    const owner = sessionOwner(keys.formKey, about(visit), form.session, visit.now);
    const me = mayAnswer(visit).find(({ id }) => id === owner);
    if (!me) return outsidePage(visit, tokenOf(desk), problems.sessionOver);
    return act(desk, form, me, form.session);
  }
  if (!form.token || !isFormToken(keys.formKey, about(visit), form.token, visit.now)) {
    return outsidePage(visit, tokenOf(desk), problems.formTooOld, form.clinician);
  }
  if (!form.pin) return outsidePage(visit, tokenOf(desk), problems.noPin, form.clinician);
  return tryPin(desk, form, form.pin);
}

async function tryPin(desk: Desk, form: Form, pin: string): Promise<HtmlResponse> {
  const { tableName, visit, keys } = desk;
  const { page, alert, roster, now } = visit;
  const attempt = await countAttempt(tableName, page, now);
  if ('lockedUntil' in attempt) {
    const until = clockTime(attempt.lockedUntil, roster.zone, now);
    return outsidePage(visit, tokenOf(desk), tooManyPins(visit, until));
  }
  const me = await checkPin(mayAnswer(visit), form.clinician, pin, keys.pepper);
  if (me) {
    await giveBackAttempt(tableName, page, attempt.counted);
    return act(desk, form, me, sessionToken(keys.formKey, about(visit), me.id, now));
  }
  const { lockedUntil } = attempt.counted;
  logger.warn('pin-wrong', {
    alertId: alert.alertId,
    addresseeId: page.clinicianId,
    locked: lockedUntil !== null,
  });
  metrics.addMetric('WrongPins', 'Count', 1);
  if (lockedUntil === null) {
    return outsidePage(visit, tokenOf(desk), wrongPin(attemptsLeft(attempt.counted)), form.clinician);
  }
  // Somebody is guessing, or the addressee cannot remember: either way the patient does not wait.
  const changed = await answer(desk, (alert, writeId) =>
    declineOnce(alert, page, page.clinicianId, WRONG_PINS, now, writeId),
  );
  const after = { ...visit, alert: changed.alert };
  const problem = tooManyPins(after, clockTime(lockedUntil, roster.zone, now));
  return outsidePage(after, tokenOf(desk), problem);
}

/** Does what a known person asks for. The form's level is what they have read: without it they have read nothing. */
async function act(desk: Desk, form: Form, me: Clinician, session: string): Promise<HtmlResponse> {
  const { page, now } = desk.visit;
  const { action, shown, reason } = form;
  const { id: clinicianId, role } = me;
  if (action === 'accept' && shown) {
    const { round } = page;
    const result = await answer(desk, (alert, writeId) =>
      accept(alert, { clinicianId, role, round, shownLevel: shown }, now, writeId),
    );
    return inside(desk, me, session, result.alert, (visit) => afterAccept(visit, me, result.refused));
  }
  if (action === 'decline') {
    const result = await answer(desk, (alert, writeId) =>
      declineOnce(alert, page, clinicianId, 'cannot come', now, writeId),
    );
    return inside(desk, me, session, result.alert, (visit) => afterDecline(visit, me, result.refused));
  }
  if (action === 'close' && form.session !== undefined && shown) {
    if (!reason) return inside(desk, me, session, desk.visit.alert, () => problems.noReason);
    const result = await answer(desk, (alert, writeId) =>
      closeByPerson(alert, { clinicianId, reason, shownLevel: shown }, now, writeId),
    );
    if (!result.refused) return closedPage({ ...desk.visit, alert: result.alert });
    return inside(desk, me, session, result.alert, worseSince);
  }
  return inside(desk, me, session, desk.visit.alert, () => undefined);
}

/** One write, then the bell: the workflow looks again whoever got through. */
async function answer<Refusal extends string>(
  { tableName, visit }: Desk,
  rule: (alert: Alert, writeId: string) => Outcome<Refusal>,
) {
  const { page } = visit;
  const result = await changeAlert(tableName, page.alertKey, page.alertId, rule);
  const { alert, refused } = result;
  logger.info('alert-answered', { alertId: page.alertId, seq: alert.seq, ...(refused && { refused }) });
  if (!refused) await ringBell(alert);
  return result;
}

/** A form that is sent twice declines once. */
function declineOnce(
  alert: Alert,
  { round }: Page,
  clinicianId: string,
  reason: string,
  now: string,
  writeId: string,
): Outcome<AnswerRefused | 'declined before'> {
  const before = alert.status === 'open' && alert.round === round && alert.declined.includes(clinicianId);
  return before
    ? { refused: 'declined before' }
    : decline(alert, { clinicianId, round, reason }, now, writeId);
}

/** The page after the PIN, as things stand after the answer. */
async function inside(
  { tableName, visit, keys }: Desk,
  me: Clinician,
  session: string,
  alert: Alert,
  notice: (visit: Visit) => Notice | undefined,
): Promise<HtmlResponse> {
  const now = { ...visit, alert };
  if (standingOf(now) === 'over') return overPage(now);
  const proofs = { token: tokenOf({ tableName, visit, keys }), session };
  return insidePage(now, me, proofs, await recentReadings(tableName, alert), notice(now));
}

/** Undefined when they cannot be read: an answer that is recorded is confirmed without them. */
async function recentReadings(tableName: string, { alertId, patientId }: Alert) {
  try {
    return (await readVitals(tableName, patientId))?.recent ?? [];
  } catch (error) {
    logger.error('trend-not-read', { alertId, error: errorName(error) });
    return undefined;
  }
}
