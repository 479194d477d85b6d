/**
 * What Vigil itself has to say: the nightly report's mail, what it has to tell the operations, and to their webhook each alarm of
 * CloudWatch (whose mail is CloudWatch's own).
 */
import { z } from 'zod';
import { tellOperations } from './aws/operations.ts';
import { operationsSettings } from './aws/operations-settings.ts';
import { loadRoster } from './aws/s3/roster-store.ts';
import { NoConfirmedSubscription } from './aws/sns/confirmation.ts';
import { handOver } from './aws/sns/mail-door.ts';
import { callWebhook } from './aws/webhook.ts';
import { wellFormed } from './reporting/malformed.ts';
import { environment } from './runtime/environment.ts';
import { errorName, logger, publishMetrics } from './runtime/logger.ts';
import { later } from './time/instant.ts';

const settings = environment({
  ...operationsSettings,
  REPORTS_TOPIC_ARN: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
});

/** Of the function's 55 seconds; whoever asked tries again. */
const LONGEST_WAIT_SECONDS = 20;

const text = z.string().min(1);

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
const AlarmChanged = z.object({
  source: z.literal('aws.cloudwatch'),
  time: text,
  alarmData: z.object({
    alarmName: text,
    state: z.object({ value: text }),
    configuration: z.object({ description: z.string().default('') }).optional(),
  }),
});

const MailInput = z.object({
  to: z.enum(['operations', 'reportReaders']),
  id: text,
  subject: text,
  message: text,
});

/** Gives the mail's id. Throws when nobody could be told: Step Functions and CloudWatch try again. */
export async function handler(event: unknown): Promise<{ messageId?: string | undefined }> {
  const now = new Date().toISOString();
  const config = settings();
  const input = wellFormed(z.union([AlarmChanged, MailInput]), event);
  try {
    return 'alarmData' in input ? await forward(input) : await send(input);
  } finally {
    publishMetrics();
  }

  async function forward({ time, alarmData }: z.infer<typeof AlarmChanged>): Promise<object> {
    const { alarmName, state, configuration } = alarmData;
    const taken = await callWebhook(config, {
      id: `${alarmName}/${time}`,
      type: `alarm.${state.value.toLowerCase()}`,
      subject: alarmName,
      incidents: [
        state.value === 'ALARM'
          ? { action: 'trigger', key: alarmName, severity: 'error' }
          : { action: 'resolve', keys: [alarmName] },
      ],
      mail: { subject: `${state.value}: ${alarmName}`, message: configuration?.description || alarmName },
    });
    if (!taken) throw new Error('The webhook did not take the alarm');
    return {};
  }

  async function send({ to, id, subject, message }: z.infer<typeof MailInput>) {
    const turn = {
      mail: { subject, message },
      lane: 'routine',
      latest: later(now, LONGEST_WAIT_SECONDS),
      waits: true,
    } as const;
    const tell = () =>
      tellOperations(config, { ...turn, id, type: 'nightly-report', subject: id, urgent: false });
    if (to === 'operations') return tell();
    try {
      const handed = await handOver(config.TABLE_NAME, {
        ...turn,
        topicArn: config.REPORTS_TOPIC_ARN,
        addresses: await readersIn(config.ROSTER_BUCKET, now),
      });
      return handed.published ? { messageId: handed.messageId } : {};
    } catch (error) {
      if (!(error instanceof NoConfirmedSubscription)) throw error;
      // A hospital without anybody who does quality: somebody has to have the night's report.
      return tell();
    }
  }
}

/** Who does quality, to be asked for their confirmation anew; nobody when no roster can be read: the report waits for none. */
async function readersIn(rosterBucket: string, now: string): Promise<string[]> {
  try {
    const { clinicians } = await loadRoster(rosterBucket, Date.parse(now));
    return clinicians.filter(({ role }) => role === 'quality').map(({ email }) => email);
  } catch (error) {
    logger.error('report-readers-not-known', { error: errorName(error) });
    return [];
  }
}
