/** Holds a running week against its rules: at every write of the table, every mail, every minute, and at the end. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { Alert } from '../../../handlers/alert/alert.ts';
import type { AlertEvent } from '../../../handlers/alert/event.ts';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import type { Vigil } from '../account/vigil.ts';
import { minuteMs } from '../engine/clock.ts';
import type { Operation } from '../engine/service.ts';
import type { Item } from '../services/dynamodb/items.ts';
import type { DynamoDbService } from '../services/dynamodb/service.ts';
import type { TableChange } from '../services/dynamodb/table.ts';
import type { KinesisService } from '../services/kinesis.ts';
import type { DeliveredMail, SnsService } from '../services/sns/service.ts';
import type { StepFunctionsService } from '../services/step-functions/service.ts';
import { alertRules } from './alert-rules.ts';
import { calledRules } from './called-rules.ts';
import { carriedRules } from './carried-rules.ts';
import { checkInRules } from './check-in-rules.ts';
import type { Sent } from './devices.ts';
import { drillRules } from './drill-rules.ts';
import type { Intentions } from './habits.ts';
import { mailRules } from './mail-rules.ts';
import { readingRules } from './reading-rules.ts';
import { rehearsalRules } from './rehearsal-rules.ts';
import { rosterRules } from './roster-rules.ts';
import { type Breach, type KeyKind, keyKindOf, type Tell, WeekClaim, type WeekRule } from './rule.ts';
import type { Shifts } from './shifts.ts';
import { Stories } from './story.ts';
import { waitRules } from './wait-rules.ts';

/** The item has a token and its place in the index beside the alert. */
const AlertOfItem = z.object(Alert.shape);

export type WatchedWeek = {
  breaches: readonly Breach[];
  /** Of each breach what led to it, the shortest first. */
  stories(): string[][];
  counts: WeekCounts;
  /** Patients whose alert is open. */
  inTrouble(): string[];
  sending(sent: Sent): void;
  /** Stops looking, and tells of what is not at its end. */
  end(): void;
};

/** Each kind is counted apart. */
const counted = {
  PATIENT: 'alerts',
  DEVICE: 'technicalAlerts',
  DRILL: 'drills',
  CHECKIN: 'checkIns',
} as const;
type WeekCounts = Record<'events' | (typeof counted)[KeyKind], number>;

type Watching = {
  hospital: Hospital;
  shifts: Shifts;
  intentions: Intentions;
  /** Somebody has accepted the alert of a patient. */
  onAccepted: (patientId: string) => void;
};

export function watchWeek(vigil: Vigil, { hospital, shifts, intentions, onAccepted }: Watching): WatchedWeek {
  const { clock } = vigil;
  const stories = new Stories(hospital.zone);
  const breaches: Breach[] = [];
  const counts: WeekCounts = { events: 0, alerts: 0, technicalAlerts: 0, drills: 0, checkIns: 0 };
  const people = new Map(hospital.clinicians.map(({ email, id }) => [email, id]));
  const sns = vigil.service<SnsService>('sns');
  const sfn = vigil.service<StepFunctionsService>('sfn');

  const tell: Tell = (kind, rule, alertKey, says) => {
    const isKnown = breaches.some((breach) => breach.rule === rule && breach.alertKey === alertKey);
    if (!isKnown) breaches.push({ kind, rule, alertKey, atMs: clock.now(), says });
  };

  /** As they were last written. */
  const alerts = new Map<string, Alert>();
  const running = new Set<string>();
  const readings = readingRules(tell);
  const drills = drillRules(tell);
  const published = publishedMails(sns, () => clock.now());
  const carried = carriedRules(tell, { isRunning: (name) => running.has(name) });
  const rules: WeekRule[] = [
    readings,
    alertRules(tell, { heard: readings.heard, intentions }),
    waitRules(tell),
    carried,
    rosterRules(tell, hospital, shifts),
    calledRules(tell, published.last),
    drills,
    checkInRules(tell, hospital, shifts),
    rehearsalRules(tell),
    mailRules(tell, sns.suspensions),
  ];

  const alertIn = (image: Item) => AlertOfItem.parse(unmarshall(image));
  const kindOf = (image: Item | undefined) => image?.kind?.S;

  function onAlert({ oldImage, newImage }: TableChange): void {
    const key = (newImage ?? oldImage)?.pk?.S ?? '';
    if (!newImage) {
      tell('silentEnd', 'an alert ends for a reason', key, 'its item is gone');
      return;
    }
    const after = alertIn(newImage);
    const before = kindOf(oldImage) === 'alert' ? (alerts.get(key) ?? alertIn(oldImage as Item)) : undefined;
    alerts.set(key, after);
    const event = after.events.at(-1) as AlertEvent;
    counts.events++;
    stories.addEvent(key, event);
    if (event.type === 'raised') counts[counted[keyKindOf(key)]]++;
    for (const rule of rules) rule.onAlert?.({ before, after, event });
    if (event.type === 'accepted' && after.patientId !== null) onAccepted(after.patientId);
  }

  function onMail(mail: DeliveredMail): void {
    const clinicianId = people.get(mail.to) ?? null;
    const reference = /VG (\w{6})/.exec(mail.subject)?.[1] ?? null;
    const number = numberOf({ MessageId: mail.messageId });
    const publishedMs = published.atMs(number);
    for (const rule of rules) rule.onMail?.({ ...mail, clinicianId, reference, number, publishedMs });
  }

  const expected = new Map<string, Sent>();
  const { account, stream } = arnsOf(vigil);
  vigil.service<KinesisService>('kinesis').onRecord(stream, ({ data, arrivedAt }) => {
    const sent = expected.get(data.toString());
    if (!sent) return;
    expected.delete(data.toString());
    readings.arrived(sent, arrivedAt);
    drills.arrivedTest(sent, arrivedAt);
  });
  vigil.service<DynamoDbService>('dynamodb').onStreamRecord(account, (change) => {
    const kinds = [change.newImage, change.oldImage].map(kindOf);
    if (kinds.includes('alert')) onAlert(change);
    else if (kinds.includes('claim') && change.newImage)
      for (const rule of rules) rule.onClaim?.(WeekClaim.parse(unmarshall(change.newImage)));
  });
  sfn.onEvent(({ name, executionArn }, { type }) => {
    if (!executionArn.includes('-escalation:')) return;
    if (type === 'ExecutionStarted') running.add(name);
    else if (type.startsWith('Execution')) running.delete(name);
  });
  sns.onMail(onMail);

  let isOver = false;
  const eachMinute = () => {
    if (isOver) return;
    for (const rule of rules) rule.onMinute?.(clock.now());
    clock.after(minuteMs, eachMinute);
  };
  clock.after(minuteMs, eachMinute);

  return {
    breaches,
    counts,
    stories: () => breaches.map((breach) => stories.of(breach)).sort((a, b) => a.length - b.length),
    inTrouble: () => [...carried.open.values()].flatMap(({ patientId }) => patientId ?? []),
    sending: (sent) => void ((sent.says ?? sent.tests) && expected.set(sent.record.text, sent)),
    end() {
      isOver = true;
      for (const rule of rules) rule.atEnd?.(clock.now());
    },
  };
}

/** The number of the last mail that SNS took, and when it took each. */
function publishedMails({ operations }: SnsService, now: () => number) {
  const { Publish } = operations as Record<'Publish', Operation>;
  const { run } = Publish;
  const times = new Map<number, number>();
  let last = 0;
  Publish.run = (input, caller) => {
    const output = run(input, caller);
    last = numberOf(output as { MessageId: string });
    times.set(last, now());
    return output;
  };
  return { last: () => last, atMs: (number: number) => times.get(number) ?? now() };
}

function numberOf({ MessageId }: { MessageId: string }): number {
  return Number(MessageId.replace('message-', ''));
}

function arnsOf({ region, accountId, outputs }: Vigil) {
  const place = `${region}:${accountId}`;
  return {
    account: `arn:aws:dynamodb:${place}:table/vigil-production/stream/1`,
    stream: `arn:aws:kinesis:${place}:stream/${outputs.StreamName}`,
  };
}
