/** Pages on a telephone: beside the mail, never instead of it, and nothing on it that a stranger may not read. */
import { afterEach, expect, test } from 'vitest';
import type { SnsService } from '../../infra/local/services/sns/service.ts';
import { accept } from './browser.ts';
import { aWard, hospital, roleOf, rolesPaged, topicOf, unsubscribe, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

/** Everybody of the hospital has a telephone. */
const phoneOf = (id: string) => `+4477009002${hospital.clinicians.findIndex((one) => one.id === id)}`;
const clinicians = hospital.clinicians.map((one) => ({ ...one, phone: phoneOf(one.id) }));
const withPhones = () => aWard({ hospital: { ...hospital, clinicians } });
const texts = () => ward.vigil.service<SnsService>('sns').telephones.texts;
const idOf = (to: string | undefined) =>
  hospital.clinicians.find(({ email }) => email === to)?.id ?? 'nobody';

test('a page is one text message as well, without a link, a name or a value; so is that nobody need come', async () => {
  ward = await withPhones();
  await ward.measure(232, 133);
  await ward.seconds(10);
  expect(rolesPaged(ward).sort()).toEqual(['doctor', 'nurse']);
  const { place, reference } = ward.alert();
  const called = `EMERGENCY ${place.ward} bed ${place.bed} VG ${reference}`;
  const [nurse, doctor] = ['nurse', 'doctor'].map((role) =>
    ward.pages().find((mail) => roleOf(mail) === role),
  );
  expect(
    texts()
      .map(({ to, text }) => [to, text])
      .toSorted(),
  ).toEqual([nurse, doctor].map((mail) => [phoneOf(idOf(mail?.to)), `${called}, see mail`]).toSorted());
  await accept(ward, doctor);
  await ward.seconds(60);
  expect(
    texts()
      .slice(2)
      .map(({ to, text }) => [to, text]),
  ).toEqual([[phoneOf(idOf(nurse?.to)), `ANSWERED, no need to come: ${called}`]]);
  expect(JSON.stringify(texts().map(({ text }) => text))).not.toMatch(/https?:|232|133|Whitlock/);
  expect(ward.logs().join('\n')).not.toContain('77009002');
});

test('a telephone alone reaches nobody: without the mail the page goes on to the next', async () => {
  ward = await withPhones();
  await ward.seconds(600);
  for (const { id, role } of hospital.clinicians)
    if (role === 'nurse') await unsubscribe(ward, `clinician-${id}`, ({ Protocol }) => Protocol === 'email');
  await ward.measure(188, 112);
  await ward.seconds(15);
  expect(rolesPaged(ward)).toEqual(['doctor']);
  expect(texts().map(({ topicArn }) => topicArn)).toEqual([
    topicOf(`clinician-${idOf(ward.pages()[0]?.to)}`),
  ]);
});
