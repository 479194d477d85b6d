/** How an alert is named, on page and in mail: how bad it is, and what is wrong. No names, no record numbers, no values. */
import type { AlarmLevel, ClinicalLevel } from '../clinical/severity.ts';
import type { Alert } from './alert.ts';
import { alertKindOf } from './alert-key.ts';
import { faultInWords } from './technical-words.ts';

export const headlines: Record<AlarmLevel, string> = {
  technical: 'TECHNICAL ALERT',
  'suspect-critical': 'CHECK PATIENT AND CUFF',
  critical: 'CRITICAL blood pressure',
  'suspect-emergency': 'CHECK PATIENT AND CUFF NOW',
  emergency: 'EMERGENCY blood pressure',
};

/** Where a long ward or bed leaves no room for the headline. */
export const shortHeadlines: Record<AlarmLevel, string> = {
  technical: 'TECHNICAL',
  'suspect-critical': 'CHECK PATIENT',
  critical: 'CRITICAL',
  'suspect-emergency': 'CHECK PATIENT NOW',
  emergency: 'EMERGENCY',
};

const explanations: Record<ClinicalLevel, string> = {
  'suspect-critical':
    'A measurement cannot be trusted, but may be critical: check the patient, then the cuff.',
  critical: "Blood pressure outside the ward's critical limits.",
  'suspect-emergency':
    'A measurement cannot be trusted, but may be an emergency: check the patient, then the cuff.',
  emergency: "Blood pressure outside the ward's emergency limits.",
};

const DRILL = 'This is a drill: there is no patient. Please answer as if there were one.';

/** What stands before everything else: a drill is never taken for an alert. */
export function markOf(alertKey: string): string {
  return alertKindOf(alertKey) === 'drill' ? 'DRILL - no patient: ' : '';
}

export function headlineOf({ pk, worst }: Pick<Alert, 'pk' | 'worst'>): string {
  return `${markOf(pk)}${headlines[worst]}`;
}

/** What is wrong, in a sentence or two. */
export function explanationOf(alert: Pick<Alert, 'pk' | 'worst' | 'place'>): string {
  if (alertKindOf(alert.pk) === 'drill') return DRILL;
  return alert.worst === 'technical' ? faultInWords(alert) : explanations[alert.worst];
}

/** Since when, up to the time. */
export function sinceOf({ pk }: Pick<Alert, 'pk'>): string {
  return alertKindOf(pk) === 'patient' ? 'Alarming since' : 'Since';
}
