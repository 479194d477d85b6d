/** The tables of the report. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { queriesOf } from '../../handlers/reporting/queries.ts';
import { reportWindow } from '../../handlers/reporting/window.ts';
import { Archive } from './archive.ts';
import { aNight, Night, window } from './night.ts';

const archive = new Archive();

const ask = (query: string, night: Night) => {
  archive.holds(night);
  return archive.ask(query);
};

const queries = queriesOf(reportWindow(window, 'Europe/London'), { dt: '2026-03-03', runId: 'the-report' });
const names = queries.map(({ name }) => name);

test('a report asks each query of sql/, by its name', () => {
  const files = readdirSync('sql').filter((file) => file.endsWith('.sql'));
  expect([...names].sort()).toEqual(files.map((file) => basename(file, '.sql').replaceAll('-', '_')).sort());
});

test.each(names)('%s takes the report’s literals, also of an empty archive', async (name) => {
  await expect(ask(name, new Night())).resolves.toBeInstanceOf(Array);
});

test('all of them together are half of what Step Functions passes from state to state, 256 KiB, at most', () => {
  expect(Buffer.byteLength(JSON.stringify(queries))).toBeLessThan(128 * 1024);
});

test('alerts: where, how bad, its waits, who took it and how it ended', async () => {
  const night = aNight();
  night.raises(night.arrives(300, { patientId: 'p-3', ward: 'ward-002', systolicMmHg: 230 }));
  const [first, second] = await ask('alerts', night);
  expect(first).toMatchObject({
    ward: 'ward-001',
    bed: '4',
    level: 'critical',
    seconds_to_first_page: '3.0',
    seconds_to_acceptance: '120.0',
    seconds_to_recheck: '900.0',
    rounds: '1',
    accepted_by_role: 'nurse',
    ended: 'transferred',
  });
  expect(second).toMatchObject({
    ward: 'ward-002',
    level: 'emergency',
    seconds_to_acceptance: null,
    ended: 'open',
  });
});

test('alerts: the place is one that the patient had, the newest, not the first of each column', async () => {
  const night = new Night();
  night.raises(night.arrives(10, { ward: 'ward-001', bed: '7' }));
  night.raises(night.arrives(12, { ward: 'ward-002', bed: '1' }));
  expect(await ask('alerts', night)).toMatchObject([{ ward: 'ward-002', bed: '1' }]);
  night.raises(night.arrives(14, { ward: 'ward-001', bed: null, deviceRegistered: false }));
  expect(await ask('alerts', night)).toMatchObject([{ ward: 'ward-001', bed: 'unknown' }]);
});

test('alerts: who took it first, not whoever had it later', async () => {
  const night = new Night();
  const owned = night.accepts(night.pages(night.raises(night.arrives(10)), 10.1), 11);
  const doctor = { id: 'doctor-1', role: 'doctor' };
  const again = night.pages(night.asksAnew(owned, 26, 'recheck'), 26.1, [doctor]);
  night.closes(night.accepts(again, 27, doctor), 40);
  expect(await ask('alerts', night)).toMatchObject([{ accepted_by_role: 'nurse', rounds: '2' }]);
});

test('answers by ward and shift, on the hospital’s clocks', async () => {
  const night = new Night();
  // In winter London keeps UTC: 06:30, and 07:30.
  night.lives(night.arrives(30, { patientId: 'p-1' }));
  night.lives(night.arrives(90, { patientId: 'p-2' }));
  const paged = night.pages(night.raises(night.arrives(95, { patientId: 'p-3' })), 95.1);
  night.declines(paged, 96);
  const rows = await ask('answers_by_ward', night);
  expect(rows).toMatchObject([
    {
      ward: 'ward-001',
      shift: 'day',
      alerts: '2',
      accepted: '1',
      declined: '1',
      mean_seconds_to_acceptance: '60.0',
    },
    { ward: 'ward-001', shift: 'night', alerts: '1', accepted: '1', longest_seconds_to_recheck: '960.0' },
  ]);
});

test('attention: patients with more than one alert, devices with more than one suspect reading', async () => {
  const night = aNight();
  night.lives(night.arrives(200));
  for (const at of [300, 310, 320])
    night.arrives(at, { patientId: 'p-8', deviceId: 'bp-loose', systolicMmHg: 120, diastolicMmHg: 115 });
  expect(await ask('attention', night)).toMatchObject([
    { what: 'repeatedSuspectReadings', subject: 'bp-loose', times: '3' },
    { what: 'repeatedAlerts', subject: 'PATIENT#p-1', times: '2' },
  ]);
});

test('devices heard: each once, and none that only was tested or shown', async () => {
  const night = new Night();
  const from = (deviceId: string, quality: 'measured' | 'invalid' | 'test' | 'demo' = 'measured') =>
    night.arrives(10, { deviceId, patientId: deviceId, quality });
  for (const device of ['bp-2', 'bp-1', 'bp-1']) from(device);
  from('bp-3', 'test');
  from('bp-4', 'demo');
  from('bp-5', 'invalid');
  from('bp-5', 'demo');
  night.arrives(-1, { deviceId: 'bp-6' });
  expect(await ask('devices_heard', night)).toEqual(
    ['bp-1', 'bp-2', 'bp-5'].map((device_id) => ({ device_id })),
  );
});

test('abnormal readings: 200 systolic or 120 diastolic, once each', async () => {
  const night = new Night();
  night.arrives(1, { systolicMmHg: 199, diastolicMmHg: 119 });
  night.arrives(2, { systolicMmHg: 200, diastolicMmHg: 80 });
  night.arrives(3, { systolicMmHg: 160, diastolicMmHg: 120 });
  night.readings.push(...night.readings);
  const rows = await ask('abnormal_readings', night);
  expect(rows.map(({ systolic, diastolic }) => [systolic, diastolic])).toEqual([
    ['200.0', '80.0'],
    ['160.0', '120.0'],
  ]);
});

test('silence: heard in this night, but not in its last four hours', async () => {
  const night = new Night();
  night.arrives(20 * 60 - 1, { patientId: 'gone' });
  night.arrives(20 * 60, { patientId: 'here' });
  night.arrives(-60, { patientId: 'long-gone' });
  expect(await ask('silence', night)).toMatchObject([{ device_id: 'bp-gone', readings: '1' }]);
});

test.each(['silence', 'devices_heard'])(
  '%s: what corrects or withdraws a reading is not its device',
  async (query) => {
    const night = new Night();
    const said = { patientId: 'p-5', systolicMmHg: 120, diastolicMmHg: 80, measurementId: 'm-1' };
    const devices = async (night: Night) => (await ask(query, night)).map(({ device_id }) => device_id);
    night.arrives(23 * 60, { ...said, replaces: true });
    night.arrives(23 * 60, { ...said, replaces: true, quality: 'withdrawn' });
    night.arrives(23 * 60, { ...said, quality: 'withdrawn' });
    expect(await devices(night)).toEqual([]);
    night.arrives(10, said);
    expect(await devices(night)).toEqual(['bp-p-5']);
  },
);

test('suspect readings by device, and how many of them alarmed', async () => {
  const night = new Night();
  night.arrives(1, { systolicMmHg: 0, diastolicMmHg: 0 });
  night.arrives(2, { systolicMmHg: 120, diastolicMmHg: 115 });
  night.arrives(3);
  expect(await ask('suspect', night)).toMatchObject([{ device_id: 'bp-p-1', suspect: '2', alarming: '1' }]);
});

test('only the partitions of the window and a day either side are read', async () => {
  const night = new Night();
  night.arrives(10, { systolicMmHg: 210 });
  archive.holds(night);
  archive.put('readings', '2026-02-20', 'misplaced', [
    { ...night.readings[0], reading_id: 'misplaced', arrived_at: '2026-03-02 07:00:00.000' },
  ]);
  expect(await archive.ask('abnormal_readings')).toHaveLength(1);
});
