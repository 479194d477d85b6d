/** The pages that ask for nothing: the alert is closed, there is none, or something failed. */
import { type Alert, isOpen } from '../alert/alert.ts';
import { closingReasonWords } from '../alert/closing-reasons.ts';
import { placeText } from '../naming/place.ts';
import { html } from '../web/html.ts';
import { type HtmlResponse, htmlResponse } from '../web/page.ts';
import { clockTime } from '../web/time.ts';
import { kindWords } from './kind-words.ts';
import type { RequestContext } from './request-context.ts';

/** The last page of an alert: closed just now, by whoever reads it. */
export function closedPage({ alert, roster, now }: RequestContext): HtmlResponse {
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
<p>${kindWords(alert).opensNext} You can close this page.</p></div>`,
  );
}

/**
 * The alert of this page is closed; the patient may have had a newer one, which is closed as well. Why it was closed is
 * between those who gave a PIN, and where the patient lies by now is no matter of an old link.
 */
export function overPage({ page, alert, roster, now }: RequestContext): HtmlResponse {
  const same = alert.alertId === page.alertId;
  if (!same && isOpen(alert)) return anotherIsOpen(alert);
  const { standing } = alert;
  const when = same && standing.is === 'closed' ? ` at ${clockTime(standing.at, roster.zone, now)}` : '';
  return htmlResponse(
    200,
    'Closed',
    html`<h1>This alert is closed</h1>
${
  same
    ? html`<p class="place">${placeText(alert.place)}</p>
<p class="soft">Reference VG ${alert.reference}</p>`
    : undefined
}
<div class="notice good"><p>It was closed${when}. Nothing more was recorded, and you do not need to do anything.</p>
<p>${kindWords(alert).ifAgain} If you are worried, call the ward.</p></div>`,
  );
}

/** Also where the alert of this page could no longer be read and its patient was raised again: whoever had it has to know. */
function anotherIsOpen(alert: Alert): HtmlResponse {
  return htmlResponse(
    200,
    'Earlier message',
    html`<h1>This link is from an earlier message</h1>
<div class="notice"><p>${kindWords(alert).anotherIsOpen}</p></div>`,
  );
}

/** No such page: a mistyped link, or one that is more than 30 days old. */
export function unknownPage(): HtmlResponse {
  return htmlResponse(
    404,
    'Not found',
    html`<h1>This link leads nowhere</h1>
<p>The link may be incomplete, or older than 30 days. Open the link in the message itself, or call the ward.</p>`,
  );
}

/** Something failed inside; what was meant may or may not have been recorded, and the page says so. */
export function failedPage(): HtmlResponse {
  return htmlResponse(
    500,
    'Not answered',
    html`<h1>Something went wrong</h1>
<p>Your answer may not have been recorded. Go back and answer once more.</p>
<p>If it fails again: go to the patient if you are nearby, and telephone the ward to say so. Vigil keeps paging until somebody has answered.</p>`,
  );
}
