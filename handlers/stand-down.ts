/**
 * Escalation, `Tell who need not come`: once somebody has the alert, or it is over, mails whoever was called and has not
 * answered, behind every page, and records who knows. Who could not be told yet is tried again.
 */
import pMap from 'p-map';
import { z } from 'zod';
import { type Alert, operationsMail, operationsWebhook } from './alert/alert.ts';
import { alertKindOf } from './alert/alert-key.ts';
import { toStandDown } from './alert/called.ts';
import { incidentAnswered } from './alert/incidents.ts';
import { standDownMail } from './alert/mail.ts';
import { whyNotMine } from './alert/seen.ts';
import { AssessInput } from './alert/workflow-inputs.ts';
import { ItemMissing, readAlert } from './aws/dynamodb/alert-store.ts';
import { operationsAddress } from './aws/operations.ts';
import { operationsSettings } from './aws/operations-settings.ts';
import { loadRoster } from './aws/s3/roster-store.ts';
import { NoConfirmedSubscription } from './aws/sns/confirmation.ts';
import { handOver } from './aws/sns/mail-door.ts';
import { callWebhook } from './aws/webhook.ts';
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
  const isTold = await pMap(whom, (one) => tell(alert, one, roster, now, config), AT_ONCE);
  const told = whom.filter((_, index) => isTold[index]);
  const left = whom.length - told.length;
  const notBefore = left > 0 ? later(now, GIVES_WAY_SECONDS) : null;
  const which = { alertKey, alertId };
  await carryOut(config.TABLE_NAME, which, { type: 'recordStandDown', whom: told, notBefore }, now);
  logger.info('stood-down', { alertId, told: told.length, left });
  publishMetrics();
  return { told: told.length, left };
}

/** False when it is to be tried again. Whom no mail reaches has had no page either. */
async function tell(
  alert: Alert,
  whom: string,
  roster: Roster,
  now: string,
  config: Settings,
): Promise<boolean> {
  const { alertId, reference, round } = alert;
  const isOfOperations = whom === operationsMail || whom === operationsWebhook;
  const mail = standDownMail(alert, isOfOperations ? 'operations' : 'clinician');
  if (whom === operationsWebhook) {
    const answered = incidentAnswered(alert);
    const id = `${alertId}/${answered.type.replace('alert.', '')}/${round.number}`;
    const isTaken = await callWebhook(config, { ...answered, id, mail, subject: `VG ${reference}` });
    return isTaken || config.WEBHOOK_SECRET_ARN === '';
  }
  try {
    const { published } = await handOver(config.TABLE_NAME, {
      ...(isOfOperations
        ? operationsAddress(config)
        : {
            topicArn: `${config.CLINICIAN_TOPIC_ARN_PREFIX}${whom}`,
            addresses: roster.clinicians.flatMap(({ id, email }) => (id === whom ? [email] : [])),
          }),
      mail,
      lane: alertKindOf(alert.pk) === 'patient' ? 'routine' : 'background',
      latest: now,
      givesWay: true,
    });
    return published;
  } catch (error) {
    logger.warn('not-stood-down', { alertId, whom, reason: errorName(error) });
    return error instanceof NoConfirmedSubscription;
  }
}
