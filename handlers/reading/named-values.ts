/**
 * The vital signs in one object of named values: what is called a pressure, else what the object calls itself, else what may
 * be called one, else what looks like one. The first of these that holds a number counts.
 */

import { type Facts, factsIn } from './facts.ts';
import { vitalOfConcept } from './fhir-shape.ts';
import {
  isNotMeasured,
  mayBePressure,
  plainName,
  type Vital,
  vitalByStem,
  vitalLooselyNamed,
  vitalNamed,
} from './field-names.ts';
import { isRecord, isSaid, type Side } from './measurement.ts';
import { type PairSaid, pairAnywhereIn, pairIn } from './pair-text.ts';
import type { PlainValues } from './plain-shape.ts';
import { mmHgIn, nothing, type PressureSaid, pressureOf, together } from './pressure-value.ts';

type Said = { vital: Vital; name: string; said: PressureSaid };
/** What the message says of units: as it stands, and the first that is one of pressure. */
type Units = { stated: readonly unknown[]; around: string | undefined };

/** The vital signs that an object names itself, or that it is: `{ name: "systolic", value: 205 }`. */
export function valuesOf(
  object: Record<string, unknown>,
  isInPair: boolean,
  outer: Facts,
): { values: PlainValues; isOwn: boolean } | undefined {
  const stated = (factsIn(object).unit ?? outer.unit ?? []).map(({ value }) => value).filter(isSaid);
  const unitAround = stated.flatMap((it) => pressureUnitIn(it) ?? [])[0];
  const units = { stated, around: unitAround };
  const fields = Object.entries(object).filter(([name]) => !isNotMeasured(name));
  const concept = conceptOf(object);
  const isAboutPair = isInPair || concept === 'pair';
  const ranks = [
    () => fields.flatMap(([name, value]) => saidUnder(vitalNamed(name, isAboutPair), name, value, units)),
    () => saidByConcept(concept, object, units),
    () =>
      fields.flatMap(([name, value]) => {
        const isNamed = vitalNamed(name, isAboutPair) !== undefined;
        const vital = isNamed ? undefined : vitalLooselyNamed(name, isAboutPair);
        return saidUnder(vital, name, value, units);
      }),
    () => fields.flatMap(([name, value]) => saidUnder(vitalByStem(name), name, value, units)),
    () =>
      fields.flatMap(([name, value]) =>
        mayBePressure(name) ? lookingLikePair(name, value, unitAround) : [],
      ),
  ];
  const said = firstWithPressure(ranks);
  if (said.length === 0) return undefined;
  // A unit that is stated and not known may be any: then mmHg does not go without saying.
  const isUnitKnown = stated.length === 0 || unitAround !== undefined;
  const isOwn =
    isUnitKnown &&
    said.every(
      ({ vital, name, said: { values } }) =>
        values.length === 0 ||
        vital === 'pulse' ||
        vital === 'mean' ||
        isExact(vital, name) ||
        unitOf(name) !== undefined,
    );
  const [systolic, diastolic, mean, pulse] = (['systolic', 'diastolic', 'mean', 'pulse'] as const).map(
    (vital) => sideOf(vital, said),
  ) as [Side, Side, Side, Side];
  return { values: { systolic, diastolic, mean, pulse }, isOwn };
}

/** Means and rates of all ranks, and the pressures of the first that holds any; where none does, all that is said. */
function firstWithPressure(ranks: readonly (() => Said[])[]): Said[] {
  const all: Said[] = [];
  for (const rank of ranks) {
    const said = rank();
    if (said.some(isPressureSaid))
      return [...all.filter(({ vital }) => vital === 'mean' || vital === 'pulse'), ...said];
    all.push(...said);
  }
  return all;
}

function isPressureSaid({ vital, said }: Said): boolean {
  return (vital === 'systolic' || vital === 'diastolic') && said.values.length > 0;
}

/** What is no number says nothing beside one, unless it stands under the very name of the pressure. */
function sideOf(vital: Vital, all: readonly Said[]): Side {
  const ofVital = all.filter((it) => it.vital === vital);
  const isNumber = ofVital.some(({ said }) => said.values.length > 0);
  const counting = ofVital.filter(
    ({ name, said }) => !isNumber || said.values.length > 0 || isExact(vital, name),
  );
  return { ...together(counting.map(({ said }) => said)), isNamed: ofVital.length > 0 };
}

function isExact(vital: Vital, name: string): boolean {
  return plainName(name) === vital;
}

function saidUnder(
  vital: Vital | undefined,
  name: string,
  value: unknown,
  { stated, around }: Units,
): Said[] {
  if (vital === undefined) return [];
  if (vital === 'pulse') return [{ vital, name, said: pressureOf(value) }];
  const unit = unitOf(name) ?? unitAmong(stated, name) ?? around;
  if (vital === 'pair') return bothOf(name, pairAnywhereIn(value, unit) ?? pairInList(value, unit));
  const both = vital === 'mean' ? null : pairIn(value, unit);
  return both ? bothOf(name, both) : [{ vital, name, said: pressureOf(value, unit) }];
}

/** Fields in which an object says what it is of. */
const CONCEPTS = [
  'code',
  'name',
  'type',
  'key',
  'label',
  'parameter',
  'metric',
  'vital',
  'observation',
  'id',
  'n',
];

function conceptOf(object: Record<string, unknown>): Vital | undefined {
  return CONCEPTS.map((name) => vitalOfConcept(object[name])).find((it) => it !== undefined);
}

function saidByConcept(concept: Vital | undefined, object: Record<string, unknown>, units: Units): Said[] {
  if (concept === 'pair') return saidUnder('pair', '', object.value ?? object.result, units);
  return concept === undefined ? [] : [{ vital: concept, name: '', said: pressureOf(object, units.around) }];
}

/** Under a name that says nothing it has to look like pressures. */
function lookingLikePair(name: string, value: unknown, unitAround: string | undefined): Said[] {
  const pair = pairIn(value, unitAround);
  const [high = 0] = pair?.[0].values ?? [];
  const [low = 0] = pair?.[1].values ?? [];
  return high > low && low >= 20 && high <= 300 ? bothOf(name, pair) : [];
}

/** `[205, 124]`, `["205", "124", "151"]`. */
function pairInList(value: unknown, unit: string | undefined): PairSaid | null {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) return null;
  if (
    !value.every(
      (it) => typeof it === 'number' || (typeof it === 'string' && /^\s*\d+(?:[.,]\d+)?\s*$/.test(it)),
    )
  )
    return null;
  const [systolic, diastolic, mean] = value.map((it) => pressureOf(it, unit));
  return [systolic ?? nothing(), diastolic ?? nothing(), mean ?? nothing()];
}

function bothOf(name: string, pair: PairSaid | null): Said[] {
  if (pair === null) return [];
  const [systolic, diastolic, mean] = pair;
  return [
    { vital: 'systolic', name, said: systolic },
    { vital: 'diastolic', name, said: diastolic },
    { vital: 'mean', name, said: mean },
  ];
}

/** A unit of pressure, as it stands or among those of several fields. */
function pressureUnitIn(said: unknown): string | undefined {
  const texts = isRecord(said) ? Object.values(said) : [said];
  return texts.find((it): it is string => typeof it === 'string' && mmHgIn(it) !== undefined);
}

/** That field's own. */
function unitAmong(stated: readonly unknown[], name: string): string | undefined {
  return stated.flatMap((it) => (isRecord(it) ? (pressureUnitIn(it[name]) ?? []) : []))[0];
}

/** The unit that a name ends in: `systolicMmHg`, `sys_kPa`. */
function unitOf(name: string): string | undefined {
  return /(?:mm_?hg|kpa)$/i.exec(name)?.[0];
}
