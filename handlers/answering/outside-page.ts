/** What whoever holds the link sees, a mail scanner too: severity and place, no values, no names but the addressee's. */
import { isOwned } from '../alert/alert.ts';
import { explanations, headlines } from '../alert/mail.ts';
import { placeText } from '../naming/place.ts';
import { asksWhy, sinceWhen } from './asked.ts';
import type { Notice } from './notices.ts';
import { type Html, type HtmlResponse, html, htmlResponse } from './page.ts';
import { clockTime } from './time.ts';
import { mayAnswer, type Standing, standingOf, type Visit } from './visit.ts';

/** Severity, ward, bed and reference: what every page about an alert begins with. */
export function heading({ alert, roster }: Visit): Html {
  const ward = roster.wards.find(({ id }) => id === alert.place.ward)?.name;
  const name = ward && ward !== alert.place.ward ? html`<p>${ward}</p>` : undefined;
  return html`<h1 class="alarm">${headlines[alert.worst]}</h1>
<p class="place">${placeText(alert.place)}</p>
${name}
<p class="soft">Reference VG ${alert.reference}</p>`;
}

/** Before the PIN. Only the addressee is named; who else may answer says so. A form that comes back keeps what was `said`. */
export function outsidePage(visit: Visit, token: string, problem?: Notice, said?: string): HtmlResponse {
  const standing = standingOf(visit);
  if (standing === 'over') return overPage(visit);
  const addressee = mayAnswer(visit).find(({ id }) => id === visit.page.clinicianId);
  const somebodyElse = said !== undefined && said !== addressee?.id;
  const other = form(visit, token, 'other-pin', html`${whoField(somebodyElse ? said : undefined)}`);
  return htmlResponse(
    problem?.status ?? 200,
    headlines[visit.alert.worst],
    html`${heading(visit)}
${problem && html`<div class="notice ${problem.tone}" role="${problem.tone === 'bad' ? 'alert' : 'status'}"><p>${problem.text}</p></div>`}
${situations[standing](visit)}
${
  addressee
    ? html`${form(
        visit,
        token,
        'pin',
        html`<input type="hidden" name="clinician" value="${addressee.id}">
<p class="who">${addressee.name}, ${addressee.role}</p>`,
      )}
<details${somebodyElse ? html` open` : undefined}>
<summary>I am somebody else</summary>
${other}
</details>`
    : other
}`,
  );
}

function form(visit: Visit, token: string, pinId: string, who: Html): Html {
  const asking = standingOf(visit) === 'asking';
  return html`<form method="post" autocomplete="off">
<input type="hidden" name="token" value="${token}">
<input type="hidden" name="shown" value="${visit.alert.worst}">
${who}
${pinField(pinId)}
${asking ? answerButtons : undefined}
<button name="action" value="look"${asking ? undefined : html` class="main"`}>${asking ? 'See the details first' : 'See the details'}</button>
</form>`;
}

/** For whoever the page does not name. */
export function whoField(said: string | undefined): Html {
  return html`<label for="clinician">My initials, or my ID</label>
<input id="clinician" name="clinician" value="${said ?? ''}" maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false" required>`;
}

/** No browser keeps it: computers of a ward are everybody's. */
export function pinField(id: string): Html {
  return html`<label for="${id}">My PIN (6 digits)</label>
<input id="${id}" name="pin" type="password" inputmode="numeric" pattern="[0-9]{6}" maxlength="6" autocomplete="off" required>`;
}

/** Also after the PIN. */
export const answerButtons = html`<button name="action" value="accept" class="main">Accept: I will see to it</button>
<button name="action" value="decline">I can't - page the next person</button>`;

const situations: Record<Exclude<Standing, 'over'>, (visit: Visit) => Html> = {
  asking: (visit) => html`<p>${explanations[visit.alert.worst]} ${sinceWhen(visit)} ${asksWhy(visit)}</p>`,
  owned: (visit) => html`<div class="notice good">${hasIt(visit)}</div>`,
  'earlier round': (visit) =>
    html`<div class="notice"><p>This link is from an earlier message. Things have changed since.</p>
${isOwned(visit.alert) && html`<p>${ownedByRole(visit)}</p>`}
<p>To answer, open the newest message about this reference. With your PIN you can see the details here.</p></div>`,
};

function hasIt(visit: Visit): Html {
  return html`<p>${ownedByRole(visit)}</p>
${
  visit.alert.owner?.clinicianId === visit.page.clinicianId
    ? html`<p>If that is you, have the pressure measured again. With your PIN you can see the details, or close the alert.</p>`
    : html`<p>You do not need to do anything. With your PIN you can see the details, or close the alert.</p>`
}`;
}

function ownedByRole({ alert, roster, now }: Visit): string {
  const { role = 'colleague', acceptedAt = now } = alert.owner ?? {};
  return `A ${role} has had it since ${clockTime(acceptedAt, roster.zone, now)}.`;
}

/**
 * The alert of this page is closed; the patient may have a newer one, with messages of its own. Why it was closed is
 * between those who gave a PIN.
 */
export function overPage({ page, alert, roster, now }: Visit): HtmlResponse {
  const same = alert.alertId === page.alertId;
  const { standing } = alert;
  const when = same && standing.is === 'closed' ? ` at ${clockTime(standing.at, roster.zone, now)}` : '';
  return htmlResponse(
    200,
    'Closed',
    html`<h1>This alert is closed</h1>
<p class="place">${placeText(alert.place)}</p>
${same ? html`<p class="soft">Reference VG ${alert.reference}</p>` : undefined}
<div class="notice good"><p>It was closed${when}. Nothing was recorded just now, and you do not need to do anything.</p>
<p>If the patient's readings alarm again, a new message will be sent. If you are worried, call the ward.</p></div>`,
  );
}

/** No such page: a mistyped link, or one that is more than 30 days old. */
export function unknownPage(): HtmlResponse {
  return htmlResponse(
    404,
    'Not found',
    html`<h1>There is nothing at this link</h1>
<p>The link may be incomplete, or older than 30 days. Open the link in the message itself, or call the ward.</p>`,
  );
}

/** Something failed inside; what was meant may or may not have been recorded, and the page says so. */
export function failedPage(): HtmlResponse {
  return htmlResponse(
    500,
    'Not answered',
    html`<h1>This did not work</h1>
<p>Something went wrong on our side, and your answer may not have been recorded. Go back and answer once more.</p>
<p>If it fails again: go to the patient if you are nearby, and tell the ward by telephone that you have it. Vigil keeps paging until somebody has answered.</p>`,
  );
}
