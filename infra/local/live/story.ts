/** What happens, told as it happens: one event a line, for the terminal. It changes nothing. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Alert, AlertEvent } from '../../../handlers/alert/alert.ts';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import type { LocalAccount } from '../account.ts';
import type { DynamoDbService } from '../services/dynamodb.ts';
import type { Mail, SnsService } from '../services/sns.ts';
import type { StepFunctionsService } from '../services/step-functions/service.ts';

export type Line = { at: number; what: string; where: string; more: string };

type Listeners = {
  onLine: (line: Line) => void;
  /** Somebody has taken an alert. */
  onAccepted: (alert: Alert) => void;
};

/** Events of the alert that change what people do; pages are told by their mails, but for those to everyone; waits go without saying. */
const told: Partial<Record<AlertEvent['type'], (event: AlertEvent) => string | undefined>> = {
  raised: () => 'alert opened',
  joined: () => 'reading joined the alert',
  accepted: (event) => `accepted by ${event.role ?? 'somebody'}`,
  declined: () => 'declined',
  undeliverable: () => 'mail could not be sent',
  escalated: (event) => `escalated to ${event.rung}`,
  rechecked: () => 'rechecked',
  paged: (event) => (event.rung === 'everyone' ? 'everyone paged' : undefined),
  closed: () => 'closed',
  unanswered: () => 'nobody has answered',
};

const placeOf = ({ ward, bed }: { ward: string; bed: string }) => `${ward} bed ${bed}`;

/** Any of these may have changed an alert. */
const telling = /^(Task(Succeeded|Submitted|TimedOut|Failed)|ExecutionSucceeded)$/;

/** Tells the listeners of everything from now on. `table` is the alerts' table. */
export function watch(account: LocalAccount, hospital: Hospital, table: string, listeners: Listeners): void {
  const dynamodb = account.service<DynamoDbService>('dynamodb');
  const names = new Map(hospital.clinicians.map((person) => [person.id, person.name]));
  const byEmail = new Map(hospital.clinicians.map((person) => [person.email, person]));
  const lastTold = new Map<string, number>();
  const say = (at: number, what: string, where: string, more = '') =>
    listeners.onLine({ at, what, where, more });

  function alerts(): Alert[] {
    const items = dynamodb.items(table).filter((item) => item.kind?.S === 'alert');
    return items.map((item) => unmarshall(item)) as Alert[];
  }

  function tellEvent(alert: Alert, event: AlertEvent): void {
    const what = told[event.type]?.(event);
    if (what !== undefined) {
      const who = event.clinicianId ? (names.get(event.clinicianId) ?? event.clinicianId) : '';
      const more = {
        raised: `VG ${alert.reference}`,
        paged: `${event.pages?.length} people`,
      }[event.type as string];
      say(Date.parse(event.at), what, placeOf(alert), more ?? (who || (event.reason ?? '')));
    }
    if (event.type === 'accepted') listeners.onAccepted(alert);
  }

  function tellAlerts(): void {
    for (const alert of alerts()) {
      const before = lastTold.get(alert.pk) ?? 0;
      lastTold.set(alert.pk, alert.seq);
      for (const event of alert.events) if (event.seq > before) tellEvent(alert, event);
    }
  }

  const isToEveryone = ({ subject }: Mail) =>
    alerts().some((alert) => alert.rung === 'everyone' && subject.endsWith(alert.reference));

  function tellMail(mail: Mail): void {
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
      const { level, ward, bed } = JSON.parse(execution.input);
      if (level) say(timestamp, `reading judged ${level}`, placeOf({ ward, bed }));
    }
    if (type === 'ExecutionFailed' || type === 'ExecutionTimedOut')
      say(timestamp, 'execution failed', execution.machine.name, String(details?.error ?? ''));
    if (telling.test(type)) tellAlerts();
  });
}
