/** What happens, told as it happens: one event a line, for the terminal. It changes nothing. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { Alert } from '../../../../handlers/alert/alert.ts';
import { closingReasonWords } from '../../../../handlers/alert/closing-reasons.ts';
import type { AlertEvent, MoveReason } from '../../../../handlers/alert/event.ts';
import type { Hospital } from '../../../../handlers/on-call/roster.ts';
import type { LocalAccount } from '../../account/account.ts';
import type { DynamoDbService } from '../../services/dynamodb/service.ts';
import type { DeliveredMail, SnsService } from '../../services/sns/service.ts';
import type { StepFunctionsService } from '../../services/step-functions/service.ts';

/** `again`: one more of what has been told already. */
export type Line = { at: number; what: string; where: string; more: string; again?: boolean };

type Listeners = {
  onLine: (line: Line) => void;
  /** Somebody has taken an alert, or it was closed. */
  onAttended?: (alert: Alert) => void;
};

/** The item has a token and its place in the index beside the alert. */
const AlertOfItem = z.object(Alert.shape);

const isWrongPins = (event: AlertEvent) => event.type === 'declined' && event.reason === 'wrongPins';

/** Whether nobody of the level declined, and it was wrong PINs that ended its wait. */
function followsWrongPins(escalated: AlertEvent, { events }: Alert): boolean {
  if (escalated.type !== 'escalated' || escalated.because !== 'everybodyDeclined') return false;
  const before = events.filter((event) => event.seq < escalated.seq);
  const onThisLevel = before.slice(before.findLastIndex((event) => event.type === 'escalated') + 1);
  return onThisLevel.filter((event) => event.type === 'declined').every(isWrongPins);
}

/**
 * Events of the alert that change what people do: readings that join it are counted when it is closed; pages are told by
 * their mails, but for those to everyone; waits go without saying.
 */
function inShort(event: AlertEvent): string | undefined {
  switch (event.type) {
    case 'raised':
      return 'alert opened';
    case 'accepted':
      return `accepted by ${event.role}`;
    case 'declined':
      return isWrongPins(event) ? 'too many wrong PINs' : 'declined';
    case 'undeliverable':
      return 'mail could not be sent';
    case 'escalated':
      return `escalated to ${event.escalationLevel}`;
    case 'rechecked':
      return 'rechecked';
    case 'paged':
      return event.step.escalationLevel === 'everyone' ? 'everyone paged' : undefined;
    case 'closed':
      return 'closed';
    case 'unanswered':
      return 'nobody has answered';
    default:
      return undefined;
  }
}

/** Why it moved on, for the terminal. */
const moveReasons: Record<MoveReason, string> = {
  timeIsUp: 'time is up',
  everybodyDeclined: 'everybody declined',
  nobodyReached: 'nobody could be reached',
  nobodyOnCall: 'nobody is on call',
  pageFailed: 'the page failed',
};

const placeOf = ({ ward, bed }: { ward: string; bed: string | null }) =>
  bed === null ? `${ward}, no known bed` : `${ward} bed ${bed}`;

/** Any of these may have changed an alert. */
const telling = /^(Task(Succeeded|Submitted|TimedOut|Failed)|ExecutionSucceeded)$/;

/** Tells the listeners of everything from now on. `table` is the alerts' table. */
export function watch(account: LocalAccount, hospital: Hospital, table: string, listeners: Listeners): void {
  const dynamodb = account.service<DynamoDbService>('dynamodb');
  const names = new Map(hospital.clinicians.map((person) => [person.id, person.name]));
  const byEmail = new Map(hospital.clinicians.map((person) => [person.email, person]));
  const lastTold = new Map<string, number>();
  /** Readings that joined, by alert. */
  const joined = new Map<string, number>();
  /** How often everyone was paged, by alert and round. */
  const calls = new Map<string, number>();
  const say = (at: number, what: string, where: string, more = '', again = false) =>
    listeners.onLine({ at, what, where, more, ...(again && { again }) });

  function alerts(): Alert[] {
    const items = dynamodb.items(table).filter((item) => item.kind?.S === 'alert');
    return items.map((item) => AlertOfItem.parse(unmarshall(item)));
  }

  function moreOf(alert: Alert, event: AlertEvent): string {
    if (event.type === 'raised') return `VG ${alert.reference}`;
    if (event.type === 'paged') return `${event.pages.length} people`;
    if (event.type === 'closed') {
      const count = joined.get(alert.alertId) ?? 0;
      return `${closingReasonWords[event.reason]}${count > 0 ? `; ${count} more readings had joined` : ''}`;
    }
    if (event.type === 'accepted' || event.type === 'declined') {
      const who = names.get(event.clinicianId) ?? event.clinicianId;
      return isWrongPins(event) ? `five on the page of ${who}` : who;
    }
    if (event.type === 'rechecked')
      return event.found === 'stillCritical' ? 'still critical' : 'no usable reading';
    if (event.type === 'undeliverable') return event.reason;
    if (event.type !== 'escalated' && event.type !== 'unanswered') return '';
    return followsWrongPins(event, alert) ? 'wrong PINs' : moveReasons[event.because];
  }

  /** From the third time on it is what the line before said. */
  function isAgain(alert: Alert, event: AlertEvent): boolean {
    if (event.type !== 'paged' || event.step.escalationLevel !== 'everyone') return false;
    const key = `${alert.alertId} ${event.step.round}`;
    calls.set(key, (calls.get(key) ?? 0) + 1);
    return (calls.get(key) as number) > 2;
  }

  function tellEvent(alert: Alert, event: AlertEvent): void {
    if (event.type === 'joined') joined.set(alert.alertId, (joined.get(alert.alertId) ?? 0) + 1);
    const what = inShort(event);
    const again = isAgain(alert, event);
    if (what !== undefined)
      say(
        Date.parse(event.at),
        again ? `${what} again` : what,
        placeOf(alert.place),
        moreOf(alert, event),
        again,
      );
    if (event.type === 'accepted' || event.type === 'closed') listeners.onAttended?.(alert);
  }

  function tellAlerts(): void {
    for (const alert of alerts()) {
      const before = lastTold.get(alert.pk) ?? 0;
      lastTold.set(alert.pk, alert.seq);
      for (const event of alert.events) if (event.seq > before) tellEvent(alert, event);
    }
  }

  const isToEveryone = ({ subject }: DeliveredMail) =>
    alerts().some((alert) => alert.step.escalationLevel === 'everyone' && subject.endsWith(alert.reference));

  function tellMail(mail: DeliveredMail): void {
    const person = byEmail.get(mail.to);
    tellAlerts();
    const [headline = '', where = ''] = mail.subject.split(' - ');
    if (/\/report\//.test(mail.text)) say(mail.at, 'report mailed', person?.name ?? mail.to, mail.subject);
    else if (/\/page\//.test(mail.text) && !isToEveryone(mail))
      say(mail.at, `page to ${person?.role ?? mail.to}`, where, `${person?.name}: ${headline}`);
  }

  account.service<SnsService>('sns').onMail(tellMail);
  account.service<StepFunctionsService>('sfn').onEvent((execution, { type, timestamp, details }) => {
    if (type === 'ExecutionStarted') {
      const { level, ward, bed, alertKey } = JSON.parse(execution.input);
      const joins = alerts().some(({ pk, standing }) => pk === alertKey && standing.is !== 'closed');
      const what = level === 'technical' ? 'device fault' : `reading judged ${level}`;
      if (level && !joins) say(timestamp, what, placeOf({ ward, bed }));
    }
    if (type === 'ExecutionFailed' || type === 'ExecutionTimedOut')
      say(timestamp, 'execution failed', execution.machine.name, String(details?.error ?? ''));
    if (telling.test(type)) tellAlerts();
  });
}
