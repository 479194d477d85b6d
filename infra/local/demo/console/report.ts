/** The way to the latest nightly report: its mail, and the demo PIN of a reader. */

import { html } from '../../../../handlers/web/html.ts';
import { controls, holdStill, refreshOf } from './controls.ts';
import { mailsOf } from './correspondence.ts';
import { addressee, demoPin, idOf, linked, newTab } from './mailbox.ts';
import { consolePage } from './page.ts';
import { nextReportAt } from './report-time.ts';
import { day, dayAndTime, timeOfDay, type View, type Watched } from './watched.ts';

function notYet(watched: Watched) {
  const at = dayAndTime(watched, nextReportAt(watched.account.clock.now(), watched.hospital.zone));
  return html`<div class="card"><p><strong>No report yet.</strong> It will be here at ${at}: its workflow starts five minutes earlier and proves from the archive that no alarming reading of the night was lost. "To the report" fast-forwards to it; nobody answers in the meantime.</p></div>`;
}

export function latestReport(watched: Watched, view: View): string {
  const found = mailsOf(watched).find(({ mail }) => mail.text.includes('/report/'))?.mail;
  const link = found && /https?:\/\/\S+\/report\/\S+/.exec(found.text)?.[0];
  const body =
    found && link
      ? html`<p class="soft">To ${addressee(watched, found)}, ${day(watched, found.at)} <time>${timeOfDay(watched, found.at)}</time></p>
<p><strong>${found.subject}</strong></p>
<p>${newTab(link, 'Open the report')} and sign in as <b>${idOf(watched, found)}</b> with this PIN.</p>
${demoPin(watched, found)}
<div class="card mail">${linked(found.text)}</div>`
      : notYet(watched);
  return consolePage({
    title: 'Nightly report',
    tab: '/latest-report',
    body: html`${controls(watched, view)}${body}${holdStill(view)}`,
    refreshSeconds: refreshOf(watched, view, true),
  });
}
