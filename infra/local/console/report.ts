/** The way to the latest nightly report: its mail, and the demo PIN of a reader. */
import { controls, holdStill } from './controls.ts';
import { html, page } from './html.ts';
import { addressee, demoPin, linked, mailsOf } from './mailbox.ts';
import { clockTime, day, type View, type Watched } from './watched.ts';

const refreshSeconds = 3;

export function latestReport(watched: Watched, view: View): string {
  const found = mailsOf(watched).find(({ mail }) => mail.text.includes('/report/'))?.mail;
  const link = found && /https?:\/\/\S+\/report\/\S+/.exec(found.text)?.[0];
  const body = found
    ? html`<p class="soft">To ${addressee(watched, found)}, ${day(watched, found.at)} <time>${clockTime(watched, found.at)}</time></p>
<p><strong>${found.subject}</strong></p>
<p><a href="${link}">Open the report</a></p>
${demoPin(watched, found)}
<div class="card mail">${linked(found.text)}</div>`
    : html`<div class="card"><p><strong>No report yet.</strong> It is made at 06:15, and proves from the archive that no alarming reading of the night was lost. "To the report" runs the clock there; nobody answers meanwhile.</p></div>`;
  return page({
    title: 'Nightly report',
    tab: '/latest-report',
    body: html`${controls(watched, view)}${body}${holdStill(view)}`,
    refreshSeconds: view.still ? undefined : refreshSeconds,
  });
}
