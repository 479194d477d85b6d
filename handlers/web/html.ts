/** HTML as every page of ours is made of it: whatever is put in is escaped, and what nobody sees is left out. */
import { oneLine, visible } from '../naming/one-line.ts';

/** HTML that needs no escaping any more. */
export type Html = { html: string };
type Part = Html | string | number | false | undefined | readonly Part[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] as string);

function inner(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escaped(oneLine(part));
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(inner).join('');
}

/** A template tag that escapes what is put in, each text on one line, except other HTML; undefined is nothing. */
export function html(text: TemplateStringsArray, ...parts: Part[]): Html {
  return { html: text.reduce((before, after, index) => `${before}${inner(parts[index - 1])}${after}`) };
}

/** A text whose line breaks stay, for elements that show them. */
export function multiline(text: string): Html {
  return { html: escaped(visible(text)) };
}

type Document = {
  title: string;
  style: string;
  /** What stands in the head beside these. */
  head?: Html | undefined;
  body: Html;
};

/** A whole page: no scripts, one style sheet, as wide as the phone. */
export function htmlDocument({ title, style, head, body }: Document): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}
<title>${title}</title>
<style>${{ html: style }}</style>
</head>
<body>
${body}
</body>
</html>
`.html;
}
