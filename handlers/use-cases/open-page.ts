/**
 * A request to the page behind a mail's link. Opening it reads and changes nothing. A form answers only with a PIN, or with the
 * session that follows one.
 */
import type { Form } from '../answering/form.ts';
import {
  lockedOut,
  onlyKnownBrowsers,
  passedOn,
  problems,
  signedOut,
  wrongPin,
} from '../answering/notices.ts';
import type { PageOutcome } from '../answering/outcome.ts';
import { isNewestPageOf, linkStateOf, mayAnswer } from '../answering/request-context.ts';
import { isSignedOut } from '../answering/sign-out.ts';
import {
  formIssuedAt,
  formToken,
  isFormToken,
  sessionBeganAt,
  sessionOwner,
  sessionToken,
} from '../answering/tokens.ts';
import { readAlert } from '../aws/dynamodb/alert-store.ts';
import { countFailure, readPage, signOut } from '../aws/dynamodb/page-store.ts';
import { rememberAnswered } from '../aws/dynamodb/preflight-store.ts';
import { loadRoster } from '../aws/s3/roster-store.ts';
import { loadAnswerKeys } from '../aws/secrets.ts';
import type { Notice } from '../web/notice.ts';
import type { LinkRequest } from '../web/request.ts';
import { type AnswerRequest, about, answer, passOn, tokenOf } from './answer.ts';
import { checkPin, type PinCheck } from './check-pin.ts';

/** 128 bits in base64url; anything else was never a link of ours. */
const PAGE_ID = /^[\w-]{22}$/;
/** Five wrong PINs on a page ask the next person at once (decisions/0013). */
const PASSES_ON_AFTER = 5;

/** What the function has of its stage. */
type Resources = { tableName: string; rosterBucket: string; secretArn: string };

/** `form`: what was posted, if anything was. */
export async function openPage(
  { linkId, cookies }: Pick<LinkRequest, 'linkId' | 'cookies'>,
  form: Form | undefined,
  { tableName, rosterBucket, secretArn }: Resources,
  now: string,
): Promise<PageOutcome> {
  const page = PAGE_ID.test(linkId) ? await readPage(tableName, linkId) : undefined;
  const alert = page && (await readAlert(tableName, page.alertKey));
  if (!alert) return { show: 'unknown' };
  const roster = await loadRoster(rosterBucket, Date.parse(now));
  const keys = await loadAnswerKeys(secretArn, Date.parse(now));
  const request = { tableName, context: { page, alert, roster, now }, keys, cookies };
  return form ? post(request, form) : signIn(request);
}

function signIn(request: AnswerRequest, notice?: Notice, said?: string): PageOutcome {
  const { context } = request;
  if (linkStateOf(context) === 'over') return { show: 'over', context };
  return { show: 'signIn', context, token: tokenOf(request), notice, said };
}

/** Who posts, by session or by PIN; then what they want. */
async function post(request: AnswerRequest, form: Form): Promise<PageOutcome> {
  const { context, keys } = request;
  if (linkStateOf(context) === 'over') return { show: 'over', context };
  if (form.session !== undefined) return withSession(request, form, form.session);
  const again = (problem: Notice) => signIn(request, problem, form.clinician);
  if (!form.token || !isFormToken(keys.formKey, about(context), form.token, context.now))
    return again(problems.formTooOld);
  if (!form.clinician) return again(problems.noName);
  if (!form.pin) return again(problems.noPin);
  return withPin(request, form, form.pin, formIssuedAt(form.token));
}

async function withSession(request: AnswerRequest, form: Form, session: string): Promise<PageOutcome> {
  const { tableName, context, keys } = request;
  const { page, now } = context;
  const owner = sessionOwner(keys.formKey, about(context), session, now);
  const clinician = mayAnswer(context).find(({ id }) => id === owner);
  if (!clinician || isSignedOut(page, clinician.id, sessionBeganAt(session)))
    return signIn(request, problems.sessionOver);
  if (form.action !== 'sign-out') return answer(request, form, { clinician, session });
  await signOut(tableName, page.pk, clinician.id, now);
  // Signing out ends every form of up to now; the one that it leaves is of after it.
  const justAfter = new Date(Date.parse(now) + 1).toISOString();
  const token = formToken(keys.formKey, about(context), justAfter);
  return { show: 'signIn', context, token, notice: signedOut };
}

/** Whether that person may answer here is said only after the right PIN, or the page would tell it to whoever asks. */
async function withPin(
  request: AnswerRequest,
  form: Form,
  pin: string,
  issuedAt: string,
): Promise<PageOutcome> {
  const { context, keys, cookies } = request;
  const { page, roster, now } = context;
  const expected = mayAnswer(context);
  const checked = await checkPin(
    { ...request, roster, now },
    { name: form.clinician, pin, cookies, expected },
    (who) => (isNewestPageOf(context, who) ? 'newestPage' : 'elsewhere'),
    { alertId: page.alertId },
  );
  if (checked.is !== 'right') return failed(request, form, checked);
  const { who: clinician } = checked;
  const again = (problem: Notice) => signIn(request, problem, form.clinician);
  if (!expected.some(({ id }) => id === clinician.id)) return again(problems.notOfTheWard);
  if (isSignedOut(page, clinician.id, issuedAt)) return again(problems.formTooOld);
  const session = sessionToken(keys.formKey, about(context), clinician.id, now);
  const answered = await answer(request, form, { clinician, session });
  if (clinician.id === page.clinicianId) await rememberAnswered(request.tableName, clinician.id, now);
  return { ...answered, cookies: checked.cookies };
}

/**
 * Somebody is guessing, or the addressee cannot remember, or is on a new phone while the tries are used up: in each case
 * the patient does not wait. Five failures pass the page on (a later one does, when that could not be written), and so does
 * turning away who says to be the addressee.
 */
async function failed(
  request: AnswerRequest,
  form: Form,
  { who, lockout }: Exclude<PinCheck, { is: 'right' }>,
): Promise<PageOutcome> {
  const { tableName, context } = request;
  const { page, alert } = context;
  const failures = await countFailure(tableName, page.pk);
  const asking = linkStateOf(context) === 'asking' && !alert.round.declined.includes(page.clinicianId);
  const tooMany = failures >= PASSES_ON_AFTER;
  const asAddressee = isNewestPageOf(context, who);
  const why = lockout && (asAddressee ? onlyKnownBrowsers : lockedOut)(lockout.until, context);
  if (!tooMany && !why) {
    const left = asking ? PASSES_ON_AFTER - failures : undefined;
    return signIn(request, wrongPin(left), form.clinician);
  }
  const passesOn = asking && (tooMany || asAddressee);
  const after = passesOn ? { ...context, alert: await passOn(request) } : context;
  return signIn({ ...request, context: after }, passedOn(after, why), form.clinician);
}
