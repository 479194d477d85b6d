/** When a measurement was taken, as devices write it. A time that cannot be read delays no alert: then its arrival counts. */
import { DateTime } from 'luxon';
import { isRecord } from './measurement.ts';

export type StatedTime = {
  /** ISO 8601 UTC. */
  at: string;
  /** Midnight to the millisecond, as a date alone is often sent: it tells a day, and no measurement. */
  isMidnight: boolean;
  /** It names no offset from UTC: the hospital's clocks were assumed. */
  isLocal: boolean;
};

/** Longer than any text of a time. */
const TEXT_CHARACTERS = 100;
/** Of times of other forms, those that can be read in one way only; luxon's tokens. */
const LOCAL_FORMS = [
  'yyyy/M/d H:m:s',
  'yyyy/M/d H:m',
  'd.M.yyyy H:m:s',
  'd.M.yyyy H:m',
  'd-LLL-yyyy H:m:s',
  'd-LLL-yyyy H:m',
];
/** What may be a day or a month is neither, unless there are not so many months. */
const EITHER_ORDER = /^(\d\d?)\/(\d\d?)\/(\d{4}) (\d\d?:\d\d(?::\d\d)?)$/;
/** An instant by its digits: seconds, milliseconds, microseconds or nanoseconds since 1970, from 2001 to 2286. */
const EPOCH_DIGITS_TO_MS = new Map([
  [10, 1000],
  [13, 1],
  [16, 1e-3],
  [19, 1e-6],
]);

/** Null when it is no time, tells a day alone, or lies outside the years that every reader of the archive can hold. */
export function timeOf(said: unknown, hospitalZone: string): StatedTime | null {
  const within = isRecord(said) ? Object.values(said) : [];
  if (within.length === 1 && !isRecord(within[0])) return timeOf(within[0], hospitalZone);
  if (typeof said !== 'string' && typeof said !== 'number' && typeof said !== 'bigint') return null;
  const written = String(said).trim();
  if (written.length > TEXT_CHARACTERS) return null;
  const text = written
    .replace(/^\/Date\((\d+)\)\/$/, '$1')
    // The zone's name says nothing beside its offset, which JavaScript and Go write as well.
    .replace(/ \([\p{L} ]+\)$/u, '')
    .replace(/([+-]\d{4}) (?:UTC|GMT)$/, '$1')
    .replace(/^(\d{4}-.*\d) (?:UTC|GMT)$/, '$1Z');
  return epoch(text) ?? iso(text, hospitalZone) ?? hl7(text, hospitalZone) ?? other(text, hospitalZone);
}

function epoch(text: string): StatedTime | null {
  const [, digits, fraction = ''] = /^(\d+)(\.\d+)?$/.exec(text) ?? [];
  const toMs = EPOCH_DIGITS_TO_MS.get(digits?.length ?? 0);
  if (digits === undefined || toMs === undefined) return null;
  return stated(DateTime.fromMillis(Math.round(Number(digits + fraction) * toMs), { zone: 'utc' }), false);
}

/** ISO 8601 with a time of day; a space may stand for the T and before the offset, and a `[zone]` behind all. */
function iso(text: string, hospitalZone: string): StatedTime | null {
  const [, day, time, offset = '', zone] =
    /^(\d{4}-?\d\d-?\d\d|[+-]?\d{4,6}-\d\d-\d\d)[T ]+(\d[\d:.,]*) ?(Z|[+-]\d\d(?::?\d\d)?)?(?:\[([\w/+-]+)\])?$/i.exec(
      text,
    ) ?? [];
  if (day === undefined) return null;
  const standard = `${day}T${time}${offset}`;
  if (offset !== '') return stated(DateTime.fromISO(standard, { setZone: true }), false);
  if (zone !== undefined) return stated(DateTime.fromISO(standard, { zone }), false);
  return stated(DateTime.fromISO(standard, { zone: hospitalZone }), true);
}

/** HL7 version 2: yyyyMMddHHmm[ss[.fraction]][+zzzz], https://hl7-definition.caristix.com/v2/HL7v2.5/DataTypes/TS. */
function hl7(text: string, hospitalZone: string): StatedTime | null {
  const [, day, hour, minute, second = '00', fraction = '', offset = ''] =
    /^(\d{8})(\d\d)(\d\d)(\d\d)?(\.\d{1,4})?([+-]\d{4})?$/.exec(text) ?? [];
  if (day === undefined) return null;
  return iso(`${day}T${hour}${minute}${second}${fraction}${offset}`, hospitalZone);
}

function other(text: string, hospitalZone: string): StatedTime | null {
  const universal = DateTime.fromRFC2822(text, { setZone: true });
  if (universal.isValid) return stated(universal, false);
  const script = DateTime.fromFormat(text, "ccc LLL dd yyyy HH:mm:ss 'GMT'ZZZ", {
    locale: 'en',
    setZone: true,
  });
  if (script.isValid) return stated(script, false);
  const day = dayFirst(text);
  const local = LOCAL_FORMS.map((form) =>
    DateTime.fromFormat(day, form, { locale: 'en', zone: hospitalZone }),
  );
  return stated(local.find(({ isValid }) => isValid) ?? DateTime.invalid('no time'), true);
}

/** 24/11/2026 and 11/24/2026 are one day; of 10/11/2026 nobody knows which. */
function dayFirst(text: string): string {
  const [, one, other, year, clock] = EITHER_ORDER.exec(text) ?? [];
  if (Number(one) > 12) return `${one}.${other}.${year} ${clock}`;
  return Number(other) > 12 ? `${other}.${one}.${year} ${clock}` : text;
}

function stated(time: DateTime, isLocal: boolean): StatedTime | null {
  const utc = time.toUTC();
  if (!utc.isValid || utc.year < 1 || utc.year > 9999) return null;
  const isMidnight = [time, utc].some((it) => +it === +it.startOf('day'));
  return { at: utc.toISO() as string, isMidnight, isLocal };
}
