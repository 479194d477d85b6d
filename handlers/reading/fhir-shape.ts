/**
 * An Observation of FHIR (R4 and R5) that tells a blood pressure: https://hl7.org/fhir/R4/bp.html as it is written, and what
 * senders make of it. Two pairs of pressures are two readings; either pressure may be absent with a reason.
 */
import type { Assumption, Quality } from '../clinical/reading.ts';
import { namedBy } from '../naming/stand-in.ts';
import { componentsOf, isWithdrawn, statusOf, withoutMembers } from './fhir-members.ts';
import { type Around, deviceAsSubject, deviceOf, patientOfReference } from './fhir-reference.ts';
import { type Vital, vitalByStem, vitalLooselyNamed, vitalNamed } from './field-names.ts';
import { type IdentityKey, measurementPseudonym } from './identity.ts';
import {
  assumedOf,
  isRecord,
  isSaid,
  leastOf,
  type Measurement,
  notFoundOf,
  pairsOf,
  type Shaped,
  type Side,
  tooMany,
} from './measurement.ts';
import { pairAnywhereIn } from './pair-text.ts';
import { nothing, type PressureSaid, pressureOf, together, unclear } from './pressure-value.ts';
import { timeOf } from './stated-time.ts';

type Resource = Record<string, unknown>;
/** What one component, or the Observation itself, says of one vital sign. */
type Part = { vital: Vital; said: PressureSaid; isNamed: boolean };
/** The stage's key, and the hospital's zone. */
export type ReadWith = { key: IdentityKey; zone: string };

/** One for each pair of pressures; where there is none, why. Total, and never empty. */
export function parseFhir(observation: Resource, around: Around, read: ReadWith): Shaped[] {
  return withoutMembers(observation, around, read.key).flatMap((one) => parseOne(one, around, read));
}

function parseOne(observation: Resource, around: Around, { key, zone }: ReadWith): Shaped[] {
  const parts = [observation, ...componentsOf(observation)].flatMap(vitalsOf);
  const device = deviceOf(observation.device, key, around);
  const patient = patientOfReference(observation.subject, key, around);
  const source = device ?? deviceAsSubject(observation.subject, key, around);
  const named = namedBy(source?.id ?? null, patient, source?.unique);
  if (!named) {
    if (!isSaid(observation.device) && !isSaid(observation.subject))
      return [{ unreadable: 'subject: missing' }];
    return [{ refused: 'subject, device: neither names anybody for certain' }];
  }
  const ignored = [
    ...(isSaid(observation.device) && device === null ? ['device'] : []),
    ...(isSaid(observation.subject) && patient === null ? ['subject'] : []),
  ];
  const { at, isMidnight, assumed } = effectiveOf(observation, zone);
  const isModified = [observation, ...componentsOf(observation)].some(
    ({ modifierExtension }) => Array.isArray(modifierExtension) && modifierExtension.length > 0,
  );
  const doubts: Assumption[] = [...assumed, ...(isModified ? (['modifierExtension'] as const) : [])];
  const said = {
    ...named,
    ward: null,
    bed: null,
    cohort: null,
    ageYears: null,
    measuredAt: at,
    isMidnight,
    quality: qualityOf(observation),
    ownId: ownIdOf(observation, at, key),
    replaces: isWithdrawn(observation) || AMENDED.includes(statusOf(observation)),
    source: 'fhir' as const,
  };
  return measurementsIn(parts).map((group) => shapedOf(group, said, { ignored, doubts }));
}

type Said = Omit<Measurement, 'notFound' | 'meanArterialMmHg' | 'pulseBpm' | 'ignored' | 'assumed'>;

function shapedOf(parts: Part[], said: Said, beside: { ignored: string[]; doubts: Assumption[] }): Shaped {
  const [systolic, diastolic, mean, pulse] = (['systolic', 'diastolic', 'mean', 'pulse'] as const).map(
    (vital) => sideOf(parts, vital),
  ) as [Side, Side, Side, Side];
  const many = tooMany('systolic', systolic) ?? tooMany('diastolic', diastolic);
  if (many !== null) return { refused: many, deviceId: said.deviceId };
  const isMeanClear = !mean.isUnclear && mean.values.length <= 1;
  const isPulseClear = !pulse.isUnclear && pulse.values.length <= 1;
  const measurement: Measurement = {
    ...said,
    notFound: notFoundOf(systolic, diastolic),
    // Of several means the least: only a low one alarms. A rate that is not certain is none.
    meanArterialMmHg: leastOf(mean.values),
    pulseBpm: pulse.values.length === 1 ? (pulse.values[0] ?? null) : null,
    ignored: [
      ...beside.ignored,
      ...(systolic.values.length > 1 ? ['systolic'] : []),
      ...(diastolic.values.length > 1 ? ['diastolic'] : []),
      ...(isMeanClear ? [] : ['meanArterial']),
      ...(isPulseClear ? [] : ['pulse']),
    ],
    assumed: [...beside.doubts, ...assumedOf([systolic, diastolic], false)],
  };
  return { measurement, pairs: pairsOf(systolic, diastolic) };
}

function sideOf(parts: Part[], vital: Vital): Side {
  const ofVital = parts.filter((part) => part.vital === vital);
  return { ...together(ofVital.map(({ said }) => said)), isNamed: ofVital.some(({ isNamed }) => isNamed) };
}

/**
 * Several measurements only where each systolic pressure has its diastolic one next to it; what comes after a pair belongs
 * to it. Any other order does not say which belong together, and the worse is judged.
 */
function measurementsIn(parts: Part[]): Part[][] {
  const pressures = parts.filter(
    ({ vital, said }) => vital !== 'pulse' && vital !== 'mean' && said.values.length > 0,
  );
  const [first, second] = pressures.map(({ vital }) => vital);
  const alternate =
    pressures.length >= 4 &&
    pressures.length % 2 === 0 &&
    first !== second &&
    pressures.every(({ vital }, index) => vital === (index % 2 === 0 ? first : second));
  if (!alternate) return [parts];
  const groups: Part[][] = [];
  const beginnings = new Set(pressures.filter((_, index) => index % 2 === 0));
  for (const part of parts) {
    if (beginnings.has(part)) groups.push([]);
    groups.at(-1)?.push(part);
  }
  return groups;
}

function vitalsOf(holder: Resource): Part[] {
  const vital = vitalOfConcept(holder.code);
  const values = Object.entries(holder).filter(
    ([name, value]) => /^value(?:[A-Z]|$)/.test(name) && value !== undefined,
  );
  if (vital === undefined || vital === 'pair')
    return values.flatMap(([, value]) => partsOfPair(value, vital === 'pair'));
  const said = together(values.map(([name, value]) => saidAs(name, value, vital)));
  const isAbsent = isSaid(holder.dataAbsentReason) || values.some(([, value]) => value === null);
  const isUnclear = said.isUnclear || (said.values.length === 0 && !isAbsent);
  return [{ vital, said: { ...said, isUnclear }, isNamed: isAbsent || said.values.length > 0 }];
}

/** A value that is a pair of numbers says both pressures; on what is called a blood pressure anything else is unclear. */
function partsOfPair(value: unknown, isPressure: boolean): Part[] {
  if (isRecord(value) && isRecord(value.numerator) && isRecord(value.denominator) && isPressure)
    return bothOf(pressureOf(value.numerator), pressureOf(value.denominator), nothing());
  const pair = isPressure ? pairAnywhereIn(value) : null;
  return pair ? bothOf(...pair) : [];
}

function bothOf(systolic: PressureSaid, diastolic: PressureSaid, mean: PressureSaid): Part[] {
  return [
    { vital: 'systolic', said: systolic, isNamed: true },
    { vital: 'diastolic', said: diastolic, isNamed: true },
    { vital: 'mean', said: mean, isNamed: false },
  ];
}

function saidAs(name: string, value: unknown, vital: Vital): PressureSaid {
  if (vital === 'pulse') {
    const rate = isRecord(value) ? value.value : value;
    return pressureOf(typeof rate === 'string' ? rate.replace(/\s*(?:bpm|\/min)$/i, '') : rate);
  }
  const isReadable = [
    'value',
    'valueQuantity',
    'valueInteger',
    'valueDecimal',
    'valueString',
    'valueRange',
  ].includes(name);
  if (isReadable) return pressureOf(value);
  const text = name === 'valueCodeableConcept' && isRecord(value) ? value.text : undefined;
  return typeof text === 'string' ? pressureOf(text) : unclear();
}

/** By any of its codes, else by what it is called. */
export function vitalOfConcept(concept: unknown): Vital | undefined {
  if (typeof concept === 'string')
    return vitalNamed(concept) ?? vitalLooselyNamed(concept, false) ?? vitalByStem(concept);
  if (!isRecord(concept)) return undefined;
  const codings = [concept.coding].flat().filter(isRecord);
  const names = [...codings.map(({ code }) => code), ...codings.map(({ display }) => display), concept.text];
  for (const name of names) {
    const vital = typeof name === 'string' || typeof name === 'number' ? vitalNamed(String(name)) : undefined;
    if (vital) return vital;
  }
  return undefined;
}

/** The first that can be read without assuming anything, else with the hospital's clocks; `issued` where nothing else is. */
function effectiveOf(
  observation: Resource,
  zone: string,
): { at: string | null; isMidnight: boolean; assumed: Assumption[] } {
  const period = (said: unknown) => (isRecord(said) ? [said.end, said.start] : []);
  const timing = isRecord(observation.effectiveTiming) ? observation.effectiveTiming : {};
  const repeat = isRecord(timing.repeat) ? period(timing.repeat.boundsPeriod) : [];
  const said = [
    observation.effectiveDateTime,
    observation.effectiveInstant,
    ...period(observation.effectivePeriod),
    ...(Array.isArray(timing.event) ? timing.event.toReversed() : [timing.event]),
    ...repeat,
  ].flatMap((time) => timeOf(time, zone) ?? []);
  const time = said.find(({ isLocal }) => !isLocal) ?? said[0];
  if (time) return { ...time, assumed: time.isLocal ? ['hospitalZone'] : [] };
  const issued = timeOf(observation.issued, zone);
  if (issued) return { ...issued, assumed: issued.isLocal ? ['issued', 'hospitalZone'] : ['issued'] };
  return { at: null, isMidnight: false, assumed: ['timeOfArrival'] };
}

/**
 * An identifier is the measurement's wherever it is sent from, an id its server's. With its time, since either may be that
 * of an order, of a template or of a device's newest measurement, and come again with another one.
 */
function ownIdOf({ identifier, id }: Resource, at: string | null, key: IdentityKey): string | null {
  const named = [identifier].flat().filter(isRecord);
  for (const { value, system } of [...named, { value: id, system: null }]) {
    const isId = ['string', 'number', 'bigint'].includes(typeof value) && isSaid(value);
    if (isId)
      return measurementPseudonym([typeof system === 'string' ? system : '', String(value), at ?? ''], key);
  }
  return null;
}

const AMENDED = ['amended', 'corrected'];

function qualityOf(observation: Resource): Quality {
  if (isWithdrawn(observation)) return 'withdrawn';
  return ['final', ...AMENDED].includes(statusOf(observation)) ? 'measured' : 'questionable';
}
