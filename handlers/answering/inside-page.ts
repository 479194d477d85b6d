/** What follows a right PIN: values, trend and history, and the answers that are still possible. */
import { isOwned } from '../alert/alert.ts';
import { closingReasons, closingReasonWords } from '../alert/closing-reasons.ts';
import { headlines } from '../alert/mail.ts';
import { placeText } from '../naming/place.ts';
import type { Clinician } from '../on-call/roster.ts';
import type { RecentReading } from '../reading/vitals.ts';
import { asksWhy, sinceWhen } from './asked.ts';
import { history } from './history.ts';
import { type Notice, whoHasIt } from './notices.ts';
import { answerButtons, heading } from './outside-page.ts';
import { type Html, type HtmlResponse, html, htmlResponse } from './page.ts';
import { clockTime } from './time.ts';
import { trend } from './trend.ts';
import { standingOf, type Visit } from './visit.ts';

/** `token` is for a form that still asks; `session` stands for the PIN. `me` gave it. */
export function insidePage(
  visit: Visit,
  me: Clinician,
  { token, session }: { token: string; session: string },
  recent: readonly RecentReading[] | undefined,
  notice?: Notice,
): HtmlResponse {
  const { alert, roster, now } = visit;
  // Good news while it still asks is a decline that was recorded: whoever takes it back opens the link again.
  const asks = standingOf(visit) === 'asking' && notice?.tone !== 'good';
  const hidden = html`<input type="hidden" name="session" value="${session}">
<input type="hidden" name="shown" value="${alert.worst}">`;
  return htmlResponse(
    notice?.status ?? 200,
    headlines[alert.worst],
    html`${heading(visit)}
${notice && html`<div class="notice ${notice.tone}" role="${notice.tone === 'bad' ? 'alert' : 'status'}"><p>${notice.text}</p></div>`}
${notice ? undefined : situation(visit, me)}
${
  asks
    ? html`<form method="post">
<input type="hidden" name="token" value="${token}">
${hidden}
${answerButtons}
</form>`
    : undefined
}
${trend(recent, roster.zone, now)}
<h2>Close the alert</h2>
<form method="post">
${hidden}
<label for="reason">Reason</label>
<select id="reason" name="reason" required>
<option value="">Choose a reason</option>
${closingReasons.map((reason) => html`<option value="${reason}">${closingReasonWords[reason]}</option>\n`)}</select>
<button name="action" value="close">Close</button>
</form>
<p class="soft">Vigil keeps asking until the alert is closed or the readings are good again. After that, the next alarming reading opens a new alert.</p>
${history(alert.events, roster, now)}
<p class="soft">Signed in as ${me.name}, for at most ten minutes.</p>
<form method="post" class="bare">
<input type="hidden" name="session" value="${session}">
<button name="action" value="sign-out">Sign out</button>
</form>`,
  );
}

function situation(visit: Visit, me: Clinician): Html {
  const standing = standingOf(visit);
  if (standing === 'owned') return html`<div class="notice good"><p>${whoHasIt(visit, me)}</p></div>`;
  if (standing === 'earlier round') {
    return html`<div class="notice">${isOwned(visit.alert) && html`<p>${whoHasIt(visit, me)}</p>`}
<p>To answer, open the newest message about this reference: this link is from an earlier one.</p></div>`;
  }
  const declined = visit.alert.round.declined.includes(me.id) && 'You said that you cannot come.';
  return html`<p>${sinceWhen(visit)} ${asksWhy(visit, me)} ${declined || ''}</p>`;
}

/** The last page of an alert: closed just now, by `me`. */
export function closedPage({ alert, roster, now }: Visit): HtmlResponse {
  const { standing } = alert;
  const closed =
    standing.is === 'closed'
      ? `Closed at ${clockTime(standing.at, roster.zone, now)}: ${closingReasonWords[standing.reason]}.`
      : '';
  return htmlResponse(
    200,
    'Closed',
    html`<h1>You closed this alert</h1>
<p class="place">${placeText(alert.place)}</p>
<p class="soft">Reference VG ${alert.reference}</p>
<div class="notice good" role="status"><p>${closed}</p>
<p>The next alarming reading from this patient opens a new alert. You can close this page.</p></div>`,
  );
}
