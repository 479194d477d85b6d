/**
 * Whom a Reference of FHIR names, https://hl7.org/fhir/R4/references.html: for certain, or nobody. An id is one of its
 * server's, an identifier one of its system's: without them two patients may have the same.
 */
import { type IdentityKey, pseudonymOf } from './identity.ts';
import { jsonOf } from './json-text.ts';
import { isRecord } from './measurement.ts';
import { deviceIdOf, isPlainId, patientIdOf } from './named-id.ts';

/** What a reference within the message leads to: a part of the resource (`#pat`), or another entry of its Bundle. */
type Resolve = (reference: string) => Record<string, unknown> | undefined;
/** `server`: what references without one are relative to, by the address of the resource that they stand in. */
export type Around = { resolve: Resolve; server: string };
/** For what stands in no resource. */
export const nowhereElse: Around = { resolve: () => undefined, server: '' };

/** `within`: the server or the system that the id is one of, or what else parts it from others; empty when not said. */
export type Name = {
  type?: string | undefined;
  kind: 'id' | 'identifier' | 'text' | 'field';
  within: string;
  id: unknown;
};

/** The patient of a reference, by all that it is known by; null: nobody for certain. */
export function patientOfReference(reference: unknown, key: IdentityKey, around: Around): string | null {
  return patientCalled(patientNamesIn(reference, around), key);
}

/**
 * What is known by these names together, since one alone may be several people's. Of `Patient/123` it is 123, whatever
 * version; of anything longer a pseudonym, since record numbers and addresses stand nowhere.
 */
export function patientCalled(names: readonly Name[], key: IdentityKey): string | null {
  const certain = names.flatMap(({ kind, within, id }) => {
    const name = patientIdOf(id);
    // Only a pseudonym may do without a digit: anything else that has none is a name, which two may have.
    const isOne = name !== null && ((kind === 'id' && isPlainId(name)) || /\p{N}/u.test(name));
    return isOne ? [[kind, within, name] as const] : [];
  });
  const [first, ...others] = new Map(certain.map((name) => [jsonOf(name), name])).entries();
  if (first === undefined) return null;
  const [, [kind, within, name]] = first;
  if (others.length > 0)
    return pseudonymOf(['together', ...[first, ...others].map(([text]) => text).sort()], key);
  return kind === 'id' && within === '' && isPlainId(name) ? name : pseudonymOf([kind, within, name], key);
}

/**
 * A visit, a relative, a group or a place is no patient, nor is its identifier one's. What the reference leads to within the
 * message is known by its identifiers: its id may be that one message's own, unless it is a server's.
 */
export function patientNamesIn(said: unknown, around: Around): Name[] {
  const named = namesIn(said, ['Patient'], around);
  if (named === null) return [];
  const { literal, inside, beside, isTransient } = named;
  const isKnownOtherwise = inside.some(({ id }) => patientIdOf(id) !== null);
  const isOfMessage = isTransient || (isKnownOtherwise && literal.kind === 'id' && literal.within === '');
  return [...(isOfMessage ? [] : [literal]), ...inside, ...beside];
}

/** The device's id as the registry has it, and what tells it from devices of the same id elsewhere. */
export function deviceOf(
  reference: unknown,
  key: IdentityKey,
  around: Around,
): { id: string; unique: string } | null {
  for (const { type, kind, within, id } of deviceNamesIn(reference, around)) {
    const name = deviceIdOf(id);
    if (name === null) continue;
    const isPlain = type === 'Device' && kind === 'id' && within === '';
    return { id: name, unique: isPlain ? name : pseudonymOf([type, kind, within, name], key) };
  }
  return null;
}

/** The device that stands where the patient belongs: only one that is called a device, as anything else may be a person. */
export function deviceAsSubject(
  reference: unknown,
  key: IdentityKey,
  around: Around,
): ReturnType<typeof deviceOf> {
  const isCalledDevice = deviceNamesIn(reference, around).some(({ type }) => type !== undefined);
  return isCalledDevice ? deviceOf(reference, key, around) : null;
}

/** The reference, or the identifiers of what it leads to within the message; then the identifier beside it. */
function deviceNamesIn(said: unknown, around: Around): Name[] {
  const named = namesIn(said, ['Device', 'DeviceMetric'], around);
  if (named === null) return [];
  const { literal, inside, beside, isTransient } = named;
  const all = [...(isTransient ? [] : [literal]), oneOf(inside), named.serial, oneOf(beside)];
  return all.filter((name) => name !== undefined);
}

/** One of several may be of a whole series: all of them together are one device's. */
function oneOf(names: readonly Name[]): Name | undefined {
  const all = new Map(names.map((name) => [jsonOf([name.within, name.id]), name]));
  const [first, ...others] = [...all.keys()].sort();
  const name = first === undefined ? undefined : all.get(first);
  return name && others.length > 0 ? { ...name, within: jsonOf([name.within, ...others]) } : name;
}

type Named = { literal: Name; inside: Name[]; beside: Name[]; serial: Name; isTransient: boolean };

/** Null when it names nothing, or is said to be of another type than these. `isTransient`: the reference leads nowhere else. */
function namesIn(said: unknown, types: readonly string[], { resolve, server }: Around): Named | null {
  if (!isRecord(said)) return null;
  const reference = typeof said.reference === 'string' ? said.reference.trim() : '';
  const target = reference === '' ? undefined : resolve(reference);
  const literal = literalOf(reference, server);
  const stated = typeof said.type === 'string' ? said.type.split('/').at(-1) : undefined;
  const called = [target?.resourceType, literal.type, stated].filter((type) => typeof type === 'string');
  if (called.some((type) => !types.includes(type))) return null;
  const [type] = called;
  return {
    literal,
    inside: namesOfIdentifiers(target?.identifier, type),
    beside: namesOfIdentifiers(said.identifier, type),
    serial: { type, kind: 'identifier', within: 'serialNumber', id: target?.serialNumber },
    isTransient: reference.startsWith('#') || (target !== undefined && /^urn:/i.test(reference)),
  };
}

function namesOfIdentifiers(said: unknown, type: string | undefined): Name[] {
  return [said].flat().flatMap((it) => nameOfIdentifier(it, type));
}

/** Where no system is stated, the kind of number and who gives it out part two that are alike. */
function nameOfIdentifier(said: unknown, type: string | undefined): Name[] {
  if (!isRecord(said) || deviceIdOf(said.value) === null) return [];
  const system = typeof said.system === 'string' ? said.system : '';
  const origin = [said.type, said.assigner].filter((part) => part !== undefined && part !== null);
  const within = system !== '' || origin.length === 0 ? system : jsonOf(origin);
  return [{ type, kind: 'identifier', within, id: said.value }];
}

/** `[server/]Type/id[/_history/version]`, `[server/]Type?identifier=system|value`, or any other text as it stands. */
function literalOf(reference: string, around: string): Name {
  const typed = /^(?:(.*)\/)?([A-Z][A-Za-z]+)\/([^/?]*)$/s.exec(reference.replace(/\/_history\/[^/]*$/, ''));
  if (typed) {
    const [, server = around, type, id] = typed;
    return { type, kind: 'id', within: server, id };
  }
  const searched = /^(?:(.*)\/)?([A-Z][A-Za-z]+)\/?(?:\?(.*))?$/s.exec(reference);
  if (!searched) return { kind: 'text', within: '', id: reference };
  const [, server = around, type, search = ''] = searched;
  // A search for anything else may find several, and a type alone is anybody.
  const [, system = '', value] =
    /^identifier=(?:([^|&]*)\|)?([^|&]+)$/.exec(search.replace(/%7c/gi, '|')) ?? [];
  return { type, kind: 'identifier', within: decoded(system) || server, id: value && decoded(value) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
