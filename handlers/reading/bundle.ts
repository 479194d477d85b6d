/** A Bundle of FHIR: the Observations in it that tell a blood pressure, and what their references lead to. */
import type { Around } from './fhir-reference.ts';
import { vitalOfConcept } from './fhir-shape.ts';
import { jsonOf } from './json-text.ts';
import { isRecord } from './measurement.ts';

type Resource = Record<string, unknown>;
type Entry = { observation: Resource; fullUrl: string; entry: number };

function entriesOf(bundle: Resource): { resource: Resource; fullUrl: string; entry: number }[] {
  const entries = Array.isArray(bundle.entry) ? bundle.entry : [];
  return entries.flatMap((it, entry) => {
    if (!isRecord(it)) return [];
    const resource = isRecord(it.resource) ? it.resource : it;
    return [{ resource, fullUrl: typeof it.fullUrl === 'string' ? it.fullUrl : '', entry }];
  });
}

/** Other vital signs that monitors send along in Observations of their own: LOINC's for rates, oxygen, temperature, size. */
const OTHER_SIGNS = new Set([
  '8867-4',
  '9279-1',
  '59408-5',
  '2708-6',
  '20564-1',
  '8310-5',
  '8302-2',
  '29463-7',
  '39156-5',
  '59576-9',
  '8889-8',
]);

/** Without the members of another one, which reads them, and without other vital signs unless there is nothing else. */
export function observationsOf(bundle: Resource): Entry[] {
  const entries = entriesOf(bundle);
  const observations = entries.flatMap(({ resource, fullUrl, entry }): Entry[] => {
    if (resource.resourceType === 'Bundle') return observationsOf(resource).map((it) => ({ ...it, entry }));
    return resource.resourceType === 'Observation' ? [{ observation: resource, fullUrl, entry }] : [];
  });
  const { resolve } = bundleAround(bundle, {}, '');
  const members = new Set(
    observations.flatMap(({ observation }) =>
      (Array.isArray(observation.hasMember) ? observation.hasMember : []).flatMap((member) =>
        isRecord(member) && typeof member.reference === 'string' ? (resolve(member.reference) ?? []) : [],
      ),
    ),
  );
  const pressures = observations.filter(
    ({ observation }) => !members.has(observation) && !isOtherSign(observation),
  );
  return pressures.length > 0 ? together(pressures) : observations;
}

/** What else is in it: a report may hold Observations of its own. */
export function othersOf(bundle: Resource): Resource[] {
  return entriesOf(bundle)
    .map(({ resource }) => resource)
    .filter(({ resourceType }) => resourceType !== 'Observation' && resourceType !== 'Bundle');
}

/** Pressures of one patient, device and time in an Observation each are one measurement. */
function together(entries: Entry[]): Entry[] {
  const groups = Map.groupBy(entries, ({ observation, entry }) => {
    const { component, hasMember, subject, device } = observation;
    if (component !== undefined || hasMember !== undefined || subject === undefined) return entry;
    const time = Object.entries(observation).filter(([name]) => /^(?:effective|issued|status)/.test(name));
    return jsonOf([subject, device, observation.modifierExtension, time]);
  });
  return [...groups.values()].flatMap((group) => {
    const vitals = group.map(({ observation }) => vitalOfConcept(observation.code));
    const [first] = group;
    const isPair = group.length > 1 && new Set(vitals).size === group.length && !vitals.includes('pair');
    if (!isPair || !first) return group;
    const component = group.map(({ observation }) => observation);
    return [{ ...first, observation: { ...first.observation, code: {}, component } }];
  });
}

function isOtherSign({ code, component }: Resource): boolean {
  if (Array.isArray(component) || !isRecord(code)) return false;
  const codings = [code.coding].flat().filter(isRecord);
  return (
    codings.some((coding) => typeof coding.code === 'string' && OTHER_SIGNS.has(coding.code)) &&
    !isPressure(code)
  );
}

function isPressure(code: unknown): boolean {
  const vital = vitalOfConcept(code);
  return vital !== undefined && vital !== 'pulse';
}

/** Parts of the resource by `#id`; entries by their address, or by `Type/id` as long as one alone has it. */
export function bundleAround(bundle: Resource | undefined, resource: Resource, fullUrl: string): Around {
  const [, server = ''] = /^(.+)\/[A-Z][A-Za-z]+\/[^/]+$/.exec(fullUrl) ?? [];
  return {
    server,
    resolve: (reference) => {
      const { byUrl, byId, byPart } = targetsIn(reference.startsWith('#') ? resource : bundle);
      if (reference.startsWith('#')) return only(byPart.get(reference) ?? []);
      const addresses = new Set([reference, `${server}/${reference}`]);
      const entries = [...addresses].flatMap((address) => byUrl.get(address) ?? []);
      return only(entries.length > 0 ? entries : (byId.get(reference) ?? []));
    },
  };
}

type Targets = Record<'byUrl' | 'byId' | 'byPart', Map<string, Resource[]>>;
const targets = new WeakMap<Resource, Targets>();

/** What references within a resource may lead to: looked up once, since each of many Observations may have several. */
function targetsIn(resource: Resource | undefined): Targets {
  const known = resource && targets.get(resource);
  if (known) return known;
  const entries = resource ? entriesOf(resource) : [];
  const contained = Array.isArray(resource?.contained) ? resource.contained.filter(isRecord) : [];
  const textOf = (text: unknown) => (typeof text === 'string' ? text : undefined);
  const found = {
    byUrl: resourcesBy(entries, ({ fullUrl }) => fullUrl || undefined),
    byId: resourcesBy(
      entries,
      ({ resource: { resourceType, id } }) => textOf(resourceType) && textOf(id) && `${resourceType}/${id}`,
    ),
    byPart: resourcesBy(
      contained.map((part) => ({ resource: part })),
      ({ resource: { id } }) => textOf(id) && `#${id}`,
    ),
  };
  if (resource) targets.set(resource, found);
  return found;
}

function resourcesBy<Held extends { resource: Resource }>(
  all: readonly Held[],
  keyOf: (held: Held) => string | undefined,
): Map<string, Resource[]> {
  const byKey = new Map<string, Resource[]>();
  for (const held of all) {
    const key = keyOf(held);
    if (key === undefined) continue;
    const others = byKey.get(key);
    if (others) others.push(held.resource);
    else byKey.set(key, [held.resource]);
  }
  return byKey;
}

function only<Item>(items: Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}
