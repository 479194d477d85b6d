/** How readings are cut into batches, in which order they come and how often: none of it changes whom they alarm, since when, and how badly. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { LocalAws } from '../local-aws.ts';
import { onTheWire } from './reading/builders.ts';
import { aConsumer, consume, noon, record } from './reading/consumer.ts';

const { loadRoster, loadIdentityKey } = vi.hoisted(() => ({ loadRoster: vi.fn(), loadIdentityKey: vi.fn() }));
vi.mock('../../handlers/aws/s3/roster-store.ts', () => ({ loadRoster }));
vi.mock('../../handlers/aws/secrets.ts', () => ({ loadIdentityKey }));

const consumer = aConsumer({ loadRoster, loadIdentityKey });

/** One of four patients; some readings alarm, some are suspect, and some records hold none. */
const sent = fc.record({
  patient: fc.integer({ min: 1, max: 4 }),
  minutesAgo: fc.integer({ min: 0, max: 59 }),
  systolic: fc.constantFrom(0, 62, 88, 118, 150, 184, 232),
  diastolic: fc.constantFrom(40, 76, 96, 124),
  isPoison: fc.boolean().map((one) => one && 'not a reading'),
});

const story = fc.array(sent, { minLength: 1, maxLength: 20 }).chain((all) => {
  const records = all.map(({ patient, minutesAgo, isPoison, ...pressures }, index) => {
    const arrivedAt = noon - minutesAgo * 60_000;
    const measuredAt = new Date(arrivedAt - 20_000).toISOString();
    const reading = onTheWire({
      deviceId: `bp-${patient}`,
      patientId: `patient-${patient}`,
      measuredAt,
      ...pressures,
    });
    return record(String(index), isPoison || reading, arrivedAt);
  });
  const again = fc.subarray(records);
  return again.chain((some) =>
    fc.record({
      records: fc.constant(records),
      anyhow: fc.shuffledSubarray([...records, ...some], { minLength: records.length + some.length }),
      cut: fc.integer({ min: 1, max: 7 }),
    }),
  );
});
type Records = Parameters<typeof consume>;

/** What stands in the table, and in quarantine, when the records came in batches of so many. */
async function after(records: Records, cut: number) {
  consumer.aws = new LocalAws();
  for (let from = 0; from < records.length; from += cut)
    expect(await consume(...records.slice(from, from + cut))).toEqual([]);
  const items = [...consumer.aws.items.values()];
  const of = (kind: string, seen: (item: Record<string, unknown>) => object) =>
    Object.fromEntries(items.filter((item) => item.kind === kind).map((item) => [item.pk, seen(item)]));
  const claims = items.filter(({ kind }) => kind === 'claim');
  const alarms = claims.filter(({ level }) => level !== 'technical');
  return {
    alarms: alarms
      .map(({ pk, alertKey, level, status, measuredAt, arrivedAt }) =>
        [pk, alertKey, level, status, measuredAt, arrivedAt].join(),
      )
      .sort(),
    /** How often a fault begins depends on what came between, but not whether it does. */
    faults: new Set(claims.filter(({ level }) => level === 'technical').map(({ alertKey }) => alertKey)),
    vitals: of('vitals', ({ recent, lastSpokeAt }) => ({ recent, lastSpokeAt })),
    executions: new Set([...consumer.aws.executions.keys()].filter((name) => !name.startsWith('technical'))),
    quarantined: new Set(consumer.aws.objects.keys()),
  };
}

test('the same patients are alarmed for, by the same readings', async () => {
  const seed = 20261126;
  let alarms = 0;
  await fc.assert(
    fc.asyncProperty(story, async ({ records, anyhow, cut }) => {
      const [atOnce, otherwise] = [await after(records, 100), await after(anyhow, cut)];
      expect(otherwise).toEqual(atOnce);
      alarms += atOnce.alarms.length;
    }),
    { seed, numRuns: 100 },
  );
  console.log(`${alarms} alarms, the same in any order (seed ${seed})`);
  expect(alarms).toBeGreaterThan(200);
});
