/** An alert that could not be read: set aside and raised again, it leaves no gap, but the night is not proved. */
import { expect, test } from 'vitest';
import { alertRows, asideRows } from '../../handlers/alert/event-rows.ts';
import { checksOf, isClean } from '../../handlers/reporting/checks.ts';
import { openAlertLines } from '../../handlers/reporting/open-alerts.ts';
import { whenSetAside } from '../handlers/alert/builders.ts';
import { Archive } from './archive.ts';
import { aNight, minute, type Night } from './night.ts';

const archive = new Archive();
const red = async () =>
  checksOf(await archive.ask('reconciliation'))
    .filter((check) => !isClean(check))
    .map(({ name, missing, example }) => [name, missing, example]);

/** The patient's alert loses a field at that minute, and what was raised in its place is answered. */
function breaks(night: Night, at: number, patientId = 'p-9') {
  const alert = night.pages(night.raises(night.arrives(at - 2, { patientId })), at - 1.9);
  const { aside, alert: next } = whenSetAside({ ...alert, round: 'one' }, minute(at));
  night.events.push(...asideRows(aside), ...alertRows(undefined, next));
  night.alerts.set(alert.pk, next);
  night.closes(night.accepts(night.pages(next, at + 0.1), at + 1), at + 16);
  return { broken: alert, next };
}

test('set aside and raised again: one gap, which names the alert', async () => {
  const night = aNight();
  const { broken, next } = breaks(night, 200);
  archive.holds(night);
  expect(await red()).toEqual([['alertsReadable', 1, broken.alertId]]);
  expect((await archive.ask('alerts')).map(({ alert_id, ended }) => [alert_id, ended])).toContainEqual([
    broken.alertId,
    'unreadable',
  ]);
  expect(next.seq).toBe(broken.seq + 2);
  const [summary] = await archive.ask('summary');
  expect(summary).toMatchObject({ alerts_opened: '3', open_at_end: '0' });
});

test('before anybody could be mailed: the need is that of the next alert', async () => {
  const night = aNight();
  const alert = night.raises(night.arrives(200, { patientId: 'p-9' }));
  const { aside, alert: next } = whenSetAside({ ...alert, told: 'nobody' }, minute(201));
  night.events.push(...asideRows(aside));
  night.events.push(...alertRows(undefined, next));
  night.closes(night.accepts(night.pages(next, 201.1), 202), 215);
  archive.holds(night, []);
  expect(await red()).toEqual([['alertsReadable', 1, alert.alertId]]);
  const [summary] = await archive.ask('summary');
  // Of another patient's alert: being set aside is an alarm.
  expect(Number(summary?.seconds_to_person_or_alarm_max)).toBe(120);
});

test.each([
  ['the night before', -60],
  ['the night after', 24 * 60 + 1],
])('set aside in %s: not a gap of this one', async (_when, at) => {
  const night = aNight();
  breaks(night, at);
  archive.holds(night, []);
  expect((await red()).map(([name]) => name)).not.toContain('alertsReadable');
});

test('worse news that nobody was mailed of is the next alert’s', async () => {
  const night = aNight();
  const paged = night.pages(night.raises(night.arrives(100, { patientId: 'p-9' })), 100.1);
  night.raises(night.arrives(101, { patientId: 'p-9', systolicMmHg: 230 }));
  const asked = night.asks(night.alerts.get(paged.pk) ?? paged, 101.1);
  const { aside, alert: next } = whenSetAside({ ...asked, token: 7, standing: 'gone' }, minute(102));
  night.events.push(...asideRows(aside), ...alertRows(undefined, next));
  night.closes(night.accepts(night.pages(next, 102.1), 103), 118);
  archive.holds(night, []);
  expect((await red()).map(([name]) => name)).toEqual(['alertsReadable']);
});

test('one that is found unreadable while the report begins: named, and no other check with it', async () => {
  const night = aNight();
  const alert = night.pages(night.raises(night.arrives(24 * 60 + 12, { patientId: 'p-9' })), 24 * 60 + 12.1);
  archive.holds(night, []);
  archive.writes(
    openAlertLines('the-report', minute(24 * 60 + 15), [], [{ ...alert, dueAt: minute(24 * 60 + 16) }]),
  );
  expect(await red()).toEqual([['alertsReadable', 1, alert.alertId]]);
});
