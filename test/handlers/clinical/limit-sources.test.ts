import { expect, test } from 'vitest';
import { limitSource } from '../../../handlers/clinical/limit-sources.ts';
import { adult, childPolicy, type Limits, obstetric, seed } from '../../../handlers/clinical/policies.ts';

test.each([adult, obstetric, childPolicy(null), seed])(
  '$name: every number has a source, and nothing else',
  (policy) => {
    const limits = Object.entries(policy.limits) as [keyof Limits, number | null][];
    expect(limits).toHaveLength(8);
    for (const [limit, mmHg] of limits)
      expect([limit, limitSource(policy.name, limit) !== undefined]).toEqual([limit, mmHg !== null]);
  },
);

test('a source that speaks of another number than the policy has is none', () => {
  const said = (policy: { name: string; limits: Limits }, limit: keyof Limits) =>
    limitSource(policy.name, limit);
  expect(said(adult, 'criticalSystolicHigh')).toContain(
    `${adult.limits.criticalSystolicHigh}/${adult.limits.criticalDiastolicHigh}`,
  );
  expect(said(adult, 'warningDiastolicHigh')).toContain(
    `${adult.limits.warningSystolicHigh}/${adult.limits.warningDiastolicHigh}`,
  );
  expect(said(obstetric, 'criticalDiastolicHigh')).toContain(
    `${obstetric.limits.criticalSystolicHigh}/${obstetric.limits.criticalDiastolicHigh}`,
  );
  expect(said(obstetric, 'warningSystolicHigh')).toContain(
    `${obstetric.limits.warningSystolicHigh}/${obstetric.limits.warningDiastolicHigh}`,
  );
  expect(said(seed, 'criticalSystolicHigh')).toContain(`>= ${seed.limits.criticalSystolicHigh}`);
  expect(limitSource('ours', 'criticalSystolicHigh')).toBeUndefined();
});
