/**
 * Telling the operations: by mail, and by the second channel, an HTTPS webhook, when the mail cannot reach them or what is
 * told is urgent. The webhook gets the mail's own words.
 */
import type { Lane } from '../mail/pace.ts';
import type { WebhookMessage } from '../mail/webhook-events.ts';
import { errorName, logger, metrics } from '../runtime/logger.ts';
import type { OperationsSettings } from './operations-settings.ts';
import { type Handed, handOver, type Outgoing } from './sns/mail-door.ts';
import { callWebhook } from './webhook.ts';

export type OperationsMessage = WebhookMessage & {
  lane: Lane;
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
      ...operationsAddress(settings),
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

/** Where their mail goes. */
export function operationsAddress(settings: OperationsSettings): Pick<Outgoing, 'topicArn' | 'addresses'> {
  const { OPERATIONS_TOPIC_ARN, OPERATIONS_EMAIL } = settings;
  return { topicArn: OPERATIONS_TOPIC_ARN, addresses: OPERATIONS_EMAIL === '' ? [] : [OPERATIONS_EMAIL] };
}
