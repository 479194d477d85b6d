/** What becomes of an answer: one owner, worse news after it, silence after it, and machines that answer for nobody. */

import { afterEach, expect, test } from 'vitest';
import { responsible } from '../../handlers/alert/alert.ts';
import { accept, addresseeOf, answerOf, open, openForm, sendForm, submit } from './browser.ts';
import { aWard, hospital, pathOf, record, roleOf, rolesPaged, type Ward } from './ward.ts';

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

test('worse breaks through while the nurse is waited for: an emergency pages nurse and doctor at once', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(30);
  await ward.measure(232, 130);
  await ward.seconds(10);
  expect(rolesPaged(ward).slice(1).sort()).toEqual(['doctor', 'nurse']);
  const again = ward.pages().slice(1);
  expect(again.find((mail) => roleOf(mail) === 'nurse')?.subject).toMatch(/^WORSE: EMERGENCY/);
  expect(again.find((mail) => roleOf(mail) === 'doctor')?.subject).toContain('EMERGENCY');
  expect(ward.alert()).toMatchObject({ worst: 'emergency', announced: 'emergency', round: { number: 1 } });
});

test('worse after acceptance asks for a new answer; the owner stays responsible meanwhile', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(10);
  const [mail] = ward.pages();
  const owner = { clinicianId: addresseeOf(mail).id, round: 1 };
  await accept(ward, mail);
  expect(ward.alert()).toMatchObject({ standing: { is: 'owned', owner } });
  await ward.measure(235, 131);
  await ward.seconds(10);
  expect(ward.alert()).toMatchObject({
    standing: { is: 'waiting', formerOwner: owner },
    round: { number: 2, asking: 'worse' },
  });
  expect(ward.pages().at(-1)?.subject).toMatch(/^WORSE: EMERGENCY/);
});

test.each([
  ['no new reading', async () => {}, 'REPEAT MEASUREMENT'],
  ['a suspect reading', (it: Ward) => it.measure(140, 139), 'REPEAT MEASUREMENT'],
  [
    'a good reading measured before the acceptance, after the alarm,',
    (it: Ward) => it.put(record(it, new Date(it.vigil.clock.now() - 90_000).toISOString(), 120, 70)),
    'REPEAT MEASUREMENT',
  ],
  ['a reading that is still critical', (it: Ward) => it.measure(186, 110), 'STILL ALARMING'],
])('silence is not recovery: %s after acceptance asks again', async (_what, meanwhile, subject) => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(60);
  await accept(ward, ward.pages()[0]);
  await ward.seconds(60);
  await meanwhile(ward);
  await ward.seconds(900);
  expect(ward.alert()).toMatchObject({ standing: { is: 'waiting' }, round: { number: 2 } });
  expect(ward.pages().at(-1)?.subject).toContain(subject);
});

test.each([0, 4, 9])(
  'two people accept at once, %i ms apart: one owner, and the other is told who has it',
  async (apartMs) => {
    ward = await aWard();
    await ward.measure(230, 131);
    await ward.seconds(10);
    const pages = [];
    for (const mail of ward.pages()) {
      const path = pathOf(mail);
      pages.push({ path, person: addresseeOf(mail), form: await openForm(ward, path) });
    }
    expect(pages.map(({ person }) => person.role).sort()).toEqual(['doctor', 'nurse']);
    const { clock } = ward.vigil;
    const answers = await ward.vigil.until(
      Promise.all(
        pages.map(async ({ path, person, form }, index) => {
          await clock.sleep(index * apartMs);
          return sendForm(ward as Ward, path, { ...form, ...answerOf(person, 'accept') });
        }),
      ),
    );
    const alert = ward.alert();
    expect(alert.events.filter(({ type }) => type === 'accepted')).toHaveLength(1);
    const has = pages.find(({ person }) => person.id === responsible(alert)?.clinicianId)?.person;
    for (const [index, { person }] of pages.entries())
      expect(answers[index]?.body).toContain(
        person === has ? 'You accepted at' : `${has?.name} (${has?.role}) accepted at`,
      );
  },
);

test('who closes an alert is asked why, and the morning’s report says it in words', async () => {
  ward = await aWard({ habits: () => ({ afterSeconds: 20, does: 'close' }) });
  await ward.measure(188, 112);
  await ward.seconds(60);
  expect(ward.alert().standing).toMatchObject({ is: 'closed', reason: 'measuredByHand' });
  expect((await ward.reported()).page).toContain('seen and measured by hand');
});

test('a mail scanner that opens every link and submits every form acknowledges nothing: at worst the next person is paged early', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(10);
  const [mail] = ward.pages();
  const path = pathOf(mail);
  const before = ward.alert().seq;
  for (const method of ['GET', 'HEAD'] as const) await open(ward, path, method);
  expect(ward.alert().seq).toBe(before);

  const { body } = await open(ward, path);
  const form = await openForm(ward, path);
  const addressee = /name="clinician" value="([^"]+)"/.exec(body)?.[1] ?? '';
  // What the page does not name a scanner may still know of the ward.
  const clinicians = hospital.clinicians
    .filter(({ wards }) => wards.includes('ward-001'))
    .map(({ id }) => id);
  expect([Boolean(form.token), form.shown, clinicians.includes(addressee)]).toEqual([true, 'critical', true]);
  const shown = [body];
  // A made-up session stops a form before its PIN is looked at, so both roads are tried.
  for (const session of [{ session: 'x.1.y' }, {}])
    for (const action of ['accept', 'decline', 'show', 'close'])
      for (const clinician of clinicians)
        for (const pin of ['', 'test', '123456', '000000', '739145']) {
          const fields = { ...form, ...session, clinician, pin, action, reason: 'transferred' };
          shown.push((await submit(ward, path, fields)).body);
        }
  expect(shown.filter((page) => /\b(188|112)\b/.test(page))).toEqual([]);
  expect(ward.alert()).toMatchObject({ standing: { is: 'waiting', formerOwner: null } });
  expect(ward.alert().events.map(({ type }) => type)).not.toContain('accepted');

  await ward.seconds(70);
  expect(rolesPaged(ward)).toContain('doctor');
  const nurse = addresseeOf(mail);
  await submit(ward, path, { ...form, ...answerOf(nurse, 'accept') });
  expect(responsible(ward.alert())?.clinicianId).toBe(nurse.id);
});
