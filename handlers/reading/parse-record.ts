/**
 * Bytes of the stream in, judged readings out, and what cannot be read or judged with its reason. The consumer and the
 * archive both read by this, so that what one refuses the other does not hold.
 */
import type { WardPolicies } from '../clinical/choose-policy.ts';
import type { Judgement } from '../clinical/judge.ts';
import { CHILD_UNDER_YEARS } from '../clinical/policies.ts';
import type { Reading } from '../clinical/reading.ts';
import { isStandIn } from '../naming/stand-in.ts';
import { type Placement, placeOf } from './device-registry.ts';
import type { TechnicalKind } from './faults.ts';
import { type IdentityKey, type Origin, readingIdOf, standingFor } from './identity.ts';
import type { Measurement, Pair } from './measurement.ts';
import { NO_PRESSURE, type Piece, piecesOf } from './pieces.ts';
import { plainlyRead } from './plain-record.ts';
import { isErrorCode } from './pressure-value.ts';
import { asRedriven, contentOf } from './redriven.ts';
import { type RegistryOverTime, registryInForce } from './registry-in-force.ts';
import { measurementIdOf } from './versions.ts';
import { type Judged, worstOf } from './worst-judged.ts';

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
export type WardRegistry = RegistryOverTime & {
  readonly patientLimits?: WardPolicies['patientLimits'];
  readonly identityKey: IdentityKey;
};

/** `reason` names fields and kinds, never values. `refused`: it was understood, but holds nothing to judge, or nobody. */
export type Unreadable = {
  index: number;
  reason: string;
  refused: boolean;
  technical: TechnicalKind;
  /** As it names itself, if it does. */
  deviceId?: string | undefined;
  bytes: Uint8Array;
};

const ERROR_CODES = "no pressure: both are a device's error codes";
const HARMLESS_MEAN = 'no pressure but a mean, which does not alarm';

/**
 * More measurements than anybody sends in one record: what an aggregating producer packs by default (50 KB) holds some 300,
 * and so many are claimed well within the consumer's minute.
 */
const MOST_READINGS = 500;

/** More unreadable elements than these in one record are kept as one: a waveform sent here must not become thousands of objects. */
const KEPT_SINGLY = 20;

/** Readings are numbered as they stand in the record. Total: never throws, and never gives nothing. */
export function parseRecord(
  record: Uint8Array,
  came: Origin,
  roster: WardRegistry,
): (Readable | Unreadable)[] {
  const { bytes, origin } = contentOf(record, came);
  const { identityKey, patientLimits } = roster;
  const inForce = registryInForce(roster, origin.arrivedAt);
  const registry = inForce === roster ? roster : { ...inForce, identityKey, patientLimits };
  const plain = plainlyRead(bytes);
  if (plain) {
    const where = { index: 0, within: 0, origin, isLossy: false, bytes: () => record };
    const item = judgedItem(plain, where, registry);
    return ['reading' in item ? item : withBytes(item)];
  }
  const pieces = piecesOf(bytes, { key: registry.identityKey, zone: registry.zone });
  const items = pieces.map((piece, index) => parseItem(piece, index, origin, registry));
  return bounded(items, record);
}

type Item = Readable | Refusal;
/** The bytes of each element would be many times those of the record. */
type Refusal = Omit<Unreadable, 'bytes'> & { bytes: () => Uint8Array };

/** In the order in which they stand; of too many readings those that alarm. */
function bounded(items: Item[], bytes: Uint8Array): (Readable | Unreadable)[] {
  const readable = items.flatMap((item) => ('reading' in item ? [item] : []));
  const refused = items.flatMap((item) => ('reading' in item ? [] : [item]));
  const [first] = refused;
  const kept =
    first && refused.length > KEPT_SINGLY
      ? [
          {
            ...first,
            reason: `${refused.length} elements of the list, the first of them: ${first.reason}`,
            bytes,
          },
        ]
      : refused.map(withBytes);
  if (readable.length <= MOST_READINGS) return inOrder([...readable, ...kept]);
  const alarms = ({ judgement }: Readable) => (judgement.level === null ? 1 : 0);
  const mostAlarming = readable.toSorted((a, b) => alarms(a) - alarms(b)).slice(0, MOST_READINGS);
  const reason = `record: more than ${MOST_READINGS} readings`;
  const beyond = { index: items.length, reason, refused: false, technical: 'unreadable' as const, bytes };
  return inOrder([...mostAlarming, ...kept, beyond]);
}

function inOrder(items: (Readable | Unreadable)[]): (Readable | Unreadable)[] {
  return items.sort((a, b) => a.index - b.index);
}

function withBytes(refusal: Refusal): Unreadable {
  return { ...refusal, bytes: refusal.bytes() };
}

function parseItem(
  { shaped, isLossy, bytes, subsequence, within }: Piece,
  index: number,
  origin: Origin,
  registry: WardRegistry,
): Item {
  const standing = { ...origin, subsequence: (origin.subsequence ?? 0) + subsequence };
  const { firstArrivedAt } = origin;
  const asItCame = firstArrivedAt === undefined ? bytes : () => asRedriven(bytes(), firstArrivedAt);
  const where = { index, within, origin: standing, isLossy, bytes: asItCame };
  if ('measurement' in shaped) return judgedItem(shaped, where, registry);
  const { deviceId } = shaped;
  if ('unreadable' in shaped) return { ...kept(shaped.unreadable, deviceId, where), refused: false };
  return kept(shaped.refused, deviceId, where);
}

/** Where in the record something stands, and how it was sent. */
type Where = { index: number; within: number; origin: Origin; isLossy: boolean; bytes: () => Uint8Array };

function kept(
  reason: string,
  deviceId: Unreadable['deviceId'],
  { index, bytes }: Where,
  technical: TechnicalKind = 'unreadable',
): Refusal {
  return { index, reason, refused: true, technical, deviceId, bytes };
}

function judgedItem(
  shaped: { measurement: Measurement; pairs: Pair[] },
  where: Where,
  registry: WardRegistry,
): Item {
  const { index, within, origin, isLossy } = where;
  const { measurement } = shaped;
  const { deviceId, ignored, notFound } = measurement;
  const measured = withoutErrorCodes(shaped.pairs);
  // Where the pressures are error codes alone, a mean may still tell of shock.
  const pairs = measured.length > 0 ? measured : [{ systolicMmHg: null, diastolicMmHg: null }];
  const [first] = pairs as [Pair];
  // A ward of the wrong kind is one that nobody knows, and its bed is no other ward's.
  const ward = ignored.includes('ward') ? '' : measurement.ward;
  const place = placeOf(
    { deviceId, ward, bed: measurement.bed, partitionKey: origin.partitionKey },
    registry,
  );
  const patientId = standingFor(measurement, place, registry.identityKey);
  const of = patientId === measurement.patientId ? measurement : { ...measurement, patientId };
  const measuredAt = measurement.measuredAt ?? origin.firstArrivedAt ?? origin.arrivedAt;
  const assumed = [...measurement.assumed];
  if (isLossy) assumed.push('unreadableCharacters');
  if (origin.firstArrivedAt) assumed.push('redriven');
  const reading: Reading = {
    readingId: readingIdOf(of, pairs, { origin, index: within }, registry.identityKey),
    measurementId: measurement.ownId ?? measurementIdOf(deviceId, measuredAt),
    deviceId,
    patientId,
    bothNamed: !isStandIn(deviceId) && !isStandIn(patientId),
    patientKnown: !isStandIn(patientId) || place.deviceFixed,
    ward: place.ward,
    bed: place.bed,
    deviceRegistered: place.deviceRegistered,
    placeKnown: place.placeKnown,
    cohort: cohortOf(measurement),
    ageYears: measurement.ageYears,
    measuredAt,
    arrivedAt: origin.arrivedAt,
    systolicMmHg: first.systolicMmHg,
    diastolicMmHg: first.diastolicMmHg,
    meanArterialMmHg: measurement.meanArterialMmHg,
    pulseBpm: measurement.pulseBpm,
    quality: assumed.length > 0 && measurement.quality === 'measured' ? 'questionable' : measurement.quality,
    assumed,
    replaces: measurement.replaces,
    source: measurement.source,
  };
  const judged = worstOf(reading, pairs, registry);
  const reason = notToBeJudged(judged, notFound, measured.length === 0);
  if (reason === null)
    return { index, reading: judged.reading, judgement: judged.judgement, ignored, unknown: place.unknown };
  return measured.length > 0
    ? kept(reason, deviceId, where)
    : kept(ERROR_CODES, deviceId, where, 'errorCode');
}

function withoutErrorCodes(pairs: Pair[]): Pair[] {
  return pairs.filter(({ systolicMmHg, diastolicMmHg }) => !isErrorCode(systolicMmHg, diastolicMmHg));
}

/**
 * Why there is nothing to judge by; null when there is. A device that calls its pressures otherwise must not become a
 * harmless reading: what was not found may be what would alarm. A negative one is an error code.
 */
function notToBeJudged(
  { reading, judgement }: Judged,
  notFound: Measurement['notFound'],
  areCodes: boolean,
): string | null {
  // It takes back what was said, and need not say it again.
  if (reading.quality === 'withdrawn') return null;
  const hasPressure = isThere(reading.systolicMmHg) || isThere(reading.diastolicMmHg);
  if (!hasPressure && !isThere(reading.meanArterialMmHg)) return NO_PRESSURE;
  if (judgement.level !== null) return null;
  if (!hasPressure) {
    // Of pressures that are said to be absent nothing was missed: a suspect reading, as one that lacks either.
    const isAbsent = reading.systolicMmHg === null && reading.diastolicMmHg === null;
    return isAbsent && notFound.length === 0 && !areCodes ? null : HARMLESS_MEAN;
  }
  if (notFound.length > 0)
    return `${notFound.join(', ')}: not found as a number, and what is there does not alarm`;
  return reading.assumed.includes('modifierExtension')
    ? 'modifierExtension: not known here, and without it the values do not alarm'
    : null;
}

function isThere(mmHg: number | null): boolean {
  return mmHg !== null && mmHg >= 0;
}

/** As stated, else by age; without either, an adult. */
function cohortOf({ cohort, ageYears }: Measurement): Reading['cohort'] {
  return cohort ?? (ageYears !== null && ageYears < CHILD_UNDER_YEARS ? 'child' : 'adult');
}
