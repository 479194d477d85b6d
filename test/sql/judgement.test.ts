/** The handlers judge, and SQL judges again from the raw values and the limits in the row: two implementations, one rule. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withPatientLimits } from '../../handlers/clinical/patient-limits.ts';
import {
  adult,
  childPolicy,
  obstetric,
  type Policy,
  seed as seedPolicy,
} from '../../handlers/clinical/policies.ts';
import { Archive } from './archive.ts';
import { Night } from './night.ts';

const seed = 20260302;
const archive = new Archive();

const ward: Policy = {
  name: 'ward',
  version: '3',
  limits: {
    ...obstetric.limits,
    emergencySystolicLow: 62.5,
    criticalSystolicHigh: 171,
    warningDiastolicHigh: 93,
  },
};
const ownLimits = { criticalSystolicLow: 76, criticalSystolicHigh: 205, criticalDiastolicHigh: 127.5 };
/** Each default, a child of each age at which the limit changes, a ward's own, and a patient's. */
const policies: Policy[] = [
  ...[adult, obstetric, seedPolicy, ward],
  ...[0, 0.08, 1 / 12, 0.99, 1, 4, 9.5, 10, 12.9, null].map(childPolicy),
  ...[adult, childPolicy(4), ward].map((base) =>
    withPatientLimits(base, { patientId: 'p-1', limits: ownLimits, setBy: 'd', from: '', until: '' }),
  ),
];

/** On, just below and just above every number of the rules, what makes no sense, and anything between. */
const edges = [0, 20, 40, 60, 70, 90, 100, 101, 110, 120, 140, 160, 180, 200, 220, 300];
const pressure = fc.oneof(
  fc.constantFrom(...edges, ...edges.map((edge) => edge - 1), ...edges.map((edge) => edge + 0.5)),
  fc.double({ min: -10, max: 320, noNaN: true }),
  fc.constant(null),
);
const reading = fc.record({
  systolicMmHg: pressure,
  diastolicMmHg: pressure,
  meanArterialMmHg: fc.option(fc.integer({ min: 0, max: 250 })),
  quality: fc.constantFrom('measured', 'questionable', 'invalid', 'test', 'demo', 'withdrawn'),
  policy: fc.oneof(
    fc.constantFrom(...policies),
    fc.option(fc.double({ min: 0, max: 18, noNaN: true })).map(childPolicy),
  ),
});

/** Both sides of each number: systolic, diastolic, mean. */
const boundaries: [systolic: number | null, diastolic: number | null, mean?: number][] = [
  ...[0, -1, 39.9, 40, 60, 69.9, 70, 89.9, 90, 100.9, 101, 139.9, 140].map((s): [number, number] => [s, 25]),
  ...[159.9, 160, 179.9, 180, 199.9, 200, 219.9, 220, 300, 300.1].map((s): [number, number] => [s, 80]),
  ...[0, -1, 19.9, 20, 89.9, 90, 99.9, 100, 109.9, 110].map((d): [number, number] => [130, d]),
  ...[119.9, 120, 200, 200.1].map((d): [number, number] => [219, d]),
  // The least pulse pressure; none; turned round.
  ...[[90, 80] as const, [89.9, 80] as const, [80, 80] as const, [80, 120] as const].map(
    ([s, d]): [number, number] => [s, d],
  ),
  ...[79.9, 80, 100, 120, 120.1].map((mean): [number, number, number] => [120, 80, mean]),
  [null, 80],
  [190, null],
  [null, null],
  ...[64.9, 65].map((mean): [null, null, number] => [null, null, mean]),
  [-1, -1, 64],
  [null, 80, 64],
];

/** Just below, at and just above each limit of a policy, trusted otherwise. */
function boundariesOf({ limits }: Policy): [systolic: number, diastolic: number][] {
  return Object.entries(limits).flatMap(([name, limit]) =>
    limit === null
      ? []
      : [limit - 0.1, limit, limit + 0.1].map((value): [number, number] =>
          name.includes('Diastolic') ? [150, value] : [value, Math.min(80, value - 15)],
        ),
  );
}

test('SQL finds what the handlers find on either side of every number', async () => {
  const night = new Night();
  const judged = policies.flatMap((policy) =>
    [...boundaries, ...boundariesOf(policy)].map(
      ([systolicMmHg, diastolicMmHg, meanArterialMmHg = null], index) =>
        night.arrives(index, { systolicMmHg, diastolicMmHg, meanArterialMmHg }, policy),
    ),
  );
  const found = judged.map(({ judgement }) => `${judgement.policy}: ${judgement.severity}`);
  for (const name of ['adult', 'obstetric', 'child', 'ward', 'patient'])
    for (const severity of ['normal', 'critical', 'emergency', 'suspect'])
      expect(found).toContain(`${name}: ${severity}`);
  archive.holds(night);
  const rows = await archive.ask('reconciliation');
  expect(rows.at(-1)).toMatchObject({ expected: String(judged.length), missing: '0', example: null });
});

test(`SQL finds what the handlers find (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(reading, { minLength: 500, maxLength: 700 }), async (readings) => {
      const night = new Night();
      const judged = readings.map(({ policy, ...said }, index) => night.arrives(index, said, policy));
      archive.holds(night);
      const rows = await archive.ask('reconciliation');
      const check = (name: string) => rows.find(({ check_name }) => check_name === name);
      expect(check('severitiesAsJudged')).toMatchObject({
        expected: String(readings.length),
        missing: '0',
      });
      const alarming = judged.filter(({ judgement }) => judgement.level !== null);
      expect(check('alarmingReadingsTaken')?.expected).toBe(String(alarming.length));
    }),
    { seed, numRuns: 6 },
  );
});

test.each([
  ['severity', 'normal'],
  ['reads_as', 'normal'],
  ['critical_systolic_high', 200],
  ['systolic', 170],
] as const)('a row whose %s was changed to %s is found', async (column, value) => {
  const night = new Night();
  night.lives(night.arrives(10));
  night.readings = night.readings.map((row) => ({ ...row, [column]: value }));
  archive.holds(night);
  const rows = await archive.ask('reconciliation');
  expect(rows.at(-1)).toMatchObject({
    check_name: 'severitiesAsJudged',
    missing: '1',
  });
});
