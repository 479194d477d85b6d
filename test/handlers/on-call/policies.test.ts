/** Policies that are refused, versions that are announced, and patients' own limits. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { adult, type Limits, type PolicyVersion } from '../../../handlers/clinical/policies.ts';
import { checkHospital, lineOf, parseHospital, parseRoster } from '../../../handlers/on-call/parse-roster.ts';
import { announcementProblems } from '../../../handlers/on-call/policy-versions.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { aHospital, aRoster } from './builders.ts';

const ours = (said: Partial<PolicyVersion> = {}, changes: Partial<Limits> = {}) => ({
  name: 'ours',
  version: '1',
  limits: { ...adult.limits, ...changes },
  ...said,
});
const nothing = Object.fromEntries(Object.keys(adult.limits).map((name) => [name, null])) as Limits;
const valid = { ...aHospital(), clinicians: aHospital().clinicians.slice(0, 4) };
for (const [index, clinician] of valid.clinicians.entries()) clinician.pin = `20481${index}`;

/** The lines of refusal, without the file. */
function problemsOf(text: string): string[] {
  try {
    parseHospital(text, 'ours.json');
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace('ours.json: ', ''));
  }
}
const withPolicies = (...policies: PolicyVersion[]) => problemsOf(JSON.stringify({ ...valid, policies }));

describe('a policy that nobody can mean is refused, and its field named', () => {
  test.each([
    ['no limit at all', ours({}, nothing), 'policies[0].limits: no limit at all'],
    [
      'one in kPa among others in mmHg',
      ours({}, { warningSystolicHigh: 21.3 }),
      'policies[0].limits.warningSystolicHigh: not a systolic limit in mmHg, from 40 to 300; is it in kPa?',
    ],
    [
      'the highest trusted systolic in kPa',
      ours({}, { ...nothing, emergencySystolicHigh: 39.9 }),
      'policies[0].limits.emergencySystolicHigh: not a systolic limit in mmHg, from 40 to 300; is it in kPa?',
    ],
    [
      'the highest trusted diastolic in kPa',
      ours({}, { ...nothing, criticalDiastolicHigh: 26.7 }),
      'policies[0].limits.criticalDiastolicHigh: not a diastolic limit in mmHg, from 27 to 200; is it in kPa?',
    ],
    [
      'a digit too many',
      ours({}, { criticalSystolicHigh: 1800 }),
      'policies[0].limits.criticalSystolicHigh: not a systolic limit in mmHg, from 40 to 300',
    ],
    [
      'a warning beyond what is critical',
      ours({}, { warningSystolicLow: 85 }),
      'policies[0].limits: criticalSystolicLow is above warningSystolicLow',
    ],
    [
      'an instant without an offset',
      ours({ validFrom: '2026-12-01T06:00:00' }),
      'policies[0].validFrom: Invalid ISO datetime',
    ],
  ])('%s', (_case, policy, problem) => {
    expect(withPolicies(policy)).toEqual([problem]);
  });

  test.each([
    ['both ends of the range', { ...nothing, criticalSystolicLow: 40, criticalSystolicHigh: 300 }],
    ['a diastolic limit as low as may be', { ...nothing, criticalDiastolicHigh: 27 }],
    ['limits that are the same for two severities', { ...adult.limits, emergencySystolicHigh: 180 }],
  ])('%s is a policy', (_case, limits) => {
    expect(withPolicies(ours({ limits }))).toEqual([]);
  });

  test('two versions of a name differ in version and beginning, of two names in neither', () => {
    const at = (hour: string) => `2026-12-01T${hour}:00:00Z`;
    expect(
      withPolicies(
        ours({ version: '1', validFrom: at('06') }),
        ours({ version: '1', validFrom: at('07') }),
        ours({ version: '2', validFrom: '2026-12-01T07:00:00+01:00' }),
        ours({ version: '3' }),
        ours({ version: '4' }),
        ours({ name: 'theirs', version: '1', validFrom: at('06') }),
      ),
    ).toEqual([
      'policies[1].version: the same version of ours as policies[0]; each version has its own',
      'policies[2].validFrom: the same validFrom of ours as policies[0]; each version has its own',
      'policies[4].validFrom: the same validFrom of ours as policies[3]; each version has its own',
    ]);
  });

  test('warnings alone are legal, and remarked', () => {
    const hospital = {
      ...aHospital(),
      policies: [ours(), ours({}, { ...nothing, warningSystolicHigh: 140 })],
    };
    const { findings } = checkHospital(JSON.stringify(hospital), 'ours.json', '2026-03-03T01:00:00.000Z');
    const warnings = findings.filter(({ level }) => level === 'warning');
    expect(warnings.map(lineOf)).toEqual([
      'policies[1].limits: warnings alone, so nobody is paged but for a zero',
    ]);
  });

  test.each([
    ['r-policy-low-above-high', /^policies\[0\]\.limits(\.criticalDiastolicHigh)?: /],
    ['r-policy-in-kilopascal', /^policies\[0\]\.limits\.\w+: .*kPa\?$/],
  ])('%s', (name, problem) => {
    const problems = problemsOf(readFileSync(`test/data/cases/rosters/${name}.json`, 'utf8'));
    expect(problems.length).toBeGreaterThan(0);
    for (const line of problems) expect(line).toMatch(problem);
  });
});

test('limits that a policy lacks, and the default of its name has, are remarked', () => {
  const fewer = { emergencySystolicLow: null, emergencySystolicHigh: null };
  const hospital = { ...aHospital(), policies: [ours({ name: 'adult' }, fewer), ours({}, fewer)] };
  const { findings } = checkHospital(JSON.stringify(hospital), 'ours.json', '2026-03-03T01:00:00.000Z');
  expect(findings.filter(({ level }) => level === 'warning').map(lineOf)).toEqual([
    'policies[0].limits: without emergencySystolicLow, emergencySystolicHigh, which the default adult has',
  ]);
});

describe('a version begins two minutes after it was published, or later', () => {
  const now = '2026-11-24T10:00:00.000Z';
  const published = { policies: [ours(), ours({ version: '2', validFrom: '2026-11-24T09:00:00Z' })] };
  const problems = (...policies: PolicyVersion[]) =>
    announcementProblems({ policies }, published, now).map(({ path, message }) => [path.join('.'), message]);
  const tooSoon = expect.stringMatching(
    /two minutes ahead or later: 2026-11-24T10:02:00.000Z at the earliest$/,
  );

  const keep = (version: number, name = 'ours') =>
    expect.stringMatching(`^keep version ${version} of ${name}, in force`);

  test('an older one that stays does not stand in for the one in force', () => {
    expect(problems(ours())).toEqual([['policies.0.validFrom', keep(2)]]);
    expect(problems(ours(), ours({ version: '3', validFrom: '2026-11-24T10:02:00Z' }))).toEqual([]);
  });

  test('one in place of a default is not left out: the default would judge, and nobody be told', () => {
    const shadowing = (...versions: Partial<PolicyVersion>[]) => ({
      policies: versions.map((version) => ours({ name: 'adult', ...version })),
    });
    const problemsAfter = (before: ReturnType<typeof shadowing>) =>
      announcementProblems({}, before, now).map(({ path, message }) => [path.join('.'), message]);
    expect(problemsAfter(shadowing({ version: '9' }))).toEqual([['policies', keep(9, 'adult')]]);
    expect(problemsAfter(shadowing({ validFrom: '2026-12-01T06:00:00Z' }))).toEqual([]);
  });

  test('what is published may stay, and be left out', () => {
    expect(problems(...published.policies)).toEqual([]);
    expect(problems()).toEqual([]);
    expect(announcementProblems({}, published, now)).toEqual([]);
  });

  test.each([
    ['without a beginning: it would always have been valid', undefined, true],
    ['in the past', '2026-11-24T09:30:00Z', true],
    ['just before', '2026-11-24T10:01:59.999Z', true],
    ['at that instant', '2026-11-24T10:02:00Z', false],
    ['at that instant, elsewhere', '2026-11-24T11:02:00+01:00', false],
    ['later', '2026-12-01T06:00:00Z', false],
  ])('%s', (_case, validFrom, isTooSoon) => {
    for (const said of [{ version: '3' }, { name: 'new' }])
      expect(problems(...published.policies, ours({ ...said, ...(validFrom && { validFrom }) }))).toEqual(
        isTooSoon ? [['policies.2.validFrom', tooSoon]] : [],
      );
  });

  test('the version in force stays until another one is', () => {
    const third = ours({ version: '3', validFrom: '2026-12-01T06:00:00Z' });
    expect(problems(third)).toEqual([['policies.0.validFrom', keep(2)]]);
    expect(problems(published.policies[1] as PolicyVersion, third)).toEqual([]);
    expect(problems({ ...third, validFrom: '2026-11-24T10:02:00Z' })).toEqual([]);
    const announced = { policies: [...published.policies, third] };
    expect(announcementProblems({ policies: [third] }, announced, now)).toHaveLength(1);
    expect(announcementProblems({ policies: [third] }, announced, '2026-12-01T05:58:00.000Z')).toEqual([]);
  });

  test('a version that is published does not change', () => {
    expect(
      problems(
        ours({}, { criticalSystolicHigh: 170 }),
        ours({ version: '2', validFrom: '2026-12-01T06:00:00Z' }),
      ),
    ).toEqual([
      ['policies.0.limits', expect.stringMatching(/^version 1 is published otherwise/)],
      ['policies.1.validFrom', expect.stringMatching(/^version 2 is published otherwise/)],
    ]);
  });
});

describe("a patient's own limits", () => {
  const own = {
    patientId: 'p-7',
    limits: { criticalSystolicHigh: 200 },
    setBy: 'doctor-1',
    from: '2026-11-24T10:02:00.000Z',
    until: '2026-11-25T10:02:00.000Z',
  };
  const problemOf = (change: object) => {
    try {
      parseRoster(
        JSON.stringify(aRoster({ patientLimits: [{ ...own, ...change }] } as Partial<Roster>)),
        'it',
      );
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };

  test.each([
    ['24 hours', {}, undefined],
    ['24 hours and a moment', { until: '2026-11-25T10:02:00.001Z' }, 'it: patientLimits[0].until: '],
    ['an end before the beginning', { until: '2026-11-24T10:01:59.999Z' }, 'it: patientLimits[0].until: '],
    ['no limit', { limits: {} }, 'it: patientLimits[0].limits: no limit at all'],
    [
      'a limit that is taken away',
      { limits: { criticalSystolicHigh: null } },
      'it: patientLimits[0].limits.',
    ],
    ['kPa', { limits: { criticalSystolicHigh: 26.6 } }, 'it: patientLimits[0].limits.criticalSystolicHigh: '],
    [
      'a low limit above a high one',
      { limits: { criticalSystolicLow: 150, criticalSystolicHigh: 140 } },
      'it: patientLimits[0].limits: criticalSystolicLow is not below criticalSystolicHigh',
    ],
  ])('%s', (_case, change, problem) => {
    const found = problemOf(change);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });

  test('stand in no file: they are a matter of hours, and of a patient', () => {
    expect(problemsOf(JSON.stringify({ ...valid, patientLimits: [own] }))).toEqual([
      expect.stringContaining('patientLimits'),
    ]);
  });
});
