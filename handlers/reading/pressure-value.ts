/** A pressure as it was said: numbers, texts and quantities of any unit of pressure, in mmHg. */
import { Repeated } from './json-text.ts';

export type PressureSaid = {
  /** mmHg, in the order in which they were said. */
  values: number[];
  /** Something stands there that is neither a number nor said to be none. */
  isUnclear: boolean;
  /** A comparator stands before it: the value is the next whole one that it allows, and the true one may be worse. */
  isBound: boolean;
  /** It names no unit. */
  isUnitless: boolean;
};

/** 1 kPa is 7.50062 mmHg, 1 cmH2O 0.735559, 1 psi 51.7149, an inch 25.4 mm. The first that matches. */
const MMHG_IN: readonly [RegExp, number][] = [
  [/^in(?:ch|ches)?(?:of)?(?:hg|mercury)$/, 25.4],
  [/^(?:cm|centimet(?:er|re)s?)(?:of)?(?:hg|mercury)$/, 10],
  [/^(?:.*mmhg|.*mercury|mmofhg|torr)$/, 1],
  [/^(?:.*kpa|.*kilopascals?)$/, 7.50062],
  [/^(?:hpa|mbar|.*hectopascals?)$/, 0.750062],
  [/^pa$/, 0.00750062],
  [/^psi$/, 51.7149],
  [/^cm(?:\[?h2o\]?)$/, 0.735559],
];

/** mmHg in one of the unit; undefined when it is none of pressure that is known here. */
export function mmHgIn(unit: string): number | undefined {
  const plain = unit.toLowerCase().replace(/[^a-z0-9]/g, '');
  return MMHG_IN.find(([pattern]) => pattern.test(plain))?.[1];
}

/** Longer than any text of a pressure or two. */
const TEXT_CHARACTERS = 60;
const NOTHING =
  /^(?:|-+|\.+|\?+|n\/?a|nan|null|none|nil|undefined|missing|unknown|not measured|error|invalid)$/i;
/** A comparator, the number or the two that it lies between, its unit, and how high or low somebody found it. */
const NUMBER =
  /^[*!]?\s*(<=?|>=?|≤|≥|=|~)?\s*([-+]?\d+(?:[.,]\d*)?(?:e[-+]?\d)?)(?:\s*(?:-|–|to)\s*(\d+(?:[.,]\d+)?))?\s*([^\d<>]*?)\s*(?:\(?(?:hh?|ll?|high|low)\)?|[*!])?([<>])?$/i;
/** Comparators in words. */
const SPELLED: readonly [RegExp, string][] = [
  [/^(?:less than|lower than|below|under|at most|up to) /i, '<'],
  [/^(?:more than|greater than|higher than|above|over|at least) /i, '>'],
  [/^(?:about|approx(?:imately)?|ca|circa)\.? /i, '~'],
];
/** Names under which a quantity keeps its number, in small letters. */
export const NUMBER_NAMES = [
  'value',
  'val',
  'magnitude',
  'quantity',
  'reading',
  'result',
  'v',
  'n',
  'mmhg',
  'kpa',
];
const RANGE_NAMES = ['low', 'high'];

/** `unitAround`: what the message says of the unit elsewhere. */
export function pressureOf(said: unknown, unitAround?: string, comparator?: unknown): PressureSaid {
  if (said === null || said === undefined) return nothing();
  if (typeof said === 'string') return textual(said, unitAround, comparator);
  if (typeof said === 'number' || typeof said === 'bigint')
    return numeric(Number(said), unitAround, comparator);
  if (said instanceof Repeated) return together(said.values.map((value) => pressureOf(value, unitAround)));
  if (Array.isArray(said)) {
    if (said.length === 0) return nothing();
    return together(said.map((value) => pressureOf(value, unitAround)));
  }
  if (typeof said !== 'object') return unclear();
  const entries = Object.entries(said).map(([name, value]) => [name.toLowerCase(), value] as const);
  return quantity(Object.fromEntries(entries), unitAround);
}

function quantity(said: Record<string, unknown>, unitAround: string | undefined): PressureSaid {
  const texts = [said.code, said.unit, said.units].filter((text) => typeof text === 'string');
  const unit = texts.find((text) => mmHgIn(text) !== undefined) ?? texts.find((text) => text.trim() !== '');
  const name = NUMBER_NAMES.find((it) => it in said);
  const unitInName = name !== undefined && mmHgIn(name) !== undefined ? name : undefined;
  if (name !== undefined) return pressureOf(said[name], unit ?? unitInName ?? unitAround, said.comparator);
  const range = RANGE_NAMES.filter((it) => it in said);
  if (range.length > 0) return together(range.map((it) => pressureOf(said[it], unit ?? unitAround)));
  return unclear();
}

function textual(said: string, unitAround: string | undefined, comparator: unknown): PressureSaid {
  if (said.length > TEXT_CHARACTERS) return unclear();
  // Digits of another width are digits.
  const written = said.normalize('NFKC').trim();
  if (NOTHING.test(written)) return nothing();
  const text = SPELLED.reduce((it, [words, sign]) => it.replace(words, sign), written);
  const [, before, digits, to, unit, behind] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return unclear();
  const sign = before ?? behind ?? comparator;
  const numbers = [digits, to].flatMap((it) => (it === undefined ? [] : Number(it.replace(',', '.'))));
  return together(numbers.map((it) => numeric(it, unit?.trim() || unitAround, sign)));
}

function numeric(value: number, unit: string | undefined, comparator: unknown): PressureSaid {
  if (Number.isNaN(value)) return nothing();
  const factor = unit === undefined ? 1 : mmHgIn(unit);
  if (factor === undefined || !Number.isFinite(value)) return unclear();
  const mmHg = factor === 1 ? value : Number((value * factor).toFixed(3));
  const bound = boundOf(comparator);
  if (bound === undefined) return unclear();
  const values = [bound === '<' ? Math.ceil(mmHg) - 1 : bound === '>' ? Math.floor(mmHg) + 1 : mmHg];
  return { values, isUnclear: false, isBound: bound !== '', isUnitless: unit === undefined };
}

/** Whether the next whole value below or above is allowed, and counts. Undefined: a sign that nobody knows. */
function boundOf(comparator: unknown): '' | '<' | '>' | undefined {
  const sign = typeof comparator === 'string' ? comparator.trim() : (comparator ?? '');
  if (sign === '' || sign === '=' || sign === '~') return '';
  if (sign === '<' || sign === '<=' || sign === '≤') return '<';
  return sign === '>' || sign === '>=' || sign === '≥' ? '>' : undefined;
}

/** Far more than can be meant: each is compared with all that are kept. */
const MOST_VALUES_KEPT = 100;

export function together(several: readonly PressureSaid[]): PressureSaid {
  const values = [...new Set(several.flatMap((said) => said.values))];
  return {
    values: values.slice(0, MOST_VALUES_KEPT),
    isUnclear: values.length > MOST_VALUES_KEPT || several.some(({ isUnclear }) => isUnclear),
    isBound: several.some(({ isBound }) => isBound),
    isUnitless: several.some(({ isUnitless }) => isUnitless),
  };
}

export function nothing(): PressureSaid {
  return { values: [], isUnclear: false, isBound: false, isUnitless: false };
}

export function unclear(): PressureSaid {
  return { ...nothing(), isUnclear: true };
}

/** No cuff and no line measures more, nor both pressures alike. */
const MOST_MMHG = 300;

/**
 * Numbers that devices send for "no value": a code beside another one or beside nothing, or the same number twice that is
 * impossible, or a code in tenths. The last numbers of a byte are codes only where both are, or beside a code, since a
 * systolic pressure may be that high.
 */
export function isErrorCode(systolicMmHg: number | null, diastolicMmHg: number | null): boolean {
  if (systolicMmHg === null || diastolicMmHg === null) return isCode(systolicMmHg ?? diastolicMmHg ?? 0);
  if (endsByte(systolicMmHg) && endsByte(diastolicMmHg)) return true;
  if (systolicMmHg === diastolicMmHg) {
    const tenths = Math.abs(Math.round(systolicMmHg * 10));
    return systolicMmHg > MOST_MMHG || isCode(systolicMmHg) || endsByte(tenths) || isWholeCode(tenths);
  }
  const isAnyCode = isCode(systolicMmHg) || isCode(diastolicMmHg);
  return isAnyCode && isNoValue(systolicMmHg) && isNoValue(diastolicMmHg);
}

function isNoValue(value: number): boolean {
  return value < 0 || value === 255 || isCode(value);
}

/** Devices that count to 255 keep the last few for what is no number. */
function endsByte(value: number): boolean {
  return value >= 252 && value <= 255;
}

/**
 * The largest number of 10 to 16, 24 or 32 bits, and what stands beside it; nines; the special values of IEEE 11073 as SFLOAT
 * (0x07FE to 0x0802) and FLOAT (0x007FFFFE to 0x00800002) read as whole numbers; and, where no pressure is so high, as tenths.
 */
function isCode(value: number): boolean {
  const size = Math.abs(value);
  return size > MOST_MMHG && (isWholeCode(size) || isWholeCode(Math.round(size * 10)));
}

const LARGEST = [0x3ff, 0x7ff, 0xfff, 0x1fff, 0x3fff, 0x7fff, 0xffff, 0xffffff, 0x7fffffff, 0xffffffff];

function isWholeCode(value: number): boolean {
  return (
    (value >= 0x07fe && value <= 0x0802) ||
    (value >= 0x007ffffe && value <= 0x00800002) ||
    [...LARGEST, 0x8000, 0xfffe, 0x80000000].includes(value) ||
    /^9{3,}$/.test(String(value))
  );
}
