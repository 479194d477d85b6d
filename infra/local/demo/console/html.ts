/** The console's page: plain HTML without scripts, readable on a phone, light and dark. */
import { createHash } from 'node:crypto';
import { style } from './style.ts';

/** HTML that needs no escaping any more. */
export type Html = { html: string };

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(value: unknown): string {
  if (Array.isArray(value)) return value.map(escaped).join('');
  if (value !== null && typeof value === 'object' && 'html' in value) return (value as Html).html;
  return String(value ?? '').replace(/[&<>"']/g, (character) => entities[character] as string);
}

/** A template tag that escapes everything put into it, except other HTML; undefined is nothing. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  return { html: parts.reduce((text, part, index) => `${text}${escaped(values[index - 1])}${part}`) };
}

const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing from elsewhere, no scripts, in nobody's frame. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; img-src data:; style-src 'sha256-${styleHash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

export type Page = {
  title: string;
  /** The path of the tab that it belongs to; none before there is anything to go to. */
  tab?: string;
  body: Html;
  /** Asks for itself again after so many seconds. */
  refreshSeconds?: number | undefined;
};

const tabs = [
  ['/', 'Mailbox'],
  ['/executions', 'Executions'],
  ['/latest-report', 'Report'],
];

export function page({ title, tab, body, refreshSeconds }: Page): string {
  const links = tabs.map(
    ([path, name]) =>
      html`<a href="${path}"${path === tab ? html` aria-current="page"` : undefined}>${name}</a>`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshSeconds && html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title} - Vigil on this machine</title>
<link rel="icon" href="data:,">
<style>${{ html: style }}</style>
</head>
<body>
<header><div><nav><b>Vigil</b>${tab === undefined ? undefined : links}</nav></div></header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>`.html;
}
