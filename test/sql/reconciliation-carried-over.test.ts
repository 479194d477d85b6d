/** What the proof carries over from one night into the next, and what it counts once. */
import { describe, expect, test } from 'vitest';
import type { OpenAlert } from '../../handlers/alert/alert.ts';
import { type Check, checksOf, isClean } from '../../handlers/reporting/checks.ts';
import { Archive } from './archive.ts';
import { aNight, listed, minute, type Night } from './night.ts';

const archive = new Archive();

const checks = async () => checksOf(await archive.ask('reconciliation'));
const gapsOf = (all: Check[]) => all.filter((check) => !isClean(check)).map(({ name }) => name);

/** The names of the checks that do not come out even. */
async function gaps(night: Night, open: readonly OpenAlert[] = night.open()) {
  archive.holds(night, open);
  return gapsOf(await checks());
}

describe('carried over', () => {
  test('an alert that is open at the end, its page being its outcome', async () => {
    const night = aNight();
    const open = night.pages(night.raises(night.arrives(24 * 60 - 1, { patientId: 'p-3' })), 24 * 60 - 0.9);
    expect(await gaps(night, [listed(open, 24 * 60 + 16)])).toEqual([]);
  });

  test('an alert from before the archive that is read, answered in this night', async () => {
    const night = aNight();
    const begun = night.pages(night.raises(night.arrives(-40 * 60, { patientId: 'p-3' })), -40 * 60 + 0.1);
    const asked = night.pages(night.asksAnew(night.accepts(begun, -30 * 60), 2, 'repeat'), 2.1);
    night.closes(night.accepts(asked, 3), 20);
    // What happened two days ago lies in partitions that are not read.
    expect(await gaps(night)).toEqual([]);
  });

  test('a reading of the last second, raised after the end', async () => {
    const night = aNight();
    night.lives(night.arrives(24 * 60 - 0.01, { patientId: 'p-3' }));
    expect(await gaps(night)).toEqual([]);
  });

  test('an alert that was raised while the list was read, and paged when its events no longer count', async () => {
    const night = aNight();
    const raised = night.raises(
      night.arrives(24 * 60 + 15.97, { patientId: 'p-3' }),
      minute(24 * 60 + 15.99),
    );
    night.pages(raised, 24 * 60 + 16.01);
    expect(await gaps(night, [])).toEqual([]);
  });

  test('an alert that was opened and closed after the list', async () => {
    const night = aNight();
    const late = night.pages(
      night.raises(night.arrives(24 * 60 + 16.5, { patientId: 'p-3' })),
      24 * 60 + 16.6,
    );
    night.closes(night.accepts(late, 24 * 60 + 17), 24 * 60 + 18);
    // Two events of the last minutes came in another order than they happened.
    night.events = night.events.filter(({ alert_id, type }) => alert_id !== late.alertId || type !== 'paged');
    expect(await gaps(night, [])).toEqual([]);
  });

  test('what is delivered twice counts once', async () => {
    const night = aNight();
    night.pages(night.raises(night.arrives(24 * 60 + 1, { patientId: 'p-3' })), 24 * 60 + 1.1);
    archive.holds(night);
    const once = await checks();
    night.events.push(...night.events);
    night.readings.push(...night.readings);
    archive.holds(night);
    expect(await checks()).toEqual(once);
  });
});

test('a night that is reported days later is reconciled with what happened since', async () => {
  const night = aNight();
  const before = { from: minute(-48 * 60), to: minute(-24 * 60) };
  night.arrives(-30 * 60, { patientId: 'p-5', systolicMmHg: 120, diastolicMmHg: 80 });
  const open = night.pages(night.raises(night.arrives(24 * 60 + 1, { patientId: 'p-3' })), 24 * 60 + 1.1);
  archive.holds(night, [listed(open, 24 * 60 + 16)]);
  expect(gapsOf(checksOf(await archive.ask('reconciliation', before)))).toEqual([]);
});
