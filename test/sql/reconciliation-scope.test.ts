/** What the proof looks at, and what it leaves out: readings and events of other nights, drills, other lists. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenAlert } from '../../handlers/alert/alert.ts';
import { checksOf, isClean } from '../../handlers/reporting/checks.ts';
import { archiveTimestamp } from '../../handlers/time/instant.ts';
import { Archive } from './archive.ts';
import { aNight, listed, minute, Night } from './night.ts';

const archive = new Archive();
const notTaken = 'alarmingReadingsTaken';
const night = 24 * 60;

// Asked a month later, since the tables have no partition beyond the next day.
beforeAll(() => archive.account.clock.run(archive.account.clock.now() + 30 * 86_400_000));

const checks = async () => checksOf(await archive.ask('reconciliation'));
const gapsNow = async () => (await checks()).filter((check) => !isClean(check)).map(({ name }) => name);

/** The names of the checks that do not come out even. */
async function gaps(of: Night, open: readonly OpenAlert[] = of.open()) {
  archive.holds(of, open);
  return gapsNow();
}

test('a check says how many were in order, how many were not, and names the least of those', async () => {
  const one = aNight();
  const lost = [200, 210].map((at) => one.arrives(at, { patientId: 'p-9' }).reading.readingId);
  archive.holds(one);
  expect((await checks()).find(({ name }) => name === notTaken)).toMatchObject({
    expected: 5,
    found: 3,
    missing: 2,
    example: lost.toSorted()[0],
  });
});

describe('readings', () => {
  test('of the evening before and the morning after are another night’s', async () => {
    const one = aNight();
    archive.holds(one);
    const alone = await checks();
    one.arrives(-30, { patientId: 'p-8' });
    one.arrives(night, { patientId: 'p-9' });
    archive.holds(one);
    expect(await checks()).toEqual(alone);
  });

  test.each(['test', 'demo', 'withdrawn'] as const)('of quality %s alarm nobody', async (quality) => {
    const one = aNight();
    one.arrives(200, { patientId: 'p-9', quality });
    expect(await gaps(one)).toEqual([]);
  });

  test.each(['2026-02-20', '2026-03-20'])('that lie in the partition of %s are not read', async (dt) => {
    const one = aNight();
    one.arrives(200, { patientId: 'p-9' });
    const misplaced = one.readings.splice(-1);
    archive.holds(one);
    archive.put('readings', dt, 'misplaced', misplaced);
    expect(await gapsNow()).toEqual([]);
  });

  test('taken before the night are looked for in the night before', async () => {
    const one = aNight();
    one.lives(one.arrives(-30, { patientId: 'p-3' }));
    one.readings = one.readings.filter(({ patient_id }) => patient_id !== 'p-3');
    expect(await gaps(one)).toEqual([]);
  });
});

describe('events', () => {
  test.each([
    ['before the night are not read', '2026-02-20', []],
    [
      'up to the present are read',
      '2026-03-20',
      ['alarmingReadingsTakenOnce', 'alertsRaisedOnce', 'eventNumbersComplete'],
    ],
  ])('of partitions %s', async (_what, dt, found) => {
    const one = aNight();
    const raised = one.events.filter(({ type }) => type === 'raised');
    archive.holds(one);
    archive.put(
      'events',
      dt,
      'misplaced',
      raised.map((event) => ({ ...event, event_id: 'misplaced' })),
    );
    expect(await gapsNow()).toEqual(found);
  });

  test('that only name a reading do not take it', async () => {
    const one = aNight();
    const { reading } = one.arrives(200, { patientId: 'p-1' });
    one.events = one.events.map((event) =>
      event.type === 'accepted' ? { ...event, reading_id: reading.readingId } : event,
    );
    expect(await gaps(one)).toEqual([notTaken]);
  });

  test('that only name a reading do not set it aside either, although it was overtaken', async () => {
    const held = { patientId: 'p-9', measuredAt: minute(150) };
    const live = { patientId: 'p-9', systolicMmHg: 120, diastolicMmHg: 80 };
    const aside = aNight();
    aside.arrives(200.1, live);
    aside.supersedes(aside.arrives(200.2, held));
    expect(await gaps(aside)).toEqual([]);
    const named = aNight();
    named.arrives(200.1, live);
    const { reading } = named.arrives(200.2, held);
    named.lives(named.arrives(300, { patientId: 'p-3' }));
    named.events = named.events.map((event) =>
      event.type === 'accepted' && event.occurred_at > archiveTimestamp(reading.arrivedAt)
        ? { ...event, reading_id: reading.readingId }
        : event,
    );
    expect(await gaps(named)).toEqual([notTaken]);
  });

  test('of the first hour that is read count only from there on: those before may lie where nobody looks', async () => {
    const one = aNight();
    const midnight = -30 * 60;
    const paged = one.pages(one.raises(one.arrives(midnight + 10, { patientId: 'p-3' })), midnight + 10.1);
    one.closes(one.accepts(paged, midnight + 11), midnight + 26);
    one.events = one.events.filter(({ alert_id, type }) => alert_id !== paged.alertId || type !== 'accepted');
    expect(await gaps(one)).toEqual([]);
  });
});

describe('alerts', () => {
  test('of one patient, one after the other, do not overlap', async () => {
    const one = aNight();
    one.lives(one.arrives(300, { patientId: 'p-3' }));
    one.lives(one.arrives(400, { patientId: 'p-3' }));
    expect(await gaps(one)).toEqual([]);
  });

  test('a reading that joins answers no page', async () => {
    const one = aNight();
    one.pages(one.raises(one.arrives(300, { patientId: 'p-3' })), 300.1);
    one.raises(one.arrives(301, { patientId: 'p-3' }));
    expect(await gaps(one, [])).toEqual(['pagesHaveOutcome', 'openByEventsOpenInTable']);
  });

  test('paged in an earlier night and joined in this one need no page in it', async () => {
    const one = aNight();
    const begun = one.pages(one.raises(one.arrives(-40 * 60, { patientId: 'p-3' })), -40 * 60 + 0.1);
    one.accepts(begun, -39 * 60);
    const joined = one.raises(one.arrives(100, { patientId: 'p-3' }));
    expect(await gaps(one, [listed(joined, night + 16)])).toEqual([]);
  });

  test('raised just now by its own event, whatever a clock that is behind says of another', async () => {
    const one = aNight();
    // The list counts up to ten seconds before it was read.
    const raisedAt = night + 14.85;
    const { alertId } = one.raises(one.arrives(raisedAt - 0.05, { patientId: 'p-3' }), minute(raisedAt));
    one.raises(one.arrives(raisedAt + 0.01, { patientId: 'p-3' }));
    one.events = one.events.map((event) =>
      event.alert_id === alertId && event.type === 'joined'
        ? { ...event, occurred_at: archiveTimestamp(minute(raisedAt - 0.03)) }
        : event,
    );
    expect(await gaps(one)).toEqual([]);
  });
});

test.each([
  ['another run', { run: 'another-run' }],
  ['another day', { dt: '2026-02-20' }],
])('the list of %s is not this one', async (_which, of) => {
  const other = new Night();
  other.pages(other.raises(other.arrives(300, { patientId: 'p-3' })), 300.1);
  archive.holds(aNight());
  archive.lists(other.open(), of);
  expect(await gapsNow()).toEqual([]);
});
