/** The mails as clinicians see them on their phones, with the demo PIN of the addressee beside them. */

import { type Html, html, multiline } from '../../../../handlers/web/html.ts';
import type { DeliveredMail, SnsService } from '../../services/sns/service.ts';
import { controls, holdStill, refreshOf } from './controls.ts';
import { executionsOf, mailsOf, type Numbered } from './correspondence.ts';
import { addressOfExecution } from './executions.ts';
import { consolePage } from './page.ts';
import { day, isStill, timeOfDay, type View, type Watched } from './watched.ts';

/** A night in which nobody answers has some hundred. */
const mailsShown = 20;

function personOf({ hospital }: Watched, mail: DeliveredMail) {
  return hospital.clinicians.find(({ email }) => email === mail.to);
}

export function addressee(watched: Watched, mail: DeliveredMail): string {
  const person = personOf(watched, mail);
  return person ? `${person.name}, ${person.role}` : mail.to;
}

/** What the addressee says on a page that does not know who opens it. */
export function idOf(watched: Watched, mail: DeliveredMail): string {
  return personOf(watched, mail)?.id ?? mail.to;
}

/** The PIN that only this demo shows. */
export function demoPin(watched: Watched, mail: DeliveredMail): Html | undefined {
  const person = personOf(watched, mail);
  return (
    person &&
    html`<aside class="card pin"><p class="soft">Demo PIN of ${person.name} (${person.role})</p><p><b>${person.pin}</b></p></aside>`
  );
}

/** What the same page said on the addressee's telephone. */
function textMessage({ account }: Watched, { messageId, topicArn }: DeliveredMail): Html | undefined {
  const text = account
    .service<SnsService>('sns')
    .telephones.texts.find((one) => one.messageId === messageId && one.topicArn === topicArn);
  return (
    text &&
    html`<div class="card"><p class="soft">And as a text message to ${text.to}</p><p>${text.text}</p></div>`
  );
}

/** A link to the product's own pages: the console stays open behind it. */
export function newTab(link: string, label: string): Html {
  return html`<a href="${link}" target="_blank" rel="noopener">${label}</a> <span class="soft">(opens in a new tab)</span>`;
}

/** The mail's text with its links working. */
export function linked(text: string): Html[] {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, index) => (index % 2 ? newTab(part, part) : multiline(part)));
}

export function mailList(watched: Watched, mails: readonly Numbered[]): Html {
  const rows = mails.map(
    ({ mail, index }) =>
      html`<li><a href="/mails/${index}"><span>${addressee(watched, mail)}</span><time>${timeOfDay(watched, mail.at)}</time><strong>${mail.subject}</strong></a></li>`,
  );
  return html`<ul class="list">${rows}</ul>`;
}

function none({ hospital }: Watched): Html {
  return html`<div class="card"><p><strong>No mail yet.</strong> A quiet ward: ${hospital.devices.length} patients are measured, and the clock runs fast. The first critical reading comes some 20 seconds after the start; then the nurse on call gets a mail.</p></div>`;
}

export function mailbox(watched: Watched, view: View): string {
  const mails = mailsOf(watched);
  const more = mails.length - mailsShown;
  return consolePage({
    title: 'Mailbox',
    tab: '/',
    body: html`${controls(watched, view)}${mails.length > 0 ? mailList(watched, mails.slice(0, mailsShown)) : none(watched)}
${more > 0 ? html`<p><a href="/mails">All mails, including ${more} older ones</a></p>` : undefined}${holdStill(view)}`,
    refreshSeconds: refreshOf(watched, view, true),
  });
}

/** Every mail. It does not refresh: who reads far back is not thrown to the top. */
export function allMails(watched: Watched): string {
  const mails = mailsOf(watched);
  return consolePage({ title: `All ${mails.length} mails`, tab: '/', body: mailList(watched, mails) });
}

/** One mail. Nothing of it changes, so it refreshes only while the clock hurries. */
export function oneMail(watched: Watched, view: View, index: number): string | undefined {
  const found = watched.account.service<SnsService>('sns').mailbox[index];
  if (!found) return undefined;
  const executions = executionsOf(watched, found).map(
    (one) => html`<li><a href="${addressOfExecution(watched, one)}"><strong>${one.name}</strong></a></li>`,
  );
  const refreshSeconds = refreshOf(watched, view, false);
  return consolePage({
    title: found.subject,
    tab: '/',
    body: html`<p class="soft">To ${addressee(watched, found)} &lt;${found.to}&gt;, ${day(watched, found.at)} <time>${timeOfDay(watched, found.at)}</time></p>
<div class="card mail">${linked(found.text)}</div>
${textMessage(watched, found)}
${demoPin(watched, found)}
${executions.length > 0 ? html`<h2>Its execution</h2><ul class="list">${executions}</ul>` : undefined}
${refreshSeconds || isStill(view) ? holdStill(view) : undefined}
${controls(watched, view)}`,
    refreshSeconds,
  });
}
