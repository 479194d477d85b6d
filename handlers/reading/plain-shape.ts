/**
 * A measurement of named values. Vigil's own shape is `{ deviceId, patientId, ward, bed, measuredAt, systolic, diastolic, ... }`,
 * the first devices' `{ id, systolic, diastolic }`; what other senders call these fields is read alike.
 */
import type { Assumption, Cohort, Quality } from '../clinical/reading.ts';
import { namedBy } from '../naming/stand-in.ts';
import { type Name, nowhereElse, patientCalled, patientNamesIn } from './fhir-reference.ts';
import { leastOf } from './fhir-shape.ts';
import { type FactName, factNamed, plainName, vitalNamed } from './field-names.ts';
import type { IdentityKey } from './identity.ts';
import { jsonOf } from './json-text.ts';
import {
  assumedOf,
  isRecord,
  isSaid,
  notFoundOf,
  pairsOf,
  placeNameOf,
  type Shaped,
  type Side,
  tooMany,
} from './measurement.ts';
import { deviceIdOf, isPlainId } from './named-id.ts';
import { NUMBER_NAMES, type PressureSaid } from './pressure-value.ts';
import { type StatedTime, timeOf } from './stated-time.ts';

/** What is said of the measurement under one name. */
type Fact = { name: string; value: unknown };
/** By kind; of each kind what the nearest object around the values says, best first. */
export type Facts = Partial<Record<FactName, Fact[]>>;

/** The facts of an object; those of an exact name come first. */
export function factsIn(object: Record<string, unknown>): Facts {
  const facts: Facts = {};
  const ranks = new Map<Fact, number>();
  for (const [name, value] of Object.entries(object)) {
    const found = factNamed(name);
    if (found === undefined || value === undefined) continue;
    if (found.fact === 'id' && !mayBeDevice(object, value)) continue;
    const fact = { name, value };
    ranks.set(fact, found.rank);
    facts[found.fact] = [...(facts[found.fact] ?? []), fact];
  }
  for (const list of Object.values(facts)) list.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
  return facts;
}

/** Events have ids of their own, and a vital sign may be named by one. */
function mayBeDevice(object: Record<string, unknown>, id: unknown): boolean {
  const isEvent = ['detail-type', 'specversion', 'resourceType'].some((name) => name in object);
  const isVital = typeof id === 'string' && vitalNamed(id) !== undefined;
  return !isEvent && !(isVital && NUMBER_NAMES.some((name) => name in object));
}

export type PlainValues = { systolic: Side; diastolic: Side; mean: PressureSaid; pulse: PressureSaid };

/** `isOwn`: named exactly as Vigil names them, so that mmHg goes without saying. */
export function shapedOfPlain(
  { systolic, diastolic, mean, pulse }: PlainValues,
  facts: Facts,
  { key, zone, isOwn }: { key: IdentityKey; zone: string; isOwn: boolean },
): Shaped {
  const device = deviceIn(facts);
  const patient = patientIn(facts, key);
  const named = namedBy(device, patient);
  const isLegacy = !facts.ownDevice && !facts.ownTime && !facts.ownPatient;
  if (!named) {
    const isAnybodySaid = [...patientFacts(facts), ...deviceFacts(facts)].length > 0;
    if (!isAnybodySaid) return { unreadable: 'record: of no known shape' };
    if (isLegacy && facts.id) return { refused: 'id: names nobody for certain' };
    return { refused: 'deviceId, patientId: neither names anybody for certain' };
  }
  const many = tooMany('systolic', systolic) ?? tooMany('diastolic', diastolic);
  if (many !== null) return { refused: many, deviceId: named.deviceId };

  const time = timeIn(facts, zone);
  const isArrivalTheContract = isLegacy && !facts.time;
  const ageYears = ageOf(facts.ageYears?.[0]?.value);
  const cohort = cohortOf(facts.cohort?.[0]?.value);
  const quality = qualityOf(facts.quality?.[0]?.value);
  const meanArterialMmHg = leastOf(mean.values);
  const described: [string, Fact[] | undefined, unknown][] = [
    ['deviceId', deviceFacts(facts), device],
    ['patientId', patientFacts(facts), patient],
    ['ward', facts.ward, placeNameOf(facts.ward?.[0]?.value)],
    ['bed', facts.bed, placeNameOf(facts.bed?.[0]?.value)],
    ['meanArterial', mean.isUnclear ? [{ name: '', value: 'unclear' }] : [], meanArterialMmHg],
    ['pulse', pulse.isUnclear ? [{ name: '', value: 'unclear' }] : [], pulse.values[0] ?? null],
    ['ageYears', facts.ageYears, ageYears],
    ['cohort', facts.cohort, cohort],
    ['quality', facts.quality, quality],
  ];
  const assumed: Assumption[] = [
    ...(time === null && !isArrivalTheContract ? (['timeOfArrival'] as const) : []),
    ...(time?.isLocal ? (['hospitalZone'] as const) : []),
    ...assumedOf([systolic, diastolic], isOwn),
  ];
  return {
    measurement: {
      ...named,
      ward: placeNameOf(facts.ward?.[0]?.value),
      bed: placeNameOf(facts.bed?.[0]?.value),
      cohort,
      ageYears,
      measuredAt: time?.at ?? null,
      isMidnight: time?.isMidnight ?? false,
      notFound: notFoundOf(systolic, diastolic),
      meanArterialMmHg,
      pulseBpm: pulse.values.length === 1 ? (pulse.values[0] ?? null) : null,
      // A word for the quality that Vigil does not know is a doubt, not a reason to leave the patient out.
      quality: quality ?? (isSaid(facts.quality?.[0]?.value) ? 'questionable' : 'measured'),
      ownId: null,
      replaces: false,
      source: isLegacy && !patient ? 'legacy' : 'vigil',
      ignored: described.flatMap(([name, said, understood]) =>
        understood === null && (said ?? []).some(({ value }) => isSaid(value)) ? [name] : [],
      ),
      assumed,
    },
    pairs: pairsOf(systolic, diastolic),
  };
}

function deviceFacts(facts: Facts): Fact[] {
  return [...(facts.ownDevice ?? facts.device ?? facts.id ?? [])];
}

function patientFacts(facts: Facts): Fact[] {
  return [...(facts.ownPatient ?? []), ...(facts.patient ?? [])];
}

/** `{ id }`, `{ serial }` and a reference of FHIR name a device, too. */
export function deviceIn(facts: Facts): string | null {
  for (const { value } of [...(facts.ownDevice ?? []), ...(facts.device ?? []), ...(facts.id ?? [])]) {
    const inside = isRecord(value)
      ? (value.deviceId ?? value.id ?? value.serial ?? value.serialNumber)
      : value;
    const name = deviceIdOf(inside);
    if (name !== null) return name;
  }
  return null;
}

/**
 * `patientId` is a pseudonym of ours, however it is written; anything else that names a patient may be a record number, and
 * one alone may be several people's: what is said of one kind by another house, or beside another number, is another
 * patient. Two pseudonyms that differ leave open whose the reading is.
 */
export function patientIn(facts: Facts, key: IdentityKey): string | null {
  const own = new Set(
    (facts.ownPatient ?? []).flatMap(({ value }) => patientCalled(ownNames(value), key) ?? []),
  );
  if (own.size > 1) return null;
  for (const name of own) return name;
  const names = (facts.patient ?? []).flatMap(({ name, value }) => otherNames(plainName(name), value));
  const authorities = (facts.authority ?? []).map(({ name, value }) => [name, value] as const);
  return patientCalled(partedBy(Object.fromEntries(authorities), names), key);
}

const AUTHORITY =
  /^(?:assigner|.*(?:authority|issuer|namespace|facility|facilityid|hospital|hospitalid|tenant|tenantid|system))$/;

function ownNames(value: unknown): Name[] {
  if (isRecord(value)) return otherNames('patientid', value);
  const isPlain = typeof value !== 'string' || isPlainId(value.trim());
  return referenceIn(value) ?? [{ kind: isPlain ? 'id' : 'text', within: '', id: value }];
}

function otherNames(kind: string, value: unknown): Name[] {
  if (!isRecord(value)) {
    // The subject of a message may be its heading.
    return referenceIn(value) ?? (kind === 'subject' ? [] : [{ kind: 'field', within: kind, id: value }]);
  }
  const inside = factsIn(value);
  if (inside.ownPatient) return inside.ownPatient.flatMap((fact) => ownNames(fact.value));
  const names = [
    ...(inside.patient ?? []).flatMap((fact) => otherNames(plainName(fact.name), fact.value)),
    ...(value.id === undefined ? [] : otherNames(`${kind}.id`, value.id)),
    ...(value.value === undefined ? [] : otherNames(kind, value.value)),
  ];
  return [...partedBy(value, names), ...patientNamesIn(value, nowhereElse)];
}

/** Who gives a number out, and of what kind it is, part two that are alike. */
function partedBy(said: Record<string, unknown>, names: readonly Name[]): Name[] {
  const parts = Object.entries(said).filter(
    ([name, value]) =>
      isSaid(value) && (AUTHORITY.test(plainName(name)) || (name === 'type' && 'value' in said)),
  );
  if (parts.length === 0) return [...names];
  return names.map((name) => ({ ...name, within: jsonOf([name.within, parts]) }));
}

function referenceIn(value: unknown): Name[] | undefined {
  const isReference = typeof value === 'string' && /^[^\s]*Patient[/?]/.test(value.trim());
  return isReference ? patientNamesIn({ reference: value }, nowhereElse) : undefined;
}

/** The first that can be read without assuming anything, else with the hospital's clocks. */
function timeIn(facts: Facts, zone: string): StatedTime | null {
  const said = [...(facts.ownTime ?? []), ...(facts.time ?? [])];
  const day = said.find(({ name }) => plainName(name) === 'date')?.value;
  const times = said.flatMap(({ name, value }) => {
    const isOfDay =
      plainName(name) === 'time' &&
      typeof value === 'string' &&
      typeof day === 'string' &&
      /^\d\d?:\d\d/.test(value);
    return timeOf(isOfDay ? `${day} ${value}` : value, zone) ?? [];
  });
  return times.find(({ isLocal }) => !isLocal) ?? times[0] ?? null;
}

function ageOf(said: unknown): number | null {
  const years =
    typeof said === 'string' ? Number(/^\s*>?\s*(\d+(?:\.\d+)?)\s*$/.exec(said)?.[1] ?? Number.NaN) : said;
  return typeof years === 'number' && Number.isFinite(years) && years >= 0 ? years : null;
}

const cohortWords: readonly [RegExp, Cohort][] = [
  [/^adults?$/, 'adult'],
  [/^(?:obstetric|obstetrics|maternity|maternal|pregnan(?:t|cy)|antenatal|postnatal|ob)$/, 'obstetric'],
  [/^(?:child|children|p(?:a)?ediatrics?|neonat(?:e|al)|infant|newborn)$/, 'child'],
];

function cohortOf(said: unknown): Cohort | null {
  const word = typeof said === 'string' ? plainName(said) : '';
  return cohortWords.find(([pattern]) => pattern.test(word))?.[1] ?? null;
}

const qualities: readonly Quality[] = ['measured', 'questionable', 'invalid', 'test', 'demo'];

function qualityOf(said: unknown): Quality | null {
  const word = typeof said === 'string' ? said.trim().toLowerCase() : '';
  return qualities.find((quality) => quality === word) ?? null;
}
