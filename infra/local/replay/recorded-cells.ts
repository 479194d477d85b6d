/** What a cell of a file says; what is undefined cannot be read, null is missing. */
import { pairIn } from '../../../handlers/reading/pair-text.ts';
import { mmHgIn, pressureOf } from '../../../handlers/reading/pressure-value.ts';

/** How programs and people write that there is nothing: words, marks, errors of a spreadsheet, codes of studies. */
const MISSING = RegExp(
  `^(?:[-.?*]*|${[
    'n/?a|n\\.a\\.|<na>|nan|nat|null|none|nil|nd|missing|unknown|undefined|not (?:measured|recorded|available|done)',
    '#(?:n/a|na|value!|ref!|num!|div/0!|null!|name\\?)|\\\\n|-1(?:[.,]0+)?|-9{1,5}(?:[.,]0+)?',
  ].join('|')})$`,
  'i',
);

export function isMissing(cell: string): boolean {
  return MISSING.test(cell);
}

/**
 * Words that stand for whoever is not known. On the wire an id without a digit is nobody's; in a file, people and studies name
 * patients by letters, too.
 */
const NOBODY = RegExp(
  `^(?:x{2,}|0{2,}|9{4,}|${[
    'ni|nask|asku|nav|unk(?:nown)?\\w*|(?:no|not|un)(?:patient|name|id|assigned|identified|available|known)',
    'nobody|noone|anon(?:ymous)?|pending|tbd|tba|test|dummy|temp|guest|error|default|johndoe|janedoe',
    'unbekannt|inconnu|patient',
  ].join('|')})$`,
);

/** Of the column of patients. */
export function isNobodysCell(id: string): boolean {
  return /[{}%]/.test(id) || NOBODY.test(id.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
}

/** With a point or a comma before the decimals, and perhaps marks between the thousands. */
export function numberIn(cell: string): number | undefined {
  if (/^[-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?$/i.test(cell)) return Number(cell.replace(',', '.'));
  const [, mark] = /^[-+]?\d{1,3}(?:([ '’\u00a0\u202f.,])\d{3})(?:\1\d{3})*(?:[.,]\d+)?$/.exec(cell) ?? [];
  if (mark === undefined) return undefined;
  const value = Number(cell.replaceAll(mark, '').replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
}

/** In mmHg. A comparator counts as the worst value that it allows. */
export function pressureIn(cell: string, unit: string | undefined): number | null | undefined {
  if (isMissing(cell)) return null;
  const { values, isUnclear } = pressureOf(cell, unit);
  return isUnclear ? undefined : (values[0] ?? null);
}

/** `120/80`; by palpation there is no diastolic pressure: `90/P`. */
export function pairOfPressures(
  cell: string,
  unit: string | undefined,
): [number | null, number | null] | undefined {
  if (isMissing(cell)) return [null, null];
  const pair = pairIn(cell, unit);
  if (pair) return [pair[0].values[0] ?? null, pair[1].values[0] ?? null];
  const [systolic, diastolic, ...more] = cell.split('/').map((part) => part.trim());
  if (systolic === undefined || diastolic === undefined || more.length > 0) return undefined;
  const values = [systolic, diastolic.replace(/^p(?:alp)?\.?$/i, '')].map((part) => pressureIn(part, unit));
  return values.includes(undefined) ? undefined : (values as [number | null, number | null]);
}

export function pulseIn(cell: string): number | null | undefined {
  return isMissing(cell) ? null : numberIn(cell.replace(/\s*(?:bpm|\/min)$/i, ''));
}

/** A unit of pressure that a row names. */
export function unitIn(cell: string | undefined): string | undefined {
  return cell !== undefined && /^\D/.test(cell) && mmHgIn(cell) !== undefined ? cell : undefined;
}

/** In years: `78`, `>89`, `90+`, `6 months`; the lower one of `70-79`. Below a bound is the last tenth before it. */
export function ageIn(cell: string, yearsInOne: number): number | null | undefined {
  if (isMissing(cell)) return null;
  const [, sign = '', digits, unit] =
    /^([<>≤≥]?=?|[[(])\s*(\d+(?:[.,]\d+)?)\s*(?:\+|[-–]\s*\d+\s*[\])]?)?\s*(?:(y|m|w|d)[a-z]*\.?)?(?:\s*old)?$/i.exec(
      cell,
    ) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits.replace(',', '.'));
  const years = { y: 1, m: 1 / 12, w: 7 / 365.25, d: 1 / 365.25 }[unit?.toLowerCase() ?? ''] ?? yearsInOne;
  return Math.max(0, sign === '<' ? value - 0.1 : value) * years;
}

/** The kind of what stands in a cell, to say what is wrong with it and not what it says. */
export function kindOf(cell: string): string {
  if (isMissing(cell)) return 'nothing';
  if (numberIn(cell) !== undefined) return 'a number';
  if (/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/.test(cell)) return 'a date';
  return /^\d{1,3}:\d\d/.test(cell) ? 'a time of day' : 'text';
}
