/** Readings that are unreadable, come twice, come late, or cannot be true: each is taken once, and none is lost. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { asOperator } from '../../infra/local/account/account.ts';
import { aWard, hospital, record, rolesPaged, type Ward } from './ward.ts';

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

const at = (ms: number) => new Date(ms).toISOString();

test('an unreadable record in one batch with critical ones, redelivered: quarantined once with its bytes, neighbours alert once', async () => {
  ward = await aWard();
  const { vigil, device } = ward;
  const other = hospital.devices.filter((candidate) => candidate.patientId)[1];
  const broken = '{"deviceId":"bp-1","measuredAt":"yesterday","systolic":';
  const now = vigil.clock.now();
  const critical = (of: typeof device | undefined) =>
    JSON.stringify({
      ...JSON.parse(record(ward as Ward, at(now), 188, 112)),
      deviceId: of?.id,
      patientId: of?.patientId,
    });
  // While the table is away no claim is certain: the batch comes again, as a whole and in halves.
  const back = vigil.faults.outage('dynamodb');
  await asOperator(vigil, 'kinesis', 'PutRecords', {
    StreamName: vigil.outputs.StreamName,
    Records: [critical(device), broken, critical(other)].map((data) => ({
      PartitionKey: device.id,
      Data: Buffer.from(data),
    })),
  });
  await ward.seconds(20);
  expect(ward.executions()).toEqual([]);
  back();
  await ward.seconds(60);
  const folder = join(
    vigil.directory,
    's3',
    vigil.outputs.ArchiveBucket as string,
    'quarantine/dt=2026-03-03',
  );
  const kept = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  expect(kept.map((row) => [row.reason, Buffer.from(row.bytes_base64, 'base64').toString()])).toEqual([
    ['record: not JSON', broken],
  ]);
  const quarantined = ward.logs().filter((line) => line.includes('reading-quarantined'));
  expect(quarantined.length).toBeGreaterThan(1);
  expect(rolesPaged(ward)).toEqual(['nurse', 'nurse']);
  expect(ward.executions()).toHaveLength(2);
  await ward.seconds(120);
  expect(await ward.report()).toMatchObject({
    readings: 3,
    archived: 2,
    quarantined: 1,
    alertsOpened: 2,
    lost: 0,
  });
});

test('the same reading twice on the stream alerts once', async () => {
  ward = await aWard();
  const twice = record(ward, at(ward.vigil.clock.now()), 188, 112);
  await ward.put(twice);
  await ward.seconds(5);
  await ward.put(twice);
  await ward.seconds(60);
  expect(ward.executions()).toHaveLength(1);
  expect(ward.pages()).toHaveLength(1);
  expect(await ward.report()).toMatchObject({
    readings: 1,
    alertsOpened: 1,
    readingsJoined: 0,
    reconciled: true,
  });
});

test('a late critical reading is set aside only when a newer trusted one is known', async () => {
  ward = await aWard();
  const now = ward.vigil.clock.now();
  await ward.put(record(ward, at(now), 124, 78));
  await ward.seconds(5);
  await ward.put(record(ward, at(now - 600_000), 190, 118));
  await ward.seconds(60);
  expect(ward.executions()).toEqual([]);
  await ward.put(
    JSON.stringify({ ...JSON.parse(record(ward, at(now - 600_000), 84, 50)), patientId: 'another' }),
  );
  await ward.seconds(60);
  expect(ward.pages()).toHaveLength(1);
  expect(await ward.report()).toMatchObject({
    critical: 2,
    superseded: 1,
    alertsOpened: 1,
    lost: 0,
    reconciled: true,
  });
});

test('a zero is a suspect reading that climbs the same levels: check patient and cuff', async () => {
  ward = await aWard();
  await ward.measure(0, 0);
  await ward.seconds(250);
  expect(ward.pages().map((mail) => mail.subject.replace(/ - .*/, ''))).toEqual([
    'CHECK PATIENT AND CUFF',
    'REMINDER: CHECK PATIENT AND CUFF',
    'CHECK PATIENT AND CUFF',
  ]);
  expect(rolesPaged(ward)).toEqual(['nurse', 'nurse', 'doctor']);
});
