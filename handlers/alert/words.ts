/** How an alert is named, on page and in mail: how bad it is, and what is wrong. No names, no record numbers, no values. */
import type { AlarmLevel, ClinicalLevel } from '../clinical/severity.ts';
import { oneLine } from '../naming/one-line.ts';
import type { Alert } from './alert.ts';
import { type AlertKind, alertKindOf } from './alert-key.ts';
import { asksWhoBegan, checkInOf } from './check-in.ts';
import { faultInWords } from './technical-words.ts';

export const headlines: Record<AlarmLevel, string> = {
  technical: 'TECHNICAL ALERT',
  'check-in': 'CHECK-IN',
  'suspect-critical': 'CHECK PATIENT AND CUFF',
  critical: 'CRITICAL blood pressure',
  'suspect-emergency': 'CHECK PATIENT AND CUFF NOW',
  emergency: 'EMERGENCY blood pressure',
};

/** Where a long ward or bed leaves no room for the headline. */
const shortHeadlines: Record<AlarmLevel, string> = {
  technical: 'TECHNICAL',
  'check-in': 'CHECK-IN',
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

const NOT_CHECKED_IN = 'NOT CHECKED IN';

const DRILL = 'This is a drill: there is no patient. Please answer as if there were one.';

/** What stands before everything else: a drill is never taken for an alert. */
export function markOf(alertKey: string): string {
  return alertKindOf(alertKey) === 'drill' ? 'DRILL - no patient: ' : '';
}

type Named = Pick<Alert, 'pk' | 'worst' | 'step'>;

export function headlineOf(alert: Named): string {
  return `${markOf(alert.pk)}${bareHeadlines(alert).full}`;
}

/** The same without its mark, and where there is less room. */
export function bareHeadlines(alert: Named): { full: string; short: string } {
  if (alert.worst === 'check-in' && !asksWhoBegan(alert))
    return { full: NOT_CHECKED_IN, short: NOT_CHECKED_IN };
  return { full: headlines[alert.worst], short: shortHeadlines[alert.worst] };
}

/** What is wrong, in a sentence or two. */
export function explanationOf(alert: Named & Pick<Alert, 'place'>): string {
  if (alertKindOf(alert.pk) === 'drill') return DRILL;
  if (alert.worst === 'check-in') return checkInText(alert);
  return alert.worst === 'technical' ? faultInWords(alert) : explanations[alert.worst];
}

function checkInText(alert: Pick<Alert, 'pk' | 'place' | 'step'>): string {
  const role = checkInOf(alert.pk)?.role ?? 'person';
  return asksWhoBegan(alert)
    ? `You are on call as ${role} of ${oneLine(alert.place.ward)}. Please confirm that this message has reached you.`
    : `The ${role} on call of ${oneLine(alert.place.ward)} has not checked in.`;
}

const beginnings: Record<AlertKind, string> = {
  patient: 'Alarming since',
  device: 'Since',
  drill: 'Since',
  checkIn: 'The shift began',
};

/** Since when, up to the time. */
export function sinceOf({ pk }: Pick<Alert, 'pk'>): string {
  return beginnings[alertKindOf(pk)];
}
