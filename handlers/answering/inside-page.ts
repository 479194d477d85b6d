/** What follows a right PIN: values, trend and history, and the answers that are still possible. */
import { headlines } from '../alert/mail.ts';
import { placeText } from '../alert/place.ts';
import type { Clinician } from '../on-call/roster.ts';
import type { RecentReading } from '../reading/vitals.ts';
import { closingReasons } from './form.ts';
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
  const declined = alert.declined.includes(me.id);
  const asks = standingOf(visit) === 'asking' && !(declined && notice?.tone === 'good');
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
<label for="reason">Because</label>
<select id="reason" name="reason" required>
<option value="">Choose a reason</option>
${closingReasons.map((reason) => html`<option value="${reason}">${reason}</option>\n`)}</select>
<button name="action" value="close">Close</button>
</form>
<p class="soft">Until it is closed or the readings are good again, Vigil goes on asking. The next alarming reading opens a new alert.</p>
${history(alert.events, roster, now)}
<p class="soft">Signed in as ${me.name}, for at most ten minutes.</p>`,
  );
}

function situation(visit: Visit, me: Clinician): Html {
  const { alert, roster, now } = visit;
  const standing = standingOf(visit);
  if (standing === 'owned') return html`<div class="notice good"><p>${whoHasIt(visit, me)}</p></div>`;
  if (standing === 'earlier round') {
    return html`<div class="notice"><p>To answer, open the newest message about this reference: this link is from an earlier one.</p></div>`;
  }
  return html`<p>Since ${clockTime(alert.arrivedAt, roster.zone, now)}. Nobody has answered yet.</p>`;
}

/** The last page of an alert: closed just now, by `me`. */
export function closedPage({ alert, roster, now }: Visit): HtmlResponse {
  return htmlResponse(
    200,
    'Closed',
    html`<h1>You closed this alert</h1>
<p class="place">${placeText(alert)}</p>
<p class="soft">Reference VG ${alert.reference}</p>
<div class="notice good" role="status"><p>Closed at ${clockTime(alert.closedAt ?? now, roster.zone, now)}: ${alert.closedBecause ?? ''}.</p>
<p>The next alarming reading of this patient opens a new alert. You can close this page.</p></div>`,
  );
}
