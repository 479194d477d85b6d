/** What the mails say. Ward, bed, reference, severity and time: no names, no record numbers, no values. */
import { DateTime } from 'luxon';
import type { AlarmLevel } from '../clinical/severity.ts';
import type { Alert, PagePurpose } from './alert.ts';

export type Mail = { subject: string; message: string };

/** SNS: fewer than 100 characters of ASCII, without line breaks. */
const SUBJECT_CHARACTERS = 99;
/** What is left of a ward's and a bed's name, so that the reference always fits. */
const PLACE_CHARACTERS = 40;
/** As many as a person reads in a mail; a thousand more would still be under SNS's 256 KiB, and help nobody. */
const STUCK_LINES = 50;

export const headlines: Record<AlarmLevel, string> = {
  'suspect-critical': 'CHECK PATIENT AND CUFF',
  critical: 'CRITICAL blood pressure',
  'suspect-emergency': 'CHECK PATIENT AND CUFF NOW',
  emergency: 'EMERGENCY blood pressure',
};

export const explanations: Record<AlarmLevel, string> = {
  'suspect-critical':
    'A measurement cannot be trusted, and might be critical: look at the patient, then at the cuff.',
  critical: 'A blood pressure beyond the critical limits of the ward.',
  'suspect-emergency':
    'A measurement cannot be trusted, and might be an emergency: look at the patient, then at the cuff.',
  emergency: 'A blood pressure beyond the emergency limits of the ward.',
};

const requests: Record<PagePurpose, string> = {
  page: 'Please look at the patient, and answer on this page:',
  reminder: 'Nobody has answered yet. Please look at the patient, and answer on this page:',
  worse: 'It has got worse since the last message. Please look again, and answer anew on this page:',
  recheck:
    'It was answered, and the new measurement is still beyond the limits. Please look, and answer on this page:',
  repeat:
    'It was answered, but no good measurement has come since. Please repeat it, and answer on this page:',
};

/** One clinician's request. The link stands here and nowhere else; opening it changes nothing. */
export function pageMail(
  alert: Alert,
  { purpose, link, zone }: { purpose: PagePurpose; link: string; zone: string },
): Mail {
  const reminded = purpose === 'reminder' ? 'REMINDER: ' : '';
  return {
    subject: subjectOf(`${reminded}${urgency(alert, purpose)}`, alert),
    message: [
      `${headlines[alert.worst]}, ${placeOf(alert)}, reference VG ${alert.reference}.`,
      explanations[alert.worst],
      `Since ${timeOf(alert.arrivedAt, zone)}.`,
      '',
      requests[purpose],
      link,
      '',
      'Vigil only notifies: the patient and the ward come first, and care follows your own judgement.',
    ].join('\n'),
  };
}

/** What the operations are told when an alert calls everyone: on entering, and for each pass that nobody answered. */
export function everyoneMail(alert: Alert, zone: string): Mail {
  const unanswered = alert.pass > 0;
  return {
    subject: subjectOf(unanswered ? 'UNANSWERED' : 'EVERYONE IS CALLED', alert),
    message: [
      `${headlines[alert.worst]}, ${placeOf(alert)}, reference VG ${alert.reference}.`,
      unanswered
        ? 'Everyone on the ward was called, and nobody has answered. They are called again now.'
        : 'No single person has answered. Everyone on the ward is called now.',
      `Since ${timeOf(alert.arrivedAt, zone)}. Please telephone the ward.`,
    ].join('\n'),
  };
}

/** What the operations are told of what was stuck; one mail, however many (SNS disables who gets more than 10 a second). */
export function stuckMail(raised: readonly string[]): Mail {
  const more = raised.length - STUCK_LINES;
  const things = raised.length === 1 ? 'one escalation' : `${raised.length} escalations`;
  return {
    subject: `Vigil raised ${things} again`,
    message: [
      'These had stopped, and were raised again:',
      ...raised.slice(0, STUCK_LINES).map((line) => `- ${line}`),
      ...(more > 0 ? [`- and ${more} more, which the execution list of the console shows`] : []),
      '',
      'New executions carry them on, under the same deadlines; the runbook says how to find the cause.',
    ].join('\n'),
  };
}

/** How operations know it by telephone and in the console. */
export function describe(what: { ward: string; bed: string; level: AlarmLevel }): string {
  return `${what.level}, ${placeOf(what)}`;
}

function urgency(alert: Alert, purpose: PagePurpose): string {
  const headline = headlines[alert.worst];
  const asking = purpose === 'reminder' ? alert.asking : purpose;
  if (asking === 'repeat') return `REPEAT MEASUREMENT: ${headline}`;
  if (asking === 'recheck') return `STILL ALARMING: ${headline}`;
  return asking === 'worse' ? `WORSE: ${headline}` : headline;
}

function subjectOf(what: string, alert: Alert): string {
  const reference = ` - VG ${alert.reference}`;
  const subject = `${what} - ${placeOf(alert)}`.replace(/[^\x20-\x7e]/g, '?');
  return `${subject.slice(0, SUBJECT_CHARACTERS - reference.length)}${reference}`;
}

function placeOf({ ward, bed }: { ward: string; bed: string }): string {
  return `${ward} bed ${bed}`.slice(0, PLACE_CHARACTERS);
}

/** e.g. `Tue 24 Nov 03:00 (Europe/London)`. */
function timeOf(instant: string, zone: string): string {
  return DateTime.fromISO(instant, { zone, locale: 'en-GB' }).toFormat("ccc d LLL HH:mm '('z')'");
}
