/** What a person who gave a PIN wants of an alert: one write, and the page as things stand after it. */
import type { Alert } from '../alert/alert.ts';
import type { Accept, Close, Decline } from '../alert/answer.ts';
import type { Form } from '../answering/form.ts';
import { closedPage, insidePage } from '../answering/inside-page.ts';
import { afterAccept, afterDecline, type Notice, problems, worseSince } from '../answering/notices.ts';
import { overPage } from '../answering/outside-page.ts';
import type { HtmlResponse } from '../answering/page.ts';
import { formToken } from '../answering/tokens.ts';
import { standingOf, type Visit } from '../answering/visit.ts';
import { errorName, logger } from '../aws/logger.ts';
import type { AnswerKeys } from '../aws/secrets.ts';
import { readVitals } from '../aws/vitals-store.ts';
import type { Clinician } from '../on-call/roster.ts';
import { changeAlert } from './change-alert.ts';

/** One request to a page: what it is about, and what its answer is signed with. */
export type Desk = {
  tableName: string;
  visit: Visit;
  keys: AnswerKeys;
  now: string;
  cookies: readonly string[];
};

/** What the forms and sessions of a page are bound to. */
export const about = ({ page }: Visit) => `page ${page.pageId}`;
export const tokenOf = ({ keys, visit }: Desk) => formToken(keys.formKey, about(visit), visit.now);

/** Passes the page on, as if its addressee could not come; gives the alert as it stands then. */
export async function passOn(desk: Desk): Promise<Alert> {
  const { page } = desk.visit;
  const { clinicianId, round } = page;
  return (await answer(desk, { type: 'decline', clinicianId, round, reason: 'wrongPins' })).alert;
}

/** Does what a known person asks for. The form's level is what they have read: without it they have read nothing. */
export async function act(desk: Desk, form: Form, me: Clinician, session: string): Promise<HtmlResponse> {
  const { page } = desk.visit;
  const { action, shown, reason } = form;
  const { id: clinicianId, role } = me;
  const { round } = page;
  if ((action === 'accept' || action === 'close') && !shown)
    return inside(desk, me, session, desk.visit.alert, () => problems.notRead);
  if (action === 'accept' && shown) {
    const result = await answer(desk, { type: 'accept', clinicianId, role, round, shownLevel: shown });
    return inside(desk, me, session, result.alert, (visit) => afterAccept(visit, me, result.refused));
  }
  if (action === 'decline') {
    const result = await answer(desk, { type: 'decline', clinicianId, round, reason: 'cannotCome' });
    return inside(desk, me, session, result.alert, (visit) => afterDecline(visit, me));
  }
  if (action === 'close' && form.session !== undefined && shown) {
    if (!reason) return inside(desk, me, session, desk.visit.alert, () => problems.noReason);
    const result = await answer(desk, { type: 'close', clinicianId, reason, shownLevel: shown });
    if (!result.refused) return closedPage({ ...desk.visit, alert: result.alert });
    return inside(desk, me, session, result.alert, worseSince);
  }
  return inside(desk, me, session, desk.visit.alert, () => undefined);
}

/** One write, which wakes the workflow: it assesses again whoever got through. */
async function answer({ tableName, visit }: Desk, command: Accept | Decline | Close) {
  const { page, now } = visit;
  const result = await changeAlert(tableName, page, command, now);
  const { alert, refused } = result;
  logger.info('alert-answered', { alertId: page.alertId, seq: alert.seq, ...(refused && { refused }) });
  return result;
}

/** The page after the PIN, as things stand after the answer. */
async function inside(
  desk: Desk,
  me: Clinician,
  session: string,
  alert: Alert,
  notice: (visit: Visit) => Notice | undefined,
): Promise<HtmlResponse> {
  const after = { ...desk.visit, alert };
  if (standingOf(after) === 'over') return overPage(after);
  const proofs = { token: tokenOf(desk), session };
  return insidePage(after, me, proofs, await recentReadings(desk.tableName, alert), notice(after));
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
