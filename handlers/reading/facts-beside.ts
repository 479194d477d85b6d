/**
 * What is said of a measurement in objects that stand beside its values: a header, a patient, a device, a place, by the names
 * that these have. Not in lists, whose elements may be several people's, in nothing that holds a pressure itself, which is
 * another measurement's, and in nothing else: a relative, a gateway and a battery have ids and times as well.
 */
import { looksLikeJson } from './decode-bytes.ts';
import { deviceIn, type Facts, factsAround, factsIn, MOST_OF_A_KIND, patientIn } from './facts.ts';
import type { ReadWith } from './fhir-shape.ts';
import {
  type FactName,
  factNamed,
  mayBePressure,
  plainName,
  vitalByStem,
  vitalLooselyNamed,
  vitalNamed,
} from './field-names.ts';
import { isRecord, isSaid } from './measurement.ts';
import { isPlainId } from './named-id.ts';
import { pairIn } from './pair-text.ts';

/** What a message says about itself: of whom, of what, when and where. */
const HEADER =
  /^(?:(?:message|msg|event|record|observation|measurement|sample|data)?(?:head|headers?|meta|metadata|info|envelope|context|identification|ids|identifiers)|(?:message|event|record|observation|measurement)|msh)$/;
/** Where it speaks of the patient, of the device, or of the place alone. */
const OF_WHOM =
  /^(?:(?:patient|pat|pt|subject|person|resident)(?:info|details?|data|context|record|demographics|identification|ids?|ref)?|demographics|pid)$/;
const OF_DEVICE = /^(?:device|monitor|equipment|sensor|instrument)(?:info|details?|data|context|ref)?$/;
const OF_PLACE =
  /^(?:(?:patient|current|assigned|bed|ward)?(?:location|loc|place|position)|encounter|visit|stay|admission|pv1)$/;
/** Deeper and larger than any header; beyond it there may be anything. */
const MOST_LEVELS = 4;
const MOST_FIELDS = 60;
const LONGEST_NAME = 40;
/** Longer than any fact: it may hold a packed message. */
const PACKED = /^[A-Za-z0-9+/_-]{60,}=*$/;

const PLACE: readonly FactName[] = ['ward', 'bed'];
const PATIENT: readonly FactName[] = ['ownPatient', 'patient', ...PLACE, 'cohort', 'pregnant', 'ageYears'];
const DEVICE: readonly FactName[] = ['ownDevice', 'device'];
/** Any other time is of something else: a battery's, a firmware's, a calibration's. */
const ALL: readonly FactName[] = [...PATIENT, ...DEVICE, 'ownTime', 'time'];
const WRAPPERS: readonly [RegExp, readonly FactName[]][] = [
  [HEADER, ALL],
  [OF_WHOM, PATIENT],
  [OF_DEVICE, DEVICE],
  [OF_PLACE, [...PLACE, 'ownPatient', 'patient']],
];
/** Where nothing nearer, and nothing further out, says it; `facts` is what they say. */
export function withFactsBeside(object: Record<string, unknown>, facts: Facts, readWith: ReadWith): Facts {
  const beside = factsBeside(object, MOST_LEVELS);
  if (Object.keys(beside).length === 0) return facts;
  // What calls itself by an id alone is a device already, and no part of it another one.
  const { device, ownDevice, ...rest } = beside;
  const bed = facts.bed ?? beside.bed;
  const outer = facts.id ? rest : beside;
  return { ...factsAround(outer, facts, readWith), ...(bed && { bed }) };
}

/** An Observation of FHIR that names no subject is of whom the message around it names. */
export function namedAround(
  observation: Record<string, unknown>,
  { facts, readWith }: { facts: Facts; readWith: ReadWith },
): Record<string, unknown> {
  if (isSaid(observation.subject)) return observation;
  const patient = patientIn(facts, readWith.key);
  // Of one of several beds or channels the device alone is anybody's.
  const isOneOfSeveral = [facts.bed, facts.channel].some((part) => part?.some(({ isWithin }) => isWithin));
  const device = isSaid(observation.device) || isOneOfSeveral ? null : deviceIn(facts);
  return {
    ...observation,
    ...(patient !== null && { subject: { reference: `Patient/${patient}` } }),
    ...(device !== null && isPlainId(device) && { device: { reference: `Device/${device}` } }),
  };
}

function factsBeside(object: Record<string, unknown>, levels: number): Facts {
  const facts: Facts = {};
  if (levels === 0) return facts;
  for (const [name, value] of Object.entries(object)) {
    if (!isRecord(value)) continue;
    const names = factsUnder(name);
    if (names === undefined || holdsPressure(value, levels)) continue;
    // By what a patient is known is read where the patient is (facts.ts).
    const isRead = factNamed(name)?.fact === 'patient';
    const said = factsIn(value);
    const deeper = factsBeside(value, levels - 1);
    for (const one of names) {
      if (!isRead || !['ownPatient', 'patient'].includes(one)) add(facts, one, said);
      add(facts, one, deeper);
    }
  }
  return facts;
}

/** What an object of that name may say; undefined: it is about something else, or may be. */
function factsUnder(name: string): readonly FactName[] | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const plain = plainName(name);
  return WRAPPERS.find(([names]) => names.test(plain))?.[1];
}

function add(facts: Facts, name: FactName, said: Facts): void {
  const known = facts[name] ?? [];
  const more = said[name]?.slice(0, MOST_OF_A_KIND - known.length) ?? [];
  if (more.length > 0) facts[name] = [...known, ...more];
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
  const vital = vitalNamed(name) ?? vitalLooselyNamed(name, false) ?? vitalByStem(name);
  return vital !== undefined && vital !== 'pulse';
}
