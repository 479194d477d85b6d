/** A browser on the ward's HTTP API: opens the page behind a link, and submits its form. */
import type { HttpApiService, HttpRequest } from '../../infra/local/services/http-api.ts';
import type { DeliveredMail } from '../../infra/local/services/sns/service.ts';
import { type Fields, formsOf } from '../handlers/answering/browser.ts';
import { hospital, pathOf, type Ward } from './ward.ts';

/** Sends it; whoever awaits it lets the ward's time pass by `ward.vigil.until`. */
const send = ({ vigil }: Ward, request: HttpRequest) =>
  vigil.service<HttpApiService>('http-api').request(request);

export const open = (ward: Ward, path: string, method: 'GET' | 'HEAD' = 'GET') =>
  ward.vigil.until(send(ward, { method, path }));

/** The hidden fields of the first form of a page. */
export async function openForm(ward: Ward, path: string): Promise<Fields> {
  const { body } = await open(ward, path);
  return formsOf(body)[0]?.hidden ?? {};
}

/** Sends a form while time passes anyway. */
export const sendForm = (ward: Ward, path: string, fields: Fields) =>
  send(ward, {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });

export const submit = (ward: Ward, path: string, fields: Fields) =>
  ward.vigil.until(sendForm(ward, path, fields));

/** Whose mail that is. */
export function addresseeOf(mail: DeliveredMail | undefined) {
  const person = hospital.clinicians.find(({ email }) => email === mail?.to);
  if (!person) throw new Error('No clinician has this mail');
  return person;
}

/** What somebody gives who answers: name, PIN and what they want. */
export const answerOf = ({ id, pin }: { id: string; pin: string }, action: string): Fields => ({
  clinician: id,
  pin,
  action,
});

/** The addressee of a mail opens its link and accepts; what they then read. */
export async function accept(ward: Ward, mail: DeliveredMail | undefined): Promise<string> {
  const person = addresseeOf(mail);
  const path = pathOf(mail);
  const { body } = await submit(ward, path, {
    ...(await openForm(ward, path)),
    ...answerOf(person, 'accept'),
  });
  return body;
}
