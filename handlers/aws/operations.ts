/**
 * Telling the operations: by mail, and by the second channel, an HTTPS webhook, when the mail cannot reach them or what is
 * told is urgent. The webhook gets a CloudEvent (https://cloudevents.io, version 1.0.2, structured JSON) with the mail's own words.
 */
import { z } from 'zod';
import type { Lane } from '../mail/pace.ts';
import { cleanMail, type Mail } from '../mail/text.ts';
import { errorName, logger, metrics } from '../runtime/logger.ts';
import { loadWebhook } from './secrets.ts';
import { type Handed, handOver, type Outgoing } from './sns/mail-door.ts';

/** What a function that tells the operations has to be told; spread into its environment's shape. */
export const operationsSettings = {
  TABLE_NAME: z.string().min(1),
  OPERATIONS_TOPIC_ARN: z.string().min(1),
  /** Whom to ask anew when the topic's subscription is pending or gone; empty when the deployment named nobody. */
  OPERATIONS_EMAIL: z.string(),
  /** The secret that holds the webhook's address; empty when the stage has none. */
  WEBHOOK_SECRET_ARN: z.string(),
  STAGE: z.string().min(1),
};
export type OperationsSettings = z.infer<z.ZodObject<typeof operationsSettings>>;

export type OperationsMessage = {
  /** The same for every attempt to tell the same thing: the webhook's receiver takes it once. */
  id: string;
  mail: Mail;
  lane: Lane;
  /** The CloudEvent's type behind `vigil.`, e.g. `alert.everyone-called`. */
  type: string;
  /** What it is about: an alert's reference, an alarm's name. */
  subject: string;
  /** Also the webhook, though the mail went out. */
  urgent: boolean;
} & Pick<Outgoing, 'latest' | 'turnAt' | 'waits' | 'givesWay'>;

/** By which channels they know; a mail whose turn comes later says when. */
export type ToldOperations = { by: ('mail' | 'webhook')[]; turnAt?: string; messageId?: string };

/** Neither channel took it. */
export class OperationsNotTold extends Error {
  override readonly name = 'OperationsNotTold';
  constructor(cause: unknown) {
    super('Neither the mail nor the webhook of the operations took the message', { cause });
  }
}

/**
 * How long each attempt may take: a webhook answers at once or not at all, and one that was busy or restarted has a second
 * chance. Together 8 s of a function that has other people to tell, of its 30.
 */
const ATTEMPTS_MS = [5000, 3000];

/** Throws OperationsNotTold, which is logged and counted already, when no channel took it. */
export async function tellOperations(
  settings: OperationsSettings,
  notice: OperationsMessage,
): Promise<ToldOperations> {
  // Beside the mail where it is called in any case: a slow one holds up whoever waits for their turn.
  const called = notice.urgent ? callWebhook(settings, notice) : undefined;
  const mailed = await byMail(settings, notice);
  const reached = !('failure' in mailed);
  const by: ToldOperations['by'] = reached && mailed.published ? ['mail'] : [];
  if (await (called ?? (!reached && callWebhook(settings, notice)))) by.push('webhook');
  if (reached && !mailed.published) return { by, turnAt: mailed.turnAt };
  if (by.length > 0) return { by, ...(reached && mailed.published && { messageId: mailed.messageId }) };
  const { failure } = mailed as { failure: unknown };
  logger.error('operations-not-told', { subject: notice.subject, error: errorName(failure) });
  metrics.addMetric('OperationsNotTold', 'Count', 1);
  throw new OperationsNotTold(failure);
}

async function byMail(
  settings: OperationsSettings,
  notice: OperationsMessage,
): Promise<Handed | { failure: unknown }> {
  const { mail, lane, latest, turnAt, waits = false, givesWay = false } = notice;
  try {
    return await handOver(settings.TABLE_NAME, {
      topicArn: settings.OPERATIONS_TOPIC_ARN,
      addresses: settings.OPERATIONS_EMAIL === '' ? [] : [settings.OPERATIONS_EMAIL],
      mail,
      lane,
      latest,
      turnAt,
      waits,
      givesWay,
    });
  } catch (failure) {
    logger.error('operations-not-mailed', { subject: notice.subject, error: errorName(failure) });
    return { failure };
  }
}

/** True when it answered with success; false when it did not, or when there is none. Never throws. */
export async function callWebhook(
  settings: OperationsSettings,
  { id, mail, type, subject }: Pick<OperationsMessage, 'id' | 'mail' | 'type' | 'subject'>,
): Promise<boolean> {
  if (settings.WEBHOOK_SECRET_ARN === '') return false;
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: `/vigil/${settings.STAGE}`,
    type: `vigil.${type}`,
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: cleanMail(mail),
  });
  for (const timeoutMs of ATTEMPTS_MS)
    if (await post(settings.WEBHOOK_SECRET_ARN, body, timeoutMs, subject)) return true;
  metrics.addMetric('WebhookFailed', 'Count', 1);
  return false;
}

/** True when the webhook took it: whoever gets it twice knows it by the event's id. */
async function post(secretArn: string, body: string, timeoutMs: number, subject: string): Promise<boolean> {
  try {
    const response = await fetch(await loadWebhook(secretArn, Date.now()), {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.ok) return true;
    logger.error('webhook-refused', { subject, status: response.status });
  } catch (error) {
    // Its message may quote the address, which is a secret.
    logger.error('webhook-not-reached', { subject, error: errorName(error) });
  }
  return false;
}
