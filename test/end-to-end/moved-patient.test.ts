import { afterEach, describe, expect, test } from 'vitest';
import { responsible } from '../../handlers/alert/alert.ts';
import { asOperator } from '../../infra/local/account/account.ts';
import { accept, addresseeOf, open } from './browser.ts';
import { acceptAfter, aWard, hospital, pathOf, type Ward } from './ward.ts';

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

const patientId = 'p-4c81';
const heron = { deviceId: 'bp-001', ward: 'ward-001', bed: '1' };
const kingfisher = { deviceId: 'bp-005', ward: 'ward-002', bed: '1' };

/** A reading of the patient, measured so many seconds ago. */
const measure = ({ vigil }: Ward, from: object, systolic: number, diastolic: number, secondsAgo = 0) => {
  const measuredAt = new Date(vigil.clock.now() - secondsAgo * 1000).toISOString();
  return asOperator(vigil, 'kinesis', 'PutRecord', {
    StreamName: vigil.outputs.StreamName,
    PartitionKey: (from as { deviceId: string }).deviceId,
    Data: Buffer.from(JSON.stringify({ patientId, measuredAt, systolic, diastolic, ...from })),
  });
};

/** Who was mailed from the mail of that number on, by ward and role, with the subject's place. */
const paged = (it: Ward, from = 0) =>
  it
    .pages()
    .slice(from)
    .map(({ to, subject }) => {
      const person = hospital.clinicians.find(({ email }) => email === to);
      return `${person?.wards[0]} ${person?.role}: ${subject.split(' - ').slice(0, 2).join(' - ')}`;
    })
    .sort();

test('accepted, then moved and worse: the people of the new ward are asked, for the new bed', async () => {
  ward = await aWard({ habits: acceptAfter(40) });
  await measure(ward, heron, 185, 104);
  await ward.seconds(600);
  expect(ward.alert()).toMatchObject({ standing: { owner: { round: 1 } }, place: { ward: 'ward-001' } });
  const before = ward.pages().length;
  await measure(ward, kingfisher, 232, 133);
  await ward.seconds(20);
  expect(paged(ward, before)).toEqual([
    'ward-001 nurse: WORSE: EMERGENCY blood pressure - ward-002 bed 1',
    'ward-002 doctor: WORSE: EMERGENCY blood pressure - ward-002 bed 1',
    'ward-002 nurse: WORSE: EMERGENCY blood pressure - ward-002 bed 1',
  ]);
  for (const { text } of ward.pages().slice(before)) expect(text).toContain('ward-002 bed 1, reference');
});

test('accepted, then moved and not worse: the new ward is asked all the same, once', async () => {
  ward = await aWard({ habits: acceptAfter(40) });
  await measure(ward, heron, 185, 104);
  await ward.seconds(300);
  const before = ward.pages().length;
  for (const diastolic of [104, 105, 106]) {
    await measure(ward, kingfisher, 186, diastolic);
    await ward.seconds(60);
  }
  expect(paged(ward, before)).toEqual([
    'ward-001 nurse: MOVED: CRITICAL blood pressure - ward-002 bed 1',
    'ward-002 nurse: MOVED: CRITICAL blood pressure - ward-002 bed 1',
  ]);
  expect(ward.alert()).toMatchObject({ round: { number: 2 }, policy: 'obstetric' });
  expect(responsible(ward.alert())).toMatchObject({ round: 2 });
});

test('moved while the nurse is waited for: the new ward’s nurse is asked, the former one is told and may still answer', async () => {
  ward = await aWard();
  await measure(ward, heron, 185, 104);
  await ward.seconds(30);
  const [mail] = ward.pages();
  const path = pathOf(mail);
  await measure(ward, kingfisher, 186, 104);
  await ward.seconds(20);
  expect(paged(ward, 1)).toEqual([
    'ward-001 nurse: MOVED: CRITICAL blood pressure - ward-002 bed 1',
    'ward-002 nurse: CRITICAL blood pressure - ward-002 bed 1',
  ]);
  const { body } = await open(ward, path);
  expect(body).toContain('<p class="place">ward-002 bed 1</p>');
  await accept(ward, mail);
  expect(ward.alert()).toMatchObject({
    standing: { is: 'owned', owner: { clinicianId: addresseeOf(mail).id, round: 1 } },
  });
});

test('an older reading from the former ward arrives late: nothing moves back', async () => {
  ward = await aWard();
  await measure(ward, heron, 185, 104);
  await ward.seconds(30);
  await measure(ward, kingfisher, 186, 104);
  await ward.seconds(30);
  const before = ward.pages().length;
  await measure(ward, heron, 187, 104, 45);
  await ward.seconds(20);
  expect(ward.alert()).toMatchObject({ place: { ward: 'ward-002', bed: '1' } });
  expect(ward.pages()).toHaveLength(before);
});

test('moved and worse, to a device whose clock is an hour behind, as it showed with another patient: the new ward is asked', async () => {
  ward = await aWard({ habits: acceptAfter(40) });
  await measure(ward, heron, 185, 104);
  await ward.seconds(540);
  await measure(ward, { ...kingfisher, patientId: 'p-other' }, 120, 70, 3600);
  await ward.seconds(60);
  const before = ward.pages().length;
  await measure(ward, kingfisher, 232, 133, 3600);
  await ward.seconds(20);
  expect(paged(ward, before)).toContain('ward-002 nurse: WORSE: EMERGENCY blood pressure - ward-002 bed 1');
});

test('a good reading from the new ward is known at the next page', async () => {
  ward = await aWard();
  await measure(ward, heron, 185, 104);
  await ward.seconds(30);
  await measure(ward, kingfisher, 128, 80);
  await ward.seconds(60);
  expect(paged(ward)).toEqual(['ward-001 nurse: CRITICAL blood pressure - ward-001 bed 1']);
  await ward.seconds(60);
  expect(paged(ward, 1)).toEqual([
    'ward-001 nurse: MOVED: CRITICAL blood pressure - ward-002 bed 1',
    'ward-002 nurse: CRITICAL blood pressure - ward-002 bed 1',
  ]);
});

test('an obstetric device that spells its ward otherwise is judged by its ward’s policy, and reported', async () => {
  ward = await aWard();
  await measure(ward, { ...kingfisher, ward: 'Kingfisher' }, 168, 112);
  await ward.seconds(20);
  expect(paged(ward)).toEqual(['ward-002 nurse: CRITICAL blood pressure - ward-002 bed 1']);
  expect(ward.logs().some((line) => line.includes('"ward-unknown"'))).toBe(true);
  expect(ward.logs().some((line) => line.includes('"UnknownWard":1'))).toBe(true);
});

describe('a reading of a device that nobody registered, and that names no ward', () => {
  const stray = { deviceId: 'spot-9' };
  const wards = (it: Ward, from = 0) => [...new Set(paged(it, from).map((mail) => mail.slice(0, 8)))];

  test('joins the alert where it is, and the fallback ward is not asked', async () => {
    ward = await aWard();
    await measure(ward, kingfisher, 185, 104);
    await ward.seconds(10);
    await measure(ward, stray, 186, 104);
    await ward.seconds(100);
    expect(wards(ward)).toEqual(['ward-002']);
    expect(ward.alert()).toMatchObject({ place: { ward: 'ward-002', bed: '1' }, policy: 'obstetric' });
    expect(hospital.fallbackWard).not.toBe('ward-002');
  });

  test('moves nothing when it is good, also on the Observation of a device without a name', async () => {
    ward = await aWard();
    await measure(ward, kingfisher, 232, 133);
    await ward.seconds(10);
    await measure(ward, stray, 128, 80);
    const pressure = (code: string, value: number) => ({
      code: { coding: [{ code }] },
      valueQuantity: { value, code: 'mm[Hg]' },
    });
    await ward.put(
      JSON.stringify({
        resourceType: 'Observation',
        status: 'final',
        code: { coding: [{ code: '85354-9' }] },
        subject: { reference: `Patient/${patientId}` },
        effectiveDateTime: new Date(ward.vigil.clock.now()).toISOString(),
        component: [pressure('8480-6', 128), pressure('8462-4', 80)],
      }),
      'gateway',
    );
    await ward.seconds(400);
    expect(wards(ward)).toEqual(['ward-002']);
  });

  test('opens an alert where the patient was seen last', async () => {
    ward = await aWard();
    await measure(ward, kingfisher, 128, 80);
    await ward.seconds(600);
    await measure(ward, stray, 190, 104);
    await ward.seconds(20);
    expect(paged(ward)).toEqual(['ward-002 nurse: CRITICAL blood pressure - ward-002 bed 1']);
    expect(ward.executions()[0]?.executionArn).toContain(':critical-ward-002-1-');
  });

  test('opens one on the fallback ward when nobody knows better, which goes to where the patient is seen', async () => {
    ward = await aWard();
    await measure(ward, stray, 190, 104);
    await ward.seconds(20);
    expect(paged(ward)).toEqual([
      `${hospital.fallbackWard} nurse: CRITICAL blood pressure - unregistered device spot-9, ward ${hospital.fallbackWard}`,
    ]);
    const before = ward.pages().length;
    // Measured before the alert, and delivered since.
    await measure(ward, kingfisher, 128, 80, 60);
    await ward.seconds(120);
    expect(paged(ward, before)).toContain('ward-002 nurse: CRITICAL blood pressure - ward-002 bed 1');
  });
});
