/**
 * Every alarm: what is measured, from which value on it is bad news (1), for how many minutes (1), and what it means for
 * patients and staff. infra/runbook.md has a heading for each.
 */
import { UNNOTICED_IN_STREAM_SECONDS } from '../../handlers/timings/worst-case.ts';
import type { StageSettings } from '../config.ts';
import type { AlarmSettings } from '../constructs/operations.ts';

/** Silence of a ward is a matter of many minutes; each run of the watcher reads one item a ward. */
export const wardsWatchedEveryMinutes = 5;

const alarm = (
  name: string,
  metricName: string,
  settings: Omit<AlarmSettings, 'name' | 'metricName'>,
): AlarmSettings => ({ name, metricName, ...settings });

export function alarmsOf(stage: StageSettings, nightlyReportArn: string): AlarmSettings[] {
  const stack = `vigil-${stage.name}`;
  return [
    ...readingAlarms,
    ...silenceAlarms(stage.silentAfterMinutes),
    ...escalationAlarms,
    ...answeringAlarms,
    ...['readings', 'events'].map((table) => notArchived(stack, table)),
    ...eventAlarms,
    ...reportAlarms(nightlyReportArn),
    ...healthAlarms(stack),
  ];
}

/** What no page was made for, or what somebody has to mend before one is missed: told by its first minute. */
const readingAlarms: readonly AlarmSettings[] = [
  alarm('consumer-behind', 'IteratorAge', {
    of: { entry: 'consume-readings' },
    statistic: 'Maximum',
    // Milliseconds: a minute is a fifth of the 5 minutes in which an emergency must reach a person.
    threshold: UNNOTICED_IN_STREAM_SECONDS * 1000,
    minutes: 2,
    impact: 'Critical readings wait in the stream, and nobody is paged for them.',
  }),
  alarm('claims-not-written', 'ClaimNotWritten', {
    minutes: 2, // one may be a throttle that the next attempt makes good
    impact: 'A critical reading could not be put on record: it comes again, and pages nobody before.',
  }),
  alarm('readings-quarantined', 'ReadingsQuarantined', {
    impact: 'A record could not be read. If it is a critical reading, nobody is paged for it.',
  }),
  alarm('readings-refused', 'ReadingsRefused', {
    impact: 'A record has no pressure, or nobody whose it is. If it is critical, nobody is paged for it.',
  }),
  alarm('readings-set-aside', 'ReadingsSetAside', {
    impact: 'A late alarming reading raised no alert: its device had measured the patient anew.',
  }),
  alarm('devices-unknown', 'UnknownDevice', {
    impact: 'A device is not in the registry: its readings go to the fallback ward, without a bed.',
  }),
  alarm('device-clocks-off', 'DeviceClockOff', {
    impact: "A device's clock is off: its readings alarm, but none can show that a patient recovered.",
  }),
  ...(
    [
      ['ward', 'UnknownWard'],
      ['bed', 'UnknownBed'],
    ] as const
  ).map(([place, metricName]) =>
    alarm(`unknown-${place}`, metricName, {
      runbook: 'unknown-ward-or-bed',
      impact: `A device states a ${place} that is not in the roster: people may be sent to where the roster has the device.`,
    }),
  ),
];

/** A consumer that is not called has no errors and no age, and a ward without readings has none: only absence tells. */
const silenceAlarms = (minutes: number): AlarmSettings[] => [
  alarm('consumer-not-invoked', 'Invocations', {
    runbook: 'feed-silent',
    of: { entry: 'consume-readings' },
    below: true,
    minutes,
    missingIsBad: true,
    impact: 'The consumer of readings is not called: no critical reading is judged, and nobody is paged.',
  }),
  alarm('readings-silent', 'ReadingsReceived', {
    runbook: 'feed-silent',
    below: true,
    minutes,
    missingIsBad: true,
    impact: 'No reading of any device arrives or can be read: nobody is paged for any patient.',
  }),
  alarm('wards-silent', 'WardsSilent', {
    statistic: 'Maximum',
    // Two values: one may fall into the next five minutes by a few seconds.
    minutes: 2 * wardsWatchedEveryMinutes,
    minutesAValue: wardsWatchedEveryMinutes,
    // A watcher that does not run, or fails, sees no silence.
    missingIsBad: true,
    impact:
      'Nothing is heard from the devices of a ward: nobody is paged for its patients. It stays on meanwhile.',
  }),
];

const escalationAlarms: readonly AlarmSettings[] = [
  ...['open-alert', 'assess-alert', 'move-alert', 'page-clinicians', 'stand-down'].map((entry) =>
    alarm(`${entry}-fails`, 'Errors', {
      runbook: 'escalation-step-fails',
      of: { entry },
      impact:
        'A step of an escalation failed: the escalation moves on to the next person, or the sweeper takes over.',
    }),
  ),
  alarm('page-undeliverable', 'PageUndeliverable', {
    impact: 'A clinician who is to be paged gets no mail: the alert moves on to the next person.',
  }),
  alarm('not-raised-again', 'NotRaisedAgain', {
    minutes: 2, // one may be a throttle that the next one makes good
    impact:
      'A stuck claim or alert could not be raised again; unless the next minute succeeds, nobody is paged.',
  }),
  alarm('item-invalid', 'ItemsInvalid', {
    impact:
      'An item of the table can no longer be read: an open alert is raised again as a new one, which pages anew.',
  }),
  alarm('sweeper-silent', 'SweeperRan', {
    below: true,
    // Two runs may be lost to a cold start and a throttle; a third is a fault.
    minutes: 3,
    missingIsBad: true,
    impact: 'Nothing raises stuck claims and alerts again: an escalation that dies now ends in silence.',
  }),
];

const answeringAlarms: readonly AlarmSettings[] = [
  alarm('answers-fail', 'AnswersFailed', {
    // The function itself does not fail: it shows a page that says what to do next.
    impact: 'Clinicians who open a link or give their PIN get an error, so their answers are not recorded.',
  }),
  alarm('requests-refused', 'RequestsRefused', {
    impact:
      'A network address asks for far more pages than people do, and is refused: clinicians behind it cannot answer.',
  }),
  alarm('wrong-pins', 'WrongPins', {
    // One person mistypes a PIN a few times; five in a minute pass a page on.
    threshold: 5,
    impact: 'Somebody may be guessing PINs; pages that they try are passed on early, answers still count.',
  }),
  alarm('pin-tries-used-up', 'PinTriesUsedUp', {
    runbook: 'wrong-pins',
    impact:
      'So many wrong PINs were tried for somebody that their PIN counts only where they have answered before.',
  }),
  alarm('subscriptions-fail', 'Errors', {
    of: { entry: 'reconcile-subscriptions' },
    impact: 'A clinician may have no mail subscription: a page to that person moves on to the next one.',
  }),
  alarm('on-call-unreachable', 'OnCallUnreachable', {
    minutes: 60, // counted by each hour's run
    minutesAValue: 60,
    impact:
      'Of who is on call within the hour somebody gets no mail, or a level has nobody: alerts pass them.',
  }),
  alarm('roster-not-renewed', 'RosterNotRenewed', {
    impact: 'The published roster cannot be read: people are paged by the one before, or by none at all.',
  }),
];

const notArchived = (stack: string, table: string): AlarmSettings =>
  alarm(`${table}-not-archived`, 'DeliveryToS3.DataFreshness', {
    runbook: 'archive-behind',
    of: { namespace: 'AWS/Firehose', dimensions: { DeliveryStreamName: `${stack}-${table}` } },
    statistic: 'Maximum',
    // Seconds: buffering takes one minute, transforming and converting another; 15 is no longer a delay.
    threshold: 900,
    minutes: 5,
    impact: `The archive lacks the newest ${table}: the nightly report may be red, and the night cannot be proved yet.`,
  });

const eventAlarms: readonly AlarmSettings[] = [
  alarm('events-wait', 'IteratorAge', {
    runbook: 'archive-behind',
    of: { entry: 'archive-events' },
    statistic: 'Maximum',
    // Milliseconds: the 15 minutes after which Firehose's own delay is an alarm.
    threshold: 900_000,
    minutes: 5,
    impact:
      "Events wait in the table's stream, which keeps them for 24 hours: later they are lost to the archive.",
  }),
  alarm('events-not-readable', 'EventsNotReadable', {
    runbook: 'event-not-readable',
    impact: 'The archive lacks an event of an alert, which is not proved: the next report will be red.',
  }),
];

const reportAlarms = (nightlyReportArn: string): AlarmSettings[] => {
  const of = { namespace: 'AWS/States', dimensions: { StateMachineArn: nightlyReportArn } };
  return [
    alarm('nightly-report-missing', 'ExecutionsSucceeded', {
      of,
      below: true,
      // A night of 25 hours at a change of the clock, and an hour for a report that takes longer than the one before.
      minutes: 26 * 60,
      // CloudWatch looks back further than a day only by the hour.
      minutesAValue: 60,
      missingIsBad: true,
      impact:
        'No report has come for more than a day: nobody can show that no critical reading of that night was lost.',
    }),
    ...['Failed', 'TimedOut', 'Aborted'].map((end) =>
      alarm(`nightly-report-${end.toLowerCase()}`, `Executions${end}`, {
        runbook: 'nightly-report-failed',
        of,
        impact: 'Nobody can show this morning that no critical reading of the night was lost.',
      }),
    ),
    alarm('nightly-report-not-started', 'Errors', {
      runbook: 'nightly-report-failed',
      of: { entry: 'start-report' },
      impact:
        'The night may have no report: nobody can show this morning that no critical reading of it was lost.',
    }),
    alarm('reports-not-shown', 'ReportsNotShown', {
      runbook: 'report-not-shown',
      // The function itself does not fail: it shows a page that says what to do next.
      impact: 'Whoever opens the nightly report gets an error; alerts and their pages are not touched by it.',
    }),
  ];
};

const healthAlarms = (stack: string): AlarmSettings[] => [
  alarm('functions-throttled', 'Throttles', {
    // Of all functions of the account and region, since what they run at once is shared.
    of: { namespace: 'AWS/Lambda', dimensions: {} },
    impact: 'AWS Lambda turns calls away: pages, answers and readings may wait, or go on to the next person.',
  }),
  alarm('undelivered-invocations', 'ApproximateNumberOfMessagesVisible', {
    of: { namespace: 'AWS/SQS', dimensions: { QueueName: `${stack}-undelivered` } },
    statistic: 'Maximum',
    impact: 'A scheduled task, the fast path of a failed escalation or the call of the webhook was not done.',
  }),
  alarm('operations-not-told', 'OperationsNotTold', {
    isOfTheWebhook: true,
    impact:
      'What the escalation cannot solve reaches nobody outside of the ward: neither mail nor webhook took it.',
  }),
  alarm('webhook-fails', 'WebhookFailed', {
    isOfTheWebhook: true,
    impact: 'The operations have one channel instead of two: their webhook does not take what it is sent.',
  }),
];
