/** When the readings of a file were taken: as elapsed time, as instants, or by clocks alone. */
import { DateTime } from 'luxon';
import { timeOf } from '../../../handlers/reading/stated-time.ts';
import { kindOf, numberIn } from './recorded-cells.ts';
import type { When } from './recorded-columns.ts';

/** `text`: date and time together where they stand in two cells. */
export type TimeSaid = { line: number; patient: string; text: string };

/** The row and what is wrong with it; never the value. */
export class TimeProblem extends Error {
  override readonly name = 'TimeProblem';
  readonly line: number;
  constructor({ line }: TimeSaid, problem: string) {
    super(problem);
    this.line = line;
  }
}

/** More than any recording, and the clock of a replay walks all of it. */
const mostMinutes = 366 * 24 * 60;

/**
 * The minute of each row, to the millisecond: elapsed time as it stands, clocks and dates since the first of them. A column
 * called offset counts from an admission, and so what is below zero, too. Throws TimeProblem.
 */
export function minutesOf(said: readonly TimeSaid[], when: When, separator: string): number[] {
  const isElapsed = when.minutes !== undefined && isNumber(said[0]);
  const mixed = said.find((row) => isNumber(row) !== isNumber(said[0]));
  if (mixed) throw new TimeProblem(mixed, `is ${kindOf(mixed.text)}, and the first one is not`);
  const isClock = said.every(({ text }) => clockOf(text) !== undefined);
  const times = isElapsed ? elapsed(said, when, separator) : isClock ? byClock(said) : instants(said);
  const least = times.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const zero = isElapsed ? Math.min(0, when.isOffset ? least : 0) : least;
  return times.map((time, index) => {
    const minute = Math.round((time - zero) * 60_000) / 60_000;
    if (minute < 0) throw new TimeProblem(said[index] as TimeSaid, 'is negative');
    if (minute > mostMinutes)
      throw new TimeProblem(said[index] as TimeSaid, isElapsed ? beyondAYear : beyondAYearOfTheFirst);
    return minute;
  });
}

const beyondAYear = 'is more than a year: perhaps not minutes, but seconds since 1970';
const beyondAYearOfTheFirst =
  'is more than a year after the first: where dates are shifted by patient, give minutes since the first of each';

function isNumber(row: TimeSaid | undefined): boolean {
  return numberIn(row?.text ?? '') !== undefined;
}

function elapsed(said: readonly TimeSaid[], { minutes = 1 }: When, separator: string): number[] {
  return said.map((row) => {
    // Where commas part the cells, one that is followed by three digits can only part thousands.
    const text =
      separator === ',' && /^[-+]?\d{1,3}(,\d{3})+$/.test(row.text) ? row.text.replaceAll(',', '') : row.text;
    if (separator !== ',' && /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/.test(text))
      throw new TimeProblem(row, 'is a number that may mean thousands or decimals');
    return (numberIn(text) as number) * minutes;
  });
}

/** Hours beyond 23 are elapsed time. A time of day that steps back by more than half a day has passed midnight. */
function byClock(said: readonly TimeSaid[]): number[] {
  const times = said.map(({ text }) => clockOf(text) as number);
  if (times.some((time) => time >= 24 * 60)) return times;
  const last = new Map<string, number>();
  return times.map((time, index) => {
    const row = said[index] as TimeSaid;
    const before = last.get(row.patient) ?? time;
    const days = Math.floor(before / 1440) + (before % 1440 > time + 720 ? 1 : 0);
    const at = days * 1440 + time;
    if (at < before)
      throw new TimeProblem(row, 'is earlier than before, of a day that nobody knows without a date');
    last.set(row.patient, at);
    return at;
  });
}

const clock = '(\\d{1,3}):([0-5]\\d)(?::([0-5]\\d)(?:[.,]\\d+)?)?\\s*(?:([ap])\\.?m\\.?)?';

/** In minutes since midnight. */
function clockOf(text: string): number | undefined {
  const [, hour, minute, second = 0, half] = RegExp(`^${clock}$`, 'i').exec(text) ?? [];
  if (hour === undefined) return undefined;
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hour);
  return hours * 60 + Number(minute) + Number(second) / 60;
}

/** Where days and months can be told apart by no row, they are not guessed. */
function instants(said: readonly TimeSaid[]): number[] {
  const readings = (['dayFirst', 'monthFirst'] as const).map((order) =>
    said.map(({ text }) => instantOf(text, order)),
  );
  const whole = readings.filter((times) => !times.includes(undefined)) as number[][];
  const [times, others] = whole;
  if (!times) {
    const row = said.findIndex((_, index) => readings.every((all) => all[index] === undefined));
    return wrong(said[Math.max(0, row)] as TimeSaid);
  }
  const isZoned = (row: TimeSaid | undefined) => OFFSET.test(row?.text ?? '');
  const mixed = said.find((it) => isZoned(it) !== isZoned(said[0]));
  if (mixed)
    throw new TimeProblem(
      mixed,
      `names ${isZoned(mixed) ? 'an' : 'no'} offset from UTC, and the first one ${isZoned(mixed) ? 'none' : 'one'}`,
    );
  const row = others ? times.findIndex((time, index) => time !== others[index]) : -1;
  if (row >= 0) throw new TimeProblem(said[row] as TimeSaid, 'is a date whose day and month may be either');
  return times;
}

/** Behind a time of day, and before the name of a zone. */
const OFFSET = /\d ?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?:\[[^\]]*\])?$/i;
const slashed = RegExp(`^(\\d{1,2})([/.-])(\\d{1,2})\\2(\\d{4}|\\d\\d),?[ T]+${clock}$`, 'i');
const monthNamed = ['d-MMM-yyyy H:m', 'd-MMM-yyyy H:m:s', 'd MMM yyyy H:m', 'd MMM yyyy H:m:s'];

/** In minutes since 1970. */
function instantOf(text: string, order: 'dayFirst' | 'monthFirst'): number | undefined {
  const [, one, mark, two, year] = slashed.exec(text) ?? [];
  if (mark === undefined) return stated(text);
  const isDayFirst = order === 'dayFirst' || mark === '.';
  const [day, month] = isDayFirst ? [one, two] : [two, one];
  const date = DateTime.utc(Number(year) + (year?.length === 2 ? 2000 : 0), Number(month), Number(day));
  const time = clockOf(text.replace(/^\S+?,?[ T]+/, ''));
  return date.isValid && time !== undefined ? date.toMillis() / 60_000 + time : undefined;
}

function stated(text: string): number | undefined {
  const at = timeOf(text, 'utc')?.at;
  if (at !== undefined) return Date.parse(at) / 60_000;
  const named = monthNamed.map((form) => DateTime.fromFormat(text, form, { zone: 'utc', locale: 'en' }));
  const found = named.find(({ isValid }) => isValid);
  return found && found.toMillis() / 60_000;
}

function wrong(row: TimeSaid): never {
  const said = isNumber(row) ? 'a number of no known unit' : kindOf(row.text);
  throw new TimeProblem(row, `is ${said}, and neither minutes nor a date with a time of day`);
}
