/** Characters that nobody sees and that change what is read: controls, marks of direction, half characters, line separators. */

/** Unicode's categories Cc, Cf, Cs (a surrogate without its other half), Zl and Zp. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const everyInvisible = new RegExp(invisible, 'gu');

/** The text as it may be shown to people. A line break or a tab parts words, so each becomes a space. */
export function oneLine(text: string): string {
  return text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ').replace(everyInvisible, '');
}

/** The code point of the first such character, e.g. `U+202E`; undefined when there is none. */
export function firstInvisible(text: string): string | undefined {
  const found = invisible.exec(text)?.[0].codePointAt(0);
  return found === undefined ? undefined : `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Without the spaces and invisible characters around it, such as the zeros that fill a device's field; halves stay. */
export function withoutInvisibleEnds(text: string): string {
  const isPadding = (at: number) => /[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text.charAt(at));
  let from = 0;
  let to = text.length;
  while (from < to && isPadding(from)) from++;
  while (to > from && isPadding(to - 1)) to--;
  return text.slice(from, to);
}
