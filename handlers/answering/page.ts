/** The frame of every page behind a link: HTML without scripts, for a phone at night, and the headers that keep it so. */
import { createHash } from 'node:crypto';
import { oneLine } from '../naming/one-line.ts';
import { style } from './style.ts';

/** HTML that needs no escaping any more. */
export type Html = { html: string };
type Part = Html | string | number | false | undefined | readonly Part[];

export type HtmlResponse = {
  statusCode: number;
  headers: Record<string, string>;
  /** One `Set-Cookie` each, as API Gateway's payload format 2.0 has them. */
  cookies?: string[];
  body: string;
};

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string')
    return oneLine(part).replace(/[&<>"']/g, (character) => entities[character] as string);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(escaped).join('');
}

/** A template tag that escapes whatever is put in, without what nobody sees, except other HTML; undefined is nothing. */
export function html(text: TemplateStringsArray, ...parts: Part[]): Html {
  return { html: text.reduce((before, after, index) => `${before}${escaped(parts[index - 1])}${after}`) };
}

const styleHash = createHash('sha256').update(style).digest('base64');

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  // Two years: what browsers ask for before they take only HTTPS for granted (hstspreload.org).
  'strict-transport-security': 'max-age=63072000',
};

/** A whole page as the HTTP API wants it; `body` begins with its `h1`. */
export function htmlResponse(statusCode: number, title: string, body: Html): HtmlResponse {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Vigil</title>
<style>${{ html: style }}</style>
</head>
<body>
<main>
${body}
</main>
<footer>Vigil only notifies. The patient and the ward come first; use your own clinical judgement.</footer>
</body>
</html>
`;
  return { statusCode, headers, body: page.html };
}
