/** What one of the three shapes says, before the device registry and the stream's arrival time complete it to a reading. */
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Cohort, Quality, Reading } from '../clinical/reading.ts';
import { firstInvisible, withoutInvisibleEnds } from '../naming/one-line.ts';

export type Measurement = {
  deviceId: string;
  patientId: string;
  /** Null: the device registry knows. */
  ward: string | null;
  bed: string | null;
  /** Null: the age decides. */
  cohort: Cohort | null;
  ageYears: number | null;
  /** ISO 8601 UTC; null: the shape names no time, the arrival stands for it. */
  measuredAt: string | null;
  /** The stated time is midnight to the millisecond, as a date alone is often sent: it tells a day, and no measurement. */
  isMidnight: boolean;
  /** Pressures that are neither there as a number of their own name nor said to be absent: they may be what alarms. */
  notFound: PressureName[];
  systolicMmHg: number | null;
  diastolicMmHg: number | null;
  meanArterialMmHg: number | null;
  pulseBpm: number | null;
  quality: Quality;
  source: Reading['source'];
  /** Optional fields that were there and of the wrong kind; the reading counts without them. */
  ignored: string[];
};

export type PressureName = 'systolic' | 'diastolic';

/**
 * `others`: what the pressures may be as well, where the shape says several. `refused`: understood, and yet it tells nothing
 * that could be judged, or of nobody.
 */
export type Shaped =
  | { measurement: Measurement; others?: Pick<Measurement, 'systolicMmHg' | 'diastolicMmHg'>[] }
  | { unreadable: string }
  | { refused: string };

/** With its prefix well within DynamoDB's 2,048 bytes for a partition key, so that no record can make its claim unwritable. */
const NAME_CHARACTERS = 128;

/**
 * The name of a ward or bed; a number is a name too. Half a character (a lone surrogate) becomes U+FFFD, since neither
 * DynamoDB nor Step Functions takes what is not Unicode.
 */
export const identifier = z
  .union([z.string(), z.number()])
  .transform((id) => withoutInvisibleEnds(String(id)).toWellFormed())
  .pipe(z.string().min(1).max(NAME_CHARACTERS));

/**
 * Whom an id names, null when that is not certain: two patients must never share an alert. JSON numbers are certain up to
 * 2^53 - 1, and fractions nowhere; a lost or halved character may have been any, and one that nobody sees is no part of a
 * name, but for what a device pads it with; what is longer than a name is none; what begins with # is the name of a part of
 * that one message (https://hl7.org/fhir/R4/references.html#contained).
 */
function certain(id: string | number): string | null {
  if (typeof id === 'number') return Number.isSafeInteger(id) ? String(id) : null;
  const name = withoutInvisibleEnds(id);
  const isNone = name.length > NAME_CHARACTERS || name.startsWith('#') || name.includes('\ufffd');
  return isNone || firstInvisible(name) !== undefined ? null : name;
}

/**
 * How devices and programs say that they know no patient, whatever parts the words and however they are written: also by
 * zeros or marks alone.
 */
const NOBODY = new RegExp(
  `^(?:0*|${[
    '(?:no|not|un)(?:patient|name|id|patientid|known|assigned|identified|available|applicable|set|specified)',
    '(?:unknown|unassigned|unidentified|anonymous)(?:patient|person)|patient(?:unknown|unassigned|anonymous)?',
    'nobody|noone|anonymous|none|nil|null|undefined|nan|na|tbd|johndoe|janedoe',
  ].join('|')})$`,
);

function isNobody(name: string): boolean {
  const plain = name.normalize('NFKC').toLowerCase();
  return /^-\d+$/.test(plain) || NOBODY.test(plain.replace(/[^\p{L}\p{N}]/gu, ''));
}

/** The id of a device, whatever stands where it belongs: null when there is none, or none for certain. */
export const deviceIdentifier = z
  .unknown()
  .optional()
  .transform((said) => (typeof said === 'string' || typeof said === 'number' ? certain(said) || null : null));

/** The id of a patient likewise. */
export const patientIdentifier = deviceIdentifier.transform((name) =>
  name === null || isNobody(name) ? null : name,
);

/** True when something was said where an id belongs; blank is how some devices say "nobody". */
export function isSaid(id: unknown): boolean {
  return id !== undefined && id !== null && String(id).trim() !== '';
}

/** The pressures that an object of named values does not name; `null` names one, and says that it is absent. */
export function notFoundIn(record: Record<string, unknown>): PressureName[] {
  return (['systolic', 'diastolic'] as const).filter((name) => !(name in record));
}

/** mmHg, as sent; absent is null. What is implausible is for the suspect rule to say. */
export const pressure = z
  .number()
  .nullish()
  .transform((value) => value ?? null);

export type Instant = Pick<Measurement, 'isMidnight'> & { at: string };

/** ISO 8601 with an offset from UTC, within the years that every reader of the archive can hold. Gives UTC. */
export const instant = z.string().transform((text, context): Instant => {
  const isTime = /T.*(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(text);
  const stated = isTime ? DateTime.fromISO(text, { setZone: true }) : null;
  const utc = stated?.toUTC();
  if (stated && utc?.isValid && utc.year >= 1 && utc.year <= 9999) {
    return { at: utc.toISO() as string, isMidnight: [stated, utc].some((it) => +it === +it.startOf('day')) };
  }
  context.addIssue({ code: 'custom', message: 'not a time with an offset' });
  return z.NEVER;
});

/** The fields at fault and in what way; never what they held. Parse with `reportInput`. */
export function reasonOf(error: z.ZodError, under: string[] = []): string {
  return error.issues
    .map((issue) => `${[...under, ...issue.path].join('.') || 'record'}: ${kindOf(issue)}`)
    .join('; ');
}

function kindOf(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined && issue.code !== 'custom') return 'missing';
  switch (issue.code) {
    case 'invalid_type':
      return `not a ${issue.expected}`;
    case 'invalid_union':
      return 'not a text or number';
    case 'too_small':
      return 'empty';
    case 'too_big':
      return 'too long';
    case 'custom':
      return issue.message;
    default:
      return 'not as expected';
  }
}
