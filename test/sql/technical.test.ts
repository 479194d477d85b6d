/** Alerts of devices in the archive: a table of their own, in no figure of patients, and proved like any other. */
import { beforeAll, expect, test } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { checksOf, isClean } from '../../handlers/reporting/checks.ts';
import { Archive } from './archive.ts';
import { aNight, doctor, listed, minute, Night, nurse } from './night.ts';

const archive = new Archive();
const lead = { id: 'lead-1', role: 'lead' };

// Asked a month later, since the tables have no partition beyond the next day.
beforeAll(() => archive.account.clock.run(archive.account.clock.now() + 30 * 86_400_000));

const ask = async (night: Night, query: string) => {
  archive.holds(night);
  return archive.ask(query);
};
const gapsNow = async () =>
  checksOf(await archive.ask('reconciliation'))
    .filter((check) => !isClean(check))
    .map(({ name }) => name);
function gapsOf(night: Night) {
  archive.holds(night);
  return gapsNow();
}

/** Asked of nurse and lead, told to the operations, accepted at last, asked for again, and ended by the device. */
function climbs(night: Night, from: number): Alert {
  const asked = night.pages(night.fails(from), from + 0.05);
  const toLead = night.pages(night.movesOn(asked, from + 15), from + 15.05, [lead]);
  const top = night.pages(night.movesOn(toLead, from + 30), from + 30.05, [lead]);
  const accepted = night.accepts(night.tellsOperations(top, from + 30.1), from + 200, lead);
  const again = night.pages(night.asksAnew(accepted, from + 260, 'repeat'), from + 260.05, [lead]);
  return night.recovers(again, from + 270);
}

test('no figure of patients counts them, and they have one of their own', async () => {
  const [before] = await ask(aNight(), 'summary');
  const night = aNight();
  climbs(night, 100);
  night.declines(night.pages(night.fails(700, 'bp-2'), 700.05), 700.5, nurse, 'cannotCome');
  night.failsToMail(night.fails(900, 'bp-3'), 900.05);
  const waited = night.movesOn(night.pages(night.fails(910, 'bp-4'), 910.05), 925);
  night.movesOn(night.movesOn(night.pages(waited, 925.05, [lead]), 940), 1420);
  expect(await ask(night, 'summary')).toEqual([
    { ...before, technical_alerts: '4', technical_open_at_end: '3' },
  ]);
});

test('they stand in none of the tables of patients', async () => {
  for (const query of ['alerts', 'answers_by_ward', 'attention']) {
    const before = await ask(aNight(), query);
    const night = aNight();
    climbs(night, 100);
    climbs(night, 500);
    expect(await ask(night, query)).toEqual(before);
  }
});

test('a table of their own says which, since when, who took it on, and how it ended', async () => {
  const night = aNight();
  climbs(night, 100);
  night.pages(night.fails(1400, 'bp-2'), 1400.05);
  const early = night.fails(-10, 'bp-3');
  night.recovers(night.pages(early, -9), 5);
  night.fails(24 * 60 + 1, 'bp-4');
  const at = (minutes: number) => minute(minutes).replace('T', ' ').replace('Z', '');
  const place = { ward: 'ward-001', bed: '4' };
  expect(await ask(night, 'technical')).toEqual([
    {
      arrived_at: at(1400),
      alert_key: 'DEVICE#bp-2#errorCode',
      ...place,
      alerts: '1',
      accepted_by_role: null,
      ended_at: null,
      ended: 'open',
    },
    {
      arrived_at: at(100),
      alert_key: 'DEVICE#bp-1#errorCode',
      ...place,
      alerts: '1',
      accepted_by_role: 'lead',
      ended_at: at(370),
      ended: 'recovered',
    },
  ]);
});

test('a device whose fault comes and goes has one row, of its newest alert, and hides no other', async () => {
  const night = new Night();
  for (let hour = 0; hour < 3; hour++) {
    const alert = night.pages(night.fails(10 + 60 * hour), 10.1 + 60 * hour);
    night.recovers(hour === 0 ? night.accepts(alert, 11) : alert, 20 + 60 * hour);
  }
  night.pages(night.fails(600, 'bp-2'), 600.1);
  expect(await ask(night, 'technical')).toMatchObject([
    { alert_key: 'DEVICE#bp-2#errorCode', alerts: '1', ended: 'open' },
    { alert_key: 'DEVICE#bp-1#errorCode', alerts: '3', accepted_by_role: null, ended: 'recovered' },
  ]);
  night.pages(night.fails(700), 700.1);
  expect(await ask(night, 'technical')).toMatchObject([
    { alert_key: 'DEVICE#bp-2#errorCode', ended: 'open' },
    { alert_key: 'DEVICE#bp-1#errorCode', alerts: '4', ended_at: null, ended: 'open' },
  ]);
});

test('one of an earlier night stands there while it is open, however long that is', async () => {
  const night = aNight();
  let early = night.accepts(night.pages(night.fails(-600, 'bp-3'), -599.9), -590);
  for (let hour = 0; hour < 10; hour++)
    early = night.accepts(
      night.pages(night.asksAnew(early, -530 + hour * 62, 'repeat'), -529.9 + hour * 62),
      -529 + hour * 62,
    );
  night.recovers(night.pages(night.fails(-600, 'bp-4'), -599.9), -5);
  expect(await ask(night, 'technical')).toMatchObject([
    { alert_key: 'DEVICE#bp-3#errorCode', ended: 'open' },
  ]);
  expect(await ask(night, 'summary')).toMatchObject([{ technical_alerts: '0', technical_open_at_end: '1' }]);
});

test('their events come out even, and their faults are no readings that the archive lacks', async () => {
  const night = aNight();
  climbs(night, 100);
  expect(await gapsOf(night)).toEqual([]);
  night.events = night.events.filter(({ alert_key, type }) => alert_key[0] === 'P' || type !== 'accepted');
  expect(await gapsOf(night)).toContain('eventNumbersComplete');
});

test('a device has one open alert for each fault', async () => {
  const night = aNight();
  night.pages(night.fails(100), 100.05);
  night.alerts.clear();
  climbs(night, 200);
  expect(await gapsOf(night)).toContain('oneOpenAlertPerPatient');
});

test.each([
  ['the last level may wait for eight hours', 0, []],
  ['but not for nine', 61, ['pagesHaveOutcome']],
])('%s', async (_what, late, expected) => {
  const night = aNight();
  const asked = night.pages(night.fails(100), 100.05);
  const top = night.movesOn(night.movesOn(asked, 115), 115.1, 'nobodyOnCall');
  const told = night.tellsOperations(night.pages(top, 115.2, [lead]), 115.3);
  night.recovers(told, 115.2 + 8 * 60 + late);
  expect(await gapsOf(night)).toEqual(expected);
});

test('of a patient nobody waits so long', async () => {
  const night = aNight();
  night.closes(night.pages(night.raises(night.arrives(100, { patientId: 'p-7' })), 100.05, [doctor]), 150);
  expect(await gapsOf(night)).toEqual(['pagesHaveOutcome']);
});

test.each([
  ['an hour ago', 24 * 60 - 60, []],
  ['ten hours ago', 24 * 60 - 600, ['pagesHaveOutcome']],
])('a page without an outcome yet, sent %s', async (_when, from, expected) => {
  const night = aNight();
  const paged = night.pages(night.fails(from), from + 0.05);
  archive.holds(night, [listed(paged, 24 * 60 + 20)]);
  expect(await gapsNow()).toEqual(expected);
});

test('where nobody of the ward can be mailed, the operations are the ones who were told', async () => {
  const told = aNight();
  const untold = aNight();
  for (const night of [told, untold]) {
    const top = night.movesOn(night.movesOn(night.fails(100), 100.1, 'nobodyOnCall'), 100.2, 'nobodyOnCall');
    if (night === told) night.recovers(night.tellsOperations(top, 100.3), 120);
    else night.closes(top, 120);
  }
  expect(await gapsOf(told)).toEqual([]);
  expect(await gapsOf(untold)).toEqual(['needsPaged']);
});
