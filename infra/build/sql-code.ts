/** SQL as far as a linter and planted defects need it: where the code is, and what its WHERE clauses ask. */
import { commentOrLiteral } from '../../handlers/reporting/fill-query.ts';

/** The text with comments and the contents of strings blanked, so that every place is where it was. */
export function codeOf(sql: string): string {
  return sql.replace(commentOrLiteral, blank);
}

const blank = (text: string) => text.replace(/[^\n]/g, ' ');

const clauseEnd = /\b(?:UNION|GROUP BY|ORDER BY|HAVING|LIMIT|WINDOW)\b/iy;

/** From where to where each condition of a WHERE, FILTER or IF reaches; those joined by AND are conditions of their own. */
export function conditionsOf(sql: string): { index: number; length: number }[] {
  const code = codeOf(sql);
  return Array.from(code.matchAll(/\bWHERE\b|\bIF\(/gi)).flatMap(({ index, 0: word }) => {
    const cuts: number[] = [index + word.length];
    let depth = 0;
    let end = cuts[0] as number;
    for (; end < code.length; end++) {
      if (code[end] === '(') depth++;
      if (code[end] === ')' && depth-- === 0) break;
      if (depth > 0) continue;
      if (code[end] === ',' && word.endsWith('(')) break;
      clauseEnd.lastIndex = end;
      if (clauseEnd.test(code)) break;
      if (/^\bAND\b/i.test(code.slice(end, end + 4)) && /\s/.test(code[end - 1] as string))
        cuts.push(end + 'AND'.length);
    }
    return cuts.map((from, number) => {
      const next = cuts[number + 1];
      const to = next === undefined ? end : next - 'AND'.length;
      // A string at the end is blank in the code and part of the condition all the same; a comment is not.
      const uncommented = sql
        .replace(commentOrLiteral, (found) => (found.startsWith("'") ? found : blank(found)))
        .slice(from, to);
      return {
        index: from + uncommented.length - uncommented.trimStart().length,
        length: uncommented.trim().length,
      };
    });
  });
}
