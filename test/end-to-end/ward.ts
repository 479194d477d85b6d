/** A quiet ward on the local account, for stories of one patient: the production stage, the sample hospital, nobody answering. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Alert, isOpen, type OpenAlert } from '../../handlers/alert/alert.ts';
import { type AlertKind, alertKindOf } from '../../handlers/alert/alert-key.ts';
import { StoredAlert } from '../../handlers/aws/dynamodb/alert-store.ts';
import { parseHospital } from '../../handlers/on-call/parse-roster.ts';
import { asOperator } from '../../infra/local/account/account.ts';
import { localContext, startVigil, type VigilOptions } from '../../infra/local/account/vigil.ts';
import { sendReading } from '../../infra/local/demo/once.ts';
import type { Payload } from '../../infra/local/engine/service.ts';
import { type Habits, simulatePeople } from '../../infra/local/replay/people.ts';
import { nightlySummary } from '../../infra/local/replay/replay.ts';
import type { DynamoDbService } from '../../infra/local/services/dynamodb/service.ts';
import type { LambdaService } from '../../infra/local/services/lambda/service.ts';
import type { DeliveredMail, SnsService } from '../../infra/local/services/sns/service.ts';
import type { StepFunctionsService } from '../../infra/local/services/step-functions/service.ts';
import type { WebService } from '../../infra/local/services/web.ts';
import { textOf } from '../handlers/answering/browser.ts';

const hospitalFile = 'infra/hospital/hospital.json';
export const hospital = parseHospital(readFileSync(hospitalFile, 'utf8'), hospitalFile);
const aNightInMarch = '2026-03-03T01:00:00.000Z';

export type Ward = Awaited<ReturnType<typeof aWard>>;

export async function aWard(
  options: Partial<Pick<VigilOptions, 'hospital' | 'change' | 'onEvent' | 'onAllowed' | 'webhookFormat'>> & {
    habits?: Habits;
    startAt?: string;
  } = {},
) {
  const { startAt = aNightInMarch } = options;
  const vigil = await startVigil({
    stage: 'production',
    hospital: options.hospital ?? hospital,
    seed: 11,
    startAt,
    change: options.change,
    webhookFormat: options.webhookFormat,
    onEvent: options.onEvent,
    onAllowed: options.onAllowed,
  });
  if (options.habits) simulatePeople(vigil, options.hospital ?? hospital, options.habits);
  const [device] = hospital.devices.filter((candidate) => candidate.patientId);
  if (!device) throw new Error('The sample hospital has no device with a patient');
  const sfn = vigil.service<StepFunctionsService>('sfn');
  const sns = vigil.service<SnsService>('sns');
  const items = () =>
    vigil
      .service<DynamoDbService>('dynamodb')
      .items('vigil-production')
      .map((item) => unmarshall(item));
  const allAlerts = (): Alert[] =>
    items()
      .filter(({ kind }) => kind === 'alert')
      .map((item) => StoredAlert.parse(item).alert);
  const alertsOf = (kind: AlertKind) => allAlerts().filter(({ pk }) => alertKindOf(pk) === kind);
  const alerts = () => alertsOf('patient');
  const kindOfMail = ({ subject }: DeliveredMail): AlertKind => {
    if (subject.startsWith('DRILL')) return 'drill';
    if (/CHECK-IN|CHECKED IN/.test(subject)) return 'checkIn';
    return subject.includes('TECHNICAL') ? 'device' : 'patient';
  };
  const pagesOf = (kind: AlertKind): DeliveredMail[] =>
    sns.mailbox.filter((mail) => /\/page\//.test(mail.text) && kindOfMail(mail) === kind);
  const executionsOf = (kind: AlertKind) =>
    sfn
      .executions()
      .filter(({ executionArn }) => executionArn.includes('-escalation:'))
      .filter(({ input }) => alertKindOf(JSON.parse(input).alertKey) === kind);
  /** The nightly state machine over everything since the start. */
  const report = () => nightlySummary(vigil, startAt, new Date(vigil.clock.now()).toISOString());
  function alert(): Alert {
    const found = alerts().find(({ patientId }) => patientId === device?.patientId);
    if (!found) throw new Error('The patient has no alert');
    return found;
  }

  return {
    vigil,
    device,
    sfn,
    /** A reading of the first patient, measured and sent now. */
    measure: (systolic: number, diastolic: number) => sendReading(vigil, device, systolic, diastolic),
    /** Any bytes on the stream, under the patient's device unless another key is said. */
    put: (data: string, key = device.id) =>
      asOperator(vigil, 'kinesis', 'PutRecord', {
        StreamName: vigil.outputs.StreamName,
        PartitionKey: key,
        Data: Buffer.from(data),
      }),
    seconds: (seconds: number) => vigil.clock.run(vigil.clock.now() + seconds * 1000),
    /** Mails that ask for an answer about a patient, oldest first. */
    pages: () => pagesOf('patient'),
    /** The same about a device, and its alerts; those of another kind. */
    devicePages: () => pagesOf('device'),
    deviceAlerts: () => alertsOf('device'),
    pagesOf,
    alertsOf,
    executionsOf,
    mails: () => sns.mailbox,
    /** Of patients' alerts. */
    executions: () => executionsOf('patient'),
    deviceExecutions: () => executionsOf('device'),
    /** The names of the states that an execution has entered. */
    states: (executionArn: string) =>
      sfn
        .history(executionArn)
        .filter((event) => event.type.endsWith('StateEntered'))
        .map((event) => String(event.details?.name)),
    alert,
    /** The same, which has to be open. */
    openAlert(): OpenAlert {
      const found = alert();
      if (!isOpen(found)) throw new Error('The alert is closed');
      return found;
    },
    /** Of patients. */
    alerts,
    items,
    /** What the operations' webhook took. */
    webhook: () => vigil.service<WebService>('web').received,
    logs: () => vigil.service<LambdaService>('lambda').logs.map((log) => log.line),
    report,
    /** The same, and the report's page a minute later. */
    async reported() {
      const summary = await report();
      await vigil.clock.run(vigil.clock.now() + 60_000);
      const folder = join(vigil.directory, 's3', vigil.outputs.ArchiveBucket as string, 'reports');
      const newest = readdirSync(folder)
        .filter((file) => file.endsWith('.html'))
        .at(-1);
      const html = readFileSync(join(folder, newest ?? 'none'), 'utf8');
      return { summary, html, page: textOf(html) };
    },
  };
}

export const topicOf = (name: string) => `arn:aws:sns:eu-west-2:111122223333:vigil-production-${name}`;

/** Ends every subscription of a topic, or some of them, as whoever opens the link below a mail may. */
export async function unsubscribe(
  { vigil }: Ward,
  topic: string,
  which: (subscription: Payload) => boolean = () => true,
): Promise<void> {
  const TopicArn = topicOf(topic);
  const { Subscriptions } = await asOperator(vigil, 'sns', 'ListSubscriptionsByTopic', { TopicArn });
  for (const { SubscriptionArn } of Subscriptions.filter(which))
    await asOperator(vigil, 'sns', 'Unsubscribe', { SubscriptionArn });
}

/** A reading as the patient's device sends it, stating that time. */
export const record = ({ device }: Ward, measuredAt: string, systolic: number, diastolic: number) =>
  JSON.stringify({ deviceId: device.id, patientId: device.patientId, measuredAt, systolic, diastolic });

export const roleOf = ({ to }: DeliveredMail) => hospital.clinicians.find(({ email }) => email === to)?.role;
/** In which roles people were asked, oldest first. */
export const rolesPaged = (ward: Ward) => ward.pages().map(roleOf);

/** The path of the link in a mail. */
export function pathOf(mail: DeliveredMail | undefined): string {
  const path = /https?:\/\/[^\s/]+(\/page\/\S+)/.exec(mail?.text ?? '')?.[1];
  if (!path) throw new Error('The mail has no link');
  return path;
}

export const operationsAddress = localContext.operationsEmail;

/** Whoever is asked accepts after so many seconds. */
export const acceptAfter =
  (afterSeconds: number): Habits =>
  () => ({ afterSeconds, does: 'accept' });
