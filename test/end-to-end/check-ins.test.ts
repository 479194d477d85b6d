/** Whoever begins a shift is asked whether mail arrives, by the road that a page takes. */
import { afterEach, expect, test } from 'vitest';
import { accept, addresseeOf, answerOf, openForm, submit } from './browser.ts';
import { aWard, hospital, operationsAddress, pathOf, roleOf, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

const wards = hospital.wards.map((one) => (one.id === 'ward-001' ? { ...one, checkIn: true } : one));
const beforeTheShift = '2026-03-03T06:55:00.000Z';
const begin = async () => {
  ward = await aWard({ startAt: beforeTheShift, hospital: { ...hospital, wards } });
};
const checkIns = () => ward.alertsOf('checkIn');
const pages = () => ward.pagesOf('checkIn');
const toOperations = () =>
  ward.mails().filter(({ to, subject }) => to === operationsAddress && /CHECK/.test(subject));
const endings = () =>
  checkIns().map(({ standing }) => (standing.is === 'closed' ? standing.reason : standing.is));

test('each who begins is asked once, answers with the PIN, and is known to be reached', async () => {
  await begin();
  await ward.seconds(4 * 60);
  expect(pages()).toEqual([]);
  await ward.seconds(3 * 60);
  expect(new Set(pages().map(roleOf))).toEqual(new Set(['nurse']));
  const asked = pages().length;
  const [mail] = pages();
  expect(mail?.subject).toMatch(/^CHECK-IN - ward-001 - VG \w{6}$/);
  expect(mail?.text).toContain('You are on call as nurse of ward-001. Please confirm');
  const person = addresseeOf(mail);
  const reached = () => ward.items().find(({ pk }) => pk === `REACHED#${person.id}`)?.reachedAt;
  const before = reached();
  expect(await accept(ward, mail)).toMatch(/You accepted at .* The check-in is over/);
  await ward.seconds(30);
  expect(reached()).not.toBe(before);
  expect(endings()).toContain('checkedIn');
  await ward.seconds(12 * 60);
  expect(pages()).toHaveLength(asked);
});

test('nobody answers: the lead hears of it, then the operations, and it ends', async () => {
  await begin();
  await ward.seconds(7 * 60);
  const asked = checkIns().length;
  await ward.seconds(15 * 60);
  const toLead = pages().filter((mail) => roleOf(mail) === 'lead');
  expect(toLead[0]?.subject).toMatch(/^NOT CHECKED IN - ward-001 - VG/);
  expect(toLead[0]?.text).toContain('The nurse on call of ward-001 has not checked in.');
  for (const { name } of hospital.clinicians) expect(JSON.stringify(ward.mails())).not.toContain(name);
  expect(toOperations()).toEqual([]);
  await ward.seconds(16 * 60);
  expect(endings()).toEqual(Array.from({ length: asked }, () => 'missed'));
  expect(toOperations()).toHaveLength(asked);
  expect(toOperations()[0]?.text).toMatch(/has not checked in\. Please find out why\./);
  const sent = pages().length;
  await ward.seconds(3600);
  expect([pages().length, toOperations().length]).toEqual([sent, asked]);
});

test('who declines passes it on at once, and the lead who takes it ends it', async () => {
  await begin();
  await ward.seconds(7 * 60);
  const [mail] = pages();
  const path = pathOf(mail);
  await submit(ward, path, { ...(await openForm(ward, path)), ...answerOf(addresseeOf(mail), 'decline') });
  await ward.seconds(30);
  const toLead = pages().filter((one) => roleOf(one) === 'lead');
  expect(toLead).toHaveLength(1);
  await accept(ward, toLead[0]);
  await ward.seconds(30);
  expect(endings()).toContain('seenTo');
});

test('it is in no figure of patients, and the report has it beside the drills', async () => {
  await begin();
  await ward.seconds(7 * 60);
  await accept(ward, pages()[0]);
  await ward.measure(188, 112);
  await ward.seconds(60);
  expect(ward.openAlert().standing.is).toBe('waiting');
  await accept(ward, ward.pages()[0]);
  await ward.measure(124, 78);
  await ward.seconds(60 * 60);
  const { summary, page } = await ward.reported();
  expect(summary).toMatchObject({
    ...{ alertsOpened: 1, pagesSent: 1, accepted: 1, unanswered: 0, technicalAlerts: 0, openAtEnd: 0 },
    reconciled: true,
  });
  expect(page).toMatch(/ward-001 check-in 3 Mar 07:00 check-in \d+ (s|min.*?) nurse checked in/);
});

test('a ward that does not want them has none', async () => {
  ward = await aWard({ startAt: beforeTheShift });
  await ward.seconds(10 * 60);
  expect(checkIns()).toEqual([]);
});
