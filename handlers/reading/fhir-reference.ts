/**
 * Whom a FHIR R4 Reference names, https://hl7.org/fhir/R4/references.html: for certain, or nobody. An id is one of its
 * server's, an identifier one of its system's: without them two patients may have the same.
 */
import { z } from 'zod';
import { type IdentityKey, pseudonymOf } from './identity.ts';
import { deviceIdentifier, patientIdentifier } from './measurement.ts';

const text = z.string().optional().catch(undefined);

export const Reference = z
  .object({
    reference: text,
    type: text,
    identifier: z.object({ system: text, value: z.unknown() }).partial().optional().catch(undefined),
  })
  .nullish()
  .catch(null);
type Reference = z.infer<typeof Reference>;

/** `within`: the server or the system that the id is one of; empty when that is not said. */
type Name = { type?: string | undefined; kind: 'id' | 'identifier' | 'text'; within: string; id: unknown };

/**
 * The patient's id: of `Patient/123` it is 123, whatever version; of anything longer a pseudonym, since record numbers and
 * addresses stand nowhere. A visit, a relative, a group or a place is no patient, nor is its identifier one's.
 */
export function patientOfReference(reference: Reference, key: IdentityKey): string | null {
  for (const { kind, within, id } of namesIn(reference, ['Patient'])) {
    const name = patientIdentifier.parse(id);
    if (name !== null) return kind === 'id' && within === '' ? name : pseudonymOf([kind, within, name], key);
  }
  return null;
}

/** The device's id as the registry has it, and what tells it from devices of the same id elsewhere. */
export function deviceOf(reference: Reference, key: IdentityKey): { id: string; unique: string } | null {
  for (const { type, kind, within, id } of namesIn(reference, ['Device', 'DeviceMetric'])) {
    const name = deviceIdentifier.parse(id);
    if (name === null) continue;
    const isPlain = type === 'Device' && kind === 'id' && within === '';
    return { id: name, unique: isPlain ? name : pseudonymOf([type, kind, within, name], key) };
  }
  return null;
}

/** The device that stands where the patient belongs: only one that is called a device, as anything else may be a person. */
export function deviceAsSubject(reference: Reference, key: IdentityKey): ReturnType<typeof deviceOf> {
  const isCalledDevice = namesIn(reference, ['Device', 'DeviceMetric']).some(
    ({ type }) => type !== undefined,
  );
  return isCalledDevice ? deviceOf(reference, key) : null;
}

/** The reference, then the identifier beside it; none when either is said to be of another type than these. */
function namesIn(reference: Reference, types: readonly string[]): Name[] {
  if (!reference) return [];
  const literal = literalOf(reference.reference?.trim() ?? '');
  const said = [literal.type, reference.type?.split('/').at(-1)].filter((type) => type !== undefined);
  if (said.some((type) => !types.includes(type))) return [];
  const { system = '', value } = reference.identifier ?? {};
  return [literal, { type: said[0], kind: 'identifier', within: system, id: value }];
}

/** `[server/]Type/id[/_history/version]`, `[server/]Type?identifier=system|value`, or any other text as it stands. */
function literalOf(reference: string): Name {
  const typed = /^(?:(.*)\/)?([A-Z][A-Za-z]+)\/([^/]*)$/s.exec(reference.replace(/\/_history\/[^/]*$/, ''));
  if (typed) {
    const [, server = '', type, id] = typed;
    return { type, kind: 'id', within: server, id };
  }
  const searched = /^(?:(.*)\/)?([A-Z][A-Za-z]+)(?:\?(.*))?$/s.exec(reference);
  if (!searched) return { kind: 'text', within: '', id: reference };
  const [, server = '', type, search = ''] = searched;
  // A search for anything else may find several, and a type alone is anybody.
  const [, system = '', value] = /^identifier=(?:([^|&]*)\|)?([^|&]+)$/.exec(search) ?? [];
  return { type, kind: 'identifier', within: system || server, id: value };
}
