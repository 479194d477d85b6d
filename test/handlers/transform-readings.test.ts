import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readBatch } from '../../handlers/reading/kinesis-batch.ts';
import { handler } from '../../handlers/transform-readings.ts';
import { aggregated } from './reading/aggregated.ts';
import { bytesOf, hospital, onTheWire, origin } from './reading/builders.ts';

const { loadIdentityKey } = vi.hoisted(() => ({ loadIdentityKey: vi.fn() }));
vi.mock('../../handlers/aws/s3/roster-store.ts', () => ({ loadRoster: async () => hospital }));
vi.mock('../../handlers/aws/secrets.ts', () => ({ loadIdentityKey }));

beforeEach(() => {
  vi.stubEnv('ROSTER_BUCKET', 'roster');
  vi.stubEnv('IDENTITY_SECRET_ARN', 'arn:identity');
  loadIdentityKey.mockReset().mockResolvedValue(hospital.identityKey);
});
afterEach(() => vi.unstubAllEnvs());

async function transform(...contents: unknown[]) {
  const records = contents.map((content, index) => ({
    recordId: `record-${index}`,
    approximateArrivalTimestamp: Date.parse(origin.arrivedAt),
    data: Buffer.from(content instanceof Uint8Array ? content : bytesOf(content)).toString('base64'),
    kinesisRecordMetadata: {
      shardId: origin.shardId,
      sequenceNumber: `${index}`,
      subsequenceNumber: '0',
      partitionKey: 'bp-1',
      approximateArrivalTimestamp: Date.parse(origin.arrivedAt),
    },
  }));
  return (await handler({ records })).records.map(({ data, ...rest }) => ({
    ...rest,
    text: Buffer.from(data, 'base64').toString(),
  }));
}

const rowsOf = (text = '') =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a reading becomes one flat row with its judgement and the limits that it was judged by', async () => {
  const said = { systolic: 185, meanArterial: 113.67, ageYears: 64, measuredAt: '2026-11-24T10:50:00+01:00' };
  const [record] = await transform(onTheWire(said));
  expect(record).toMatchObject({ recordId: 'record-0', result: 'Ok' });
  expect(rowsOf(record?.text)).toEqual([
    {
      reading_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      device_id: 'bp-1',
      patient_id: 'patient-1',
      both_named: true,
      ward: 'ward-001',
      bed: '4',
      cohort: 'adult',
      age_years: 64,
      source: 'vigil',
      measured_at: '2026-11-24 09:50:00.000',
      arrived_at: '2026-11-24 10:00:05.250',
      systolic: 185,
      diastolic: 78,
      mean_arterial: 113.67,
      pulse: null,
      quality: 'measured',
      severity: 'critical',
      reads_as: 'critical',
      level: 'critical',
      late: true,
      policy: 'adult',
      policy_version: '1',
      emergency_systolic_low: 70,
      emergency_systolic_high: 220,
      critical_systolic_low: 90,
      critical_systolic_high: 180,
      critical_diastolic_high: 120,
      warning_systolic_low: 101,
      warning_systolic_high: 160,
      warning_diastolic_high: 100,
      unknown_device: false,
      assumed: null,
    },
  ]);
});

test('a device that the registry does not know is marked', async () => {
  const [record] = await transform(onTheWire({ deviceId: 'bp-stranger', ward: null, bed: null }));
  expect(rowsOf(record?.text)).toMatchObject([{ device_id: 'bp-stranger', unknown_device: true }]);
});

test('a device that only its key names is where the registry has it, for the archive as for the consumer', async () => {
  const { deviceId: _, ...unnamed } = onTheWire({ ward: null, bed: null });
  const [record] = await transform(unnamed);
  expect(rowsOf(record?.text)).toMatchObject([{ ward: 'ward-001', bed: '4', unknown_device: false }]);
  const keyed = { ...origin, partitionKey: 'bp-1' };
  const [consumed] = readBatch([{ bytes: Buffer.from(bytesOf(unnamed)), origin: keyed }], hospital).arrivals;
  expect(consumed?.reading).toMatchObject({ ward: 'ward-001', bed: '4', deviceRegistered: false });
});

test('a list becomes several rows; what is unreadable fails alone, with its bytes', async () => {
  const broken = Buffer.from('{"deviceId"');
  const list = [onTheWire(), { id: 'bp-1', systolic: 0, diastolic: 0 }, 'neither'];
  const [several, failed, demo] = await transform(
    list,
    broken,
    onTheWire({ systolic: 185, quality: 'demo' }),
  );
  expect(several?.result).toBe('Ok');
  expect(rowsOf(several?.text)).toMatchObject([
    { source: 'vigil', severity: 'normal', level: null },
    { source: 'legacy', severity: 'suspect', reads_as: 'critical', level: 'suspect-critical', systolic: 0 },
  ]);
  expect(failed).toEqual({ recordId: 'record-1', result: 'ProcessingFailed', text: broken.toString() });
  expect(rowsOf(demo?.text)).toMatchObject([{ severity: 'critical', level: null, quality: 'demo' }]);
});

test('what the consumer refuses is no row, and both know a reading by the same id', async () => {
  const { systolic, ...half } = onTheWire({ measuredAt: '2000-01-01T00:00:00Z' });
  const list = [half, { ...half, systolic }];
  const [refused, several] = await transform(half, list);
  expect(refused?.result).toBe('ProcessingFailed');
  const [consumed] = readBatch(
    [{ bytes: Buffer.from(bytesOf(list)), origin: { ...origin, sequenceNumber: '1' } }],
    hospital,
  ).arrivals;
  expect(rowsOf(several?.text)).toMatchObject([{ reading_id: consumed?.reading.readingId, systolic }]);
});

test('Firehose takes an aggregated record apart, the consumer does so itself: both know each reading by the same id', async () => {
  const legacy = { id: 'bp-1', systolic: 185, diastolic: 96 };
  const records = [bytesOf([legacy, legacy]), bytesOf(legacy), bytesOf({ id: 'bp-1' }), bytesOf(legacy)];
  const consumed = readBatch([{ bytes: Buffer.from(aggregated(...records)), origin }], hospital).arrivals;
  const ids = consumed.map(({ reading }) => reading.readingId);
  expect(new Set(ids).size).toBe(4);
  const { shardId, sequenceNumber, arrivedAt } = origin;
  const { records: archived } = await handler({
    records: records.map((data, subsequence) => ({
      recordId: `record-${subsequence}`,
      data: Buffer.from(data).toString('base64'),
      kinesisRecordMetadata: {
        shardId,
        sequenceNumber,
        subsequenceNumber: `${subsequence}`,
        approximateArrivalTimestamp: Date.parse(arrivedAt),
      },
    })),
  });
  const rows = archived
    .filter(({ result }) => result === 'Ok')
    .flatMap(({ data }) => rowsOf(Buffer.from(data, 'base64').toString()));
  expect(rows.map(({ reading_id }) => reading_id)).toEqual(ids);
});

test('without the key of identities it fails, and Firehose asks again', async () => {
  loadIdentityKey.mockRejectedValue(new Error('no key'));
  await expect(transform(onTheWire())).rejects.toThrow('no key');
});
