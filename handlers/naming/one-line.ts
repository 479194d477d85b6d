/** What nobody sees in a text, and what may change how the rest is read: stated once, for ids, the roster, mails and pages. */

/**
 * Unicode's controls, marks of direction and of format, half characters and code points without a meaning (C), separators
 * of lines (Zl, Zp), and what fills a place without a sign: `Default_Ignorable_Code_Point`, and Braille's empty cell.
 */
const UNSEEN = '\\p{C}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u2800';
const unseen = new RegExp(`[${UNSEEN}]`, 'u');
const everyUnseenButLineBreaks = new RegExp(`(?!\\n)[${UNSEEN}]`, 'gu');

/** The text as people see it; line breaks stay. */
export function visible(text: string): string {
  return text.replace(everyUnseenButLineBreaks, '');
}

/** The text as it may be shown on one line. A line break or a tab parts words, so each becomes a space. */
export function oneLine(text: string): string {
  return visible(text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' '));
}

/** The code point of the first such character, e.g. `U+202E`; undefined when there is none. */
export function firstInvisible(text: string): string | undefined {
  const found = unseen.exec(text)?.[0].codePointAt(0);
  return found === undefined ? undefined : `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Without the spaces and invisible characters around it, such as the zeros that fill a device's field; halves stay. */
export function withoutInvisibleEnds(text: string): string {
  const isPadding = (at: number) => {
    const unit = text.charAt(at);
    return unit.isWellFormed() && (unseen.test(unit) || /\s/.test(unit));
  };
  let from = 0;
  let to = text.length;
  while (from < to && isPadding(from)) from++;
  while (to > from && isPadding(to - 1)) to--;
  return text.slice(from, to);
}
