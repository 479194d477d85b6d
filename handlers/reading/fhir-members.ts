/**
 * An Observation that groups others by `hasMember` (https://hl7.org/fhir/R4/observation.html#obsgrouping) is as many measurements
 * as its members are of: a member that names another patient or device, or is withdrawn by itself, is none of the group's.
 */
import { type Around, deviceOf, patientOfReference } from './fhir-reference.ts';
import type { IdentityKey } from './identity.ts';
import { jsonOf } from './json-text.ts';
import { isRecord, isSaid } from './measurement.ts';

type Resource = Record<string, unknown>;

/** https://hl7.org/fhir/R4/valueset-observation-status.html, however a sender spells it. */
export function statusOf({ status }: Resource): string {
  return typeof status === 'string' ? status.trim().toLowerCase().replace(/[_ ]/g, '-') : '';
}

/** What was measured is taken back. */
export function isWithdrawn(observation: Resource): boolean {
  return ['entered-in-error', 'cancelled'].includes(statusOf(observation));
}

export function componentsOf({ component }: Resource): Resource[] {
  return Array.isArray(component) ? component.filter(isRecord) : [];
}

/** Each as an Observation of its own, whose components are what its members say. Without members it stands as it is. */
export function withoutMembers(observation: Resource, around: Around, key: IdentityKey): Resource[] {
  const members = membersOf(observation, around);
  if (members.length === 0) return [observation];
  const { hasMember: _, ...stated } = observation;
  const deviceKey = ({ device }: Resource) => deviceOf(device, key, around)?.unique ?? device;
  // Where one alone is said, it is the device of all.
  const named = [stated, ...members].filter(({ device }) => isSaid(device));
  const [first] = named;
  const isOne = first && new Set(named.map((it) => jsonOf(deviceKey(it)))).size === 1;
  const group: Resource = isOne ? { ...stated, device: first.device } : stated;
  const whose = ({ subject, device }: Resource, status: Resource) =>
    jsonOf([
      isSaid(subject) ? (referenceOf(subject) ?? patientOfReference(subject, key, around) ?? subject) : null,
      isSaid(device) ? deviceKey({ device }) : null,
      isWithdrawn(status),
    ]);
  const ofGroup = whose(group, group);
  const parted = Map.groupBy(members, (member) => {
    const subject = isSaid(member.subject) ? member.subject : group.subject;
    const device = isSaid(member.device) ? member.device : group.device;
    return whose({ subject, device }, isWithdrawn(group) ? group : member);
  });
  const own = parted.get(ofGroup) ?? [];
  parted.delete(ofGroup);
  const saysItself = own.length > 0 || componentsOf(group).length > 0 || Object.keys(group).some(isValue);
  return [
    ...(saysItself || parted.size === 0
      ? [{ ...withTimeOf(group, own), component: [...componentsOf(group), ...own.flatMap(partsOf)] }]
      : []),
    ...[...parted.values()].map((others) => ofOthers(group, others)),
  ];
}

/** What stands beside a reference may be said or not. */
function referenceOf(subject: unknown): string | undefined {
  const reference =
    isRecord(subject) && typeof subject.reference === 'string' ? subject.reference.trim() : '';
  return reference || undefined;
}

/** What they do not say is the group's, but for its id and its values. */
function ofOthers(group: Resource, members: readonly Resource[]): Resource {
  const { id: _id, identifier: _identifier, component: _component, ...around } = group;
  const [first = {}] = members;
  const kept = Object.entries(around).filter(([name]) => !isValue(name));
  const said = Object.entries(first).filter(([name, value]) => isSaid(value) && !isValue(name));
  const whole = { ...Object.fromEntries(kept), ...Object.fromEntries(said), code: {} };
  return { ...withTimeOf(whole, members), component: members.flatMap(partsOf) };
}

/** A group without a time was measured when its members were. */
function withTimeOf(observation: Resource, members: readonly Resource[]): Resource {
  if (Object.keys(observation).some(isTime)) return observation;
  const timed = members.find((member) => Object.keys(member).some(isTime));
  return {
    ...observation,
    ...Object.fromEntries(Object.entries(timed ?? {}).filter(([name]) => isTime(name))),
  };
}

const isTime = (name: string) => /^effective[A-Z]/.test(name);
const isValue = (name: string) => /^value(?:[A-Z]|$)/.test(name) || name === 'dataAbsentReason';

/** The member, and its components, each with what modifies it. */
function partsOf(member: Resource): Resource[] {
  return [member, ...componentsOf(member)];
}

/** Those that the message holds. */
function membersOf({ hasMember }: Resource, { resolve }: Around): Resource[] {
  const references = Array.isArray(hasMember) ? hasMember : [];
  return references.flatMap((member) => {
    const target =
      isRecord(member) && typeof member.reference === 'string' ? resolve(member.reference) : undefined;
    return target ? [target] : [];
  });
}
