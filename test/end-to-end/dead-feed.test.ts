import { afterEach, expect, test } from 'vitest';
import type { Hospital } from '../../handlers/on-call/roster.ts';
import { asOperator } from '../../infra/local/account/account.ts';
import type { Template } from '../../infra/local/account/template.ts';
import { minuteMs } from '../../infra/local/engine/clock.ts';
import { alarmState } from './alarm-state.ts';
import { aWard, hospital, operationsAddress, type Ward } from './ward.ts';

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

/** Devices that measure each five minutes from now on, until they are stopped. */
function measuring({ vigil }: Ward, devices: readonly Hospital['devices'][number][]) {
  const silent = new Set<string>();
  const measure = ({ id, patientId, ward, bed }: Hospital['devices'][number]) => {
    if (silent.has(id)) return;
    const measuredAt = new Date(vigil.clock.now()).toISOString();
    const reading = { deviceId: id, patientId, ward, bed, measuredAt, systolic: 124, diastolic: 78 };
    void vigil.call({ name: 'device', roleArn: 'operator' }, 'kinesis', 'PutRecord', {
      StreamName: vigil.outputs.StreamName,
      PartitionKey: id,
      Data: Buffer.from(JSON.stringify(reading)),
    });
  };
  const again = (device: Hospital['devices'][number]) => {
    measure(device);
    vigil.clock.after(5 * minuteMs, () => again(device));
  };
  for (const device of devices) again(device);
  return {
    stop: (of: string) => devices.filter((device) => device.ward === of).map(({ id }) => silent.add(id)),
    start: () => silent.clear(),
  };
}

/** What the operations were told of silence, by their webhook or by mail. */
function toldAtAll({ mails, webhook }: Ward): string[] {
  const posted = webhook().map(({ body }) => JSON.parse(body).data?.subject ?? '');
  const mailed = mails()
    .filter(({ to }) => to === operationsAddress)
    .map(({ subject }) => subject);
  return [...posted, ...mailed].filter((subject) => subject.startsWith('Vigil has no readings'));
}
/** Without what the first run found, before any device had spoken. */
const told = (it: Ward) => toldAtAll(it).slice(1);
const minutes = (it: Ward, count: number) => it.seconds(count * 60);

/** The mapping is disabled, or was never made: the stream is full and the consumer is not called. */
function withoutMapping(template: Template): void {
  for (const [id, { Type }] of Object.entries(template.Resources))
    if (Type === 'AWS::Lambda::EventSourceMapping' && /Consume/.test(id)) delete template.Resources[id];
}

test('while devices speak, nothing alarms; the first minutes count as silence until each ward was heard', async () => {
  ward = await aWard();
  // The watcher has looked once already: a ward never heard is silent from the first run on.
  expect(alarmState(ward.vigil, 'readings-silent')).toBe('ALARM');
  measuring(ward, hospital.devices);
  await minutes(ward, 60);
  for (const name of ['consumer-not-invoked', 'readings-silent', 'wards-silent'])
    expect([name, alarmState(ward.vigil, name)]).toEqual([name, 'OK']);
  expect(told(ward)).toEqual([]);
});

test('a disabled mapping: the consumer falls no longer behind, and yet the feed is told to be dead', async () => {
  ward = await aWard({ change: withoutMapping });
  measuring(ward, hospital.devices);
  await minutes(ward, 16);
  expect(alarmState(ward.vigil, 'consumer-behind')).toBe('OK');
  expect(alarmState(ward.vigil, 'consumer-not-invoked')).toBe('ALARM');
  expect(alarmState(ward.vigil, 'readings-silent')).toBe('ALARM');
  expect(alarmState(ward.vigil, 'wards-silent')).toBe('ALARM');
});

test('all devices of one ward stop: the hospital is heard, and the operations are told of the ward once', async () => {
  ward = await aWard();
  const devices = measuring(ward, hospital.devices);
  await minutes(ward, 30);
  devices.stop('ward-002');
  await minutes(ward, 85);
  expect(told(ward)).toEqual([]);
  await minutes(ward, 35);
  expect(told(ward)).toEqual(['Vigil has no readings from ward ward-002']);
  expect(alarmState(ward.vigil, 'wards-silent')).toBe('ALARM');
  expect(alarmState(ward.vigil, 'readings-silent')).toBe('OK');
  await minutes(ward, 240);
  expect(told(ward)).toHaveLength(1);
  expect(alarmState(ward.vigil, 'wards-silent')).toBe('ALARM');
  devices.start();
  await minutes(ward, 20);
  expect(alarmState(ward.vigil, 'wards-silent')).toBe('OK');
  devices.stop('ward-002');
  await minutes(ward, 120);
  expect(told(ward)).toHaveLength(2);
});

test('devices on standby are not waited for, but the one beside them is', async () => {
  const devices = hospital.devices.map((device) =>
    device.ward === 'ward-002' ? { ...device, standby: true } : device,
  );
  ward = await aWard({ hospital: { ...hospital, devices } });
  measuring(
    ward,
    devices.filter(({ ward: of }) => of === 'ward-001'),
  );
  await minutes(ward, 180);
  expect(told(ward)).toEqual([]);
  expect(alarmState(ward.vigil, 'wards-silent')).toBe('OK');
  // One of them is taken off standby by publishing the roster, and has yet to speak.
  const [first, ...others] = devices.filter(({ ward: of }) => of === 'ward-002');
  const worn = [
    ...devices.filter(({ ward: of }) => of === 'ward-001'),
    { ...first, standby: false },
    ...others,
  ];
  const key = { Bucket: ward.vigil.outputs.RosterBucket, Key: 'roster/hospital.json' };
  const { Body } = await asOperator(ward.vigil, 's3', 'GetObject', key);
  const published = JSON.parse(await Body.transformToString());
  await asOperator(ward.vigil, 's3', 'PutObject', {
    ...key,
    Body: JSON.stringify({ ...published, devices: worn }),
    ContentType: 'application/json',
  });
  await minutes(ward, 15);
  expect(told(ward)).toEqual(['Vigil has no readings from ward ward-002']);
});

test('nothing was heard since the deployment: told by the first run, and once', async () => {
  ward = await aWard();
  await minutes(ward, 11);
  expect(alarmState(ward.vigil, 'wards-silent')).toBe('ALARM');
  expect(toldAtAll(ward)).toEqual(['Vigil has no readings from 2 wards']);
  expect(ward.logs().some((line) => line.includes('"feeds-watched"') && line.includes('"silent":2'))).toBe(
    true,
  );
});
