import { describe, expect, test } from 'vitest';
import { choosePolicy, type WardPolicies } from '../../../handlers/clinical/choose-policy.ts';
import type { PatientLimits } from '../../../handlers/clinical/patient-limits.ts';
import { adult, childPolicy, type Policy, type PolicyVersion } from '../../../handlers/clinical/policies.ts';
import type { Reading } from '../../../handlers/clinical/reading.ts';
import { aReading } from '../reading/builders.ts';

const own: Policy = {
  name: 'neurosurgery',
  version: '3',
  limits: { ...adult.limits, criticalSystolicHigh: 160 },
};
const hospital: WardPolicies = {
  policies: [own],
  wards: [
    { id: 'ward-001' },
    { id: 'ward-neuro', policies: { adult: 'neurosurgery' } },
    { id: 'ward-maternity', policies: { adult: 'obstetric' } },
    { id: 'ward-replay', policies: { adult: 'seed', child: 'seed', obstetric: 'seed' } },
    { id: 'ward-children', policies: { adult: 'child' } },
    { id: 'ward-mistaken', policies: { adult: 'nobody defined this' } },
  ],
};

test.each([
  ['the default of the cohort', { ward: 'ward-001', cohort: 'adult' }, 'adult', 90],
  ['the default of the cohort', { ward: 'ward-001', cohort: 'obstetric' }, 'obstetric', 90],
  ["a child's, by age", { ward: 'ward-001', cohort: 'child', ageYears: 4 }, 'child', 78],
  ["the hospital's own", { ward: 'ward-neuro', cohort: 'adult' }, 'neurosurgery', 90],
  ['of that ward, but for another cohort', { ward: 'ward-neuro', cohort: 'obstetric' }, 'obstetric', 90],
  ['a default that the ward chose', { ward: 'ward-maternity', cohort: 'adult' }, 'obstetric', 90],
  ['one policy for all', { ward: 'ward-replay', cohort: 'child', ageYears: 4 }, 'seed', null],
  ["a child's without an age", { ward: 'ward-children', cohort: 'adult', ageYears: null }, 'child', 90],
  ['a name that nobody defines', { ward: 'ward-mistaken', cohort: 'adult' }, 'adult', 90],
  ['a ward that nobody knows', { ward: 'elsewhere', cohort: 'adult' }, 'adult', 90],
] as const)('%s', (_, said, name, criticalSystolicLow) => {
  expect(choosePolicy(aReading(said), hospital)).toMatchObject({ name, limits: { criticalSystolicLow } });
});

const version = (number: string, validFrom?: string): PolicyVersion => ({
  name: 'strict',
  version: number,
  ...(validFrom && { validFrom }),
  limits: { ...adult.limits, criticalSystolicHigh: 150 + Number(number) },
});

describe('the version in force at arrival', () => {
  const ward = 'ward-strict';
  const wards = [{ id: ward, policies: { adult: 'strict' } }];
  const at = (arrivedAt: string, ...policies: PolicyVersion[]) =>
    choosePolicy(aReading({ ward, arrivedAt, measuredAt: '2026-11-24T23:00:00.000Z' }), { wards, policies });
  const [first, third] = [version('1', '2026-11-24T10:00:00+01:00'), version('3', '2026-11-26T09:00:00Z')];
  const second = version('2', '2026-11-25T09:00:00.000Z');

  // In whichever order the file has them.
  for (const policies of [
    [first, second, third],
    [third, first, second],
  ])
    test.each([
      ['before the first, the default of the cohort', '2026-11-24T08:59:59.999Z', 'adult', '1', 180],
      ['at the instant of the first', '2026-11-24T09:00:00.000Z', 'strict', '1', 151],
      ['just before the second', '2026-11-25T08:59:59.999Z', 'strict', '1', 151],
      ['at the instant of the second', '2026-11-25T09:00:00.000Z', 'strict', '2', 152],
      ['just after', '2026-11-25T09:00:00.001Z', 'strict', '2', 152],
      ['long after the last', '2027-11-25T09:00:00.000Z', 'strict', '3', 153],
    ] as const)('%s', (_, arrivedAt, name, number, criticalSystolicHigh) => {
      const chosen = at(arrivedAt, ...policies);
      expect(chosen).toMatchObject({ name, version: number, limits: { criticalSystolicHigh } });
    });

  test('one without a beginning was always valid, until the first that has one', () => {
    expect(at('1999-01-01T00:00:00.000Z', first, version('0')).version).toBe('0');
    expect(at('2026-11-24T09:00:00.000Z', first, version('0')).version).toBe('1');
  });

  test("a hospital's own version of a default begins likewise", () => {
    const own = { ...first, name: 'adult' };
    const chosen = (arrivedAt: string) =>
      choosePolicy(aReading({ arrivedAt }), { wards: [{ id: 'ward-001' }], policies: [own] });
    expect(chosen('2026-11-24T08:59:59.999Z')).toEqual(adult);
    expect(chosen('2026-11-24T09:00:00.000Z')).toEqual(own);
  });
});

describe("the patient's own limits come first", () => {
  const set = (from: string, until: string, said: Partial<PatientLimits> = {}): PatientLimits => ({
    patientId: 'p-7',
    limits: { criticalSystolicHigh: 195 },
    setBy: 'doctor-1',
    from,
    until,
    ...said,
  });
  const ten = '2026-11-24T10:00:00.000Z';
  const noon = '2026-11-24T12:00:00.000Z';
  const chosen = (arrivedAt: string, patientLimits: PatientLimits[], said: Partial<Reading> = {}) =>
    choosePolicy(aReading({ patientId: 'p-7', arrivedAt, ...said }), { ...hospital, patientLimits });

  test.each([
    ['just before they begin', '2026-11-24T09:59:59.999Z', false],
    ['at that instant', ten, true],
    ['just before they end', '2026-11-24T11:59:59.999Z', true],
    ['at that instant', noon, false],
  ])('%s: %s', (_, arrivedAt, isOwn) => {
    expect(chosen(arrivedAt, [set(ten, noon)]).name).toBe(isOwn ? 'patient' : 'adult');
  });

  test.each([
    ['of an adult', {}, adult],
    ["of a child, by age, where the rest is the child's", { cohort: 'child', ageYears: 4 }, childPolicy(4)],
    ["in a ward with a policy of its own, where the rest is the ward's", { ward: 'ward-neuro' }, own],
  ] as const)('%s', (_, said, base) => {
    expect(chosen(ten, [set(ten, noon)], said)).toEqual({
      name: 'patient',
      version: `${ten} by doctor-1, else ${base.name} ${base.version}`,
      limits: { ...base.limits, criticalSystolicHigh: 195 },
    });
  });

  test("another patient's are not theirs, and of several the ones that were set last count", () => {
    const later = set(ten, noon, { limits: { criticalSystolicHigh: 160 } });
    expect(chosen(ten, [set(ten, noon, { patientId: 'p-70' })]).name).toBe('adult');
    expect(chosen(ten, [set(ten, noon), later]).limits.criticalSystolicHigh).toBe(160);
  });
});
