/** What a message says of one measurement, before the device registry and the stream's arrival complete it to a reading. */
import type { Assumption, Cohort, Quality, Reading } from '../clinical/reading.ts';
import { withoutInvisibleEnds } from '../naming/one-line.ts';
import type { PressureSaid } from './pressure-value.ts';

export type Measurement = {
  deviceId: string;
  patientId: string;
  /** Null: the device registry knows. */
  ward: string | null;
  bed: string | null;
  /** Null: the age decides. */
  cohort: Cohort | null;
  ageYears: number | null;
  /** ISO 8601 UTC; null: no time that can be read is named, the arrival stands for it. */
  measuredAt: string | null;
  /** The stated time is midnight to the millisecond, as a date alone is often sent: it tells a day, and no measurement. */
  isMidnight: boolean;
  /** Pressures that are neither there as a number nor said to be absent, or may be worse: they may be what alarms. */
  notFound: PressureName[];
  meanArterialMmHg: number | null;
  pulseBpm: number | null;
  quality: Quality;
  /** What the sender knows the measurement by, through all its versions, and its time, hashed; null: device and time. */
  ownId: string | null;
  /** A later version: amended, corrected, or withdrawn. */
  replaces: boolean;
  source: Reading['source'];
  /** Optional fields that were there and of the wrong kind; the reading counts without them. */
  ignored: string[];
  /** What was taken for true though the message does not say it. */
  assumed: Assumption[];
};

export type PressureName = 'systolic' | 'diastolic';

/** What the pressures may be; several where the message says several and does not say which belong together. */
export type Pair = Pick<Reading, 'systolicMmHg' | 'diastolicMmHg'>;

/** `refused`: understood, and yet it tells nothing that could be judged, or of nobody. `deviceId`: as far as it says. */
export type Shaped =
  | { measurement: Measurement; pairs: Pair[] }
  | { unreadable: string; deviceId?: string | undefined }
  | { refused: string; deviceId?: string | undefined };

/** With its prefix well within DynamoDB's 2,048 bytes for a partition key, so that no record can make its claim unwritable. */
export const NAME_CHARACTERS = 128;

/**
 * The name of a ward or bed; a number is a name too. Half a character (a lone surrogate) becomes U+FFFD, since neither
 * DynamoDB nor Step Functions takes what is not Unicode. Null when it is none.
 */
export function placeNameOf(said: unknown): string | null {
  if (typeof said !== 'string' && typeof said !== 'number' && typeof said !== 'bigint') return null;
  const name = withoutInvisibleEnds(String(said)).toWellFormed();
  return name === '' || name.length > NAME_CHARACTERS ? null : name;
}

/** True when something was said where an id belongs; blank is how some devices say "nobody". */
export function isSaid(id: unknown): boolean {
  return id !== undefined && id !== null && String(Object(id) === id ? 'something' : id).trim() !== '';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type Side = PressureSaid & { isNamed: boolean };

/** More different values of one pressure than anybody means by one measurement. */
const MOST_VALUES = 4;

/** Why nobody can say which of its values was meant; null when somebody can. */
export function tooMany(name: PressureName, side: Side): string | null {
  return side.values.length > MOST_VALUES ? `${name}: more than ${MOST_VALUES} values` : null;
}

/** Each systolic with each diastolic. */
export function pairsOf(systolic: Side, diastolic: Side): Pair[] {
  return measured(systolic.values).flatMap((systolicMmHg) =>
    measured(diastolic.values).map((diastolicMmHg) => ({ systolicMmHg, diastolicMmHg })),
  );
}

/** Without the error codes, which are negative; one of these where there is nothing else; null where there is nothing. */
function measured(values: readonly number[]): (number | null)[] {
  const pressures = values.filter((value) => value >= 0);
  return pressures.length > 0 ? pressures : [values[0] ?? null];
}

export function notFoundOf(systolic: Side, diastolic: Side): PressureName[] {
  const isNotFound = ({ values, isNamed, isUnclear, isBound }: Side) =>
    isUnclear || isBound || (values.length === 0 && !isNamed);
  return [
    ...(isNotFound(systolic) ? (['systolic'] as const) : []),
    ...(isNotFound(diastolic) ? (['diastolic'] as const) : []),
  ];
}

export function assumedOf(sides: readonly Side[], isMmHgTheContract: boolean): Assumption[] {
  return [
    ...(!isMmHgTheContract && sides.some(({ isUnitless }) => isUnitless) ? (['mmHg'] as const) : []),
    ...(sides.some(({ isBound }) => isBound) ? (['comparator'] as const) : []),
    ...(sides.some(({ values }) => values.length > 1) ? (['worstOfSeveral'] as const) : []),
  ];
}

/** Without the error codes, which are negative, unless there is nothing else. */
export function leastOf(values: readonly number[]): number | null {
  const measured = values.filter((value) => value >= 0);
  return (measured.length > 0 ? measured : values).toSorted((a, b) => a - b)[0] ?? null;
}
