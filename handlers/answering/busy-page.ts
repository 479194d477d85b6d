/** What a source reads that asks too often. Whoever shares its address reads it too, perhaps with an alert to answer. */
import { html } from '../web/html.ts';
import { type HtmlResponse, htmlResponse } from '../web/page.ts';

export function busyPage(): HtmlResponse {
  const { headers, ...response } = htmlResponse(
    429,
    'Too many requests',
    html`<h1>Too many requests from your network</h1>
<p>Nothing was recorded just now. Wait a minute, then open the link in the message again. Switching from this network to mobile data helps at once.</p>
<p>If you were asked to see a patient: go to the patient if you are nearby, and tell the ward by telephone that you have it. Vigil keeps paging until somebody has answered.</p>`,
  );
  return { ...response, headers: { ...headers, 'retry-after': '60' } };
}
