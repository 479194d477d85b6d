/** What a source reads that asks too often. Whoever shares its address reads it too, perhaps with an alert to answer. */
import { html } from '../web/html.ts';
import { type HtmlResponse, htmlResponse } from '../web/page.ts';
import { pageWords } from './words.en.ts';

const { over } = pageWords;

export function busyPage(): HtmlResponse {
  const { headers, ...response } = htmlResponse(
    429,
    over.busyTitle,
    html`<h1>${over.busy}</h1>
${over.busyToDo.map((text) => html`<p>${text}</p>\n`)}`,
  );
  return { ...response, headers: { ...headers, 'retry-after': '60' } };
}
