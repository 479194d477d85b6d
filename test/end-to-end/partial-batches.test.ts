/** What a function could not do comes again, though the rest of its batch was done. */
import { afterEach, expect, test } from 'vitest';
import { aWard, type Ward } from './ward.ts';

let ward: Ward;
afterEach(() => ward.vigil.stop());

test('a critical reading whose claim could not be written is claimed when the table is back', async () => {
  ward = await aWard();
  const back = ward.vigil.faults.outage('dynamodb');
  await ward.measure(188, 112);
  await ward.seconds(20);
  expect(ward.executions()).toEqual([]);
  back();
  await ward.seconds(60);
  expect(ward.pages()).toHaveLength(1);
});

test('events that Firehose refused are archived when it is back', async () => {
  ward = await aWard();
  const back = ward.vigil.faults.outage('firehose');
  await ward.measure(188, 112);
  await ward.seconds(20);
  expect(ward.logs().some((line) => line.includes('events-not-archived'))).toBe(true);
  back();
  await ward.seconds(600);
  expect(await ward.report()).toMatchObject({ alertsOpened: 1, lost: 0, reconciled: true });
});

test('a table that refuses every write for ten minutes loses nothing, and nothing of it comes twice', async () => {
  ward = await aWard();
  const back = ward.vigil.faults.outage('dynamodb');
  await ward.measure(188, 112);
  await ward.seconds(300);
  await ward.measure(118, 76);
  await ward.measure(232, 133);
  await ward.seconds(300);
  expect(ward.pages()).toEqual([]);
  back();
  await ward.seconds(1800);
  expect(await ward.report()).toMatchObject({
    alertsOpened: 1,
    readingsJoined: 1,
    archived: 3,
    lost: 0,
    duplicated: 0,
    reconciled: true,
  });
});
