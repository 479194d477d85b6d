/** The mails as clinicians see them on their phones, with the demo PIN of the addressee beside them. */
import type { Mail, SnsService } from '../services/sns.ts';
import { controls, holdStill } from './controls.ts';
import { type Html, html, page } from './html.ts';
import { clockTime, day, type View, type Watched } from './watched.ts';

const refreshSeconds = 3;

/** The mails that people act on; confirmations of subscriptions were answered before the demo began. */
export function mailsOf({ account }: Watched): { mail: Mail; index: number }[] {
  return account
    .service<SnsService>('sns')
    .mailbox.map((mail, index) => ({ mail, index }))
    .filter(({ mail }) => !mail.subject.startsWith('AWS Notification'))
    .reverse();
}

function personOf({ hospital }: Watched, mail: Mail) {
  return hospital.clinicians.find(({ email }) => email === mail.to);
}

export function addressee(watched: Watched, mail: Mail): string {
  const person = personOf(watched, mail);
  return person ? `${person.name}, ${person.role}` : mail.to;
}

/** The PIN that only this demo shows. */
export function demoPin(watched: Watched, mail: Mail): Html | undefined {
  const person = personOf(watched, mail);
  return (
    person &&
    html`<aside class="card pin"><p class="soft">Demo PIN of ${person.name} (${person.role})</p><p><b>${person.pin}</b></p></aside>`
  );
}

/** The mail's text with its links working. */
export function linked(text: string): Html[] {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, index) => (index % 2 ? html`<a href="${part}">${part}</a>` : html`${part}`));
}

export function mailbox(watched: Watched, view: View): string {
  const rows = mailsOf(watched).map(
    ({ mail, index }) =>
      html`<li><a href="/mails/${index}"><span>${addressee(watched, mail)}</span><time>${clockTime(watched, mail.at)}</time><strong>${mail.subject}</strong></a></li>`,
  );
  const list =
    rows.length > 0
      ? html`<ul class="list">${rows}</ul>`
      : html`<div class="card"><p><strong>No mail yet.</strong> A quiet ward: eight patients are measured each minute, and the clock runs fast. The first critical reading comes some 20 seconds after the start; then the nurse on call gets a mail, and you can answer it.</p></div>`;
  return page({
    title: 'Mailbox',
    tab: '/',
    body: html`${controls(watched, view)}${list}${holdStill(view)}`,
    refreshSeconds: view.still ? undefined : refreshSeconds,
  });
}

/** One mail. It does not refresh: nothing of it changes. */
export function oneMail(watched: Watched, view: View, index: number): string | undefined {
  const found = watched.account.service<SnsService>('sns').mailbox[index];
  if (!found) return undefined;
  return page({
    title: found.subject,
    tab: '/',
    body: html`<p class="soft">To ${addressee(watched, found)} &lt;${found.to}&gt;, ${day(watched, found.at)} <time>${clockTime(watched, found.at)}</time></p>
<div class="card mail">${linked(found.text)}</div>
${demoPin(watched, found)}
${controls(watched, view)}`,
  });
}
