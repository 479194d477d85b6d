/** What a page says first, after something was tried. */
import { type Html, html } from './html.ts';

/** `status`: the HTTP status of the page that says it. */
export type Notice = { status: number; tone: 'good' | 'bad'; text: string };

/** Nothing without a notice. A screen reader says bad news at once. */
export function noticeBox(notice: Notice | undefined): Html | undefined {
  if (!notice) return undefined;
  const { tone, text } = notice;
  return html`<div class="notice ${tone}" role="${tone === 'bad' ? 'alert' : 'status'}"><p>${text}</p></div>`;
}
