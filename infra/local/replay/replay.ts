/** Replays recorded readings through the whole system in virtual time; the verdict is that of the nightly report's SQL. */

import { asOperator, operator } from '../account/account.ts';
import { startVigil, type Vigil, type VigilOptions } from '../account/vigil.ts';
import { minuteMs } from '../engine/clock.ts';
import { wallClock } from '../engine/determinism.ts';
import type { SnsService } from '../services/sns/service.ts';
import type { StepFunctionsService } from '../services/step-functions/service.ts';
import { burdenOf, mailsPerAlertOf } from './burden.ts';
import { seededHabits } from './habits.ts';
import { replayHospital } from './hospital.ts';
import { simulatePeople } from './people.ts';
import type { RecordedReading } from './recorded-readings.ts';
import { NightSummary, type ReplaySummary } from './summary.ts';

export type ReplayOptions = Pick<VigilOptions, 'onEvent' | 'change'> & {
  readings: readonly RecordedReading[];
  policy: string;
  seed: number;
  /** Minute 0, ISO 8601. */
  startAt: string;
  /** Injects faults from this seed. */
  faultSeed?: number;
  onProgress?: (done: number, of: number) => void;
  /** Sees the account before the first reading. */
  prepare?: (vigil: Vigil) => void;
};

const stage = 'production';
/** After the last reading the clock runs on until every alert has ended, or this long. */
const longestTailMs = 4 * 60 * minuteMs;
/** From the stream to a claim at the latest, with what the stream delivers late and the consumer has to be asked for again. */
const longestArrivalMs = 5 * minuteMs;
/** Roster, topics and subscriptions are made before minute 0. */
const preparationMs = 5 * minuteMs;

/** A reading as the device of that patient would send it, measured at `at`, epoch milliseconds. */
export function recordOf(reading: RecordedReading, at: number) {
  const payload = {
    deviceId: `bp-${reading.recordId}`,
    patientId: reading.recordId,
    measuredAt: new Date(at).toISOString(),
    systolic: reading.systolic,
    diastolic: reading.diastolic,
    ...(reading.meanArterial !== null && { meanArterial: reading.meanArterial }),
    ...(reading.pulse !== null && { pulse: reading.pulse }),
    ...(reading.ageYears !== null && { ageYears: reading.ageYears }),
  };
  return { PartitionKey: payload.deviceId, Data: Buffer.from(JSON.stringify(payload)) };
}

/** Since minute 0. */
function millisecondOf({ minute }: RecordedReading): number {
  return Math.round(minute * minuteMs);
}

function distinct(readings: readonly RecordedReading[]): number {
  return new Set(readings.map((reading) => JSON.stringify(recordOf(reading, millisecondOf(reading))))).size;
}

/**
 * Puts one minute's readings into the stream, as many requests as its limit of 500 records asks for; again a second later
 * what a shard had no room for.
 */
async function put(vigil: Vigil, readings: readonly RecordedReading[], at: number): Promise<void> {
  for (let first = 0; first < readings.length; first += 500) {
    let waiting = readings.slice(first, first + 500).map((reading) => recordOf(reading, at));
    while (waiting.length > 0) {
      const { Records } = await vigil.call(operator, 'kinesis', 'PutRecords', {
        StreamName: vigil.outputs.StreamName,
        Records: waiting,
      });
      waiting = waiting.filter((_, index) => Records[index].ErrorCode !== undefined);
      if (waiting.length > 0) await vigil.clock.sleep(1000);
    }
  }
}

async function feed(vigil: Vigil, options: ReplayOptions): Promise<number> {
  const start = Date.parse(options.startAt);
  const byTime = Map.groupBy(options.readings, millisecondOf);
  let end = start;
  let done = 0;
  for (const [after, readings] of byTime) {
    end = start + after;
    await vigil.clock.run(end);
    await vigil.until(put(vigil, readings, end));
    done += readings.length;
    options.onProgress?.(done, options.readings.length);
  }
  return end;
}

/** Whether an alert is open, or a claim not yet raised: until they have ended, both stand in the index of what will be due. */
export async function isAnythingDue(vigil: Vigil): Promise<boolean> {
  const counts = ['alert', 'claim'].map(async (dueOn) => {
    const page = await vigil.call(operator, 'dynamodb', 'Query', {
      TableName: `vigil-${stage}`,
      IndexName: 'due',
      KeyConditionExpression: 'dueOn = :dueOn',
      ExpressionAttributeValues: { ':dueOn': { S: dueOn } },
    });
    return page.Items.length > 0;
  });
  return (await vigil.until(Promise.all(counts))).includes(true);
}

/** Reports of the night that did not come, though all of their retries were made. */
function reportsFailed(vigil: Vigil): number {
  const executions = vigil.service<StepFunctionsService>('sfn').executions();
  return executions.filter(
    ({ executionArn, status }) =>
      executionArn.includes('-nightly-report:') && !['SUCCEEDED', 'RUNNING'].includes(status),
  ).length;
}

/** Those of SNS itself, who ask for a confirmation, are none. */
function subjectsToClinicians({ mailbox }: SnsService): string[] {
  return mailbox
    .filter(
      ({ topicArn, subject }) => topicArn.includes('-clinician-') && !subject.startsWith('AWS Notification'),
    )
    .map(({ subject }) => subject);
}

/** Stops one of the running executions of the escalation. */
export function killOne(vigil: Vigil, choice: number): boolean {
  const service = vigil.service<StepFunctionsService>('sfn');
  const running = service
    .executions()
    .filter((execution) => execution.status === 'RUNNING' && execution.executionArn.includes('-escalation:'));
  const victim = running[Math.floor(choice * running.length)];
  if (victim) service.stop(victim.executionArn);
  return victim !== undefined;
}

/** Runs the nightly state machine over the whole replay; gives the summary that it stored. */
export async function nightlySummary(vigil: Vigil, from: string, to: string): Promise<NightSummary> {
  const { executionArn } = await asOperator(vigil, 'sfn', 'StartExecution', {
    stateMachineArn: vigil.outputs.NightlyReportArn,
    name: `replay-${vigil.clock.now()}`,
    input: JSON.stringify({ from, to }),
  });
  for (;;) {
    await vigil.clock.run(vigil.clock.now() + minuteMs);
    const execution = await asOperator(vigil, 'sfn', 'DescribeExecution', { executionArn });
    if (execution.status === 'RUNNING') continue;
    if (execution.status !== 'SUCCEEDED')
      throw new Error(`The nightly report ${execution.status}: ${execution.cause}`);
    const { summaryKey } = JSON.parse(execution.output);
    const object = await asOperator(vigil, 's3', 'GetObject', {
      Bucket: vigil.outputs.ArchiveBucket,
      Key: summaryKey,
    });
    return NightSummary.parse(JSON.parse(await object.Body.transformToString()));
  }
}

/** The whole replay. `inspect` sees the account after the last reading, before the report. */
export async function replay(
  options: ReplayOptions,
  inspect: (vigil: Vigil) => Promise<void> = async () => {},
): Promise<{ summary: ReplaySummary; digest: string }> {
  const wallStart = wallClock();
  const hospital = replayHospital(options.readings, options.policy);
  const vigil = await startVigil({
    stage,
    hospital,
    seed: options.seed,
    startAt: new Date(Date.parse(options.startAt) - preparationMs).toISOString(),
    onEvent: options.onEvent,
    change: options.change,
  });
  try {
    simulatePeople(vigil, hospital, seededHabits(vigil.random('people')));
    options.prepare?.(vigil);
    if (options.faultSeed !== undefined)
      vigil.faults.begin(options.faultSeed, vigil.clock, (choice) => killOne(vigil, choice));
    const lastReadingAt = await feed(vigil, options);
    const end = lastReadingAt + longestTailMs;
    await vigil.clock.run(lastReadingAt + longestArrivalMs);
    while ((await isAnythingDue(vigil)) && vigil.clock.now() < end)
      await vigil.clock.run(vigil.clock.now() + minuteMs);
    await inspect(vigil);
    const to = new Date(vigil.clock.now()).toISOString();
    const counted = await nightlySummary(vigil, options.startAt, to);
    vigil.faults.end();
    const sns = vigil.service<SnsService>('sns');
    const subjects = subjectsToClinicians(sns);
    const summary = {
      ...counted,
      virtualHours: Math.round((vigil.clock.now() - Date.parse(options.startAt)) / 36_000) / 100,
      wallSeconds: Math.round((wallClock() - wallStart) / 100) / 10,
      notArchived: distinct(options.readings) - counted.archived - counted.quarantined,
      reportsFailed: reportsFailed(vigil),
      subscriptionsSuspended: sns.suspensions(),
      perPatientDay: burdenOf(options.readings, counted, subjects.length),
      mailsPerAlert: mailsPerAlertOf(subjects, counted),
      ...(options.faultSeed !== undefined && { faults: vigil.faults.injected() }),
    };
    return { summary, digest: vigil.eventLogDigest() };
  } finally {
    vigil.stop();
  }
}
