/** What a person who gave a PIN wants of an alert: one write, and what is to be shown as things stand after it. */
import type { Alert } from '../alert/alert.ts';
import { alertKindOf } from '../alert/alert-key.ts';
import { type ChosenReason, closingReasons } from '../alert/closing-reasons.ts';
import type { AlertCommand } from '../alert/decide.ts';
import type { Form } from '../answering/form.ts';
import { afterAccept, afterDecline, afterGivingUp, problems, worseSince } from '../answering/notices.ts';
import type { PageOutcome } from '../answering/outcome.ts';
import { colleaguesOf, linkStateOf, type RequestContext } from '../answering/request-context.ts';
import { formToken } from '../answering/tokens.ts';
import { readVitals } from '../aws/dynamodb/vitals-store.ts';
import type { AnswerKeys } from '../aws/secrets.ts';
import type { Clinician } from '../on-call/roster.ts';
import { errorName, logger } from '../runtime/logger.ts';
import type { Notice } from '../web/notice.ts';
import { changeAlert } from './change-alert.ts';

/** One request to a page: what it is about, what its answer is signed with, and what the browser is known by. */
export type AnswerRequest = {
  tableName: string;
  context: RequestContext;
  keys: AnswerKeys;
  cookies: readonly string[];
};

/** Who asks, known by a PIN, or by the session that followed one. */
export type Person = { clinician: Clinician; session: string };

/** What the forms and sessions of a page are bound to. */
export const about = ({ page }: RequestContext) => `page ${page.pageId}`;
export const tokenOf = ({ keys, context }: AnswerRequest) =>
  formToken(keys.formKey, about(context), context.now);

/** Passes the page on, as if its addressee could not come; gives the alert as it stands then. */
export async function passOn(request: AnswerRequest): Promise<Alert> {
  const { clinicianId, round } = request.context.page;
  return (await write(request, { type: 'decline', clinicianId, round, reason: 'wrongPins' })).alert;
}

/** Does what a known person asks for. The form's level is what they have read: without it they have read nothing. */
export async function answer(request: AnswerRequest, form: Form, person: Person): Promise<PageOutcome> {
  const { context } = request;
  const { action, shown, reason } = form;
  const { clinician } = person;
  const { id: clinicianId, role } = clinician;
  const { round } = context.page;
  const unchanged = (notice?: Notice) => signedIn(request, person, context.alert, () => notice);
  if ((action === 'accept' || action === 'close') && !shown) return unchanged(problems.notRead);
  if (action === 'accept' && shown) {
    const result = await write(request, { type: 'accept', clinicianId, role, round, shownLevel: shown });
    return signedIn(request, person, result.alert, (after) => afterAccept(after, clinician, result.refused));
  }
  if (action === 'decline') {
    const result = await write(request, { type: 'decline', clinicianId, round, reason: 'cannotCome' });
    return signedIn(request, person, result.alert, (after) => afterDecline(after, clinician));
  }
  if ((action === 'hand-over' || action === 'give-back') && form.session !== undefined) {
    const to = colleaguesOf(context, clinician).find(({ id }) => id === form.colleague);
    if (action === 'hand-over' && !to) return unchanged(problems.noColleague);
    const from = { clinicianId, round };
    const result = await write(
      request,
      action === 'hand-over' && to ? { type: 'handOver', ...from, to } : { type: 'giveBack', ...from },
    );
    return signedIn(request, person, result.alert, (after) =>
      afterGivingUp(after, clinician, result.refused),
    );
  }
  if (action === 'close' && form.session !== undefined && shown) {
    const offered: readonly ChosenReason[] = closingReasons[alertKindOf(context.alert.pk)];
    if (!reason || !offered.includes(reason)) return unchanged(problems.noReason);
    const { usefulness } = form;
    const close = { type: 'close', clinicianId, reason, usefulness, shownLevel: shown } as const;
    const result = await write(request, close);
    if (!result.refused) return { show: 'closedByMe', context: { ...context, alert: result.alert } };
    return signedIn(request, person, result.alert, worseSince);
  }
  return unchanged();
}

/** One write, which wakes the workflow: it assesses again whoever got through. */
async function write({ tableName, context }: AnswerRequest, command: AlertCommand) {
  const { page, now } = context;
  const result = await changeAlert(tableName, page, command, now);
  const { alert, refused } = result;
  logger.info('alert-answered', { alertId: page.alertId, seq: alert.seq, ...(refused && { refused }) });
  return result;
}

/** As things stand after the answer. */
async function signedIn(
  request: AnswerRequest,
  { clinician, session }: Person,
  alert: Alert,
  notice: (after: RequestContext) => Notice | undefined,
): Promise<PageOutcome> {
  const context = { ...request.context, alert };
  if (linkStateOf(context) === 'over') return { show: 'over', context };
  const recent = await recentReadings(request.tableName, alert);
  return {
    show: 'signedIn',
    context,
    clinician,
    token: tokenOf(request),
    session,
    recent,
    notice: notice(context),
  };
}

/** None of a device. Undefined when they cannot be read: an answer that is recorded is confirmed without them. */
async function recentReadings(tableName: string, { alertId, patientId }: Alert) {
  if (patientId === null) return [];
  try {
    return (await readVitals(tableName, patientId))?.recent ?? [];
  } catch (error) {
    logger.error('trend-not-read', { alertId, error: errorName(error) });
    return undefined;
  }
}
