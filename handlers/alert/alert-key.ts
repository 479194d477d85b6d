/** Whose alert it is, by the key of its item: a patient's, that of a device for each kind of fault, or a drill's or check-in's. */
import type { AlarmLevel } from '../clinical/severity.ts';
import { type TechnicalKind, technicalKinds } from '../reading/faults.ts';

const prefixes = { patient: 'PATIENT#', device: 'DEVICE#', drill: 'DRILL#', checkIn: 'CHECKIN#' } as const;
export type AlertKind = keyof typeof prefixes;
const kinds = Object.keys(prefixes) as AlertKind[];

/** Of each kind, one: under any other key a claim would be nobody's, or stand beside the patient's. */
export const ALERT_KEY = new RegExp(`^(?:${Object.values(prefixes).join('|')}).`, 's');

/** A key without the beginning of any other kind is a patient's: somebody is asked to look. */
export function alertKindOf(alertKey: string): AlertKind {
  return kinds.find((kind) => alertKey.startsWith(prefixes[kind])) ?? 'patient';
}

/** The key of the patient's alert. */
export function alertKeyOf(patientId: string): string {
  return `${prefixes.patient}${patientId}`;
}

/** Whose alert that is; null when it is no patient's. */
export function patientOf(alertKey: string): string | null {
  return alertKindOf(alertKey) === 'patient' ? alertKey.replace(/^PATIENT#/, '') : null;
}

/** The key of a drill with readings that name this patient, who need not exist. */
export function drillKeyOf(patientId: string): string {
  return `${prefixes.drill}${patientId}`;
}

/** `device`: a registered one, or what stands for all others. */
export function deviceAlertKey(device: string, kind: TechnicalKind): string {
  return `${prefixes.device}${device}#${kind}`;
}

/** Of which device, and what is wrong with it; undefined when it is no device's. */
export function faultOf(alertKey: string): { device: string; kind: TechnicalKind } | undefined {
  const [, device, said] = /^DEVICE#(.+)#([a-zA-Z]+)$/s.exec(alertKey) ?? [];
  const kind = technicalKinds.find((one) => one === said);
  return device !== undefined && kind !== undefined ? { device, kind } : undefined;
}

/** The one level of a kind that has no other. */
const onlyLevels: Partial<Record<AlertKind, AlarmLevel>> = {
  device: 'technical',
  checkIn: 'check-in',
};

/** False for an alert of the level of another kind. */
export function isLevelOf(alertKey: string, level: AlarmLevel): boolean {
  const only = onlyLevels[alertKindOf(alertKey)];
  return only === undefined ? !Object.values(onlyLevels).includes(level) : level === only;
}

/** The level of an alert or claim as far as it can be read, else the worst that its kind has. */
export function levelFor(alertKey: string, said: AlarmLevel | undefined): AlarmLevel {
  if (said !== undefined && isLevelOf(alertKey, said)) return said;
  return onlyLevels[alertKindOf(alertKey)] ?? 'emergency';
}
