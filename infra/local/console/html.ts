/** The console's page: plain HTML without scripts, readable on a phone, light and dark. */

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

/** A template tag that escapes everything put into it. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  return { html: parts.reduce((text, part, index) => `${text}${escaped(values[index - 1])}${part}`) };
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#d5dbe1, #3a424b); --soft: light-dark(#51606e, #a5b1bd); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1rem; }
nav a { margin-right: 1rem; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; } td:first-child { white-space: nowrap; } .wide td:nth-child(2) { min-width: 9rem; overflow-wrap: normal; }
.wide { overflow-x: auto; } td pre { margin: 0; padding: .25rem .5rem; font-size: .8rem; min-width: 16rem; }
summary { padding: .6rem 0; cursor: pointer; } td { overflow-wrap: anywhere; } .soft { color: var(--soft); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); padding: .75rem; border-radius: .4rem; }
button { font: inherit; padding: .5rem 1rem; min-height: 44px; }
`;

/** A whole page; it asks for itself again every few seconds when `refreshSeconds` is given. */
export function page(title: string, body: Html, refreshSeconds?: number): string {
  const refresh = refreshSeconds ? html`<meta http-equiv="refresh" content="${refreshSeconds}">` : html``;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${refresh}
<title>${title} - Vigil, local account</title><style>${{ html: style }}</style></head>
<body><nav><a href="/">Mailbox</a><a href="/executions">Executions</a></nav>
<h1>${title}</h1>${body}</body></html>`.html;
}
