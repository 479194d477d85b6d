/**
 * The measurements in whatever a sender wraps them into: an envelope, a shadow, a Bundle, a list, a text of JSON.
 * What is said around the values (device, patient, time) counts for all of them, and what is said nearer first.
 */

import { bundleAround, observationsOf, othersOf } from './bundle.ts';
import { looksLikeJson, textsInBase64 } from './decode-bytes.ts';
import { type Facts, factsAround, factsIn } from './facts.ts';
import { namedAround, withFactsBeside } from './facts-beside.ts';
import { parseFhir, type ReadWith } from './fhir-shape.ts';
import { isNotMeasured, vitalByStem, vitalLooselyNamed, vitalNamed } from './field-names.ts';
import { Repeated, sourcesOf, valuesIn } from './json-text.ts';
import { isRecord, isSaid, type Shaped, type Side } from './measurement.ts';
import { valuesOf } from './named-values.ts';
import { numberOf, type Part, partNamed, partOf } from './parts.ts';
import { type PlainValues, shapedOfPlain } from './plain-shape.ts';
import { together } from './pressure-value.ts';
import type { RecordBudget } from './record-budget.ts';
import { senMlObjects, untyped } from './typed-values.ts';
import { type Expected, expectedUnder, isExpected } from './values-beside.ts';

/** `source`: the message as it was sent, or the element of a list in it. */
export type FoundReading = { shaped: Shaped; source: string };

/** Values that are not yet a measurement: a pressure without the other one, waiting for what stands around it. */
type Partial = { values: PlainValues; facts: Facts; isOwn: boolean };
type Around = {
  facts: Facts;
  source: string;
  readWith: ReadWith;
  budget: RecordBudget;
  companions: Partial | undefined;
  /** How many texts within texts are still opened. */
  layers: number;
  /** Then an `id` numbers the elements, and is no device's. */
  isInList: boolean;
  /** What the elements are, where the list is called so. */
  elements?: Part | undefined;
  /** What is a measurement here. */
  expected?: Expected | undefined;
};
type Visited = { found: FoundReading[]; left: Partial | undefined };

/** Texts within texts within texts. */
const MOST_LAYERS = 4;
/** Empty when there is no pressure in it. Throws BeyondBudget. */
export function readingsIn(
  value: unknown,
  source: string,
  readWith: ReadWith,
  budget: RecordBudget,
): FoundReading[] {
  const around = { facts: {}, source, readWith, budget, companions: undefined, layers: MOST_LAYERS };
  const { found, left } = visit(value, { ...around, isInList: false });
  // What is left over at last is a measurement all the same: half of one may alarm.
  return left && (hasPressure(left) || hasMean(left))
    ? [...found, measurement(left, source, readWith)]
    : found;
}

function measurement({ values, facts, isOwn }: Partial, source: string, readWith: ReadWith): FoundReading {
  return { source, shaped: shapedOfPlain(values, facts, { ...readWith, isOwn }) };
}

function visit(typed: unknown, around: Around, name = ''): Visited {
  const value = untyped(typed);
  if (typeof value === 'string') return visitText(value, around);
  if (value instanceof Repeated) return visitAll(value.values, around);
  if (Array.isArray(value)) {
    const pack = senMlObjects(value);
    return visitAll(pack ?? value, { ...around, isInList: true }, pack ? undefined : sourcesOf(value));
  }
  if (!isRecord(value)) return { found: [], left: undefined };
  if (value.resourceType === 'Observation') {
    const observation = namedAround(value, around);
    return observed(
      parseFhir(observation, bundleAround(undefined, observation, ''), around.readWith),
      around.source,
    );
  }
  if (value.resourceType === 'Bundle') return visitBundle(value, around);
  return visitObject(value, around, name);
}

function observed(shapes: Shaped[], source: string): Visited {
  return { found: shapes.map((shaped) => ({ shaped, source })), left: undefined };
}

/** A text that holds JSON, as it stands or packed; any other says nothing here. */
function visitText(text: string, around: Around): Visited {
  const layers = around.layers - 1;
  const texts = looksLikeJson(text)
    ? [text]
    : (textsInBase64(text, layers, around.budget)?.map((it) => it.text) ?? []);
  const values = layers < 0 ? [] : texts.flatMap((it) => valuesIn(it, around.budget));
  return visitAll(
    values.flatMap((it) => ('value' in it ? [it.value] : [])),
    { ...around, layers, isInList: false },
  );
}

function visitBundle(bundle: Record<string, unknown>, around: Around): Visited {
  const found = observationsOf(bundle).flatMap(({ observation, fullUrl, entry }) => {
    const source = sourcesOf(bundle.entry as unknown[])?.[entry] ?? around.source;
    return observed(
      parseFhir(
        namedAround(observation, around),
        bundleAround(bundle, observation, fullUrl),
        around.readWith,
      ),
      source,
    ).found;
  });
  const others = visitAll(othersOf(bundle), { ...around, isInList: true });
  return { found: [...found, ...others.found], left: others.left };
}

/** Elements that say whose they are, or both pressures, are measurements; the rest belongs together. */
function visitAll(list: readonly unknown[], around: Around, sources?: readonly string[]): Visited {
  const found: FoundReading[] = [];
  let left: Partial | undefined;
  const { elements, ...inside } = around;
  list.forEach((value, index) => {
    const source = sources?.[index] ?? around.source;
    const number = elements && isRecord(value) ? numberOf(value) : undefined;
    const part =
      number === undefined ? undefined : partOf(elements, number, isRecord(value) && isSaid(value.id));
    const visited = visit(value, partedBy(part, number, { ...inside, source }));
    found.push(...visited.found);
    left = merge(left, visited.left);
  });
  return { found, left };
}

function visitObject(said: Record<string, unknown>, outer: Around, name: string): Visited {
  const object = Object.fromEntries(Object.entries(said).map(([field, value]) => [field, untyped(value)]));
  const isInPair = vitalNamed(name) === 'pair';
  const { id, ...rest } = factsIn(object);
  const values = valuesOf(object, isInPair, outer.facts);
  const takesId = id && !outer.facts.id && !outer.isInList;
  const own: Facts = { ...rest, ...(takesId && { id }) };
  const facts = withFactsBeside(object, factsAround(outer.facts, own, outer.readWith), outer.readWith);
  const people = ['ownPatient', 'patient', 'ownDevice', 'device'] as const;
  const isSomebodys = people.some((it) => own[it] !== undefined || facts[it] !== outer.facts[it]);
  const isMine = values && (isSomebodys || isExpected(values.values, outer.expected));
  const mine = isMine ? { ...values, facts } : undefined;
  const isBoth = mine !== undefined && [mine.values.systolic, mine.values.diastolic].every(hasNumber);
  const around = { ...outer, facts, companions: merge(outer.companions, mine) };
  const found: FoundReading[] = [];
  let beneath: Partial | undefined;
  for (const [field, value] of Object.entries(object)) {
    if (isNotMeasured(field) || (typeof value !== 'object' && typeof value !== 'string')) continue;
    const vital = vitalNamed(field, isInPair) ?? vitalLooselyNamed(field, isInPair) ?? vitalByStem(field);
    if (vital !== undefined && vital !== 'pair') continue;
    const expected = expectedUnder(field, isBoth, outer.expected);
    const visited = visit(value, keyedBy(field, name, value, { ...around, expected }), field);
    found.push(...visited.found);
    beneath = merge(beneath, visited.left);
  }
  // A mean of its own went to the pressures that were found in it.
  const isUsed = found.length > 0 && mine !== undefined && !hasPressure(mine);
  const here = isUsed ? beneath : merge(mine, beneath);
  if (!here) return { found, left: undefined };
  const isMeasurement = bothNamed(here.values) || (isSomebodys && (hasPressure(here) || hasMean(here)));
  if (!isMeasurement) return { found, left: here };
  const whole = withCompanions(here, outer.companions);
  return { found: [measurement(whole, outer.source, outer.readWith), ...found], left: undefined };
}

/** In what holds beds or patients by their names, the key is a fact of what stands under it; in a list of them the id. */
function keyedBy(key: string, name: string, value: unknown, around: Around): Around {
  if (Array.isArray(value)) return { ...around, elements: partNamed(key) };
  return isRecord(value) ? partedBy(partOf(partNamed(name), key, true), key, around) : around;
}

function partedBy(part: Part | undefined, key: unknown, around: Around): Around {
  if (part === undefined) return around;
  return {
    ...around,
    facts: factsAround(around.facts, { [part]: [{ name: part, value: key }] }, around.readWith),
  };
}

function bothNamed({ systolic, diastolic }: PlainValues): boolean {
  return systolic.isNamed && diastolic.isNamed;
}

function hasPressure({ values: { systolic, diastolic } }: Partial): boolean {
  return systolic.isNamed || diastolic.isNamed;
}

function hasNumber({ values }: Side): boolean {
  return values.length > 0;
}

function hasMean({ values }: Partial): boolean {
  return values.mean.values.length > 0;
}

function merge(one: Partial | undefined, other: Partial | undefined): Partial | undefined {
  if (!one || !other) return one ?? other;
  const [a, b] = [one.values, other.values];
  const side = (name: 'systolic' | 'diastolic'): Side => ({
    ...together([a[name], b[name]]),
    isNamed: a[name].isNamed || b[name].isNamed,
  });
  return {
    values: {
      systolic: side('systolic'),
      diastolic: side('diastolic'),
      mean: together([a.mean, b.mean]),
      pulse: together([a.pulse, b.pulse]),
    },
    facts: { ...one.facts, ...other.facts },
    isOwn: one.isOwn && other.isOwn,
  };
}

/** A mean or a rate that stands outside the object that holds the pressures belongs to them, if they have none. */
function withCompanions(here: Partial, companions: Partial | undefined): Partial {
  if (!companions) return here;
  const { mean, pulse } = here.values;
  return {
    ...here,
    values: {
      ...here.values,
      mean: mean.values.length > 0 ? mean : companions.values.mean,
      pulse: pulse.values.length > 0 ? pulse : companions.values.pulse,
    },
  };
}
