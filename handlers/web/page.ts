/** The frame of every page behind a link: HTML without scripts, for a phone at night, and the headers that keep it so. */
import { createHash } from 'node:crypto';
import { type Html, html, htmlDocument } from './html.ts';
import { pageStyle } from './page-style.ts';

export type HtmlResponse = {
  statusCode: number;
  headers: Record<string, string>;
  /** One `Set-Cookie` each, as API Gateway's payload format 2.0 has them. */
  cookies?: string[];
  body: string;
};

/** No scripts, nothing from elsewhere, in nobody's frame; this style sheet alone, and forms to where they are from, or none. */
export function securityPolicy(style: string, forms: "'self'" | "'none'", images = ''): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; ${images}style-src 'sha256-${hash}'; form-action ${forms}; frame-ancestors 'none'; base-uri 'none'`;
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': securityPolicy(pageStyle, "'self'"),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  // Two years: what browsers ask for before they take only HTTPS for granted (hstspreload.org).
  'strict-transport-security': 'max-age=63072000',
};

/** A whole page as the HTTP API wants it; `content` begins with its `h1`. */
export function htmlResponse(statusCode: number, title: string, content: Html): HtmlResponse {
  const body = html`<main>
${content}
</main>
<footer>Vigil only notifies. The patient and the ward come first; use your own clinical judgement.</footer>`;
  return { statusCode, headers, body: htmlDocument({ title: `${title} - Vigil`, style: pageStyle, body }) };
}

/** A page that was stored whole, with these headers; its style is its own, perhaps that of an earlier version. */
export function storedResponse(page: string): HtmlResponse {
  const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
  return {
    statusCode: 200,
    headers: { ...headers, 'content-security-policy': securityPolicy(style, "'none'") },
    body: page,
  };
}
