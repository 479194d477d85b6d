/**
 * What is said of a measurement in objects that stand beside its values: a header, a patient, a place. Not in lists, whose
 * elements may be several people's, and in nothing that holds a pressure itself: that is another measurement's.
 */
import { looksLikeJson } from './decode-bytes.ts';
import { deviceIn, type Facts, factsAround, factsIn, patientIn } from './facts.ts';
import type { ReadWith } from './fhir-shape.ts';
import { type FactName, factNamed, isNotMeasured, mayBePressure, vitalNamed } from './field-names.ts';
import { isRecord, isSaid } from './measurement.ts';
import { isPlainId } from './named-id.ts';
import { pairIn } from './pair-text.ts';

/** People around a patient, whose numbers are not the patient's. */
const OTHERS =
  /mother|father|parent|relative|kin$|contact|guardian|operator|nurse|user|clinician|doctor|physician|perform|practitioner|staff|author|carer|caregiver|sender|recipient/i;
/** Several people or places, each by its name. */
const SEVERAL = /^(?:bed|patient|channel|slot|port)s$/i;
/** Deeper and larger than any header; beyond it there may be anything. */
const MOST_LEVELS = 4;
const MOST_FIELDS = 60;
/** Longer than any fact: it may hold a packed message. */
const PACKED = /^[A-Za-z0-9+/_-]{60,}=*$/;

const OF_ALL: readonly FactName[] = [
  ...(['ownPatient', 'patient', 'ownDevice', 'device', 'ownTime', 'time'] as const),
  ...(['ward', 'bed', 'cohort', 'pregnant', 'ageYears'] as const),
];
/** By what a patient is known is read where the patient is (facts.ts). */
const OF_PATIENT: readonly FactName[] = ['ward', 'bed', 'cohort', 'pregnant', 'ageYears'];

/** Where nothing nearer, and nothing further out, says it; `facts` is what they say. */
export function withFactsBeside(object: Record<string, unknown>, facts: Facts, readWith: ReadWith): Facts {
  const beside = factsBeside(object, MOST_LEVELS);
  if (Object.keys(beside).length === 0) return facts;
  // What calls itself by an id alone is a device already, and no part of it another one.
  const { device, ...rest } = beside;
  const bed = facts.bed ?? beside.bed;
  const outer = facts.id || !device ? rest : beside;
  return { ...factsAround(outer, facts, readWith), ...(bed && { bed }) };
}

/** An Observation of FHIR that names no subject is of whom the message around it names. */
export function namedAround(
  observation: Record<string, unknown>,
  { facts, readWith }: { facts: Facts; readWith: ReadWith },
): Record<string, unknown> {
  if (isSaid(observation.subject)) return observation;
  const patient = patientIn(facts, readWith.key);
  const device = isSaid(observation.device) ? null : deviceIn(facts);
  return {
    ...observation,
    ...(patient !== null && { subject: { reference: `Patient/${patient}` } }),
    ...(device !== null && isPlainId(device) && { device: { reference: `Device/${device}` } }),
  };
}

function factsBeside(object: Record<string, unknown>, levels: number): Facts {
  const facts: Facts = {};
  for (const [name, value] of Object.entries(object)) {
    if (!isRecord(value) || SEVERAL.test(name) || OTHERS.test(name) || isOfAnotherTime(name)) continue;
    const fact = factNamed(name)?.fact;
    const isPatient = fact === 'patient' || fact === 'ownPatient';
    if ((fact !== undefined && !isPatient) || holdsPressure(value, levels)) continue;
    const said = factsIn(value);
    for (const one of isPatient ? OF_PATIENT : OF_ALL) add(facts, one, said);
    const deeper = factsBeside(value, levels - 1);
    for (const one of OF_ALL) add(facts, one, deeper);
  }
  return facts;
}

function add(facts: Facts, name: FactName, said: Facts): void {
  const more = said[name];
  if (more) facts[name] = [...(facts[name] ?? []), ...more];
}

/** Metadata are not measured, but say of what was. */
function isOfAnotherTime(name: string): boolean {
  return isNotMeasured(name) && !/metadata$/i.test(name);
}

function holdsPressure(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const fields = Object.entries(value);
  if (levels === 0 || fields.length > MOST_FIELDS) return true;
  return fields.some(
    ([name, said]) =>
      isPressure(name) ||
      (typeof said === 'string' ? tellsPressure(name, said) : holdsPressure(said, levels - 1)),
  );
}

/** An id may be called anything. */
function tellsPressure(name: string, text: string): boolean {
  if (looksLikeJson(text) || PACKED.test(text)) return true;
  return (
    factNamed(name) === undefined && (isPressure(text) || (mayBePressure(name) && pairIn(text) !== null))
  );
}

function isPressure(name: string): boolean {
  const vital = vitalNamed(name);
  return vital !== undefined && vital !== 'pulse';
}
