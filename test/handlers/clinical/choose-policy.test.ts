import { expect, test } from 'vitest';
import { choosePolicy, type WardPolicies } from '../../../handlers/clinical/choose-policy.ts';
import { adult, type Policy } from '../../../handlers/clinical/policies.ts';
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
