/** A drill, from the command to the mail of whoever is on call, and out of every figure of patients. */
import { afterEach, expect, test } from 'vitest';
import { isOpen } from '../../handlers/alert/alert.ts';
import { accept, openForm } from './browser.ts';
import { holdDrill } from './hold-drill.ts';
import { aWard, operationsAddress, pathOf, record, roleOf, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

const inTheMorning = '2026-03-03T09:00:00.000Z';
const now = () => new Date(ward.vigil.clock.now()).toISOString();
const drills = () => ward.alertsOf('drill');
const drillPages = () => ward.pagesOf('drill');
const toOperations = () =>
  ward.mails().filter(({ to, subject }) => to === operationsAddress && subject.startsWith('DRILL'));
const demo = () => JSON.stringify({ ...JSON.parse(record(ward, now(), 188, 112)), quality: 'demo' });

test('the nurse accepts it on its page as any other alert, and it is over', async () => {
  ward = await aWard({ startAt: inTheMorning });
  expect(await holdDrill(ward)).toMatch(/^Ward ward-001 has a drill until 2026-03-03T09:1/);
  await ward.seconds(30);
  expect(drillPages().map(roleOf)).toEqual(['nurse']);
  const [mail] = drillPages();
  expect(mail?.subject).toMatch(/^DRILL - no patient: CRITICAL.* - VG \w{6}$/);
  expect(mail?.text).toMatch(/^DRILL - no patient: CRITICAL blood pressure, /);
  expect(ward.executionsOf('drill')[0]?.executionArn).toMatch(/:drill-ward-001-/);
  await ward.seconds(40);
  const answered = await accept(ward, mail);
  expect(answered).toContain('DRILL - no patient: CRITICAL blood pressure');
  expect(answered).toMatch(/You accepted at .* The drill is over/);
  await ward.seconds(30);
  expect(drills().map(({ standing }) => standing)).toMatchObject([{ is: 'closed', reason: 'drill' }]);
  expect(ward.alerts()).toEqual([]);
  const keys = ward.items().map(({ pk }) => String(pk));
  expect(keys.filter((key) => /^(VITALS|CONTACTS)#/.test(key))).toEqual([]);
  expect(ward.items().filter(({ heardAt }) => heardAt)).toEqual([]);

  const { summary, page } = await ward.reported();
  expect(summary).toMatchObject({
    ...{ archived: 1, critical: 0, emergency: 0, alertsOpened: 0, pagesSent: 0, accepted: 0, openAtEnd: 0 },
    ...{ technicalAlerts: 0, fromUnknownDevices: 0, reconciled: true },
  });
  expect(page).toMatch(
    /Drills and check-ins .*ward-001 drill 3 Mar 09:\d\d critical 7\d s nurse the drill is done/,
  );
  expect(page).not.toMatch(/vigil-drill/);
});

test('nobody answers: it climbs as a real one, ends by itself, and everybody hears that', async () => {
  ward = await aWard({ startAt: inTheMorning });
  await holdDrill(ward, 'ward-001', '--level', 'emergency');
  await ward.seconds(180);
  expect(new Set(drillPages().map(roleOf))).toEqual(new Set(['nurse', 'doctor', 'lead']));
  expect(toOperations().map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^DRILL - no patient: EVERYONE PAGED/),
  ]);
  await ward.seconds(20 * 60);
  expect(drills().map(({ standing }) => standing)).toMatchObject([{ is: 'closed', reason: 'missed' }]);
  expect(toOperations().at(-1)).toMatchObject({
    subject: expect.stringMatching(/^DRILL - no patient: MISSED/),
    text: expect.stringContaining('everyone was asked, and nobody has answered'),
  });
  const hooks = ward
    .webhook()
    .map(({ body }) => JSON.parse(body))
    .filter(({ type }) => type.startsWith('vigil.alert'));
  expect(hooks.map(({ type }) => type)).toEqual(['vigil.alert.drill', 'vigil.alert.missed']);
  expect(hooks.every(({ data }) => data.subject.startsWith('DRILL - no patient: '))).toBe(true);
  const paged = drillPages().length;
  await ward.seconds(3600);
  expect(drillPages()).toHaveLength(paged);
  const { summary, page } = await ward.reported();
  expect(summary).toMatchObject({ emergency: 0, alertsOpened: 0, unanswered: 0, reconciled: true });
  expect(summary.secondsToPersonOrAlarmEmergency).toEqual({ max: null });
  expect(page).toMatch(/Drills and check-ins .*ward-001 drill 3 Mar 09:00 emergency - - nobody has answered/);
});

test('a drill and a critical reading of the same patient and device do not meet', async () => {
  ward = await aWard({ startAt: inTheMorning });
  await holdDrill(ward);
  await ward.measure(188, 112);
  await ward.put(demo());
  await ward.seconds(60);
  expect(ward.deviceAlerts()).toEqual([]);
  expect(drills()).toHaveLength(2);
  expect(ward.alerts()).toHaveLength(1);
  expect(ward.openAlert().standsOn).toHaveLength(1);
  const [drill] = drillPages().filter(({ subject }) => subject.includes('bed 1'));
  await accept(ward, drill);
  await ward.seconds(60);
  expect(drills().filter(isOpen)).toHaveLength(1);
  expect(ward.openAlert().standing.is).toBe('waiting');
  await accept(ward, ward.pages()[0]);
  await ward.measure(124, 78);
  await ward.seconds(30 * 60);
  expect(ward.alert().standing).toMatchObject({ is: 'closed', reason: 'recovered' });
  const { summary } = await ward.reported();
  expect(summary).toMatchObject({
    critical: 1,
    alertsOpened: 1,
    pagesSent: 1,
    accepted: 1,
    reconciled: true,
  });
});

test('outside of an announced drill a demonstration is what it was: a fault of the device', async () => {
  ward = await aWard({ startAt: inTheMorning });
  await holdDrill(ward, 'ward-002');
  await ward.put(demo());
  await ward.seconds(60);
  expect(drills().map(({ place }) => place.ward)).toEqual(['ward-002']);
  expect(ward.deviceAlerts().map(({ pk }) => pk)).toEqual(['DEVICE#bp-001#demoMode']);
  await ward.seconds(16 * 60);
  await holdDrill(ward);
  await ward.seconds(16 * 60);
  const held = drills().length;
  await ward.put(demo());
  await ward.seconds(60);
  expect(drills()).toHaveLength(held);
});

test('its page is pure: opening it shows the drill, and answers nothing', async () => {
  ward = await aWard({ startAt: inTheMorning });
  await holdDrill(ward);
  await ward.seconds(30);
  await openForm(ward, pathOf(drillPages()[0]));
  expect(drills()[0]?.standing.is).toBe('waiting');
});
