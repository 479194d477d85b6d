/** The proof's limits in time, a millisecond to either side of each. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Alert, OpenAlert } from '../../handlers/alert/alert.ts';
import { requestsOf } from '../../handlers/alert/ask.ts';
import { stepOf } from '../../handlers/alert/mails.ts';
import { checksOf, isClean } from '../../handlers/reporting/checks.ts';
import { archiveTimestamp } from '../../handlers/time/instant.ts';
import { Archive } from './archive.ts';
import { aNight, doctor, listed, minute, Night, nurse, reportAt, window } from './night.ts';

const archive = new Archive();

// Asked a month later, since the tables have no partition beyond the next day.
beforeAll(() => archive.account.clock.run(archive.account.clock.now() + 30 * 86_400_000));

const gapsNow = async () =>
  checksOf(await archive.ask('reconciliation'))
    .filter((check) => !isClean(check))
    .map(({ name }) => name);

/** The names of the checks that do not come out even. */
async function gaps(of: Night, open: readonly OpenAlert[] = of.open()) {
  archive.holds(of, open);
  return gapsNow();
}

const notTaken = 'alarmingReadingsTaken';
const notArchived = 'takenReadingsInArchive';
const unpaged = 'needsPaged';
const withoutOutcome = 'pagesHaveOutcome';
const numberMissing = 'eventNumbersComplete';
const notClosed = 'openByEventsOpenInTable';

const second = 1 / 60;
const ms = second / 1000;
/** When the list of the open alerts is read, in minutes of the night. */
const listedAt = (Date.parse(reportAt) - Date.parse(window.from)) / 60_000;
/** An hour into the first day that is read. */
const knownFrom = -29 * 60;
const normal = { systolicMmHg: 120, diastolicMmHg: 80 };

/** Raised, and paged, at minutes of the night. */
function paged(one: Night, raisedAt: number, pagedAt: number): Alert {
  const raised = one.raises(one.arrives(raisedAt - second, { patientId: 'p-3' }), minute(raisedAt));
  return one.pages(raised, pagedAt);
}

/** Takes the events of a type from the one alert of p-3. */
function without(one: Night, type: string): Night {
  one.events = one.events.filter((event) => event.type !== type || !event.alert_key.includes('p-3'));
  return one;
}

describe('what is too old to be known', () => {
  test.each([
    [0, ['raisingsKnown']],
    [-ms, []],
  ])('a reading that arrived %s minutes from there, and whose raising is missing', async (by, expected) => {
    const one = aNight();
    const raised = one.raises(one.arrives(knownFrom + by, { patientId: 'p-3' }));
    one.closes(one.accepts(one.pages(raised, knownFrom + 2), knownFrom + 3), knownFrom + 4);
    expect(await gaps(without(one, 'raised'))).toEqual(expected);
  });

  test.each([
    [0, [numberMissing]],
    [-ms, []],
  ])('an event that happened %s minutes from there, and is followed by a gap', async (by, expected) => {
    const one = aNight();
    one.closes(one.accepts(paged(one, knownFrom - 2, knownFrom + by), knownFrom + 1), knownFrom + 2);
    expect(await gaps(without(one, 'accepted'))).toEqual(expected);
  });
});

test.each(['2026-03-01', '2026-03-04'])('what lies in the partition of %s is read', async (dt) => {
  const { readings, events } = aNight();
  archive.holds(new Night());
  archive.put('readings', dt, 'a', readings);
  archive.put('events', dt, 'a', events);
  expect(await gapsNow()).toEqual([]);
});

describe('a late reading', () => {
  const p9 = { patientId: 'p-9' };
  /** Set aside at minute 90, measured at 70 unless said otherwise. */
  const setAside = (one: Night, measured = 70) =>
    one.supersedes(one.arrives(90, { ...p9, measuredAt: minute(measured) }));
  /** What its device delivered with it, unless said otherwise measured just before. */
  const delivers = (one: Night, arrived = 90, measured = arrived - second, said = {}) =>
    one.arrives(arrived, { ...p9, ...normal, measuredAt: minute(measured), ...said });

  test.each([
    ['of five minutes came in time', 5, [notTaken]],
    ['of more than five minutes may be set aside', 5 + ms, []],
    ['of a day may be', 24 * 60, []],
    ['of more than a day has a clock that is off', 24 * 60 + ms, [notTaken]],
  ])('%s', async (_what, minutes, expected) => {
    const one = aNight();
    delivers(one);
    setAside(one, 90 - minutes);
    expect(await gaps(one)).toEqual(expected);
  });

  test.each<[what: string, arrived: number, measured: number, gaps: string[], from?: number]>([
    ['measured just before', 90, 90 - second, []],
    ['measured half a minute before', 90, 89.5, []],
    ['older than that', 90, 89.5 - ms, [notTaken]],
    ['newer, and came half a minute earlier', 89.5, 89.5, []],
    ['newer, and came a moment later', 90 + second - ms, 90, []],
    ['newer, and came too late to be known', 90 + second, 90, [notTaken]],
    ['of a clock that runs a little ahead, and came minutes earlier', 88, 89.9, [notTaken], 84],
    ['of a clock that runs five minutes ahead', 90, 95, []],
    ['of a clock that runs further ahead', 90, 95 + ms, [notTaken]],
  ] as const)(
    'is overtaken by a reading that is %s',
    async (_what, arrived, measured, expected, from = 70) => {
      const one = aNight();
      delivers(one, arrived, measured);
      setAside(one, from);
      expect(await gaps(one)).toEqual(expected);
    },
  );

  test.each([
    ['of another patient', { patientId: 'p-8', deviceId: 'bp-p-9' }],
    ['of another device', { deviceId: 'bp-other' }],
    ['that is suspect', { diastolicMmHg: 115 }],
    ['that is a test', { quality: 'test' }],
    ['that is a demonstration', { quality: 'demo' }],
    ['that its device calls questionable', { quality: 'questionable' }],
  ])('is not overtaken by one %s', async (_what, said) => {
    const one = aNight();
    delivers(one, 90, 90 - second, said);
    setAside(one);
    expect(await gaps(one)).toEqual([notTaken]);
  });

  test('whose message names only the device or only the patient is never set aside', async () => {
    const one = aNight();
    delivers(one);
    one.supersedes(one.arrives(90, { ...p9, bothNamed: false, measuredAt: minute(70) }));
    expect(await gaps(one)).toEqual([notTaken]);
  });

  test('that was decided long after the newer one came, half a minute later, is overtaken; one longer apart is not', async () => {
    const decided = (arrived: number) => {
      const one = aNight();
      delivers(one, arrived);
      const { reading, judgement } = one.arrives(90, { ...p9, measuredAt: minute(70) });
      one.supersedes({ reading, judgement }, minute(99));
      return one;
    };
    expect(await gaps(decided(90.5))).toEqual([]);
    expect(await gaps(decided(90.5 + ms))).toEqual([notTaken]);
  });

  test.each([
    ['five minutes after it was measured', 75, {}, []],
    ['later', 75 + ms, {}, [notTaken]],
    ['half a minute before it came', 89.5, {}, []],
    ['a moment earlier', 89.5 - ms, {}, [notTaken]],
    ['between, by a correction of what it sent before', 80, { replaces: true }, []],
    ['between, by a suspect reading', 80, { diastolicMmHg: 115 }, [notTaken]],
    ['between, by a test', 80, { quality: 'test' }, [notTaken]],
    ['between, with another patient', 80, { patientId: 'p-8', deviceId: 'bp-p-9' }, [notTaken]],
    ['between, but it was another device', 80, { deviceId: 'bp-other' }, []],
  ] as const)('has a clock that is off when its device was heard %s', async (_when, at, said, expected) => {
    const one = aNight();
    delivers(one, at, at, said);
    delivers(one);
    setAside(one);
    expect(await gaps(one)).toEqual(expected);
  });
});

test.each([
  ['a moment before the night', -ms, []],
  ['when the night begins', 0, [notArchived]],
  ['a moment before its end', 24 * 60 - ms, [notArchived]],
  ['when it ends', 24 * 60, []],
])('a reading that was taken %s, and is not in the archive', async (_when, at, expected) => {
  const one = aNight();
  const raised = one.raises(one.arrives(at - second, { patientId: 'p-3' }), minute(at));
  one.closes(one.accepts(one.pages(raised, at + second), at + 1), at + 2);
  one.readings = one.readings.filter(({ patient_id }) => patient_id !== 'p-3');
  expect(await gaps(one)).toEqual(expected);
});

describe('the list of the open alerts', () => {
  test.each([
    [-10, []],
    [-10.001, [unpaged]],
  ])('an alert that was raised %s seconds from it may have no page yet', async (seconds, expected) => {
    const one = aNight();
    const at = listedAt + seconds * second;
    one.raises(one.arrives(at - second, { patientId: 'p-3' }), minute(at));
    expect(await gaps(one)).toEqual(expected);
  });

  test.each(['handsOver', 'givesBack'] as const)(
    'a round that its owner began ten seconds before may have no page yet: %s',
    async (begins) => {
      for (const [seconds, expected] of [
        [-10, []],
        [-10.001, [unpaged]],
      ] as const) {
        const one = aNight();
        one[begins](
          one.accepts(paged(one, listedAt - 9, listedAt - 8), listedAt - 7),
          listedAt + seconds * second,
        );
        expect(await gaps(one)).toEqual(expected);
      }
    },
  );

  test.each([
    [-10, []],
    [-10.001, [withoutOutcome, notClosed]],
  ])('an alert whose last event was %s seconds from it may be absent', async (seconds, expected) => {
    const one = aNight();
    paged(one, listedAt - 12 * second, listedAt + seconds * second);
    expect(await gaps(one, [])).toEqual(expected);
  });

  test.each([
    [60, [numberMissing]],
    [60.001, []],
  ])('an event %s seconds after it tells of one before that is missing', async (seconds, expected) => {
    const one = aNight();
    const asked = paged(one, listedAt + 10 * second, listedAt + 20 * second);
    one.closes(one.accepts(asked, listedAt + 30 * second), listedAt + seconds * second);
    expect(await gaps(without(one, 'accepted'), [])).toEqual(expected);
  });

  test.each([
    ['half an hour', 30, [withoutOutcome]],
    ['less than half an hour', 30 - ms, []],
  ])('a page of an open alert was sent %s before it', async (_when, minutes, expected) => {
    const one = aNight();
    const asked = paged(one, listedAt - 31, listedAt - minutes);
    expect(await gaps(one, [listed(asked, listedAt + 1)])).toEqual(expected);
  });

  test.each([
    ['five minutes', 5, ['openAlertsNotOverdue']],
    ['less than five minutes', 5 - ms, []],
  ])('the next step of an open alert is overdue by %s', async (_how, minutes, expected) => {
    const one = aNight();
    const asked = paged(one, listedAt - 10, listedAt - 9);
    expect(await gaps(one, [listed(asked, listedAt - minutes)])).toEqual(expected);
  });
});

describe('the outcome of a page', () => {
  test.each([
    ['within half an hour', 30, []],
    ['after more than half an hour', 30 + ms, [withoutOutcome]],
  ])('came %s', async (_when, minutes, expected) => {
    const one = aNight();
    one.closes(one.accepts(paged(one, 300, 301), 301 + minutes), 340);
    expect(await gaps(one)).toEqual(expected);
  });

  test('is not that somebody else is paged with them', async () => {
    const one = aNight();
    const raised = one.raises(one.arrives(300, { patientId: 'p-3' }), minute(300.1));
    one.pages(raised, 300.2, [nurse, doctor]);
    archive.holds(one, []);
    const check = checksOf(await archive.ask('reconciliation')).find(({ name }) => name === withoutOutcome);
    expect(check?.missing).toBe(2);
  });

  test.each([
    'waiting',
    'deferred',
    'backedOff',
    'resumed',
    'asking',
    'undeliverable',
    'operationsTold',
    'stoodDown',
  ])('is not an event %s', async (type) => {
    const one = aNight();
    const { alertId } = paged(one, 300, 300.1);
    one.raises(one.arrives(301, { patientId: 'p-3', systolicMmHg: 191 }));
    one.readings = one.readings.filter(({ systolic }) => systolic !== 191);
    one.events = one.events.map((event) =>
      event.alert_id === alertId && event.type === 'joined' ? { ...event, type, reading_id: null } : event,
    ) as typeof one.events;
    expect(await gaps(one, [])).toEqual([withoutOutcome, notClosed]);
  });

  test('of one that went out when the alert was just closed is its end', async () => {
    const one = aNight();
    const asked = one.asks(one.raises(one.arrives(300, { patientId: 'p-3' })), 300.1);
    const closed = one.closes(asked, 300.2);
    one.hearsLate(closed, 300.3, stepOf(asked), requestsOf(asked, [nurse, doctor]));
    expect(await gaps(one)).toEqual([]);
  });

  test('a mail that was taken for lost, and that somebody answers all the same, has reached them', async () => {
    const one = aNight();
    const accepted = one.failsToMail(paged(one, 300, 300.1), 300.2);
    one.closes(one.accepts(accepted, 301), 310);
    expect(await gaps(one)).toEqual([]);
    const other = aNight();
    const declined = other.failsToMail(paged(other, 300, 300.1), 300.2);
    other.closes(other.declines(declined, 301), 310);
    expect(await gaps(other)).toEqual([]);
  });
});

test('an event of the archive has the milliseconds that these limits need', () => {
  expect(archiveTimestamp(minute(ms))).toBe('2026-03-02 06:00:00.001');
});
