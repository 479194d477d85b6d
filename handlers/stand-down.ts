/**
 * Escalation, `Tell who need not come`: once somebody has the alert, or it is over, mails whoever was called and has not
 * answered, behind every page, and records who knows. Who could not be told yet is tried again.
 */
import pMap from 'p-map';
import { z } from 'zod';
import { type Alert, operationsMail, operationsWebhook } from './alert/alert.ts';
import { alertKindOf } from './alert/alert-key.ts';
import { toStandDown } from './alert/called.ts';
import { wasMissed } from './alert/ending.ts';
import { incidentAnswered } from './alert/incidents.ts';
import { standDownMail } from './alert/mail.ts';
import { whyNotMine } from './alert/seen.ts';
import { AssessInput } from './alert/workflow-inputs.ts';
import { ItemMissing, readAlert } from './aws/dynamodb/alert-store.ts';
import { OperationsNotTold, operationsAddress, tellOperations } from './aws/operations.ts';
import { operationsSettings } from './aws/operations-settings.ts';
import { loadRoster } from './aws/s3/roster-store.ts';
import { NoConfirmedSubscription } from './aws/sns/confirmation.ts';
import { handOver } from './aws/sns/mail-door.ts';
import { callWebhook } from './aws/webhook.ts';
import type { WebhookMessage } from './mail/webhook-events.ts';
import type { Roster } from './on-call/roster.ts';
import { environment } from './runtime/environment.ts';
import { errorName, logger, publishMetrics } from './runtime/logger.ts';
import { later } from './time/instant.ts';
import { carryOut } from './use-cases/carry-out.ts';

/** As many as a ward's everyone. */
const AT_ONCE = { concurrency: 20 };
/** Who has set out is told half a minute later than in quiet times: pages to the same address go first. */
const GIVES_WAY_SECONDS = 30;

const settings = environment({
  ...operationsSettings,
  ROSTER_BUCKET: z.string().min(1),
  CLINICIAN_TOPIC_ARN_PREFIX: z.string().min(1),
});
type Settings = ReturnType<typeof settings>;

export async function handler(event: unknown): Promise<{ told: number; left: number }> {
  const now = new Date().toISOString();
  const config = settings();
  const { alertKey, alertId, executionName } = AssessInput.parse(event);
  const alert = await readAlert(config.TABLE_NAME, alertKey);
  if (!alert) throw new ItemMissing(alertKey);
  const isMine =
    alert.alertId === alertId && !whyNotMine(alert, { executionName, round: alert.round.number });
  const whom = isMine ? toStandDown(alert, now) : [];
  if (whom.length === 0) return { told: 0, left: 0 };
  const roster = await loadRoster(config.ROSTER_BUCKET, Date.parse(now));
  const news = wasMissed(alert) && whom.includes(operationsMail) ? whom.filter(isOfOperations) : [];
  const others = whom.filter((one) => !news.includes(one));
  const [heard, isTold] = await Promise.all([
    tellOfMissed(alert, news, now, config),
    pMap(others, (one) => tell(alert, one, roster, now, config), AT_ONCE),
  ]);
  const told = [...heard, ...others.filter((_, index) => isTold[index])];
  const left = whom.length - told.length;
  const notBefore = left > 0 ? later(now, GIVES_WAY_SECONDS) : null;
  const which = { alertKey, alertId };
  await carryOut(config.TABLE_NAME, which, { type: 'recordStandDown', whom: told, notBefore }, now);
  logger.info('stood-down', { alertId, told: told.length, left });
  publishMetrics();
  return { told: told.length, left };
}

const isOfOperations = (whom: string): boolean => whom === operationsMail || whom === operationsWebhook;

/** That nobody has answered is news, and the operations' alone: who of them a channel has told. That none took it is counted. */
async function tellOfMissed(
  alert: Alert,
  whom: readonly string[],
  now: string,
  config: Settings,
): Promise<string[]> {
  if (whom.length === 0) return [];
  try {
    const { by, turnAt } = await tellOperations(config, {
      ...operationsMessage(alert),
      lane: 'background',
      urgent: whom.includes(operationsWebhook),
      latest: now,
      givesWay: true,
    });
    const byWebhook = by.includes('webhook');
    // Each stands for the other where that is not there; but a mail that gives way is still to come, and so is a pager that was away.
    const byMail = by.includes('mail') || (byWebhook && turnAt === undefined);
    const isDone = (one: string) =>
      one === operationsMail ? byMail : byWebhook || (byMail && !hasWebhook(config));
    return whom.filter(isDone);
  } catch (error) {
    if (!(error instanceof OperationsNotTold)) throw error;
    return [];
  }
}

const hasWebhook = ({ WEBHOOK_SECRET_ARN }: Settings) => WEBHOOK_SECRET_ARN !== '';

/** What the operations are told once somebody has the alert, or it is over. */
function operationsMessage(alert: Alert): WebhookMessage {
  const { alertId, reference, round } = alert;
  const answered = incidentAnswered(alert);
  const id = `${alertId}/${answered.type.replace('alert.', '')}/${round.number}`;
  return { ...answered, id, mail: standDownMail(alert, 'operations'), subject: `VG ${reference}` };
}

/** False when it is to be tried again. Whom no mail reaches has had no page either. */
async function tell(
  alert: Alert,
  whom: string,
  roster: Roster,
  now: string,
  config: Settings,
): Promise<boolean> {
  if (whom === operationsWebhook)
    return (await callWebhook(config, operationsMessage(alert))) || !hasWebhook(config);
  try {
    const { published } = await handOver(config.TABLE_NAME, {
      ...(whom === operationsMail
        ? operationsAddress(config)
        : {
            topicArn: `${config.CLINICIAN_TOPIC_ARN_PREFIX}${whom}`,
            addresses: roster.clinicians.flatMap(({ id, email }) => (id === whom ? [email] : [])),
          }),
      mail: standDownMail(alert, whom === operationsMail ? 'operations' : 'clinician'),
      lane: alertKindOf(alert.pk) === 'patient' ? 'routine' : 'background',
      latest: now,
      givesWay: true,
    });
    return published;
  } catch (error) {
    logger.warn('not-stood-down', { alertId: alert.alertId, whom, reason: errorName(error) });
    return error instanceof NoConfirmedSubscription;
  }
}
