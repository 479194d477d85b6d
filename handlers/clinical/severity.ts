/** The words for how bad a reading is, and their order. */

/** Least first. */
export const severities = ['normal', 'warning', 'critical', 'emergency'] as const;

export type Severity = (typeof severities)[number];

/**
 * How loudly an alert calls, least first. `technical` is a device's, `check-in` that of a shift which begins, neither a patient's. A suspect reading calls with the timings of what it would read as,
 * but a trusted reading of the same severity is worse news: the patient, not the cuff, is in danger.
 */
export const alarmLevels = [
  'technical',
  'check-in',
  'suspect-critical',
  'critical',
  'suspect-emergency',
  'emergency',
] as const;

export type AlarmLevel = (typeof alarmLevels)[number];

/** Of a reading: what concerns a patient. */
export type ClinicalLevel = Exclude<AlarmLevel, 'technical' | 'check-in'>;

/** True when `level` is worse news than `than`. */
export function isWorse(level: AlarmLevel, than: AlarmLevel): boolean {
  return alarmLevels.indexOf(level) > alarmLevels.indexOf(than);
}

/** Emergency timings apply to a trusted emergency and to a suspect reading that would read as one. */
export function isEmergency(level: AlarmLevel): boolean {
  return level === 'emergency' || level === 'suspect-emergency';
}
