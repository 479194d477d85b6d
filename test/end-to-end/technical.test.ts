/** A device that fails, from its record on the stream to the mail of whoever sees to it, and back to a good reading. */
import { afterEach, expect, test } from 'vitest';
import { isOpen } from '../../handlers/alert/alert.ts';
import { asOperator } from '../../infra/local/account/account.ts';
import { acceptAfter, aWard, hospital, operationsAddress, record, roleOf, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

const inTheMorning = '2026-03-03T09:00:00.000Z';
const broken = '{"deviceId": "bp-001", "systolic": 185';

const now = () => new Date(ward.vigil.clock.now()).toISOString();
const said = (what: object) => JSON.stringify({ ...JSON.parse(record(ward, now(), 124, 78)), ...what });
const keys = () => ward.deviceAlerts().map(({ pk }) => pk);
const toOperations = () =>
  ward.mails().filter(({ to, subject }) => to === operationsAddress && subject.includes('TECHNICAL'));

test('by day the nurse is mailed within a minute, once, and a good reading ends it', async () => {
  ward = await aWard({ startAt: inTheMorning });
  await ward.put(broken);
  await ward.seconds(60);
  expect(keys()).toEqual(['DEVICE#bp-001#unreadable']);
  expect(ward.devicePages().map(roleOf)).toEqual(['nurse']);
  const [mail] = ward.devicePages();
  expect(mail?.subject).toMatch(/^TECHNICAL ALERT - ward-001 bed 1 - VG \w{6}$/);
  expect(mail?.text).toContain('Device bp-001: what it sends cannot be read.');
  expect(mail?.text).not.toContain('185');

  for (let n = 0; n < 50; n++) await ward.put(broken);
  await ward.seconds(120);
  expect(
    [ward.deviceAlerts(), ward.devicePages(), ward.deviceExecutions()].map(({ length }) => length),
  ).toEqual([1, 1, 1]);

  await ward.measure(124, 78);
  await ward.seconds(30);
  expect(ward.deviceAlerts()[0]?.standing).toMatchObject({
    is: 'closed',
    reason: 'recovered',
    clinicianId: null,
  });
  await ward.seconds(3600);
  expect(ward.devicePages()).toHaveLength(1);
});

test('by night it is the lead; then the operations, once; accepted, it is asked again after an hour', async () => {
  ward = await aWard();
  await ward.put(said({ systolic: 255, diastolic: 255 }));
  await ward.seconds(60);
  expect(ward.devicePages().map(roleOf)).toEqual(['lead']);
  await ward.seconds(900);
  expect(ward.devicePages().map(roleOf)).toEqual(['lead', 'lead']);
  expect(toOperations().map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^NOT ACCEPTED, TECHNICAL - ward-001 bed 1 - VG/),
  ]);
  await ward.seconds(7 * 3600);
  expect([ward.devicePages().length, toOperations().length]).toEqual([2, 1]);
  await ward.seconds(3600);
  expect(toOperations()).toHaveLength(2);
  expect(ward.webhook().filter(({ body }) => body.includes('vigil.alert'))).toEqual([]);
});

test('whoever accepts is asked again after an hour without a good reading: silence is none', async () => {
  ward = await aWard({ startAt: inTheMorning, habits: acceptAfter(60) });
  await ward.put(said({ ...{ systolic: 188, diastolic: 112 }, quality: 'demo' }));
  await ward.seconds(120);
  expect(ward.deviceAlerts()[0]?.standing).toMatchObject({ is: 'owned', owner: { role: 'nurse' } });
  await ward.seconds(3600);
  expect(ward.deviceAlerts()[0]?.round).toMatchObject({ number: 2, asking: 'repeat' });
  expect(ward.devicePages().at(-1)?.subject).toMatch(/^STILL OPEN: TECHNICAL ALERT/);
  await ward.measure(124, 78);
  await ward.seconds(30);
  expect(ward.deviceAlerts().some(isOpen)).toBe(false);
});

test('no device is known: any number of them are one alert, of the fallback ward', async () => {
  ward = await aWard({ startAt: inTheMorning });
  await asOperator(ward.vigil, 'kinesis', 'PutRecords', {
    StreamName: ward.vigil.outputs.StreamName,
    Records: Array.from({ length: 200 }, (_, n) => ({
      PartitionKey: `nobody-${n}`,
      Data: Buffer.from(JSON.stringify({ deviceId: `Anna-${n}`, systolic: 255, diastolic: 255 })),
    })),
  });
  await ward.seconds(300);
  expect(keys()).toEqual(['DEVICE#unregistered#errorCode']);
  expect(ward.deviceAlerts()[0]?.place.ward).toBe(hospital.fallbackWard);
  expect(ward.devicePages()).toHaveLength(1);
  expect(JSON.stringify([ward.mails(), ward.deviceExecutions(), ward.logs()])).not.toContain('Anna');
});

test('a patient’s critical reading on the same device has an alert of its own, and the report tells them apart', async () => {
  ward = await aWard({ startAt: inTheMorning, habits: acceptAfter(30) });
  await ward.put(broken);
  await ward.measure(188, 112);
  await ward.seconds(120);
  expect([ward.alerts(), ward.deviceAlerts()].map(({ length }) => length)).toEqual([1, 1]);
  await ward.put(said({ systolic: 255, diastolic: 255 }));
  await ward.measure(124, 78);
  await ward.seconds(20 * 60);
  expect([...ward.alerts(), ...ward.deviceAlerts()].some(isOpen)).toBe(false);
  const { summary, page } = await ward.reported();
  expect(summary).toMatchObject({
    alertsOpened: 1,
    technicalAlerts: 2,
    pagesSent: 1,
    accepted: 1,
    openAtEnd: 0,
    reconciled: true,
  });
  expect(page).toMatch(/bp-001: not readable ward-001 1/);
  expect(page).toMatch(/bp-001: error code ward-001 1/);
});

test('one that should measure each ten minutes, and has not for half an hour', async () => {
  const devices = hospital.devices.map((device) =>
    device.id === 'bp-001' ? { ...device, measuresEveryMinutes: 10 } : device,
  );
  ward = await aWard({ startAt: inTheMorning, hospital: { ...hospital, devices } });
  await ward.measure(124, 78);
  await ward.seconds(25 * 60);
  expect(keys()).toEqual([]);
  await ward.seconds(11 * 60);
  expect(keys()).toEqual(['DEVICE#bp-001#silent']);
  expect(ward.devicePages().map(roleOf)).toEqual(['nurse']);
  await ward.measure(124, 78);
  await ward.seconds(30);
  expect(ward.deviceAlerts().some(isOpen)).toBe(false);
});
