/** Bytes of the stream in, readings out, and what cannot be read with its reason. The consumer and the archive both read by this. */
import { CHILD_UNDER_YEARS } from '../clinical/policies.ts';
import { type DeviceRegistry, type Placement, placeOf } from './device-registry.ts';
import { parseFhir } from './fhir-shape.ts';
import { type IdentityKey, readingIdOf } from './identity.ts';
import { elementsOf } from './json-elements.ts';
import { parseLegacy } from './legacy-shape.ts';
import type { Measurement, Shaped } from './measurement.ts';
import type { Reading } from './reading.ts';
import { parseVigil } from './vigil-shape.ts';

/** Where in the stream a record stands, and when it came: ISO 8601 UTC. */
export type Origin = { shardId: string; sequenceNumber: string; arrivedAt: string };

export type Readable = {
  index: number;
  reading: Reading;
  /** Optional fields of the wrong kind that the reading does without. */
  ignored: string[];
  /** What of its place the roster does not know. */
  unknown: Placement['unknown'];
};

/** What reading needs to know of the stage: where its devices stand, and the key of its identities. */
export type StageKnowledge = DeviceRegistry & { readonly identityKey: IdentityKey };

/** `reason` names fields and kinds, never values. `refused`: it was understood, but holds nothing to judge, or nobody. */
export type Unreadable = { index: number; reason: string; refused: boolean; bytes: Uint8Array };

const NO_PRESSURE = 'no pressure: each is absent or negative';

/** More unreadable elements than these in one list are kept as one record: a waveform sent here must not become thousands of objects. */
const KEPT_SINGLY = 20;

/** One JSON object is one reading; a list of them is several, by index. Total: never throws, and never gives nothing. */
export function parseRecord(
  bytes: Uint8Array,
  origin: Origin,
  registry: StageKnowledge,
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
  registry: StageKnowledge,
  bytes: () => Uint8Array,
): Readable | Unreadable {
  const shaped = shapeOf(item, registry.identityKey);
  if ('unreadable' in shaped) return { index, reason: shaped.unreadable, refused: false, bytes: bytes() };
  if ('refused' in shaped) return { index, reason: shaped.refused, refused: true, bytes: bytes() };
  const { measurement } = shaped;
  if (!hasPressure(measurement)) return { index, reason: NO_PRESSURE, refused: true, bytes: bytes() };
  // A ward of the wrong kind is one that nobody knows, and its bed is no other ward's.
  const statedWard = measurement.ignored.includes('ward') ? '' : measurement.ward;
  const { unknown, ...place } = placeOf({ ...measurement, ward: statedWard }, registry);
  const readingId = readingIdOf(measurement, origin.sequenceNumber, index, registry.identityKey);
  const { ignored, ...said } = measurement;
  const reading: Reading = {
    ...said,
    readingId,
    bothNamed: measurement.deviceId !== measurement.patientId,
    ...place,
    cohort: cohortOf(measurement),
    measuredAt: measurement.measuredAt ?? origin.arrivedAt,
    arrivedAt: origin.arrivedAt,
  };
  return { index, reading, ignored, unknown };
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

/** A device that calls its pressures otherwise must not become a harmless reading. A negative one is an error code. */
function hasPressure(said: Measurement): boolean {
  return [said.systolicMmHg, said.diastolicMmHg, said.meanArterialMmHg].some((value) => (value ?? -1) >= 0);
}

/** As stated, else by age; without either, an adult. */
function cohortOf({ cohort, ageYears }: Measurement): Reading['cohort'] {
  return cohort ?? (ageYears !== null && ageYears < CHILD_UNDER_YEARS ? 'child' : 'adult');
}
