import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RecentReading, Vitals } from '../../handlers/reading/vitals.ts';
import { logger, metrics } from '../../handlers/runtime/logger.ts';
import type { LocalAws } from '../local-aws.ts';
import { aReadingAt } from './alert/builders.ts';
import {
  aConsumer,
  consume,
  critical,
  measured,
  metricsCounted,
  named,
  noon,
  record,
} from './reading/consumer.ts';

const { loadRoster, loadIdentityKey } = vi.hoisted(() => ({ loadRoster: vi.fn(), loadIdentityKey: vi.fn() }));
vi.mock('../../handlers/aws/s3/roster-store.ts', () => ({ loadRoster }));
vi.mock('../../handlers/aws/secrets.ts', () => ({ loadIdentityKey }));

const consumer = aConsumer({ loadRoster, loadIdentityKey });
const { claims, started } = consumer;
let aws: LocalAws;
beforeEach(() => {
  aws = consumer.aws;
});

describe('an alarming reading', () => {
  test('is remembered, claimed and started, in this order', async () => {
    expect(await consume(record('1', measured(0, critical)))).toEqual([]);
    const [claim] = claims();
    expect(aws.calls).toEqual([
      'Get CONTACTS#bp-1',
      'Put CONTACTS#bp-1',
      'Get VITALS#patient-1',
      'Put VITALS#patient-1',
      `Put READING#${claim.readingId}`,
      `StartExecution ${claim.executionName}`,
      'Put FEED#ward-001',
    ]);
    expect(claim).toMatchObject({
      status: 'unfulfilled',
      level: 'critical',
      dueAt: '2026-11-24T12:01:00.000Z',
    });
    expect([...aws.executions.keys()]).toEqual([claim.executionName]);
    expect(JSON.stringify([...aws.executions.values()])).not.toMatch(/\b(185|96)\b/);
  });

  test('delivered again, is started again under the same name and nothing else', async () => {
    await consume(record('1', measured(0, critical)));
    const items = [...aws.items];
    vi.setSystemTime(noon + 600_000);
    aws.calls.length = 0;
    expect(await consume(record('1', measured(0, critical)), record('2', measured(0, critical)))).toEqual([]);
    expect([...aws.items]).toEqual(items);
    expect(aws.calls).not.toContain('Put VITALS#patient-1');
    expect(aws.calls).not.toContain('Put CONTACTS#bp-1');
    expect(started()).toBe(1);
  });

  test.each<[string, object]>([
    ['fulfilled', { alertId: '3f9a0c21b7de4455' }],
    ['superseded', {}],
  ])('whose claim is %s by now is left alone', async (status, more) => {
    await consume(record('1', measured(0, critical)));
    for (const { dueOn: _dueOn, dueAt: _dueAt, ...claim } of claims())
      aws.items.set(claim.pk, { ...claim, status, ...more });
    aws.calls.length = 0;
    expect(await consume(record('1', measured(0, critical)))).toEqual([]);
    expect(aws.calls.filter((call) => call.startsWith('StartExecution'))).toEqual([]);
  });

  test('that could not be started keeps its claim: the sweeper raises it', async () => {
    aws.before = (call) => (call.startsWith('StartExecution') ? named('ExecutionLimitExceeded') : undefined);
    expect(await consume(record('1', measured(0, critical)))).toEqual([]);
    expect(claims()).toMatchObject([{ status: 'unfulfilled', dueOn: 'claim' }]);
    expect(metrics.publishStoredMetrics).toHaveBeenCalledOnce();
    expect(logger.error).toHaveBeenCalledWith(
      'escalation-not-started',
      expect.objectContaining({ error: 'ExecutionLimitExceeded' }),
    );
  });

  test('whose claim cannot be written comes again, and its neighbours do not', async () => {
    aws.before = (call) => (call.startsWith('Put READING#') ? named('InternalServerError') : undefined);
    const neighbour = measured(0, { patientId: 'patient-2', deviceId: 'bp-2' });
    expect(await consume(record('1', neighbour), record('2', measured(0, critical)))).toEqual(['2']);
    expect(started()).toBe(0);
    aws.before = () => undefined;
    expect(await consume(record('2', measured(0, critical)))).toEqual([]);
    expect(started()).toBe(1);
  });
});

describe('vitals that cannot be written', () => {
  beforeEach(() => {
    aws.before = (call) => (call === 'Put VITALS#patient-1' ? named('InternalServerError') : undefined);
  });

  test('do not hold an alarm up, but its record comes again until the recheck can know of it', async () => {
    expect(await consume(record('1', measured(1)), record('2', measured(0, critical)))).toEqual(['2']);
    expect(started()).toBe(1);
    // The SDK has retried already; only a lost race is worth another try here.
    expect(aws.calls.filter((call) => call.startsWith('Put VITALS#'))).toHaveLength(1);
    aws.before = () => undefined;
    expect(await consume(record('2', measured(0, critical)))).toEqual([]);
    expect(aws.items.get('VITALS#patient-1').recent).toMatchObject([{ severity: 'critical' }]);
    expect(started()).toBe(1);
  });

  test('lose a good or a suspect reading, which only makes the recheck ask again', async () => {
    const suspect = measured(0, { systolic: 0, diastolic: 0 });
    expect(await consume(record('1', measured(1)), record('2', suspect))).toEqual([]);
    expect(claims()).toMatchObject([{ level: 'suspect-critical' }]);
  });
});

const someVitals = (version: number, ...recent: RecentReading[]): Vitals => ({
  pk: 'VITALS#patient-1',
  kind: 'vitals',
  patientId: 'patient-1',
  version,
  lastSpokeAt: '2026-11-24T11:00:00.000Z',
  recent,
});

test.each([
  ['never measured before', undefined],
  ['known', someVitals(0)],
])('two writers of one patient, %s: the one that comes second merges again', async (_who, known) => {
  if (known) aws.items.set(known.pk, known);
  let other = false;
  aws.before = (call) => {
    if (call === 'Put VITALS#patient-1' && !other) {
      other = true;
      const readingId = 'other';
      const measuredAt = '2026-11-24T11:00:00.000Z';
      aws.items.set('VITALS#patient-1', someVitals(1, { ...aReadingAt(0), readingId, measuredAt }));
    }
    return undefined;
  };
  await consume(record('1', measured(0)));
  const vitals = aws.items.get('VITALS#patient-1');
  expect(vitals).toMatchObject({ version: 2, recent: [{ readingId: 'other' }, { severity: 'normal' }] });
});

test("a patient's readings of one batch are one write, and so are a device's contacts", async () => {
  await consume(record('1', [measured(2), measured(1)]), record('2', measured(0)));
  const calls = aws.calls.filter((call) => !call.includes('FEED#'));
  expect(calls).toEqual([
    'Get CONTACTS#bp-1',
    'Put CONTACTS#bp-1',
    'Get VITALS#patient-1',
    'Put VITALS#patient-1',
  ]);
  expect(aws.items.get('VITALS#patient-1').recent).toHaveLength(3);
});

describe('an unreadable record', () => {
  const broken = Buffer.from('{"deviceId": "bp-1", "systolic": 185');

  test('is quarantined once, with its bytes, and its neighbours are raised', async () => {
    const batch = [
      record('1', measured(0, critical)),
      record('2', broken),
      record('3', measured(1, critical)),
    ];
    expect(await consume(...batch)).toEqual([]);
    expect(metricsCounted()).toEqual(['ReadingsQuarantined']);
    expect(await consume(...batch)).toEqual([]);
    expect(claims()).toHaveLength(2);
    expect([...aws.objects.keys()]).toEqual(['quarantine/dt=2026-11-24/shardId-000000000000-2-0.json']);
    const [row = ''] = [...aws.objects.values()];
    expect(JSON.parse(row)).toEqual({
      shard_id: 'shardId-000000000000',
      sequence_number: '2',
      item_index: 0,
      arrived_at: '2026-11-24 12:00:00.000',
      reason: 'record: not JSON',
      partition_key: 'bp-1',
      bytes_base64: broken.toString('base64'),
    });
  });

  test('that can be read, and holds no pressure, is refused: kept the same way, and counted by itself', async () => {
    expect(await consume(record('1', measured(0, { systolic: null, diastolic: null })))).toEqual([]);
    const [row = ''] = [...aws.objects.values()];
    expect(JSON.parse(row)).toMatchObject({ reason: 'no pressure: each is absent or negative' });
    expect(metricsCounted()).toEqual(['ReadingsRefused']);
    const { sequence_number: sequenceNumber, reason } = JSON.parse(row);
    expect(logger.warn).toHaveBeenCalledWith('reading-refused', {
      sequenceNumber,
      index: 0,
      reason,
      technical: 'unreadable',
    });
  });

  test('that cannot be quarantined comes again', async () => {
    aws.before = (call) => (call.startsWith('PutObject') ? named('SlowDown') : undefined);
    const list = [measured(0, critical), { nothing: 'known' }];
    expect(await consume(record('1', list), record('2', measured(1)))).toEqual(['1']);
    expect(started()).toBe(1);
  });
});

describe('when a ward was last heard', () => {
  const feed = () => aws.items.get('FEED#ward-001');
  const writes = () => aws.calls.filter((call) => call === 'Put FEED#ward-001').length;
  test('is kept by arrival, about once a minute', async () => {
    for (const seconds of [0, 20, 40, 59]) {
      await consume(record(`${seconds}`, measured(0), noon + seconds * 1000));
    }
    expect(writes()).toBe(1);
    await consume(record('60', measured(0), noon + 60_000));
    expect(writes()).toBe(2);
    expect(feed()).toMatchObject({ kind: 'feed', ward: 'ward-001', heardAt: '2026-11-24T12:01:00.000Z' });
  });

  test('is not turned back by an instance that is behind', async () => {
    const heardAt = '2026-11-24T12:30:00.000Z';
    aws.items.set('FEED#ward-001', { pk: 'FEED#ward-001', heardAt, toldAt: heardAt });
    expect(await consume(record('1', measured(0)))).toEqual([]);
    expect(feed()).toEqual({ pk: 'FEED#ward-001', heardAt, toldAt: heardAt });
  });

  test('is new to a ward that was only told of', async () => {
    aws.items.set('FEED#ward-001', { pk: 'FEED#ward-001', toldAt: '2026-11-24T11:00:00.000Z' });
    await consume(record('1', measured(0)));
    expect(feed()).toMatchObject({ heardAt: '2026-11-24T12:00:00.000Z' });
    expect(feed()).not.toHaveProperty('toldAt');
  });

  test('cannot fail a batch, and is written by the next one', async () => {
    aws.before = (call) => (call.startsWith('Put FEED#') ? named('InternalServerError') : undefined);
    expect(await consume(record('1', measured(0, critical)))).toEqual([]);
    expect(started()).toBe(1);
    aws.before = () => undefined;
    await consume(record('2', measured(0), noon + 1000));
    expect(feed()).toMatchObject({ heardAt: '2026-11-24T12:00:01.000Z' });
  });

  test('says nothing of a device that nobody registered', async () => {
    await consume(record('1', measured(0, { deviceId: 'bp-stranger' })));
    expect(feed()).toBeUndefined();
  });
});

test('readings are counted, and so is what the roster does not know of their place', async () => {
  const count = vi.spyOn(metrics, 'addMetric');
  await consume(record('1', [measured(0), measured(1, { ward: 'nowhere' }), measured(2, { bed: '99' })]));
  expect(count.mock.calls).toEqual([
    ['ReadingsReceived', 'Count', 3],
    ['UnknownWard', 'Count', 1],
    ['UnknownBed', 'Count', 1],
  ]);
  expect(vi.mocked(logger.warn).mock.calls).toEqual(
    ['ward-unknown', 'bed-unknown'].map((code) => [code, { readingId: expect.any(String), device: 'bp-1' }]),
  );
});

test('test and demo measurements raise nothing', async () => {
  await consume(record('1', measured(0, { ...critical, quality: 'demo' })));
  expect(claims()).toEqual([]);
  expect(aws.items.get('VITALS#patient-1')).toMatchObject({ recent: [], lastSpokeAt: expect.any(String) });
});

test('without the key of identities nothing has an id: the batch comes again', async () => {
  loadIdentityKey.mockRejectedValue(new Error('no key'));
  await expect(consume(record('1', measured(0, critical)))).rejects.toThrow('no key');
  expect(aws.calls).toEqual([]);
});

test('without a roster nothing can be judged: the batch comes again', async () => {
  loadRoster.mockRejectedValue(new Error('no roster'));
  await expect(consume(record('1', measured(0, critical)))).rejects.toThrow('no roster');
});

test('test mode says each reading, by id and severity, without values', async () => {
  vi.stubEnv('TEST_MODE', 'on');
  await consume(record('1', [measured(0, critical), measured(1)]));
  const readingId = expect.stringMatching(/^[0-9a-f]{32}$/);
  expect(vi.mocked(logger.info).mock.calls).toEqual([
    ['reading-judged', { readingId, severity: 'critical' }],
    ['reading-judged', { readingId, severity: 'normal' }],
  ]);
});
