/** What mails and text messages say. Ward, bed, reference, severity and time: no names, no record numbers, no values. */
import type { AlarmLevel } from '../clinical/severity.ts';
import { listed, type Mail, mailTime, SUBJECT_CHARACTERS } from '../mail/text.ts';
import { SMS_CHARACTERS } from '../mail/text-message.ts';
import { comfortable, type Place, placeText, shortPlace } from '../naming/place.ts';
import type { Alert } from './alert.ts';
import { type AlertKind, alertKindOf } from './alert-key.ts';
import type { Claim } from './claim.ts';
import type { ClosingReason } from './closing-reasons.ts';
import type { Purpose } from './event.ts';
import { bareHeadlines, explanationOf, headlineOf, markOf, sinceOf } from './words.ts';

export const WITHDRAWN =
  'The reading that raised the alert has since been withdrawn or corrected by whoever sent it: please measure again.';

const requests: Record<Purpose, string> = {
  page: 'Please see the patient, and answer on this page:',
  reminder: 'Nobody has answered yet. Please see the patient, and answer on this page:',
  worse:
    'The patient has got worse since the last message. Please see the patient again, and answer again on this page:',
  moved:
    'The patient has been moved since the last message. Please go to the place named above, and answer on this page:',
  recheck:
    'Somebody accepted, but the new reading is still outside the limits. Please see the patient, and answer on this page:',
  repeat:
    'Somebody accepted, but there has been no usable reading since. Please measure again, and answer on this page:',
  withdrawn: 'Somebody accepted, but the pressure is not known. Please measure, and answer on this page:',
  handedOver:
    'Whoever accepted asks a colleague to take over. Please see the patient, and answer on this page:',
  givenBack: 'Whoever accepted cannot stay. Please see the patient, and answer on this page:',
};

type Requests = Partial<Record<Purpose, string>> & { page: string };

/** Nothing is worse than technical, and nothing moves a device. */
const technicalRequests: Requests = {
  page: 'Please see to the device, and answer on this page:',
  reminder: 'Nobody has accepted yet. Please see to the device, and answer on this page:',
  repeat:
    'Somebody accepted, but the device has sent no good reading since. Please see to it, and answer on this page:',
  handedOver:
    'Whoever accepted asks a colleague to take over. Please see to the device, and answer on this page:',
  givenBack: 'Whoever accepted cannot see to it. Please see to the device, and answer on this page:',
};

const drillRequests: Requests = {
  page: 'Please answer on this page:',
  reminder: 'Nobody has answered yet. Please answer on this page:',
};

const checkInRequests: Requests = {
  page: 'Please answer on this page:',
};

const requestsOf: Record<AlertKind, Requests> = {
  patient: requests,
  device: technicalRequests,
  drill: drillRequests,
  checkIn: checkInRequests,
};

function requestOf({ pk }: Alert, purpose: Purpose): string {
  const ofKind = requestsOf[alertKindOf(pk)];
  return ofKind[purpose] ?? ofKind.page;
}

/** One clinician's request. The link stands here and nowhere else; opening it changes nothing. */
export function pageMail(
  alert: Alert,
  { purpose, link, zone }: { purpose: Purpose; link: string; zone: string },
): Mail {
  return {
    subject: subjectOf(urgencies(alert, purpose), alert),
    message: [
      `${headlineOf(alert)}, ${placeText(alert.place)}, reference VG ${alert.reference}.`,
      explanationOf(alert),
      `${sinceOf(alert)} ${mailTime(alert.arrivedAt, zone)}.`,
      ...(alert.withdrawal ? [WITHDRAWN] : []),
      '',
      requestOf(alert, purpose),
      link,
      '',
      'Vigil only notifies. The patient and the ward come first; use your own clinical judgement.',
    ].join('\n'),
    ...textMessage(alert, urgencies(alert, purpose)[1], ', see mail'),
  };
}

/** What the operations team is told when an alert calls everyone: at first, and for each attempt that nobody answered. */
export function everyoneMail(alert: Alert, zone: string): Mail {
  const unanswered = alert.step.attempt > 0;
  if (alert.worst === 'technical') return untakenFault(alert, unanswered, zone);
  const what = unanswered ? 'UNANSWERED' : 'EVERYONE PAGED';
  return {
    subject: subjectOf([`${what}, ${bareHeadlines(alert).short}`, what], alert),
    message: [
      `${headlineOf(alert)}, ${placeText(alert.place)}, reference VG ${alert.reference}.`,
      unanswered
        ? 'Everyone on the ward was paged, and nobody has answered. They are being paged again now.'
        : 'Nobody has accepted. Everyone on the ward is being paged now.',
      `${sinceOf(alert)} ${mailTime(alert.arrivedAt, zone)}. Please telephone the ward.`,
    ].join('\n'),
  };
}

/** The same of a device that nobody has taken on. */
function untakenFault(alert: Alert, again: boolean, zone: string): Mail {
  const what = again ? 'STILL NOT ACCEPTED' : 'NOT ACCEPTED';
  return {
    subject: subjectOf([`${what}, ${bareHeadlines(alert).short}`, what], alert),
    message: [
      `${headlineOf(alert)}, ${placeText(alert.place)}, reference VG ${alert.reference}.`,
      explanationOf(alert),
      `Since ${mailTime(alert.arrivedAt, zone)}. Nobody on the ward has accepted it. Please telephone the ward.`,
    ].join('\n'),
  };
}

/** What whoever was called and has not answered is told, once somebody has it or it is over: a role, no name. */
export function standDownMail(alert: Alert, to: 'clinician' | 'operations'): Mail {
  const done = doneIn(alert);
  const isAsked = to === 'clinician';
  const heading = isAsked && alert.worst !== 'check-in' ? `${done}, no need to come` : done;
  return {
    subject: subjectOf([`${heading}: ${bareHeadlines(alert).short}`, done], alert),
    message: [
      `${headlineOf(alert)}, ${placeText(alert.place)}, reference VG ${alert.reference}.`,
      `${endOf(alert)} ${whatIsLeft(alert, to)}`,
    ].join('\n'),
    ...(isAsked && textMessage(alert, `${heading}: ${bareHeadlines(alert).short}`, '')),
  };
}

function whatIsLeft({ worst, standing }: Alert, to: 'clinician' | 'operations'): string {
  if (to === 'operations' && standing.is === 'closed' && standing.reason === 'missed')
    return 'Please find out why.';
  if (worst === 'check-in') return 'Nothing is left to do.';
  return to === 'clinician' ? 'You need not come.' : 'You need not telephone the ward any more.';
}

function doneIn({ standing }: Alert): string {
  if (standing.is !== 'closed') return 'ANSWERED';
  return standing.reason === 'missed' ? 'MISSED' : 'CLOSED';
}

function endOf(alert: Alert): string {
  const { worst, standing } = alert;
  if (worst === 'check-in' && standing.is === 'closed' && standing.reason === 'missed')
    return explanationOf(alert);
  if (standing.is === 'owned') return `The ${standing.owner.role} has accepted.`;
  const byItself = standing.is === 'closed' && standing.clinicianId === null && endings[standing.reason];
  return `The alert has ended: ${byItself || 'somebody of the ward has closed it'}.`;
}

/** Without a person's reason. */
const endings: Partial<Record<ClosingReason, string>> = {
  recovered: 'the readings are good again',
  drill: 'somebody of the ward has accepted',
  checkedIn: 'whoever was asked has checked in',
  seenTo: 'somebody else sees to it',
  missed: 'everyone was asked, and nobody has answered',
};

/** What the operations team is told of what was stuck; one mail, however many (SNS disables who gets more than 10 a second). */
export function stuckMail(raised: readonly string[]): Mail {
  const things = raised.length === 1 ? 'one escalation' : `${raised.length} escalations`;
  return {
    subject: `Vigil restarted ${things}`,
    message: [
      'These had stopped, and have been restarted:',
      ...listed(raised, ', which the list of executions in the console shows'),
      '',
      'New executions carry them on, with the same deadlines. The runbook says how to find the cause.',
    ].join('\n'),
  };
}

/** A claim in that mail. */
export function restartedClaim(claim: Pick<Claim, 'alertKey' | 'level' | 'place' | 'executionName'>): string {
  return `${described(claim.alertKey, claim)}: ${claim.executionName} (its reading had not become an alert)`;
}

/** An alert in that mail. */
export function restartedAlert(alert: Alert, because: keyof typeof restartReasons): string {
  const what = described(alert.pk, { level: alert.worst, place: alert.place });
  return `VG ${alert.reference}, ${what}: ${alert.executionName} (${restartReasons[because]})`;
}

const restartReasons = {
  overdue: 'overdue',
  executionEnded: 'execution ended',
  unreadable: 'the alert before could not be read',
} as const;

/** How the operations team knows it, on the telephone and in the console. */
function described(alertKey: string, { level, place }: { level: AlarmLevel; place: Place }): string {
  return `${markOf(alertKey)}${level}, ${placeText(place)}`;
}

/** For a telephone, without a link. What is of no patient wakes nobody, and costs no text message (decisions/0035). */
function textMessage(alert: Alert, words: string, end: string): Pick<Mail, 'sms'> {
  if (alertKindOf(alert.pk) !== 'patient') return {};
  const after = ` VG ${alert.reference}${end}`;
  return {
    sms: `${words} ${shortPlace(alert.place, SMS_CHARACTERS - `${words} `.length - after.length)}${after}`,
  };
}

/** Why somebody is asked, and how bad it is: in full, and short. */
function urgencies(alert: Alert, purpose: Purpose): [full: string, short: string] {
  const asking = purpose === 'reminder' ? alert.round.asking : purpose;
  const isOfDevice = alert.worst === 'technical';
  const [full, short] = isOfDevice && asking === 'repeat' ? stillOpen : requestWords[asking];
  const again = purpose === 'reminder' ? 'REMINDER: ' : '';
  const headlines = bareHeadlines(alert);
  return [`${again}${full}${headlines.full}`, `${again}${short}${headlines.short}`];
}

const requestWords: Record<Exclude<Purpose, 'reminder'>, [full: string, short: string]> = {
  page: ['', ''],
  worse: ['WORSE: ', 'WORSE: '],
  moved: ['MOVED: ', 'MOVED: '],
  recheck: ['STILL ALARMING: ', 'STILL: '],
  repeat: ['REPEAT MEASUREMENT: ', 'REPEAT: '],
  withdrawn: ['REPEAT MEASUREMENT: ', 'REPEAT: '],
  handedOver: ['TAKE OVER: ', 'TAKE OVER: '],
  givenBack: ['GIVEN BACK: ', 'GIVEN BACK: '],
};

const stillOpen = ['STILL OPEN: ', 'OPEN: '] as const;

/** The first headline beside which the place can be read at ease, else the last; reference and bed always stand whole. */
function subjectOf(headings: readonly string[], alert: Alert): string {
  const reference = ` - VG ${alert.reference}`;
  const roomFor = (heading: string) => SUBJECT_CHARACTERS - `${heading} - ${reference}`.length;
  const marked = headings.map((heading) => `${markOf(alert.pk)}${heading}`);
  const heading = marked.find((it) => comfortable(alert.place) <= roomFor(it)) ?? (marked.at(-1) as string);
  return `${heading} - ${shortPlace(alert.place, roomFor(heading))}${reference}`;
}
