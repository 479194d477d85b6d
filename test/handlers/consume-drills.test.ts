/** Tests and demonstrations in the consumer, while their ward has a drill and while it has none. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { withDrill } from '../../handlers/reading/announced-drills.ts';
import { type LocalAws, silence } from '../local-aws.ts';
import { aClosedAlert, anAlert, stored } from './alert/builders.ts';
import { aConsumer, consume, critical, measured, metricsCounted, noon, record } from './reading/consumer.ts';

const { loadRoster, loadIdentityKey } = vi.hoisted(() => ({ loadRoster: vi.fn(), loadIdentityKey: vi.fn() }));
vi.mock('../../handlers/aws/s3/roster-store.ts', () => ({ loadRoster }));
vi.mock('../../handlers/aws/secrets.ts', () => ({ loadIdentityKey }));

const consumer = aConsumer({ loadRoster, loadIdentityKey });
let aws: LocalAws;
beforeEach(() => {
  aws = consumer.aws;
});

const announcement = 'ANNOUNCED#ward-001';
const announce = (ward = 'ward-001') => {
  const item = withDrill(undefined, ward, new Date(noon).toISOString());
  aws.items.set(item.pk, item);
};
const sent = (sequenceNumber: string, said = {}, arrivedAt = noon) =>
  record(sequenceNumber, measured(0, { ...critical, quality: 'test', ...said }), arrivedAt);
const failing = (which: string) => {
  aws.before = (call) => (call === which ? silence() : undefined);
};
const keys = () => [...aws.executions.values()].map(({ alertKey }) => alertKey);
const itemsOf = (...kinds: string[]) =>
  kinds.flatMap((kind) => aws.items.values().filter((it) => it.kind === kind));

test.each(['test', 'demo'])(
  'a %s in an announced drill is claimed and started, and nothing else',
  async (quality) => {
    announce();
    expect(await consume(sent('1', { quality }))).toEqual([]);
    const [claim] = itemsOf('claim');
    expect(claim).toMatchObject({
      ...{ alertKey: 'DRILL#patient-1', patientId: null, level: 'critical' },
      executionName: expect.stringMatching(/^drill-ward-001-4-20261124T1200Z-[0-9a-f]{12}$/),
    });
    expect(aws.calls).toEqual([
      `Get ${announcement}`,
      'Get DRILL#patient-1',
      `Put ${claim?.pk}`,
      `StartExecution ${claim?.executionName}`,
    ]);
  },
);

test('delivered again, it is the same one; later, by its arrival, too', async () => {
  announce();
  await consume(sent('1'));
  vi.setSystemTime(noon + 3 * 86_400_000);
  expect(await consume(sent('1'))).toEqual([]);
  expect(keys()).toEqual(['DRILL#patient-1']);
  await consume(sent('2', {}, noon + 900_000));
  expect(keys()).toHaveLength(1);
});

const normal = { systolic: 124, diastolic: 78 };

test('a demonstration that would not alarm begins none, and is no fault either', async () => {
  announce();
  await consume(sent('1', { ...normal, quality: 'demo' }));
  expect([keys(), itemsOf('claim', 'contacts', 'vitals')]).toEqual([[], []]);
});

test('a test that would not alarm begins none, and nobody looks whether one is announced', async () => {
  announce();
  expect(await consume(sent('1', normal))).toEqual([]);
  expect([keys(), itemsOf('claim')]).toEqual([[], []]);
  expect(aws.calls).not.toContain(`Get ${announcement}`);
});

describe('a device that goes on measuring', () => {
  const minute = (minutes: number) => noon + minutes * 60_000;
  const iso = (ms: number) => new Date(ms).toISOString();
  const drill = (alert: Alert, openedAt: number) =>
    aws.items.set(
      'DRILL#patient-1',
      stored({ ...alert, pk: 'DRILL#patient-1', patientId: null, arrivedAt: iso(openedAt) }),
    );

  test('begins no other drill once its own is over', async () => {
    announce();
    drill(aClosedAlert(), minute(1));
    const quarter = Array.from({ length: 12 }, (_, n) => sent(`${n}`, { quality: 'demo' }, minute(2 + n)));
    expect(await consume(...quarter)).toEqual([]);
    expect([keys(), itemsOf('claim', 'contacts', 'vitals')]).toEqual([[], []]);
  });

  test.each([
    ['one of an announcement before', () => drill(aClosedAlert(), minute(-60))],
    ['one that is still open', () => drill(anAlert(), minute(1))],
    [
      'one that cannot be read',
      () => {
        drill(aClosedAlert(), minute(1));
        failing('Get DRILL#patient-1');
      },
    ],
  ])('is raised beside %s', async (_which, given) => {
    announce();
    given();
    expect(await consume(sent('1', {}, minute(2)))).toEqual([]);
    expect(keys()).toEqual(['DRILL#patient-1']);
  });
});

test.each([
  ['no drill is announced', () => {}],
  ['that of another ward is', () => announce('ward-002')],
  [
    'what is announced cannot be understood',
    () => aws.items.set(announcement, { pk: announcement, drills: 7 }),
  ],
])('%s: a demonstration is a fault, and a test is archived alone', async (_what, given) => {
  given();
  await consume(sent('1'), sent('2', { quality: 'demo' }));
  expect(keys()).toEqual(['DEVICE#bp-1#demoMode']);
});

test('whether one is announced cannot be read: there is no drill, which is counted, and no record comes again', async () => {
  announce();
  failing(`Get ${announcement}`);
  const all = [
    sent('1'),
    sent('2', normal),
    sent('3', { quality: 'demo' }),
    record('4', measured(0, critical)),
  ];
  expect(await consume(...all)).toEqual([]);
  expect(keys()).toEqual(['PATIENT#patient-1', 'DEVICE#bp-1#demoMode']);
  expect(metricsCounted()).toEqual(['ClaimNotWritten']);
});

test('such a record, should it come again for another one, is the drill that it was', async () => {
  announce();
  failing(`Get ${announcement}`);
  await consume(sent('1'));
  aws.before = () => undefined;
  await consume(sent('1'));
  expect(keys()).toEqual(['DRILL#patient-1']);
});

test('a claim that cannot be written makes the record come again', async () => {
  announce();
  await consume(sent('1'));
  const [claim] = itemsOf('claim');
  aws.items.delete(claim?.pk);
  failing(`Put ${claim?.pk}`);
  expect(await consume(sent('1'))).toEqual(['1']);
});

test('a reading of a patient costs no look at drills, and those of a ward one together', async () => {
  announce();
  await consume(record('1', measured(0, critical)));
  expect(aws.calls).not.toContain(`Get ${announcement}`);
  await consume(...Array.from({ length: 20 }, (_, n) => sent(`${2 + n}`, { systolic: 186 + n })));
  expect(aws.calls.filter((call) => call === `Get ${announcement}`)).toHaveLength(1);
});

test('a device of no registry is no unknown one', async () => {
  announce();
  await consume(sent('1', { deviceId: 'vigil-drill', ward: 'ward-001', bed: undefined }));
  expect(metricsCounted()).toEqual([]);
});
