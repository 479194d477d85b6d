/** What the mails say. Ward, bed, reference, severity and time: no names, no record numbers, no values. */
import { DateTime } from 'luxon';
import type { AlarmLevel } from '../clinical/severity.ts';
import { oneLine } from '../on-call/one-line.ts';
import type { Alert, PagePurpose } from './alert.ts';
import { ascii, comfortable, type Place, placeText, shortPlace } from './place.ts';

export type Mail = { subject: string; message: string };

/** SNS: fewer than 100 characters of ASCII, without line breaks. */
const SUBJECT_CHARACTERS = 99;
/** As many as a person reads in a mail; a thousand more would still be under SNS's 256 KiB, and help nobody. */
const LISTED = 50;

export const headlines: Record<AlarmLevel, string> = {
  'suspect-critical': 'CHECK PATIENT AND CUFF',
  critical: 'CRITICAL blood pressure',
  'suspect-emergency': 'CHECK PATIENT AND CUFF NOW',
  emergency: 'EMERGENCY blood pressure',
};

/** Where a long ward or bed leaves no room for the headline. */
const shortHeadlines: Record<AlarmLevel, string> = {
  'suspect-critical': 'CHECK PATIENT',
  critical: 'CRITICAL',
  'suspect-emergency': 'CHECK PATIENT NOW',
  emergency: 'EMERGENCY',
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
  moved: 'The patient lies elsewhere than the last message said. Please look there, and answer on this page:',
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
  return {
    subject: subjectOf(urgencies(alert, purpose), alert),
    message: [
      `${headlines[alert.worst]}, ${placeText(alert)}, reference VG ${alert.reference}.`,
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
  const what = unanswered ? 'UNANSWERED' : 'EVERYONE IS CALLED';
  return {
    subject: subjectOf([`${what}, ${shortHeadlines[alert.worst]}`, what], alert),
    message: [
      `${headlines[alert.worst]}, ${placeText(alert)}, reference VG ${alert.reference}.`,
      unanswered
        ? 'Everyone on the ward was called, and nobody has answered. They are called again now.'
        : 'No single person has answered. Everyone on the ward is called now.',
      `Since ${timeOf(alert.arrivedAt, zone)}. Please telephone the ward.`,
    ].join('\n'),
  };
}

/** What the operations are told of what was stuck; one mail, however many (SNS disables who gets more than 10 a second). */
export function stuckMail(raised: readonly string[]): Mail {
  const more = raised.length - LISTED;
  const things = raised.length === 1 ? 'one escalation' : `${raised.length} escalations`;
  return {
    subject: `Vigil raised ${things} again`,
    message: [
      'These had stopped, and were raised again:',
      ...raised.slice(0, LISTED).map((line) => `- ${line}`),
      ...(more > 0 ? [`- and ${more} more, which the execution list of the console shows`] : []),
      '',
      'New executions carry them on, under the same deadlines; the runbook says how to find the cause.',
    ].join('\n'),
  };
}

/** What the operations are told of wards that nothing is heard from; one mail, however many. */
export function silentWardsMail(
  wards: readonly { ward: string; heardAt: string | undefined }[],
  zone: string,
): Mail {
  const [first] = wards;
  const what = wards.length === 1 ? `ward ${ascii(first?.ward ?? '')}` : `${wards.length} wards`;
  const more = wards.length - LISTED;
  return {
    subject: `Vigil hears nothing from ${what}`.slice(0, SUBJECT_CHARACTERS),
    message: [
      'None of the devices of these wards has sent a reading for longer than the roster allows:',
      ...wards
        .slice(0, LISTED)
        .map(
          ({ ward, heardAt }) =>
            `- ${oneLine(ward)}: ${heardAt ? `last heard ${timeOf(heardAt, zone)}` : 'never heard'}`,
        ),
      ...(more > 0 ? [`- and ${more} more`] : []),
      '',
      'Nobody is paged for a patient whose device is not heard. Please telephone the wards; the runbook says how to find the',
      'cause, under "Wards silent". You are told again when a ward was heard meanwhile and falls silent once more.',
    ].join('\n'),
  };
}

/** How operations know it by telephone and in the console. */
export function describe(what: Place & { level: AlarmLevel }): string {
  return `${what.level}, ${placeText(what)}`;
}

/** Why somebody is asked, and how bad it is: in full, and short. */
function urgencies(alert: Alert, purpose: PagePurpose): [full: string, short: string] {
  const asking = purpose === 'reminder' ? alert.asking : purpose;
  const [full, short] = requestWords[asking];
  const again = purpose === 'reminder' ? 'REMINDER: ' : '';
  return [`${again}${full}${headlines[alert.worst]}`, `${again}${short}${shortHeadlines[alert.worst]}`];
}

const requestWords: Record<Exclude<PagePurpose, 'reminder'>, [full: string, short: string]> = {
  page: ['', ''],
  worse: ['WORSE: ', 'WORSE: '],
  moved: ['MOVED: ', 'MOVED: '],
  recheck: ['STILL ALARMING: ', 'STILL: '],
  repeat: ['REPEAT MEASUREMENT: ', 'REPEAT: '],
};

/** The first headline beside which the place can be read at ease, else the last; reference and bed always stand whole. */
function subjectOf(headings: readonly string[], alert: Alert): string {
  const reference = ` - VG ${alert.reference}`;
  const roomFor = (heading: string) => SUBJECT_CHARACTERS - `${heading} - ${reference}`.length;
  const heading = headings.find((it) => comfortable(alert) <= roomFor(it)) ?? (headings.at(-1) as string);
  return `${heading} - ${shortPlace(alert, roomFor(heading))}${reference}`;
}

/** e.g. `Tue 24 Nov 03:00 (Europe/London)`. */
function timeOf(instant: string, zone: string): string {
  return DateTime.fromISO(instant, { zone, locale: 'en-GB' }).toFormat("ccc d LLL HH:mm '('z')'");
}
