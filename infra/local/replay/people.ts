/**
 * Simulated clinicians. They know what a person knows: the mails that reach them, the pages that the links open, and
 * their own PIN. They act only by GET and POST through the HTTP API.
 */
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import type { Account } from '../engine/service.ts';
import type { HttpApiService, HttpRequest } from '../services/http-api.ts';
import type { DeliveredMail, SnsService } from '../services/sns/service.ts';
import { type MailKind, mailKindOf } from './mail-kinds.ts';

type Person = Hospital['clinicians'][number];

/** What a person does on the page behind a link, after how many seconds, and perhaps something more so much later. */
export type Deed = {
  afterSeconds: number;
  does: 'accept' | 'decline' | 'close' | 'give back' | 'hand over';
  /** For a close: where the page offers it. */
  reason?: string;
  next?: Deed;
};
/** What a person does about a mail, if anything. */
export type Reaction = Deed | 'ignore';

/** One mail that asks for an answer, as its reader understands it. */
export type ReceivedPage = {
  person: Person;
  mail: DeliveredMail;
  reference: string;
  kind: MailKind;
};

export type Habits = (page: ReceivedPage) => Reaction;

/** How soon somebody presses a button again that did not work. */
const tryAgainMs = 15_000;

const attributes = (tag: string) =>
  Object.fromEntries([...tag.matchAll(/([a-z-]+)="([^"]*)"/g)].map((match) => [match[1], match[2]]));

/** The hidden fields of a page's form. */
function hiddenFields(html: string): Record<string, string> {
  const hidden = [...html.matchAll(/<input\b[^>]*>/g)]
    .map(([tag]) => attributes(tag))
    .filter((a) => a.type === 'hidden');
  return Object.fromEntries(hidden.map((a) => [a.name as string, a.value ?? '']));
}

/** The values of a list that a page offers. */
function optionsOf(html: string, list: string): string[] {
  const [, options = ''] = RegExp(`<select id="${list}"[^>]*>(.*?)</select>`, 's').exec(html) ?? [];
  return [...options.matchAll(/<option value="([^"]+)"/g)].map(([, value]) => value as string);
}

/** A browser's memory: the cookies of each person's phone. */
function rememberCookies(jar: Map<string, string>, set: readonly string[] = []): void {
  for (const cookie of set) {
    const [name = '', value = ''] = cookie.split(/[=;]/);
    jar.set(name, value);
  }
}

const cookieHeader = (jar: Map<string, string>) =>
  [...jar].map(([name, value]) => `${name}=${value}`).join('; ');

/** Puts people behind the mailboxes of the hospital's clinicians. */
export function simulatePeople(account: Account, hospital: Hospital, habits: Habits): void {
  const sns = account.service<SnsService>('sns');
  const api = account.service<HttpApiService>('http-api');
  const byEmail = new Map(hospital.clinicians.map((person) => [person.email, person]));
  const browsers = new Map(hospital.clinicians.map(({ id }) => [id, new Map<string, string>()]));

  const choices = account.random('choices');

  const phones = new Map<string, string>();
  /** Each link is opened on a telephone with an address of its own. */
  function phoneFor(link: string): string {
    const phone = phones.get(link) ?? `10.0.${phones.size >> 8}.${phones.size & 255}`;
    phones.set(link, phone);
    return phone;
  }

  /** A page that fails asks to try once more, and people do, a few times. */
  async function persistently(asked: HttpRequest) {
    const request = { ...asked, sourceIp: phoneFor(asked.path) };
    let response = await api.request(request);
    for (let tries = 1; tries < 4 && response.status >= 500; tries++) {
      await account.clock.sleep(tryAgainMs);
      response = await api.request(request);
    }
    return response;
  }

  async function submit(person: Person, path: string, fields: Record<string, string>) {
    const jar = browsers.get(person.id) as Map<string, string>;
    const response = await persistently({
      method: 'POST',
      path,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(jar.size > 0 && { cookie: cookieHeader(jar) }),
      },
      body: new URLSearchParams(fields).toString(),
    });
    rememberCookies(jar, response.cookies);
    return response;
  }

  /** Without a form there is nothing to do. A page that has got worse meanwhile is shown again, and is answered once more. */
  async function answer(person: Person, path: string, deed: Deed): Promise<void> {
    let html = (await persistently({ method: 'GET', path })).body;
    for (let reading = 0; reading < 2; reading++) {
      const form = hiddenFields(html);
      if (!form.token) return;
      const credentials = { clinician: person.id, pin: person.pin };
      if (deed.does === 'accept' || deed.does === 'decline') {
        html = (await submit(person, path, { ...form, ...credentials, action: deed.does })).body;
        continue;
      }
      const { body } = await submit(person, path, { ...form, ...credentials, action: 'show' });
      html = (await submit(person, path, { ...hiddenFields(body), ...inside(deed, body) })).body;
    }
  }

  /** What is chosen on the page that follows a PIN. */
  function inside({ does, reason }: Deed, html: string): Record<string, string> {
    if (does === 'give back') return { action: 'give-back' };
    if (does === 'hand over') {
      const colleagues = optionsOf(html, 'colleague');
      return { action: 'hand-over', colleague: colleagues[choices.below(colleagues.length)] ?? '' };
    }
    const reasons = optionsOf(html, 'reason');
    const first = reasons[0] ?? '';
    return { action: 'close', reason: reason && reasons.includes(reason) ? reason : first };
  }

  function plan(person: Person, path: string, deed: Deed): void {
    account.clock.after(deed.afterSeconds * 1000, async () => {
      await answer(person, path, deed);
      if (deed.next) plan(person, path, deed.next);
    });
  }

  sns.onMail((mail) => {
    const person = byEmail.get(mail.to);
    const path = /https?:\/\/[^\s/]+(\/page\/\S+)/.exec(mail.text)?.[1];
    if (!person || !path) return;
    const reference = /VG \w{6}/.exec(mail.subject)?.[0] ?? '';
    const kind = mailKindOf(mail.subject);
    const decision = habits({ person, mail, reference, kind });
    if (decision === 'ignore') return;
    plan(person, path, decision);
  });
}
