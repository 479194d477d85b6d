/**
 * Bytes of the stream in, judged readings out, and what cannot be read or judged with its reason. The consumer and the
 * archive both read by this, so that what one refuses the other does not hold.
 */
import { choosePolicy, type WardPolicies } from '../clinical/choose-policy.ts';
import { isWorseJudged, type Judgement, judge } from '../clinical/judge.ts';
import { CHILD_UNDER_YEARS } from '../clinical/policies.ts';
import type { Reading } from '../clinical/reading.ts';
import { isStandIn } from '../naming/stand-in.ts';
import { type DeviceRegistry, type Placement, placeOf } from './device-registry.ts';
import { parseFhir } from './fhir-shape.ts';
import { type IdentityKey, type Origin, readingIdOf } from './identity.ts';
import { elementsOf } from './json-elements.ts';
import { parseLegacy } from './legacy-shape.ts';
import type { Measurement, Shaped } from './measurement.ts';
import { parseVigil } from './vigil-shape.ts';

export type Readable = {
  index: number;
  reading: Reading;
  judgement: Judgement;
  /** Optional fields of the wrong kind that the reading does without. */
  ignored: string[];
  /** What of its place the roster does not know. */
  unknown: Placement['unknown'];
};

/** What reading and judging need of the roster and of the stage. */
export type WardRegistry = Omit<DeviceRegistry & WardPolicies, 'wards'> & {
  readonly wards: readonly (DeviceRegistry['wards'][number] & WardPolicies['wards'][number])[];
  readonly identityKey: IdentityKey;
};

/** `reason` names fields and kinds, never values. `refused`: it was understood, but holds nothing to judge, or nobody. */
export type Unreadable = { index: number; reason: string; refused: boolean; bytes: Uint8Array };

const NO_PRESSURE = 'no pressure: each is absent or negative';
const HARMLESS_MEAN = 'no pressure but a mean, which does not alarm';

/** More unreadable elements than these in one list are kept as one record: a waveform sent here must not become thousands of objects. */
const KEPT_SINGLY = 20;

/** One JSON object is one reading; a list of them is several, by index. Total: never throws, and never gives nothing. */
export function parseRecord(
  bytes: Uint8Array,
  origin: Origin,
  registry: WardRegistry,
): (Readable | Unreadable)[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return [{ index: 0, reason: 'record: not UTF-8', refused: false, bytes }];
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return [{ index: 0, reason: 'record: not JSON', refused: false, bytes }];
  }
  if (!Array.isArray(content)) return [parseItem(content, 0, origin, registry, () => bytes)];
  if (content.length === 0) return [{ index: 0, reason: 'record: an empty list', refused: false, bytes }];
  let elements: string[] | undefined;
  const items = content.map((item, index) =>
    parseItem(item, index, origin, registry, () => {
      elements ??= elementsOf(text);
      return new TextEncoder().encode(elements[index]);
    }),
  );
  return bounded(items, bytes);
}

function bounded(items: (Readable | Unreadable)[], bytes: Uint8Array): (Readable | Unreadable)[] {
  const readable = items.filter((item) => 'reading' in item);
  const refused = items.length - readable.length;
  if (refused <= KEPT_SINGLY) return items;
  const first = items.find((item) => !('reading' in item)) as Unreadable;
  return [
    ...readable,
    { ...first, reason: `${refused} elements of the list, the first of them: ${first.reason}`, bytes },
  ];
}

function parseItem(
  item: unknown,
  index: number,
  origin: Origin,
  registry: WardRegistry,
  bytes: () => Uint8Array,
): Readable | Unreadable {
  const shaped = shapeOf(item, registry.identityKey);
  if ('unreadable' in shaped) return { index, reason: shaped.unreadable, refused: false, bytes: bytes() };
  if ('refused' in shaped) return { index, reason: shaped.refused, refused: true, bytes: bytes() };
  const { measurement, others = [] } = shaped;
  // A ward of the wrong kind is one that nobody knows, and its bed is no other ward's.
  const statedWard = measurement.ignored.includes('ward') ? '' : measurement.ward;
  const { unknown, ...place } = placeOf({ ...measurement, ward: statedWard }, registry);
  const { ignored, notFound, isMidnight: _, ...said } = measurement;
  const reading: Reading = {
    ...said,
    readingId: readingIdOf(measurement, others, { origin, index }, registry.identityKey),
    bothNamed: !isStandIn(measurement.deviceId) && !isStandIn(measurement.patientId),
    ...place,
    cohort: cohortOf(measurement),
    measuredAt: measurement.measuredAt ?? origin.arrivedAt,
    arrivedAt: origin.arrivedAt,
  };
  const judged = worstOf([reading, ...others.map((pressures) => ({ ...reading, ...pressures }))], registry);
  const reason = notToBeJudged(judged, notFound);
  if (reason !== null) return { index, reason, refused: true, bytes: bytes() };
  return { index, ...judged, ignored, unknown };
}

/** A reading by what it may be at its worst; of two alike the first. */
function worstOf(readings: Reading[], registry: WardRegistry): Pick<Readable, 'reading' | 'judgement'> {
  return readings
    .map((reading) => ({ reading, judgement: judge(reading, choosePolicy(reading, registry)) }))
    .reduce((worst, next) => (isWorseJudged(next.judgement, worst.judgement) ? next : worst));
}

/**
 * Why there is nothing to judge by; null when there is. A device that calls its pressures otherwise must not become a
 * harmless reading: what was not found may be what would alarm. A negative one is an error code.
 */
function notToBeJudged(
  { reading, judgement }: Pick<Readable, 'reading' | 'judgement'>,
  notFound: Measurement['notFound'],
): string | null {
  const isThere = (value: number | null) => (value ?? -1) >= 0;
  const hasPressure = isThere(reading.systolicMmHg) || isThere(reading.diastolicMmHg);
  if (!hasPressure && !isThere(reading.meanArterialMmHg)) return NO_PRESSURE;
  if (judgement.level !== null) return null;
  if (!hasPressure) return HARMLESS_MEAN;
  return notFound.length > 0
    ? `${notFound.join(', ')}: not found as a number, and what is there does not alarm`
    : null;
}

function shapeOf(item: unknown, key: IdentityKey): Shaped {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return { unreadable: 'record: not an object' };
  }
  const record = item as Record<string, unknown>;
  if (record.resourceType === 'Observation') return parseFhir(record, key);
  if (record.resourceType !== undefined) return { unreadable: 'resourceType: not Observation' };
  if ('deviceId' in record || 'measuredAt' in record) return parseVigil(record);
  if ('id' in record) return parseLegacy(record);
  return { unreadable: 'record: of no known shape' };
}

/** As stated, else by age; without either, an adult. */
function cohortOf({ cohort, ageYears }: Measurement): Reading['cohort'] {
  return cohort ?? (ageYears !== null && ageYears < CHILD_UNDER_YEARS ? 'child' : 'adult');
}
