/** An alert's story on a terminal: how it stands, an event a line, and which executions carried it. */
import { DateTime } from 'luxon';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { type AlertKind, alertKindOf } from '../../../handlers/alert/alert-key.ts';
import { closingReasonWords } from '../../../handlers/alert/closing-reasons.ts';
import type { AlertEvent, MoveReason } from '../../../handlers/alert/event.ts';
import { eventInWords, hasWords } from '../../../handlers/alert/event-words.ts';
import { markOf, sinceOf } from '../../../handlers/alert/words.ts';
import { placeText } from '../../../handlers/naming/place.ts';
import type { AnyRoster } from '../../../handlers/on-call/roster.ts';
import { archiveQuery } from './archive-query.ts';

const FULL = 'ccc d LLL HH:mm:ss';
const TIME_COLUMNS = 'Mon 30 Nov 00:00:00'.length;

type Told = { zone: string; roster: AnyRoster | undefined; table: string };

export function timelineText(alert: Alert, { zone, roster, table }: Told): string {
  const { events, worst, place, policy, reference, alertId } = alert;
  const name = namesIn(alert, roster);
  const clock = clockOf(zone);
  const numbers = String(alert.seq).length;
  const lines = events.map((event) => {
    const details = detailsOf(event, clock).join('; ');
    const sentence = sentenceOf(event, alertKindOf(alert.pk), name);
    const text = details === '' ? sentence : `${sentence} (${details})`;
    return `${clock.full(event.at).padEnd(TIME_COLUMNS)}  ${String(event.seq).padStart(numbers)}  ${text}`;
  });
  return [
    `VG ${reference}: ${markOf(alert.pk)}${worst}, ${placeText(place)}, policy ${policy} (alert ${alertId})`,
    `${sinceOf(alert)} ${clock.full(alert.arrivedAt)} (${zone}). ${standingOf(alert, name, clock)}`,
    '',
    ...lines,
    '',
    'Executions, oldest first:',
    ...executionsOf(alert).map((execution) => `  ${execution}`),
    ...(events[0]?.type === 'raised' ? [] : ['', ...earlierIn(alert, table)]),
  ].join('\n');
}

/** Names where a roster says them; else roles, with a number for the second of a role. */
function namesIn({ events }: Alert, roster: AnyRoster | undefined): (clinicianId: string) => string {
  const roles = new Map<string, string>();
  const meets = (id: string, role: string) => {
    if (roles.has(id)) return;
    const before = [...roles.values()].filter((known) => known.split(' ')[0] === role).length;
    roles.set(id, before === 0 ? role : `${role} ${before + 1}`);
  };
  for (const event of events) {
    if ('pages' in event) for (const { clinicianId, role } of event.pages) meets(clinicianId, role);
    if (event.type === 'accepted') meets(event.clinicianId, event.role);
  }
  return (id) =>
    roster?.clinicians.find((one) => one.id === id)?.name ?? roles.get(id) ?? 'somebody of the ward';
}

function clockOf(zone: string) {
  const at = (instant: string) => DateTime.fromISO(instant, { zone, locale: 'en-GB' });
  return {
    full: (instant: string) => at(instant).toFormat(FULL),
    /** Of the same day without it. */
    after: (before: string, instant: string) =>
      at(instant).toFormat(at(instant).hasSame(at(before), 'day') ? 'HH:mm:ss' : FULL),
  };
}
type Clock = ReturnType<typeof clockOf>;

function sentenceOf(event: AlertEvent, kind: AlertKind, name: (id: string) => string): string {
  if (event.type === 'stoodDown' && event.whom.length === 0)
    return event.notBefore === null
      ? 'Too late to tell those who are left that they need not come'
      : 'Those who need not come hear of it later';
  if (hasWords(event)) return eventInWords(event, kind, name);
  if (event.type !== 'asking') return 'Waits';
  return `Asks ${event.pages.map(({ clinicianId, purpose }) => `${name(clinicianId)}: ${purpose}`).join(', ')}`;
}

const becauseWords: Record<MoveReason | 'overdue' | 'executionEnded', string> = {
  timeIsUp: 'time was up',
  everybodyDeclined: 'nobody could come',
  nobodyReached: 'nobody could be mailed',
  nobodyOnCall: 'nobody is on call',
  pageFailed: 'paging failed',
  overdue: 'it was overdue',
  executionEnded: 'its execution had ended',
};

/** Why, and until when. */
function detailsOf(event: AlertEvent, clock: Clock): string[] {
  const turns = 'turns' in event ? Object.values(event.turns).toSorted() : [];
  return [
    ...('because' in event ? [becauseWords[event.because]] : []),
    ...(event.type === 'operationsTold' ? [`by ${event.by.join(' and ')}`] : []),
    ...(event.type === 'undeliverable' ? [event.reason] : []),
    ...turns.map((turnAt) => `another mail waits until ${clock.after(event.at, turnAt)}`),
    ...('deadline' in event
      ? [`${event.type === 'accepted' ? 'recheck at' : 'until'} ${clock.after(event.at, event.deadline)}`]
      : []),
  ];
}

function standingOf({ standing, step }: Alert, name: (id: string) => string, clock: Clock): string {
  switch (standing.is) {
    case 'waiting':
      return `Open: the level "${step.escalationLevel}" is asked until ${clock.full(standing.deadline)}.`;
    case 'backingOff':
      return `Open: nobody could be reached; everyone is asked again at ${clock.full(standing.deadline)}.`;
    case 'owned': {
      const { clinicianId, acceptedAt } = standing.owner;
      return `Open: ${name(clinicianId)} has it since ${clock.full(acceptedAt)}; recheck at ${clock.full(standing.deadline)}.`;
    }
    case 'closed':
      return `Closed ${clock.full(standing.at)}: ${closingReasonWords[standing.reason]}.`;
  }
}

/** Their names in the console of Step Functions. */
function executionsOf({ events, executionName }: Alert): string[] {
  const carried = events.flatMap((event) => {
    if (event.type === 'joined') return event.takenOverBy ?? [];
    return 'executionName' in event ? event.executionName : [];
  });
  return [...new Set([...carried, executionName])];
}

function earlierIn({ events, alertId, openedAt }: Alert, table: string): string[] {
  const until = events[0]?.at ?? openedAt;
  return [
    `The table keeps the last ${events.length} events. What came before is in the archive (Athena):`,
    '',
    archiveQuery(table, { alertId }, openedAt, until),
  ];
}
