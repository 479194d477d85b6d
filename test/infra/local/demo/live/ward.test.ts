import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Vitals } from '../../../../../handlers/reading/vitals.ts';
import { demoWard } from '../../../../../infra/local/demo/live/ward.ts';
import { aWard, hospital, type Ward } from '../../../../end-to-end/ward.ts';

let ward: Ward;
let demo: ReturnType<typeof demoWard>;
beforeEach(async () => {
  ward = await aWard();
  demo = demoWard(ward.vigil, hospital);
});
afterEach(() => ward.vigil.stop());

const minutes = (count: number) => ward.seconds(count * 60);
const vitals = () => ward.items().filter(({ kind }) => kind === 'vitals') as Vitals[];
const severities = () => {
  const { patientId } = ward.device;
  const { recent = [] } = vitals().find((one) => one.patientId === patientId) ?? {};
  return recent.map(({ severity }) => severity);
};

test('all of them are measured all night, so that the report calls nobody silent', async () => {
  await minutes(10);
  await ward.vigil.until(demo.sendCritical());
  await minutes(170);
  const { clock } = ward.vigil;
  expect(vitals().map(({ lastSpokeAt }) => clock.now() - Date.parse(lastSpokeAt) < 6 * 60_000)).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test('who is critical stays so until somebody has come, and then is well, within an emergency’s five minutes twice', async () => {
  await minutes(12);
  expect(new Set(severities())).toEqual(new Set(['normal']));
  await ward.vigil.until(demo.sendCritical());
  await minutes(30);
  const critical = severities().filter((severity) => severity === 'critical');
  expect(critical.length).toBeGreaterThan(5);
  expect(ward.executions().filter(({ status }) => status === 'RUNNING')).toHaveLength(1);
  const before = severities().length;
  demo.recover(ward.alert());
  await minutes(5);
  const since = severities().slice(before);
  expect(since.length).toBeGreaterThanOrEqual(2);
  expect(new Set(since)).toEqual(new Set(['normal']));
});
