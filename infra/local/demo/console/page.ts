/** The console's page: plain HTML without scripts, readable on a phone, light and dark. */
import { type Html, html, htmlDocument } from '../../../../handlers/web/html.ts';
import { securityPolicy } from '../../../../handlers/web/page.ts';
import { consoleStyle } from './style.ts';

export const consoleHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': securityPolicy(consoleStyle, "'self'", 'img-src data:; '),
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

type ConsolePage = {
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

export function consolePage({ title, tab, body, refreshSeconds }: ConsolePage): string {
  const links = tabs.map(
    ([path, name]) =>
      html`<a href="${path}"${path === tab ? html` aria-current="page"` : undefined}>${name}</a>`,
  );
  const refresh = refreshSeconds && html`<meta http-equiv="refresh" content="${refreshSeconds}">`;
  return htmlDocument({
    title: `${title} - Vigil on this machine`,
    style: consoleStyle,
    head: html`${refresh}
<link rel="icon" href="data:,">`,
    body: html`<header><div><nav><b>Vigil</b>${tab === undefined ? undefined : links}</nav></div></header>
<main>
<h1>${title}</h1>
${body}
</main>`,
  });
}
