import { expect, test } from 'vitest';
import { judge } from '../../../handlers/clinical/judge.ts';
import { adult } from '../../../handlers/clinical/policies.ts';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { simulatedReadings } from '../../../handlers/reading/simulated-ward.ts';
import { bytesOf, hospital, origin } from './builders.ts';

const devices = [
  { id: 'bp-1', ward: 'ward-001', bed: '1', patientId: 'patient-1' },
  { id: 'bp-2', ward: 'ward-001', bed: '1', patientId: 'patient-1' },
  { id: 'bp-3', ward: 'ward-001', bed: '2' },
  { id: 'bp-4', ward: 'ward-001', bed: '3', standby: true },
];
const minute = new Date('2026-11-24T10:00:00.000Z');

test('each patient is measured once a minute; a device on standby is not worn', () => {
  const readings = simulatedReadings(devices, minute);
  expect(readings.map(({ deviceId, patientId }) => [deviceId, patientId])).toEqual([
    ['bp-1', 'patient-1'],
    ['bp-3', 'bp-3'],
  ]);
});

test('the same minute gives the same values, another minute others', () => {
  expect(simulatedReadings(devices, minute)).toEqual(simulatedReadings(devices, minute));
  const later = simulatedReadings(devices, new Date('2026-11-24T10:01:00.000Z'));
  expect(later.map((reading) => reading.systolic)).not.toEqual(
    simulatedReadings(devices, minute).map((reading) => reading.systolic),
  );
});

test('a night of a large ward is readable and normal throughout', () => {
  const many = Array.from({ length: 40 }, (_, bed) => ({ id: `bp-${bed}`, ward: 'ward-001', bed: `${bed}` }));
  for (let after = 0; after < 24 * 60; after += 7) {
    for (const reading of simulatedReadings(many, new Date(minute.getTime() + after * 60_000))) {
      const [item] = parseRecord(bytesOf(reading), origin, hospital);
      if (!item || !('reading' in item)) throw new Error(item?.reason);
      expect(item.ignored).toEqual([]);
      expect(judge(item.reading, adult).severity).toBe('normal');
    }
  }
});
