import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { judge } from '../../../handlers/clinical/judge.ts';
import { adult } from '../../../handlers/clinical/policies.ts';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { isMeasured, simulatedVitals } from '../../../handlers/reading/simulated-patient.ts';
import { SIMULATION_SEED, simulatedMessages } from '../../../handlers/reading/simulated-ward.ts';
import { aReading, bytesOf, hospital, origin } from './builders.ts';

const midnight = Date.parse('2026-11-24T00:00:00.000Z');
const minuteAt = (after: number) => new Date(midnight + after * 60_000);
const wardOf = (patients: number) =>
  Array.from({ length: patients }, (_, bed) => ({
    ...{ id: `bp-${bed}`, ward: 'ward-001', bed: `${bed}`, patientId: `patient-${bed}` },
  }));
type Devices = Parameters<typeof simulatedMessages>[0];
/** What the devices send within so many minutes. */
const sent = (devices: Devices, minutes: number, said = { seed: 1, zone: 'UTC' }) =>
  Array.from({ length: minutes }, (_, after) =>
    simulatedMessages(devices, minuteAt(after), said).map((message) => ({ ...message, after })),
  ).flat();

const devices = [
  { id: 'bp-1', ward: 'ward-001', bed: '1', patientId: 'patient-1' },
  { id: 'bp-2', ward: 'ward-001', bed: '1', patientId: 'patient-1' },
  { id: 'bp-3', ward: 'ward-001', bed: '2' },
  { id: 'bp-4', ward: 'ward-001', bed: '3', standby: true },
];

test('each patient is measured by one device, once an hour at least; a device on standby is not worn', () => {
  const counts = Map.groupBy(sent(devices, 60), ({ deviceId }) => deviceId);
  expect([...counts.keys()].sort()).toEqual(['bp-1', 'bp-3']);
});

test('seed, minute and device alone say what is sent', () => {
  const one = sent(devices, 180);
  expect(sent(devices, 180)).toEqual(one);
  expect(sent([...devices].reverse().slice(0, 2), 180)).toEqual(
    one.filter(({ deviceId }) => deviceId === 'bp-3'),
  );
  expect(sent(devices, 180, { seed: 2, zone: 'UTC' })).not.toEqual(one);
});

/** The moment of a minute in UTC. */
const momentOf = (deviceId: string, after: number, seed = 1) => ({
  ...{ seed, deviceId, minute: midnight / 60_000 + after, hour: Math.floor(after / 60) % 24 },
});
/** What a device measures within so many minutes. */
const measured = (deviceId: string, minutes: number, seed?: number) =>
  Array.from({ length: minutes }, (_, after) => ({ after, moment: momentOf(deviceId, after, seed) }))
    .filter(({ moment }) => isMeasured(moment))
    .map(({ after, moment }) => ({ after, ...simulatedVitals(moment) }));

describe('four hundred patient-days', () => {
  const days = 2;
  const patients = wardOf(200).map(({ id }) =>
    measured(id, days * 1440).map(({ after, ...vitals }) => ({
      ...{ after, vitals },
      severity: judge(aReading(vitals), adult).severity,
    })),
  );
  const readings = patients.flat();
  type Simulated = (typeof readings)[number];
  const share = (severity: string) =>
    readings.filter((it) => it.severity === severity).length / readings.length;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const trusted = readings.filter(({ severity }) => severity !== 'suspect');
  const systolics = (of: Simulated[]) => of.map(({ vitals }) => vitals.systolicMmHg);
  const isIll = ({ severity }: Simulated) => severity === 'critical' || severity === 'emergency';

  test.each([
    ['critical', 0.077, 0.05, 0.1],
    ['emergency', 0.0043, 0.001, 0.006],
    ['warning', 0.189, 0.14, 0.24],
    ['suspect', 0.0084, 0.005, 0.012],
  ])('%s: %d of PhysioNet’s set A, and here from %d to %d', (severity, _recorded, least, most) => {
    expect(share(severity)).toBeGreaterThan(least);
    expect(share(severity)).toBeLessThan(most);
  });

  test('pressures and pulses lie about its 118.8/58.1 mmHg and 87.3 beats; nights are lower', () => {
    const all = systolics(trusted);
    expect(Math.abs(mean(all) - 118.8)).toBeLessThan(3);
    expect(Math.abs(mean(trusted.map(({ vitals }) => vitals.diastolicMmHg as number)) - 58.1)).toBeLessThan(
      3,
    );
    const variance = mean(all.map((value) => value ** 2)) - mean(all) ** 2;
    expect(Math.abs(Math.sqrt(variance) - 22.7)).toBeLessThan(5);
    const atNight = ({ after }: Simulated) => after % 1440 < 6 * 60;
    const byDay = mean(systolics(trusted.filter((one) => !atNight(one))));
    expect(byDay - mean(systolics(trusted.filter(atNight)))).toBeGreaterThan(5);
    expect(Math.abs(mean(readings.map(({ vitals }) => vitals.pulseBpm)) - 87.3)).toBeLessThan(5);
  });

  test('half of the patients have a crisis; most cuffs are hourly, and of a crisis each quarter of an hour', () => {
    const ill = patients.filter((own) => own.some(isIll)).length / patients.length;
    expect(ill).toBeGreaterThan(0.4);
    expect(ill).toBeLessThan(0.55);
    const gaps = patients.flatMap((own) =>
      own.slice(1).map((it, index) => {
        const before = own[index] as Simulated;
        return { gap: it.after - before.after, isAfterIll: isIll(before) };
      }),
    );
    expect(Math.max(...gaps.map(({ gap }) => gap))).toBe(60);
    expect(gaps.filter(({ gap }) => gap === 60).length / gaps.length).toBeGreaterThan(0.4);
    expect(new Set(gaps.filter(({ isAfterIll }) => isAfterIll).map(({ gap }) => gap))).toEqual(new Set([15]));
  });
});

test('every shape is among them, and is read as what was measured; nothing of it is ignored', () => {
  const sources = sent(wardOf(60), 120).map(({ deviceId, content, after }) => {
    const arrivedAt = new Date(minuteAt(after).getTime() + 900).toISOString();
    const [item] = parseRecord(bytesOf(content), { ...origin, arrivedAt }, hospital);
    if (!item || !('reading' in item)) throw new Error(item?.reason);
    const { reading, ignored } = item;
    const { systolicMmHg, diastolicMmHg } = simulatedVitals(momentOf(deviceId, after));
    expect(reading.systolicMmHg).toBeCloseTo(systolicMmHg, 1);
    expect(reading.diastolicMmHg ?? -1).toBeCloseTo(diastolicMmHg ?? -1, 1);
    expect([reading.deviceId, ignored]).toEqual([deviceId, []]);
    if (reading.source !== 'legacy') {
      expect(reading.patientId).toBe(deviceId.replace('bp', 'patient'));
      expect(reading.measuredAt).toBe(minuteAt(after).toISOString());
    }
    return 'nibp' in content ? 'monitor' : reading.source;
  });
  expect(new Set(sources)).toEqual(new Set(['vigil', 'fhir', 'monitor', 'legacy']));
});

test('a cuff that gave no diastolic pressure says so in its shape', () => {
  const absent = Array.from({ length: 120 }, (_, bed) => `bp-${bed}`).flatMap((id) =>
    measured(id, 1440).flatMap(({ after, diastolicMmHg }) => (diastolicMmHg === null ? [{ id, after }] : [])),
  );
  const contents = absent.map(({ id, after }) => {
    const [message] = simulatedMessages([{ id, ward: 'ward-001', bed: '1' }], minuteAt(after), {
      seed: 1,
      zone: 'UTC',
    });
    return message?.content as Record<string, unknown>;
  });
  expect(new Set(contents.map((content) => Object.keys(content)[0])).size).toBeGreaterThanOrEqual(3);
  for (const content of contents) {
    const [item] = parseRecord(bytesOf(content), origin, hospital);
    if (!item || !('reading' in item)) throw new Error(item?.reason);
    expect([item.reading.diastolicMmHg, item.judgement.severity, item.ignored]).toEqual([
      null,
      'suspect',
      [],
    ]);
  }
});

test('day and night are those of the ward’s clocks', () => {
  const messages = (zone: string) => sent(wardOf(40), 60, { seed: 1, zone });
  expect(messages('Europe/London')).toEqual(messages('UTC'));
  expect(messages('Asia/Tokyo')).not.toEqual(messages('UTC'));
});

test('of the sample hospital those whom npm start leaves to the simulator alarm nobody in two weeks, others do', () => {
  const sample = JSON.parse(readFileSync('infra/hospital/hospital.json', 'utf8'));
  const alarming = (sample.devices as { id: string }[]).filter(({ id }) =>
    // What ward-002, an obstetric one, counts as critical.
    measured(id, 14 * 1440, SIMULATION_SEED).some(
      ({ systolicMmHg: s, diastolicMmHg: d }) => s < 90 || s >= 160 || (d ?? 0) >= 110,
    ),
  );
  expect(alarming.map(({ id }) => id)).toEqual(['bp-001', 'bp-003', 'bp-005']);
});
