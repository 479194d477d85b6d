/** Who need not come any more is told, once; and an owner who cannot stay hands the alert over, or gives it back. */
import { afterEach, expect, test } from 'vitest';
import { responsible } from '../../handlers/alert/alert.ts';
import { formsOf } from '../handlers/answering/browser.ts';
import { accept, addresseeOf, answerOf, open, openForm, submit } from './browser.ts';
import { aWard, hospital, operationsAddress, pathOf, roleOf, rolesPaged, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

/** Mails that say that nobody need come. */
const standDowns = () => ward.mails().filter(({ subject }) => /^(ANSWERED|CLOSED)/.test(subject));
const toldRoles = () => standDowns().map((mail) => roleOf(mail) ?? 'operations');
const types = () => ward.alert().events.map(({ type }) => type);

/** An emergency asks nurse and doctor; the doctor accepts. */
async function doctorAcceptsOfTwo(it: Ward): Promise<void> {
  await it.measure(232, 133);
  await it.seconds(10);
  expect(rolesPaged(it).sort()).toEqual(['doctor', 'nurse']);
  await accept(
    it,
    it.pages().find((mail) => roleOf(mail) === 'doctor'),
  );
}

/** What the person who has it presses on the page behind their link. */
async function press(it: Ward, action: 'hand-over' | 'give-back', fields: Record<string, string> = {}) {
  const { owner } = it.openAlert().standing as { owner?: { clinicianId: string } };
  const mail = it
    .pages()
    .findLast(({ to }) => hospital.clinicians.find(({ email }) => email === to)?.id === owner?.clinicianId);
  const path = pathOf(mail);
  const { body } = await submit(it, path, {
    ...(await openForm(it, path)),
    ...answerOf(addresseeOf(mail), 'show'),
  });
  const form = formsOf(body).find(({ actions }) => actions.includes(action));
  return submit(it, path, { ...form?.hidden, ...fields, action });
}

test('two are asked, one accepts: the other has one mail that says so, without a link, a name or a value', async () => {
  ward = await aWard();
  await doctorAcceptsOfTwo(ward);
  await ward.seconds(60);
  expect(toldRoles()).toEqual(['nurse']);
  const [{ subject = '', text = '' } = {}] = standDowns();
  const { place, reference } = ward.alert();
  expect(subject).toBe(
    `ANSWERED, no need to come: EMERGENCY - ${place.ward} bed ${place.bed} - VG ${reference}`,
  );
  expect(text).toContain('The doctor has accepted. You need not come.');
  expect(text).not.toMatch(/\/page\/|232|133/);
  const [execution] = ward.executions();
  const states = ward.states(execution?.executionArn ?? '');
  expect(states.slice(-6)).toEqual([
    'Assess the alert',
    'What now?',
    'Tell who need not come',
    'Assess the alert',
    'What now?',
    'Wait for the recheck',
  ]);
  await ward.seconds(200);
  expect(standDowns()).toHaveLength(1);
});

test('killed between the answer and the mail, and between the mail and its record: the nurse hears of it all the same', async () => {
  ward = await aWard();
  const { faults } = ward.vigil;
  const strikes = faults.strikes.bind(faults);
  const left = ['dynamodb:PutItem', 'sns:Publish'];
  faults.strikes = (kind, where, by) => {
    const hit = kind === 'crash before the call' && by?.endsWith('stand-down') && where === left.at(-1);
    if (hit) left.pop();
    return hit || strikes(kind, where, by);
  };
  await doctorAcceptsOfTwo(ward);
  await ward.seconds(120);
  expect(left).toEqual([]);
  // Once before its mail, once after it: better twice than not at all, and not a third time.
  expect(toldRoles()).toEqual(['nurse', 'nurse']);
  expect(types().filter((type) => type === 'stoodDown')).toHaveLength(1);
});

test('an execution killed as the alert is closed: the sweeper has the others told', async () => {
  ward = await aWard();
  await ward.measure(232, 133);
  await ward.seconds(10);
  const mail = ward.pages().find((page) => roleOf(page) === 'doctor');
  const path = pathOf(mail);
  const { body } = await submit(ward, path, {
    ...(await openForm(ward, path)),
    ...answerOf(addresseeOf(mail), 'show'),
  });
  const form = formsOf(body).find(({ actions }) => actions.includes('close'));
  ward.sfn.stop(ward.executions()[0]?.executionArn ?? '');
  await submit(ward, path, { ...form?.hidden, reason: 'theatre', usefulness: 'acted', action: 'close' });
  await ward.seconds(180);
  expect(toldRoles()).toEqual(['nurse']);
  expect(standDowns()[0]?.subject).toMatch(/^CLOSED/);
  expect(ward.alert().standing).toMatchObject({ is: 'closed', dueAt: null });
  const closed = ward.alert().events.find(({ type }) => type === 'closed');
  expect(closed).toMatchObject({ reason: 'theatre', usefulness: 'acted' });
  expect(ward.executions().map(({ status }) => status)).not.toContain('RUNNING');
  expect((await ward.report()).reconciled).toBe(true);
});

test('the operations, who were to telephone, hear that it was answered; so do all who were called', async () => {
  ward = await aWard();
  await ward.measure(232, 133);
  await ward.seconds(200);
  const called = new Set(ward.pages().map(({ to }) => to));
  await accept(
    ward,
    ward.pages().findLast((mail) => roleOf(mail) === 'lead'),
  );
  await ward.seconds(60);
  const told = standDowns().map(({ to }) => to);
  const lead = ward.pages().findLast((mail) => roleOf(mail) === 'lead')?.to;
  expect(told.toSorted()).toEqual([...called, operationsAddress].filter((to) => to !== lead).toSorted());
  const operations = standDowns().find(({ to }) => to === operationsAddress);
  expect(operations?.text).toContain('You need not telephone the ward any more.');
  const events = ward.webhook().map(({ body }) => JSON.parse(body).type);
  expect(events.filter((type) => type === 'vigil.alert.answered')).toHaveLength(1);
});

test('handed over and accepted: the colleague is asked alone, and who had it hears that it is taken', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(10);
  await accept(ward, ward.pages()[0]);
  const first = responsible(ward.alert())?.clinicianId;
  const colleague = hospital.clinicians.find(
    ({ id, role, wards }) => role === 'nurse' && id !== first && wards.includes(ward.alert().place.ward),
  );
  await press(ward, 'hand-over', { colleague: colleague?.id ?? '' });
  await ward.seconds(10);
  expect(
    ward
      .pages()
      .slice(1)
      .map(({ to }) => to),
  ).toEqual([colleague?.email]);
  expect(ward.pages().at(-1)?.subject).toMatch(/^TAKE OVER/);
  expect(responsible(ward.alert())?.clinicianId).toBe(first);
  await accept(ward, ward.pages().at(-1));
  await ward.seconds(60);
  expect(responsible(ward.alert())?.clinicianId).toBe(colleague?.id);
  expect(standDowns().map(({ to }) => to)).toEqual([ward.pages()[0]?.to]);
});

test('handed over and not accepted: the level, then the next, while the owner stays responsible', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(10);
  await accept(ward, ward.pages()[0]);
  const first = responsible(ward.alert())?.clinicianId;
  const { ward: itsWard } = ward.alert().place;
  const doctor = hospital.clinicians.find(({ role, wards }) => role === 'doctor' && wards.includes(itsWard));
  await press(ward, 'hand-over', { colleague: doctor?.id ?? '' });
  await ward.seconds(120 + 120 + 20);
  expect(
    rolesPaged(ward)
      .slice(1, -1)
      .every((role) => role === 'doctor'),
  ).toBe(true);
  expect(rolesPaged(ward).at(-1)).toBe('lead');
  expect(responsible(ward.alert())?.clinicianId).toBe(first);
  expect(standDowns()).toEqual([]);
});

test('given back: the next level is paged at once, and no timer runs out first', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(10);
  await accept(ward, ward.pages()[0]);
  const first = responsible(ward.alert())?.clinicianId;
  const { body } = await press(ward, 'give-back');
  expect(body).toContain('Recorded.');
  await ward.seconds(10);
  expect(rolesPaged(ward)).toEqual(['nurse', 'doctor']);
  expect(ward.pages().at(-1)?.subject).toMatch(/^GIVEN BACK/);
  expect(responsible(ward.alert())?.clinicianId).toBe(first);
  const page = await open(ward, pathOf(ward.pages().at(-1)));
  expect(page.body).toContain('cannot stay with it');
  expect((await ward.report()).reconciled).toBe(true);
});
