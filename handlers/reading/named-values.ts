/** The vital signs in one object of named values. */

import { factsIn } from './facts.ts';
import { vitalOfConcept } from './fhir-shape.ts';
import { plainName, type Vital, vitalNamed } from './field-names.ts';
import type { Side } from './measurement.ts';
import type { PlainValues } from './plain-shape.ts';
import { mmHgIn, type PressureSaid, pairIn, pressureOf, together } from './pressure-value.ts';

/** The vital signs that an object names itself, or that it is: `{ name: "systolic", value: 205 }`. */
export function valuesOf(
  object: Record<string, unknown>,
  isInPair: boolean,
): { values: PlainValues; isOwn: boolean } | undefined {
  const unit = factsIn(object)
    .unit?.map(({ value }) => value)
    .find((it) => typeof it === 'string' && mmHgIn(it) !== undefined);
  const unitAround = typeof unit === 'string' ? unit : undefined;
  const said: [Vital, string, PressureSaid][] = [];
  for (const [name, value] of Object.entries(object)) {
    const vital = vitalNamed(name, isInPair);
    if (vital === 'pulse') said.push([vital, name, pressureOf(value)]);
    else if (vital !== undefined && vital !== 'pair')
      said.push([vital, name, pressureOf(value, unitOf(name) ?? unitAround)]);
    else said.push(...pairOf(name, value, vital === 'pair', unitAround));
  }
  if (said.length === 0) {
    const named = [
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
    ];
    const vital = named.map((name) => vitalOfConcept(object[name])).find((it) => it !== undefined);
    if (vital !== undefined && vital !== 'pair') said.push([vital, '', pressureOf(object, unitAround)]);
    else if (vital === 'pair') said.push(...pairOf('', object.value ?? object.result, true, unitAround));
  }
  if (said.length === 0) return undefined;
  const sideOf = (vital: Vital): Side => {
    const ofVital = said.filter(([it]) => it === vital);
    return { ...together(ofVital.map(([, , it]) => it)), isNamed: ofVital.length > 0 };
  };
  const values = {
    systolic: sideOf('systolic'),
    diastolic: sideOf('diastolic'),
    mean: sideOf('mean'),
    pulse: sideOf('pulse'),
  };
  const isOwn = said.every(
    ([vital, name]) =>
      vital === 'pulse' || vital === 'mean' || plainName(name) === vital || unitOf(name) !== undefined,
  );
  return { values, isOwn };
}

/** A pair in one text or list. Under a name that says nothing it has to look like pressures. */
function pairOf(
  name: string,
  value: unknown,
  isPair: boolean,
  unit: string | undefined,
): [Vital, string, PressureSaid][] {
  const pair =
    isPair &&
    Array.isArray(value) &&
    value.length >= 2 &&
    value.length <= 3 &&
    value.every((it) => typeof it === 'number')
      ? [pressureOf(value[0], unit), pressureOf(value[1], unit), pressureOf(value[2], unit)]
      : pairIn(value, unit);
  if (!pair) return [];
  const [systolic, diastolic, mean] = pair as [PressureSaid, PressureSaid, PressureSaid];
  const [high = 0] = systolic.values;
  const [low = 0] = diastolic.values;
  if (!isPair && !(high > low && low >= 20 && high <= 300)) return [];
  return [
    ['systolic', name, systolic],
    ['diastolic', name, diastolic],
    ['mean', name, mean],
  ];
}

/** The unit that a name ends in: `systolicMmHg`, `sys_kPa`. */
function unitOf(name: string): string | undefined {
  return /(?:mm_?hg|kpa)$/i.exec(name)?.[0];
}
