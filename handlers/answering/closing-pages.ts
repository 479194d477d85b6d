/** The pages that ask for nothing: the alert is closed, there is none, or something failed. */
import { type Alert, isOpen } from '../alert/alert.ts';
import { closingReasonWords } from '../alert/closing-reasons.ts';
import { placeText } from '../naming/place.ts';
import { html } from '../web/html.ts';
import { type HtmlResponse, htmlResponse } from '../web/page.ts';
import { clockTime } from '../web/time.ts';
import { kindWords } from './kind-words.ts';
import type { RequestContext } from './request-context.ts';
import { pageWords } from './words.en.ts';

const words = pageWords.over;

/** The last page of an alert: closed just now, by whoever reads it. */
export function closedPage({ alert, roster, now }: RequestContext): HtmlResponse {
  const { standing } = alert;
  const closed =
    standing.is === 'closed'
      ? words.closedBecause(clockTime(standing.at, roster.zone, now), closingReasonWords[standing.reason])
      : '';
  return htmlResponse(
    200,
    words.closedTitle,
    html`<h1>${words.youClosed}</h1>
<p class="place">${placeText(alert.place)}</p>
<p class="soft">${pageWords.reference(alert.reference)}</p>
<div class="notice good" role="status"><p>${closed}</p>
<p>${kindWords(alert).opensNext} ${words.canClosePage}</p></div>`,
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
  const at = same && standing.is === 'closed' ? clockTime(standing.at, roster.zone, now) : undefined;
  return htmlResponse(
    200,
    words.closedTitle,
    html`<h1>${words.isClosed}</h1>
${
  same
    ? html`<p class="place">${placeText(alert.place)}</p>
<p class="soft">${pageWords.reference(alert.reference)}</p>`
    : undefined
}
<div class="notice good"><p>${words.wasClosed(at)}</p>
<p>${kindWords(alert).ifAgain} ${words.ifWorried}</p></div>`,
  );
}

/** Also where the alert of this page could no longer be read and its patient was raised again: whoever had it has to know. */
function anotherIsOpen(alert: Alert): HtmlResponse {
  return htmlResponse(
    200,
    words.earlierTitle,
    html`<h1>${words.earlier}</h1>
<div class="notice"><p>${kindWords(alert).anotherIsOpen}</p></div>`,
  );
}

/** No such page: a mistyped link, or one that is more than 30 days old. */
export function unknownPage(): HtmlResponse {
  return htmlResponse(
    404,
    words.unknownTitle,
    html`<h1>${words.unknown}</h1>
<p>${words.unknownToDo}</p>`,
  );
}

/** Something failed inside; what was meant may or may not have been recorded, and the page says so. */
export function failedPage(): HtmlResponse {
  return htmlResponse(
    500,
    words.failedTitle,
    html`<h1>${words.failed}</h1>
${words.failedToDo.map((text) => html`<p>${text}</p>\n`)}`,
  );
}
