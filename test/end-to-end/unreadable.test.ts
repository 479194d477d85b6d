/** An item of the table that can no longer be read: somebody is paged, the operations hear of it, and nothing beside it waits. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { asOperator } from '../../infra/local/account/account.ts';
import { sendReading } from '../../infra/local/demo/once.ts';
import { alarmState } from './alarm-state.ts';
import { acceptAfter, aWard, hospital, operationsAddress, record, rolesPaged, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

/** What stands where it should not, and must be in no log. */
const wrong = 'a wrong value';

/** Changes an item, as a deployment or a hand may. */
const change = (pk: string, field: string, value: unknown = wrong) =>
  asOperator(ward.vigil, 'dynamodb', 'UpdateItem', {
    TableName: 'vigil-production',
    Key: { pk: { S: pk } },
    UpdateExpression: 'SET #field = :value',
    ExpressionAttributeNames: { '#field': field },
    ExpressionAttributeValues: marshall({ ':value': value }),
  });

const itemsOf = (kind: string) => ward.items().filter((item) => item.kind === kind);
const logged = (message: string) =>
  ward
    .logs()
    .filter((line) => line.includes(`"${message}"`))
    .map((line) => JSON.parse(line));
const toldOperations = () =>
  ward
    .mails()
    .filter(({ to }) => to === operationsAddress)
    .map(({ text }) => text);

test('an alert whose owner is waited for: paged anew when the recheck is due, and the report says so', async () => {
  ward = await aWard({ habits: acceptAfter(20) });
  await ward.measure(188, 112);
  await ward.seconds(120);
  const before = ward.openAlert();
  expect(before.standing.is).toBe('owned');
  await change(before.pk, 'told');
  await ward.seconds(16 * 60);

  const after = ward.openAlert();
  expect(after.alertId).not.toBe(before.alertId);
  expect(after).toMatchObject({ worst: 'critical', place: before.place, standing: { is: 'owned' } });
  expect(rolesPaged(ward)).toEqual(['nurse', 'nurse']);
  const [aside, ...more] = itemsOf('setAside');
  expect(more).toEqual([]);
  expect(aside).toMatchObject({ alertId: before.alertId, original: { told: wrong, seq: before.seq } });

  expect(logged('item-invalid')[0]).toMatchObject({ item: before.pk, fields: ['told (invalid_type)'] });
  expect(ward.logs().join()).not.toContain(wrong);
  expect(toldOperations().join()).toContain(`${after.alertId}-a1 (the alert before could not be read)`);

  await ward.measure(128, 76);
  await ward.seconds(16 * 60);
  const { summary, page } = await ward.reported();
  expect(summary).toMatchObject({ alertsOpened: 2, lost: 0, duplicated: 0, openAtEnd: 0, reconciled: false });
  expect(summary.gaps).toEqual(['alerts that could not be read, and were raised again or will be: 1']);
  expect(page).toContain('This night is not fully accounted for');
  expect(page).toContain(before.alertId);
});

test('the alarm is raised as soon as anybody reads it: here the archive, as the table was changed', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(30);
  expect(alarmState(ward.vigil, 'item-invalid')).toBe('OK');
  await change(ward.alert().pk, 'step');
  // CloudWatch looks at whole minutes.
  await ward.seconds(45);
  expect(alarmState(ward.vigil, 'item-invalid')).toBe('ALARM');
});

test('the next reading does not wait for that: its own execution raises the patient again, at once', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(30);
  const before = ward.alert();
  await change(before.pk, 'round');
  await ward.measure(189, 112);
  await ward.seconds(20);
  const after = ward.openAlert();
  expect(after.events.map(({ type }) => type)).toEqual(['raised', 'joined', 'asking', 'paged']);
  expect(after.seq).toBe(before.seq + 5);
  expect(rolesPaged(ward)).toEqual(['nurse', 'nurse']);
});

test('nothing of it can be read: an emergency of the place where the patient was seen last', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(30);
  const { pk, place } = ward.alert();
  for (const field of ['worst', 'place', 'policy', 'alertId', 'seq', 'events', 'standing'])
    await change(pk, field);
  await ward.seconds(240);
  expect(ward.openAlert()).toMatchObject({ worst: 'emergency', place, announced: 'emergency' });
  expect(new Set(rolesPaged(ward).slice(1))).toContain('doctor');
});

test('two of them at once, and a third that is sound: each goes on', async () => {
  ward = await aWard();
  const devices = hospital.devices.filter(({ patientId }) => patientId).slice(0, 3);
  for (const device of devices) await sendReading(ward.vigil, device, 188, 112);
  await ward.seconds(30);
  const [one, two, sound] = ward.alerts();
  await change(one?.pk ?? '', 'told');
  await change(two?.pk ?? '', 'told');
  await ward.seconds(240);
  const after = ward.alerts();
  expect(after).toHaveLength(3);
  expect(after.every(({ announced }) => announced !== null)).toBe(true);
  expect(after.find(({ pk }) => pk === sound?.pk)?.alertId).toBe(sound?.alertId);
});

test.each([
  ['fulfilled, which is still read', ['policy'], 1],
  ['fulfilled by the alert that it names', ['status'], 1],
  ['and nobody knows whether it was fulfilled: raised once more, and joined', ['status', 'alertId'], 2],
])('a reading comes again whose claim is broken, %s', async (_how, fields, joinedOrRaised) => {
  ward = await aWard();
  const reading = record(ward, new Date(ward.vigil.clock.now()).toISOString(), 188, 112);
  await ward.put(reading);
  await ward.seconds(30);
  for (const field of fields) await change(itemsOf('claim')[0]?.pk, field, 7);
  await ward.put(reading);
  await ward.measure(128, 76);
  await ward.seconds(150);
  expect(rolesPaged(ward)).toEqual(['nurse', 'nurse']);
  const raising = ward.alert().events.filter(({ type }) => type === 'raised' || type === 'joined');
  expect(raising).toHaveLength(joinedOrRaised);
  // What comes behind it in the stream is read.
  expect(itemsOf('vitals')).toMatchObject([{ recent: [{}, { severity: 'normal' }] }]);
  expect(logged('claim-not-written')).toEqual([]);
});

test('a claim that broke before its execution began: its reading is raised nevertheless', async () => {
  ward = await aWard();
  const back = ward.vigil.faults.outage('sfn');
  await ward.measure(188, 112);
  await ward.seconds(10);
  await change(itemsOf('claim')[0]?.pk, 'level');
  back();
  await ward.seconds(120);
  expect(ward.openAlert()).toMatchObject({ worst: 'emergency', announced: 'emergency' });
});

test('what is remembered of patient and device is begun anew, and no reading comes twice for it', async () => {
  ward = await aWard();
  await ward.measure(128, 76);
  await ward.seconds(30);
  for (const { pk } of [...itemsOf('vitals'), ...itemsOf('contacts')])
    await change(pk, pk.startsWith('V') ? 'recent' : 'heard');
  await ward.measure(188, 112);
  await ward.seconds(30);
  expect(rolesPaged(ward)).toEqual(['nurse']);
  expect(itemsOf('vitals')).toMatchObject([{ version: 2, recent: [{ severity: 'critical' }] }]);
  expect(logged('item-invalid').map(({ item }) => item.split('#')[0])).toEqual(['CONTACTS', 'VITALS']);
  expect(logged('vitals-not-written')).toEqual([]);
});
