/** Whose alert it is, by the key of its item: a patient's, or one of a device for each kind of fault. */
import type { AlarmLevel } from '../clinical/severity.ts';
import { type TechnicalKind, technicalKinds } from '../reading/faults.ts';

/** The key of the patient's alert. */
export function alertKeyOf(patientId: string): string {
  return `PATIENT#${patientId}`;
}

/** Whose alert that is; null when it is a device's. */
export function patientOf(alertKey: string): string | null {
  return faultOf(alertKey) ? null : alertKey.replace(/^PATIENT#/, '');
}

/** `device`: a registered one, or what stands for all others. */
export function deviceAlertKey(device: string, kind: TechnicalKind): string {
  return `DEVICE#${device}#${kind}`;
}

/** Of which device, and what is wrong with it; undefined when it is a patient's. */
export function faultOf(alertKey: string): { device: string; kind: TechnicalKind } | undefined {
  const [, device, said] = /^DEVICE#(.+)#([a-zA-Z]+)$/s.exec(alertKey) ?? [];
  const kind = technicalKinds.find((one) => one === said);
  return device !== undefined && kind !== undefined ? { device, kind } : undefined;
}

/** False for a patient's alert of the level of a device's, and the other way round. */
export function isLevelOf(alertKey: string, level: AlarmLevel): boolean {
  return (patientOf(alertKey) === null) === (level === 'technical');
}

/** The level of an alert or claim as far as it can be read, else the worst: a device's is technical, and a patient's never. */
export function levelFor(patientId: string | null, said: AlarmLevel | undefined): AlarmLevel {
  if (patientId === null) return 'technical';
  return said === undefined || said === 'technical' ? 'emergency' : said;
}
