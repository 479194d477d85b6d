/** What whoever holds the link sees, a mail scanner too: severity and place, no values, no names but the addressee's. */
import { isOwned, responsible } from '../alert/alert.ts';
import { WITHDRAWN } from '../alert/mail.ts';
import { explanationOf, headlineOf } from '../alert/words.ts';
import { placeText } from '../naming/place.ts';
import { type Html, html } from '../web/html.ts';
import { noticeBox } from '../web/notice.ts';
import { type HtmlResponse, htmlResponse } from '../web/page.ts';
import { signInForm, whoField } from '../web/sign-in-form.ts';
import { clockTime } from '../web/time.ts';
import { asksWhy, passedOnSince, sinceWhen } from './asked.ts';
import { kindWords, whatToDo } from './kind-words.ts';
import type { SignIn } from './outcome.ts';
import { type LinkState, linkStateOf, mayAnswer, type RequestContext } from './request-context.ts';
import { askedSoFar, whoIsNext } from './waiting.ts';
import { pageWords } from './words.en.ts';

const words = pageWords.standing;

/** Severity, ward, bed and reference: what every page about an alert begins with. */
export function heading({ alert, roster }: RequestContext): Html {
  const ward = roster.wards.find(({ id }) => id === alert.place.ward)?.name;
  const name = ward && ward !== alert.place.ward ? html`<p>${ward}</p>` : undefined;
  return html`<h1 class="alarm">${headlineOf(alert)}</h1>
<p class="place">${placeText(alert.place)}</p>
${name}
<p class="soft">${pageWords.reference(alert.reference)}</p>
${alert.withdrawal ? html`<p>${WITHDRAWN}</p>` : undefined}`;
}

/** Before the PIN. Only the addressee is named; who else may answer says so. */
export function signInPage({ context, token, notice, said }: Omit<SignIn, 'show'>): HtmlResponse {
  const addressee = mayAnswer(context).find(({ id }) => id === context.page.clinicianId);
  const somebodyElse = said !== undefined && said !== addressee?.id;
  const other = form(context, token, 'other-pin', whoField(somebodyElse ? said : undefined));
  return htmlResponse(
    notice?.status ?? 200,
    headlineOf(context.alert),
    html`${heading(context)}
${noticeBox(notice)}
${situations[linkStateOf(context)](context, notice?.text)}
${
  addressee
    ? html`${form(
        context,
        token,
        'pin',
        html`<input type="hidden" name="clinician" value="${addressee.id}">
<p class="who">${pageWords.form.person(addressee.name, addressee.role)}</p>`,
      )}
<details${somebodyElse ? html` open` : undefined}>
<summary>${pageWords.form.someoneElse}</summary>
${other}
</details>`
    : other
}`,
  );
}

function form(context: RequestContext, token: string, pinId: string, who: Html): Html {
  const asking = linkStateOf(context) === 'asking';
  return signInForm({
    token,
    who: html`<input type="hidden" name="shown" value="${context.alert.worst}">
${who}`,
    pinId,
    buttons: html`${asking && answerButtons(context)}
<button name="action" value="show"${asking ? undefined : html` class="main"`}>${asking ? pageWords.form.lookFirst : pageWords.form.look}</button>`,
  });
}

/** Also after the PIN. */
export function answerButtons({ alert }: Pick<RequestContext, 'alert'>): Html {
  const { accept, decline } = kindWords(alert);
  return html`<button name="action" value="accept" class="main">${accept}</button>
<button name="action" value="decline">${decline}</button>`;
}

/** `said`: by a notice above it, and not once more. */
const situations: Record<LinkState, (context: RequestContext, said?: string) => Html | undefined> = {
  over: () => undefined,
  asking(context, said = '') {
    const next = whoIsNext(context);
    const waiting = [askedSoFar(context), said.includes(next) ? undefined : next].filter(Boolean);
    return html`<p class="look">${whatToDo(context.alert)}</p>
<p>${explanationOf(context.alert)} ${sinceWhen(context)} ${asksWhy(context)} ${passedOnSince(context)}</p>
${waiting.length > 0 && html`<p>${waiting.join(' ')}</p>`}`;
  },
  owned: (context) => html`<div class="notice good">${hasIt(context)}</div>`,
  earlierRound: (context) =>
    html`<div class="notice"><p>${words.earlier}</p>
${ownedByRole(context)}
<p>${words.earlierToDo}</p></div>`,
};

function hasIt(context: RequestContext): Html {
  return html`${ownedByRole(context)}
${
  responsible(context.alert)?.clinicianId === context.page.clinicianId
    ? html`<p>${words.ifYou(kindWords(context.alert).toDo)}</p>`
    : html`<p>${words.notYours}</p>`
}`;
}

function ownedByRole({ alert, roster, now }: RequestContext): Html | undefined {
  if (!isOwned(alert)) return undefined;
  const { role, acceptedAt } = alert.standing.owner;
  return html`<p>${words.accepted(words.aRole(role), clockTime(acceptedAt, roster.zone, now))}</p>`;
}
