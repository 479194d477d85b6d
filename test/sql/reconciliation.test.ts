/** The proof, and that it can fail: each check turned red by what it is there to find, and by nothing else. */
import { describe, expect, test } from 'vitest';
import type { OpenAlert } from '../../handlers/alert/alert.ts';
import { type Check, checksOf, isClean } from '../../handlers/reporting/checks.ts';
import { Archive } from './archive.ts';
import { aNight, doctor, listed, minute, Night, nurse } from './night.ts';

const archive = new Archive();

const checks = async () => checksOf(await archive.ask('reconciliation'));
const gapsOf = (all: Check[]) => all.filter((check) => !isClean(check)).map(({ name }) => name);

/** The names of the checks that do not come out even. */
async function gaps(night: Night, open: readonly OpenAlert[] = night.open()) {
  archive.holds(night, open);
  return gapsOf(await checks());
}

const sizesOf = (all: Check[]) => Object.fromEntries(all.map(({ name, expected }) => [name, expected]));

const without = (night: Night, ...types: string[]) => {
  night.events = night.events.filter(({ type }) => !types.includes(type));
  return night;
};

/** The night whose events do not have a value in that column. */
const withNull = (night: Night, column: 'arrived_at' | 'event_rows' | 'seq') => {
  night.events = night.events.map((event) => ({ ...event, [column]: null }) as unknown as typeof event);
  return night;
};

test('a night in order comes out even, and says how much it looked at', async () => {
  archive.holds(aNight());
  const all = await checks();
  expect(gapsOf(all)).toEqual([]);
  expect(sizesOf(all)).toEqual({
    readingsInArchive: 1,
    openAlertsListed: 1,
    alarmingReadingsTaken: 3,
    alarmingReadingsTakenOnce: 3,
    takenReadingsInArchive: 3,
    oneOpenAlertPerPatient: 1,
    alertsRaisedOnce: 1,
    raisingsKnown: 1,
    needsPaged: 1,
    pagesHaveOutcome: 1,
    eventNumbersComplete: 1,
    openInTableOpenByEvents: 0,
    openByEventsOpenInTable: 0,
    openAlertsNotOverdue: 0,
    alertsReadable: 1,
    severitiesAsJudged: 4,
  });
});

test('an open alert is looked at once, however much happened to it', async () => {
  const night = aNight();
  const opened = night.pages(
    night.raises(night.arrives(24 * 60 + 12, { patientId: 'p-3' })),
    24 * 60 + 12.1,
    [nurse, doctor],
  );
  night.accepts(opened, 24 * 60 + 13);
  night.pages(night.raises(night.arrives(24 * 60 + 13, { patientId: 'p-4' })), 24 * 60 + 13.1);
  archive.holds(night);
  const all = await checks();
  expect(gapsOf(all)).toEqual([]);
  expect(sizesOf(all)).toMatchObject({
    oneOpenAlertPerPatient: 3,
    alertsRaisedOnce: 3,
    raisingsKnown: 3,
    pagesHaveOutcome: 4,
    eventNumbersComplete: 3,
    openInTableOpenByEvents: 2,
    openByEventsOpenInTable: 2,
    openAlertsNotOverdue: 2,
  });
});

describe('turned red once each', () => {
  test('a reading without an event: its claim was dropped', async () => {
    const night = aNight();
    night.arrives(200, { patientId: 'p-9' });
    expect(await gaps(night)).toEqual(['alarmingReadingsTaken']);
  });

  test('an alarming reading set aside though it came in time, or though nothing newer is known', async () => {
    const lost = ['alarmingReadingsTaken'];
    const inTime = aNight();
    inTime.supersedes(inTime.arrives(90, { systolicMmHg: 195 }));
    inTime.arrives(95, { systolicMmHg: 120, diastolicMmHg: 80 });
    expect(await gaps(inTime)).toEqual(lost);
    const newest = aNight();
    newest.supersedes(newest.arrives(90, { patientId: 'p-9', measuredAt: minute(70) }));
    expect(await gaps(newest)).toEqual(lost);
    // A suspect reading overtakes nothing, nor does one that came long after.
    newest.arrives(89.9, { patientId: 'p-9', systolicMmHg: 120, diastolicMmHg: 115 });
    newest.arrives(200, { patientId: 'p-9', systolicMmHg: 120, diastolicMmHg: 80 });
    expect(await gaps(newest)).toEqual(lost);
  });

  test('a live reading set aside because the clock of its device fell back', async () => {
    const night = aNight();
    night.arrives(90, { patientId: 'p-9', systolicMmHg: 120, diastolicMmHg: 80 });
    night.supersedes(night.arrives(105, { patientId: 'p-9', measuredAt: minute(45), systolicMmHg: 232 }));
    expect(await gaps(night)).toEqual(['alarmingReadingsTaken']);
  });

  test('an alarming reading without a quality', async () => {
    const night = aNight();
    night.arrives(200, { patientId: 'p-9' });
    night.readings = night.readings.map((row) =>
      row.patient_id === 'p-9' ? ({ ...row, quality: null } as unknown as typeof row) : row,
    );
    expect(await gaps(night)).toEqual(['alarmingReadingsTaken']);
  });

  test('no reading in the archive: Firehose was down', async () => {
    const night = aNight();
    night.readings = [];
    expect(await gaps(night)).toEqual(['readingsInArchive', 'takenReadingsInArchive']);
  });

  test('an archive without anything proves nothing', async () => {
    expect(await gaps(new Night())).toEqual(['readingsInArchive']);
  });

  test('a night without a list of the open alerts', async () => {
    archive.holds(aNight());
    archive.lists(undefined);
    const [gap, ...others] = (await checks()).filter((check) => !isClean(check));
    expect(gap).toEqual({
      name: 'openAlertsListed',
      expected: 1,
      found: 0,
      missing: 1,
      example: 'open_alerts',
    });
    expect(others).toEqual([]);
  });

  test('an alert of a reading that is not in the archive', async () => {
    const night = aNight();
    night.readings = night.readings.filter(({ systolic }) => systolic !== 195);
    expect(await gaps(night)).toEqual(['takenReadingsInArchive']);
  });

  test('a reading that two alerts took', async () => {
    const night = aNight();
    const twice = night.arrives(300, { patientId: 'p-3' });
    night.lives(twice);
    night.lives(twice);
    expect(await gaps(night)).toEqual(['alarmingReadingsTakenOnce', 'alertsRaisedOnce']);
  });

  test('an alert opened while the patient has another one open', async () => {
    const night = aNight();
    const first = night.pages(
      night.raises(night.arrives(24 * 60 + 14, { patientId: 'p-3' })),
      24 * 60 + 14.1,
    );
    const by = { reason: 'transferred', clinicianId: null, dueAt: null, formerOwner: null } as const;
    night.alerts.set(first.pk, { ...first, standing: { is: 'closed', at: first.openedAt, ...by } });
    night.lives(night.arrives(24 * 60 + 14.2, { patientId: 'p-3' }));
    expect(await gaps(night, [listed(first)])).toEqual(['oneOpenAlertPerPatient']);
  });

  test('a raising that is not in the archive', async () => {
    expect(await gaps(without(aNight(), 'raised'))).toEqual(['alarmingReadingsTaken', 'raisingsKnown']);
  });

  test('an alert that nobody was paged for', async () => {
    const night = aNight();
    const raised = night.raises(night.arrives(24 * 60 + 14.5, { patientId: 'p-3' }));
    expect(await gaps(night)).toEqual(['needsPaged']);
    night.closes(raised, 24 * 60 + 15);
    expect(await gaps(night, [])).toEqual(['needsPaged']);
  });

  test('an alert whose only page could not be mailed, and that went to nobody else', async () => {
    const night = aNight();
    const raised = night.raises(night.arrives(24 * 60 + 14, { patientId: 'p-3' }));
    const failed = night.failsToMail(raised, 24 * 60 + 14.2);
    expect(await gaps(night)).toEqual(['needsPaged']);
    const moved = night.movesOn(failed, 24 * 60 + 14.3, 'nobodyReached');
    night.pages(moved, 24 * 60 + 14.4, [doctor]);
    expect(await gaps(night)).toEqual([]);
  });

  test('an alert that stands still: its page unanswered for hours, its next step overdue', async () => {
    const night = aNight();
    night.pages(night.raises(night.arrives(300, { patientId: 'p-3' })), 300.1);
    expect(await gaps(night)).toEqual(['pagesHaveOutcome', 'openAlertsNotOverdue']);
  });

  test('a page that was answered only after hours', async () => {
    const night = aNight();
    const paged = night.pages(night.raises(night.arrives(300, { patientId: 'p-3' })), 300.1);
    night.closes(night.accepts(paged, 600), 615);
    expect(await gaps(night)).toEqual(['pagesHaveOutcome']);
  });

  test('one of the pages of an event', async () => {
    const night = aNight();
    const paged = night.pages(night.raises(night.arrives(300, { patientId: 'p-3' })), 300.1, [nurse, doctor]);
    night.closes(night.accepts(paged, 301), 315);
    expect(await gaps(night)).toEqual([]);
    night.events = night.events.filter(
      ({ clinician_id, type }) => type !== 'paged' || clinician_id !== 'doctor-1',
    );
    expect(await gaps(night)).toEqual(['eventNumbersComplete']);
  });

  test('a page that nothing came of', async () => {
    const night = aNight();
    night.pages(night.raises(night.arrives(300, { patientId: 'p-3' })), 300.1);
    expect(await gaps(night, [])).toEqual(['pagesHaveOutcome', 'openByEventsOpenInTable']);
  });

  test('worse news that nobody was mailed about, within a round whose first page was mailed', async () => {
    const night = aNight();
    night.pages(night.raises(night.arrives(300, { patientId: 'p-3' })), 300.1);
    const worse = night.raises(night.arrives(300.5, { patientId: 'p-3', systolicMmHg: 230 }));
    const failed = night.failsToMail(worse, 300.6);
    expect(await gaps(night)).toEqual(['needsPaged', 'pagesHaveOutcome', 'openAlertsNotOverdue']);
    night.closes(night.pages(night.movesOn(failed, 300.7, 'nobodyReached'), 300.8, [doctor]), 310);
    expect(await gaps(night)).toEqual([]);
  });

  test('a new need for an answer that nobody was mailed about, of an alert that had pages before', async () => {
    const night = aNight();
    const owned = night.accepts(
      night.pages(night.raises(night.arrives(300, { patientId: 'p-3' })), 300.1),
      301,
    );
    const asked = night.failsToMail(night.asksAnew(owned, 316, 'repeat'), 316.1);
    expect(await gaps(night)).toEqual(['needsPaged', 'openAlertsNotOverdue']);
    night.closes(asked, 330);
    // By the link of the earlier round: somebody was there.
    expect(await gaps(night, [])).toEqual([]);
  });

  test('an answer proves its mail, whose record may be what was lost', async () => {
    const night = aNight();
    night.closes(night.accepts(night.raises(night.arrives(300, { patientId: 'p-3' })), 301), 310);
    expect(await gaps(night)).toEqual([]);
  });

  test('two writes under one number: an alert closed by it and another raised', async () => {
    const night = aNight();
    night.lives(night.arrives(300, { patientId: 'p-3' }));
    const { alertId } = night.lives(night.arrives(400, { patientId: 'p-3' }));
    expect(await gaps(night)).toEqual([]);
    night.events = night.events.map((event) =>
      event.alert_id === alertId ? { ...event, seq: (event.seq ?? 0) - 1 } : event,
    );
    expect(await gaps(night)).toEqual(['oneOpenAlertPerPatient', 'eventNumbersComplete']);
  });

  test('a number that is missing', async () => {
    expect(await gaps(without(aNight(), 'accepted'))).toEqual(['eventNumbersComplete']);
  });

  test.each(['event_rows', 'seq'] as const)(
    'a patient none of whose events says its %s: then none can be said to be there',
    async (column) => {
      expect(await gaps(withNull(aNight(), column))).toContain('eventNumbersComplete');
    },
  );

  test('an alert whose raising is missing, and whose events do not say when its reading arrived', async () => {
    const night = withNull(without(aNight(), 'raised'), 'arrived_at');
    expect(await gaps(night)).toContain('raisingsKnown');
  });

  test('a raising that does not say which reading it took', async () => {
    const night = aNight();
    night.events = night.events.map((event) =>
      event.type === 'raised' ? { ...event, reading_id: null } : event,
    );
    expect(await gaps(night)).toEqual(['alarmingReadingsTaken', 'takenReadingsInArchive']);
  });

  test('an alarming reading that does not say when it arrived, and that nobody was alerted to', async () => {
    const night = aNight();
    night.arrives(200, { patientId: 'p-9' });
    night.readings = night.readings.map((row) =>
      row.patient_id === 'p-9' ? ({ ...row, arrived_at: null } as unknown as typeof row) : row,
    );
    archive.holds(aNight());
    archive.put('readings', '2026-03-02', 'a', night.readings);
    expect(gapsOf(await checks())).toEqual(['alarmingReadingsTaken']);
  });

  test('an alert that the table has open, and of which events are missing or say that it is closed', async () => {
    const night = aNight();
    const open = night.pages(night.raises(night.arrives(24 * 60 + 14, { patientId: 'p-3' })), 24 * 60 + 14.1);
    expect(await gaps(night, [listed({ ...open, seq: open.seq + 1 })])).toEqual(['openInTableOpenByEvents']);
    const closed = night.closes(open, 24 * 60 + 14.2);
    expect(await gaps(night, [listed({ ...open, seq: closed.seq }, 24 * 60 + 16)])).toEqual([
      'openInTableOpenByEvents',
    ]);
    night.events = night.events.filter(({ alert_id }) => alert_id !== open.alertId);
    expect(await gaps(night, [listed(open)])).toContain('openInTableOpenByEvents');
  });

  test('an alert that the events leave open and the table has not', async () => {
    const night = aNight();
    night.accepts(night.pages(night.raises(night.arrives(300, { patientId: 'p-3' })), 300.1), 301);
    expect(await gaps(night, [])).toEqual(['openByEventsOpenInTable']);
  });

  test('a severity that the values and limits do not bear out', async () => {
    const night = aNight();
    night.readings[0] = { ...(night.readings[0] as Night['readings'][number]), severity: 'warning' };
    expect(await gaps(night)).toEqual(['severitiesAsJudged']);
  });
});
