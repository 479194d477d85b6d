/** A browser without scripts, as far as the pages need one: opens a link, reads the forms, and submits what was filled in. */
import { handler } from '../../../handlers/answer-page.ts';

export type Opened = { status: number; headers: Record<string, string>; html: string; cookies: string[] };
export type Fields = Record<string, string>;

export function requestOf(method: string, pageId: string, fields?: Fields, cookies: string[] = []) {
  return {
    version: '2.0',
    requestContext: { http: { method, path: `/page/${pageId}` } },
    pathParameters: { pageId },
    isBase64Encoded: fields !== undefined,
    ...(cookies.length > 0 && { cookies }),
    ...(fields && { body: Buffer.from(new URLSearchParams(fields).toString()).toString('base64') }),
  };
}

async function send(method: string, pageId: string, fields?: Fields, known?: string[]): Promise<Opened> {
  const { statusCode, headers, body, cookies = [] } = await handler(requestOf(method, pageId, fields, known));
  // What a browser sends back of a `Set-Cookie`.
  const set = cookies.map((cookie) => cookie.split(';')[0] as string);
  return { status: statusCode, headers, html: body, cookies: set };
}

export const open = (pageId: string) => send('GET', pageId);
export const head = (pageId: string) => send('HEAD', pageId);
export const post = (pageId: string, fields: Fields, cookies?: string[]) =>
  send('POST', pageId, fields, cookies);

/** The first form with this button, hidden fields and all, sent with what a person adds. */
export function submit(
  pageId: string,
  page: Opened,
  action: string,
  filled: Fields = {},
  cookies?: string[],
): Promise<Opened> {
  const form = formsOf(page.html).find(({ actions }) => actions.includes(action));
  if (!form) throw new Error(`The page has no button ${action}`);
  return post(pageId, { ...form.hidden, ...filled, action }, cookies);
}

export function formsOf(html: string): { hidden: Fields; actions: string[]; visible: string[] }[] {
  return [...html.matchAll(/<form\b[\s\S]*?<\/form>/g)].map(([form]) => ({
    hidden: Object.fromEntries(
      [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [
        name as string,
        value as string,
      ]),
    ),
    actions: [...form.matchAll(/<button name="action" value="([^"]*)"/g)].map(([, value]) => value as string),
    visible: [...form.matchAll(/<(?:select|input) id="[^"]*" name="([^"]*)"/g)].map(
      ([, name]) => name as string,
    ),
  }));
}

/** What a reader sees, without tags and style. */
export function textOf(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}
