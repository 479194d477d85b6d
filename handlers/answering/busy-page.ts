/** What a source reads that asks too often. Whoever shares its address reads it too, perhaps with an alert to answer. */
import { html } from '../web/html.ts';
import { type HtmlResponse, htmlResponse } from '../web/page.ts';

export function busyPage(): HtmlResponse {
  const { headers, ...response } = htmlResponse(
    429,
    'Too many requests',
    html`<h1>Too many requests from your network</h1>
<p>Nothing was recorded. Wait a minute, then open the link in the message again; or switch to mobile data, which works at once.</p>
<p>If you were asked to see a patient: go to the patient if you are nearby, and telephone the ward to say so. Vigil keeps paging until somebody has answered.</p>`,
  );
  return { ...response, headers: { ...headers, 'retry-after': '60' } };
}
