/** The consumer's claim and the archive's row say by what a reading was judged, and say the same. */
import { expect, test, vi } from 'vitest';
import { adult } from '../../handlers/clinical/policies.ts';
import { handler as transform } from '../../handlers/transform-readings.ts';
import { bytesOf, hospital } from './reading/builders.ts';
import { aConsumer, consume, measured, noon, record } from './reading/consumer.ts';

const { loadRoster, loadIdentityKey } = vi.hoisted(() => ({ loadRoster: vi.fn(), loadIdentityKey: vi.fn() }));
vi.mock('../../handlers/aws/s3/roster-store.ts', () => ({ loadRoster }));
vi.mock('../../handlers/aws/secrets.ts', () => ({ loadIdentityKey }));
const consumer = aConsumer({ loadRoster, loadIdentityKey });

const version = (number: string, validFrom: string, criticalSystolicHigh: number) => ({
  name: 'strict',
  version: number,
  validFrom,
  limits: { ...adult.limits, criticalSystolicHigh },
});
const roster = {
  ...hospital,
  wards: [{ id: 'ward-001', policies: { adult: 'strict' } }],
  policies: [version('1', '2026-11-24T12:00:01.000Z', 150), version('2', '2026-11-24T12:00:02.000Z', 155)],
  patientLimits: [
    {
      patientId: 'patient-1',
      limits: { criticalSystolicHigh: 145, emergencySystolicHigh: 200 },
      setBy: 'doctor-1',
      from: '2026-11-24T12:00:03.000Z',
      until: '2026-11-24T12:00:04.000Z',
    },
  ],
};

async function rowOf(content: object, arrivedAt: number) {
  const kinesisRecordMetadata = {
    shardId: 'shardId-000000000000',
    sequenceNumber: '1',
    approximateArrivalTimestamp: arrivedAt,
  };
  const data = Buffer.from(bytesOf(content)).toString('base64');
  const { records } = await transform({ records: [{ recordId: 'r', data, kinesisRecordMetadata }] });
  return JSON.parse(Buffer.from(records[0]?.data ?? '', 'base64').toString());
}

// [arrival after noon in seconds, policy, its version, critical and emergency systolic from]
test.each([
  [0.999, 'adult', '1', 180, 220],
  [1, 'strict', '1', 150, 220],
  [1.999, 'strict', '1', 150, 220],
  [2, 'strict', '2', 155, 220],
  [3, 'patient', '2026-11-24T12:00:03.000Z by doctor-1, else strict 2', 145, 200],
  [3.999, 'patient', '2026-11-24T12:00:03.000Z by doctor-1, else strict 2', 145, 200],
  [4, 'strict', '2', 155, 220],
] as const)('%d seconds after noon by %s %s', async (seconds, policy, policyVersion, critical, emergency) => {
  loadRoster.mockResolvedValue(roster);
  const arrivedAt = noon + seconds * 1000;
  const content = measured(0, { systolic: 185, diastolic: 96 });
  expect(await consume(record('1', content, arrivedAt))).toEqual([]);
  const limits = {
    ...adult.limits,
    criticalSystolicHigh: critical,
    emergencySystolicHigh: emergency,
  };
  expect([...consumer.claims()]).toMatchObject([{ policy, policyVersion, limits, level: 'critical' }]);
  expect(await rowOf(content, arrivedAt)).toMatchObject({
    policy,
    policy_version: policyVersion,
    critical_systolic_low: 90,
    critical_systolic_high: critical,
    emergency_systolic_high: emergency,
    warning_diastolic_high: 100,
    level: 'critical',
  });
});
