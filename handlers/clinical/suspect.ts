/** When a reading cannot be trusted: the cuff or the device is likelier to be wrong than the patient. */
import type { Reading } from './reading.ts';

/** What the suspect rule looks at. */
export type Pressures = Pick<Reading, 'systolicMmHg' | 'diastolicMmHg' | 'meanArterialMmHg' | 'quality'>;

/** Vigil's own rule: below this difference a cuff has more likely found no pulse than a patient has so narrow a one. */
const LEAST_PULSE_PRESSURE_MMHG = 10;
/** Vigil's own rule: outside these a cuff's number is not believed; what it would read as still alarms. */
export const SYSTOLIC_RANGE_MMHG = { least: 40, most: 300 };
export const DIASTOLIC_RANGE_MMHG = { least: 20, most: 200 };

/** Why the reading is suspect, in words without values; null when it is to be trusted. */
export function suspectBecause(reading: Pressures): string | null {
  const { systolicMmHg: systolic, diastolicMmHg: diastolic, meanArterialMmHg: mean } = reading;
  if (systolic === null) return 'systolic missing';
  if (diastolic === null) return 'diastolic missing';
  if (systolic <= 0) return 'systolic zero or negative';
  if (diastolic <= 0) return 'diastolic zero or negative';
  if (systolic <= diastolic) return 'systolic not above diastolic';
  if (systolic - diastolic < LEAST_PULSE_PRESSURE_MMHG) return 'pulse pressure too small';
  if (systolic < SYSTOLIC_RANGE_MMHG.least || systolic > SYSTOLIC_RANGE_MMHG.most) {
    return 'systolic out of range';
  }
  if (diastolic < DIASTOLIC_RANGE_MMHG.least || diastolic > DIASTOLIC_RANGE_MMHG.most) {
    return 'diastolic out of range';
  }
  if (mean !== null && (mean < diastolic || mean > systolic)) return 'mean not between the pressures';
  if (reading.quality === 'invalid') return 'the device says invalid';
  return null;
}
