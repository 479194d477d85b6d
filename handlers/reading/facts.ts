/** What a message says of a measurement beside its values: of whom it is, what took it, when and where. */
import { type Name, nowhereElse, patientCalled, patientNamesIn } from './fhir-reference.ts';
import type { ReadWith } from './fhir-shape.ts';
import { type FactName, factNamed, plainName, vitalNamed } from './field-names.ts';
import type { IdentityKey } from './identity.ts';
import { jsonOf, Repeated } from './json-text.ts';
import { isRecord, isSaid } from './measurement.ts';
import { deviceIdOf, isPlainId, saysNobody } from './named-id.ts';
import { NUMBER_NAMES } from './pressure-value.ts';
import { type StatedTime, timeOf } from './stated-time.ts';

/** What is said of the measurement under one name. `isWithin`: of a bed or channel, that it is one of several of the device, which is named further out. */
export type Fact = { name: string; value: unknown; isWithin?: true };
/** By kind; of each kind what the nearest object around the values says, best first. */
export type Facts = Partial<Record<FactName, Fact[]>>;

/** More than anybody says of one kind; each is looked at for each measurement. */
export const MOST_OF_A_KIND = 8;

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
    const alike = facts[found.fact];
    if (alike) alike.push(fact);
    else facts[found.fact] = [fact];
  }
  for (const [name, list] of Object.entries(facts) as [FactName, Fact[]][])
    facts[name] = list.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0)).slice(0, MOST_OF_A_KIND);
  return facts;
}

/** Events have ids of their own, and a vital sign may be named by one. */
function mayBeDevice(object: Record<string, unknown>, id: unknown): boolean {
  const isEvent = ['detail-type', 'specversion', 'resourceType'].some((name) => name in object);
  const isVital = typeof id === 'string' && vitalNamed(id) !== undefined;
  return !isEvent && !(isVital && NUMBER_NAMES.some((name) => name in object));
}

/**
 * The facts around a measurement, of which the nearer count. Where the nearer ones name nobody and no time, and do not say
 * that it is somebody whom they cannot name, they say nothing against those further out.
 */
export function factsAround(outer: Facts, own: Facts, readWith: ReadWith): Facts {
  const { ownPatient, patient, ownDevice, device, id, ownTime, time, bed, channel, ...rest } = own;
  const around: Facts = { ...outer };
  for (const [name, said] of Object.entries(rest) as [FactName, Fact[]][])
    if (!outer[name] || said.some(({ value }) => isSaid(value))) around[name] = said;
  const replace = (names: readonly FactName[], counts: boolean) => {
    if (!counts && names.some((name) => outer[name])) return;
    for (const name of names) {
      if (counts) delete around[name];
      if (own[name]) around[name] = own[name];
    }
  };
  replace(
    ['ownPatient', 'patient'],
    patientIn(own, readWith.key) !== null || isAnybody(own.ownPatient, own.patient),
  );
  const isOwnDevice =
    deviceIn({ ...(ownDevice && { ownDevice }), ...(device && { device }) }) !== null ||
    isAnybody(ownDevice, device);
  replace(['ownDevice', 'device', 'id'], isOwnDevice);
  if (id && !isOwnDevice) around.id = id;
  replace(['ownTime', 'time'], timeIn(own, readWith.zone) !== null);
  const isWithin = !isOwnDevice && deviceIn(outer) !== null;
  for (const part of ['bed', 'channel'] as const) {
    const said = own[part];
    if (!said || (outer[part] && !said.some(({ value }) => isSaid(value)))) continue;
    around[part] = isWithin ? said.map((fact) => ({ ...fact, isWithin })) : said;
  }
  return around;
}

/** True when it says of somebody, for certain or not; a heading does not, nor a description without an id. */
function isAnybody(...lists: (Fact[] | undefined)[]): boolean {
  return lists
    .flatMap((list) => list ?? [])
    .some(({ name, value }) => plainName(name) !== 'subject' && isAnId(value));
}

function isAnId(value: unknown): boolean {
  if (!isRecord(value)) return isSaid(value);
  if (value instanceof Repeated) return true;
  const { ownPatient, patient, ownDevice, device } = factsIn(value);
  const ids = [value.id, value.value, value.reference, value.identifier, value.serial];
  return ids.some(isSaid) || isAnybody(ownPatient, patient, ownDevice, device);
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

/** True where somebody is said, for certain or not. */
export function isPatientSaid({ ownPatient = [], patient = [] }: Facts): boolean {
  const names = [
    ...ownPatient.flatMap(({ value }) => ownNames(value)),
    ...patient.flatMap(({ name, value }) => otherNames(plainName(name), value)),
  ];
  return names.some(({ id }) => isSaid(id) && (typeof id === 'object' || !saysNobody(String(id))));
}

const AUTHORITY =
  /^(?:assigner|.*(?:authority|issuer|namespace|facility|facilityid|hospital|hospitalid|tenant|tenantid|system))$/;

function ownNames(said: unknown): Name[] {
  const value = onlyOf(said);
  if (isRecord(value)) return otherNames('patientid', value);
  const isPlain = typeof value !== 'string' || isPlainId(value.trim());
  return referenceIn(value) ?? [{ kind: isPlain ? 'id' : 'text', within: '', id: value }];
}

function otherNames(kind: string, said: unknown): Name[] {
  const value = onlyOf(said);
  if (!isRecord(value)) {
    const isOther = isNoNumber(kind, value);
    return referenceIn(value) ?? (isOther ? [] : [{ kind: 'field', within: kind, id: value }]);
  }
  const inside = factsIn(value);
  if (inside.ownPatient) return inside.ownPatient.flatMap((fact) => ownNames(fact.value));
  const names = [
    ...(inside.patient ?? []).flatMap((fact) => otherNames(plainName(fact.name), fact.value)),
    ...(value.id === undefined ? [] : otherNames(`${kind}.id`, value.id)),
    ...(value.value === undefined ? [] : otherNames(kind, value.value)),
    ...NUMBERS.flatMap((name) =>
      value[name] === undefined ? [] : otherNames(`${kind}.${name}`, value[name]),
    ),
  ];
  const identifier = value.identifier ?? value.identifiers;
  return [...partedBy(value, names), ...patientNamesIn({ ...value, identifier }, nowhereElse)];
}

/**
 * The subject of a message may be its heading, a description no number, a `pid` a process's, and a hospital's number the
 * hospital's own.
 */
function isNoNumber(kind: string, value: unknown): boolean {
  if (kind === 'subject' || DESCRIPTIONS.has(kind)) return true;
  if (kind === 'pid') return typeof value !== 'string';
  return kind.startsWith('hosp') && /^\d{1,4}$/.test(String(value));
}

const DESCRIPTIONS = new Set(['patientinfo', 'patientdetails', 'patientdata', 'demographics']);

/** What else a number is called in what is a patient. */
const NUMBERS = ['number', 'no', 'uuid', 'guid', 'key', 'ref'];

/** A list of one is that one. */
function onlyOf(said: unknown): unknown {
  return Array.isArray(said) && said.length === 1 ? said[0] : said;
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

/** A time that is called the measurement's counts before any other, which may be a gateway's or an event's. */
export function timeIn(facts: Facts, zone: string): StatedTime | null {
  const isMeasured = ({ name }: Fact) => !AT_LARGE.test(plainName(name));
  const [measured, atLarge] = [
    (facts.time ?? []).filter(isMeasured),
    (facts.time ?? []).filter((it) => !isMeasured(it)),
  ];
  return firstOf(facts.ownTime ?? [], zone) ?? firstOf(measured, zone) ?? firstOf(atLarge, zone);
}

/** Of no certain event. */
const AT_LARGE = /^(?:datetime|timestamp|time|ts|date)$/;

/** The first that can be read without assuming anything, else with the hospital's clocks. */
function firstOf(said: readonly Fact[], zone: string): StatedTime | null {
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
