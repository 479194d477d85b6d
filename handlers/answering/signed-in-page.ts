/** What follows a right PIN: values, trend and history, and the answers that are still possible. */
import { isOwned, responsible } from '../alert/alert.ts';
import { alertKindOf } from '../alert/alert-key.ts';
import {
  closingReasons,
  closingReasonWords,
  usefulnesses,
  usefulnessWords,
} from '../alert/closing-reasons.ts';
import { explanationOf, headlineOf } from '../alert/words.ts';
import type { Clinician } from '../on-call/roster.ts';
import { type Html, html } from '../web/html.ts';
import { noticeBox } from '../web/notice.ts';
import { type HtmlResponse, htmlResponse } from '../web/page.ts';
import { asksWhy, sinceWhen } from './asked.ts';
import { history } from './history.ts';
import { kindWords, whatToDo } from './kind-words.ts';
import { whoHasIt } from './notices.ts';
import type { SignedIn } from './outcome.ts';
import { ownLimits } from './own-limits.ts';
import { colleaguesOf, linkStateOf, ownedOn, type RequestContext } from './request-context.ts';
import { answerButtons, heading } from './sign-in-page.ts';
import { trend } from './trend.ts';
import { whoIsNext } from './waiting.ts';
import { pageWords } from './words.en.ts';

const words = pageWords.inside;

export function signedInPage({ context, clinician, token, session, recent, notice }: SignedIn): HtmlResponse {
  const { alert, roster, now } = context;
  // Good news while it still asks is a decline that was recorded: whoever takes it back opens the link again.
  const asks = linkStateOf(context) === 'asking' && notice?.tone !== 'good';
  const hidden = html`<input type="hidden" name="session" value="${session}">
<input type="hidden" name="shown" value="${alert.worst}">`;
  return htmlResponse(
    notice?.status ?? 200,
    headlineOf(alert),
    html`${heading(context)}
${noticeBox(notice) ?? situation(context, clinician)}
${
  asks &&
  html`<form method="post">
<input type="hidden" name="token" value="${token}">
${hidden}
${answerButtons(context)}
</form>`
}
${alert.patientId === null ? html`<p>${explanationOf(alert)}</p>` : trend(recent, roster.zone, now)}
${ownLimits(context)}
${ownedOn(context)?.standing.owner.clinicianId === clinician.id && giveUpForms(context, clinician, session)}
<h2>${words.close}</h2>
<form method="post">
${hidden}
<label for="reason">${words.reason}</label>
<select id="reason" name="reason" required>
<option value="">${words.chooseReason}</option>
${closingReasons[alertKindOf(alert.pk)].map((reason) => html`<option value="${reason}">${closingReasonWords[reason]}</option>\n`)}</select>
<fieldset>
<legend>${words.useful}</legend>
${usefulnesses.map((one) => html`<label class="choice" for="${one}"><input id="${one}" type="radio" name="usefulness" value="${one}">${usefulnessWords[one]}</label>\n`)}</fieldset>
<button name="action" value="close">${words.close}</button>
</form>
<p class="soft">${kindWords(alert).untilWhen}</p>
${history(alert, roster, now)}
<p class="soft">${words.signedIn(clinician.name)}</p>
<form method="post" class="bare">
<input type="hidden" name="session" value="${session}">
<button name="action" value="sign-out">${words.signOut}</button>
</form>`,
  );
}

/** For who has the alert, and cannot stay with it. */
function giveUpForms(context: RequestContext, clinician: Clinician, session: string): Html {
  const colleagues = colleaguesOf(context, clinician);
  return html`<h2>${words.giveUp}</h2>
<p>${words.staysYours}</p>
<form method="post">
<input type="hidden" name="session" value="${session}">
<label for="colleague">${words.colleague}</label>
<select id="colleague" name="colleague" required>
<option value="">${words.chooseColleague}</option>
${colleagues.map(({ id, name, role }) => html`<option value="${id}">${pageWords.standing.nameAndRole(name, role)}</option>\n`)}</select>
<button name="action" value="hand-over">${words.handOver}</button>
</form>
<form method="post">
<input type="hidden" name="session" value="${session}">
<button name="action" value="give-back">${words.giveBack}</button>
</form>`;
}

function situation(context: RequestContext, clinician: Clinician): Html {
  const state = linkStateOf(context);
  const { alert } = context;
  const mine = responsible(alert)?.clinicianId === clinician.id;
  const has =
    isOwned(alert) &&
    html`<p>${whoHasIt(alert, context, clinician)}${mine ? '' : ` ${pageWords.standing.needNotCome}`}</p>`;
  if (state === 'owned') return html`<div class="notice good">${has}</div>`;
  if (state === 'earlierRound') {
    return html`<div class="notice">${has}
<p>${pageWords.standing.earlierInside}</p></div>`;
  }
  const declined = alert.round.declined.includes(clinician.id) && pageWords.standing.youCannot;
  return html`<p class="look">${whatToDo(alert)}</p>
<p>${sinceWhen(context)} ${asksWhy(context, clinician)} ${declined || ''} ${whoIsNext(context, clinician)}</p>`;
}
