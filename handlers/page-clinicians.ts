/**
 * Escalation, `Page nurse` and the other page states: stores the waiting task's token, then mails whoever has not been
 * mailed in this step, and records whose mail was published. The task then waits to be woken, or for the step's deadline.
 */
import { randomBytes } from 'node:crypto';
import pMap from 'p-map';
import { z } from 'zod';
import { type Alert, isOpen, type OpenAlert, operationsMail, operationsWebhook } from './alert/alert.ts';
import { type AlertKind, alertKindOf } from './alert/alert-key.ts';
import { requestsOf } from './alert/ask.ts';
import type { AlertCommand } from './alert/decide.ts';
import type { Request } from './alert/event.ts';
import { incidentToTell } from './alert/incidents.ts';
import { everyoneMail, pageMail } from './alert/mail.ts';
import { stepOf } from './alert/mails.ts';
import { movedTo } from './alert/newest-place.ts';
import { newPage } from './alert/page.ts';
import { type Responder, respondersOf } from './alert/responders.ts';
import { PageInput } from './alert/workflow-inputs.ts';
import { putPageOnce } from './aws/dynamodb/page-store.ts';
import { readSighting } from './aws/dynamodb/vitals-store.ts';
import { type ToldOperations, tellOperations } from './aws/operations.ts';
import { operationsSettings } from './aws/operations-settings.ts';
import { loadRoster } from './aws/s3/roster-store.ts';
import { handOver } from './aws/sns/mail-door.ts';
import { completeTask, wake } from './aws/workflow.ts';
import { isEmergency } from './clinical/severity.ts';
import { type Lane, latestTurn } from './mail/pace.ts';
import type { Roster } from './on-call/roster.ts';
import { environment } from './runtime/environment.ts';
import { errorName, logger, metrics, publishMetrics } from './runtime/logger.ts';
import type { CommandWhenFound } from './use-cases/carry-out.ts';
import { changeAlert } from './use-cases/change-alert.ts';
import { wakeIfFaultIsOver } from './use-cases/wake-device-alert.ts';

/** Everybody of a ward at once: each has an address and turns of their own; the SDK has 50 sockets. */
const AT_ONCE = { concurrency: 20 };
/** 128 random bits: a link cannot be guessed. */
const PAGE_ID_BYTES = 16;

const settings = environment({
  ...operationsSettings,
  ROSTER_BUCKET: z.string().min(1),
  CLINICIAN_TOPIC_ARN_PREFIX: z.string().min(1),
  ANSWER_URL: z.url(),
});
type Settings = ReturnType<typeof settings>;

/** Nobody of this step could be mailed: the workflow's Catch moves on at once. */
export class NobodyReached extends Error {
  override readonly name = 'NobodyReached';
  constructor(alertId: string) {
    super(`Nobody could be reached for the alert ${alertId}`);
  }
}

/** What became of a mail: published (both absent), to come back for at its turn, or not to be sent. */
type Delivery = { request: Request; turnAt?: string; reason?: string };

export async function handler(event: unknown): Promise<void> {
  const now = new Date().toISOString();
  const config = settings();
  const { taskToken, alertKey, alertId, ...seen } = PageInput.parse(event);
  const roster = await loadRoster(config.ROSTER_BUCKET, Date.parse(now));
  const change = (command: CommandWhenFound, at: string, token?: string) =>
    changeAlert(config.TABLE_NAME, { alertKey, alertId, ...(token && { token }) }, command, at);

  const sighting = await readSighting(config.TABLE_NAME, { pk: alertKey, alertId });
  const newPageIds = roster.clinicians.map(() => randomBytes(PAGE_ID_BYTES).toString('base64url'));
  const respondersNow = (alert: Alert) => respondersOf(roster, alert, now);
  const ask = (found: Alert): AlertCommand => {
    const responders = respondersNow(movedTo(found, sighting));
    return { type: 'ask', seen, responders, sighting, newPageIds };
  };
  const asked = await change(ask, now, taskToken);
  const { alert, refused } = asked;
  if (!isOpen(alert) || (refused && refused !== 'nobodyToPage')) {
    // Something came in between: the workflow is to assess again, and not to wait with a token that nothing wakes.
    logger.info('page-refused', { alertId, refused });
    return completeTask(taskToken);
  }

  // Beside the mails, not behind them: the operations hold up nobody's mail, nor does a mail that waits hold up them.
  const told = tellOfEveryone(alert, roster.zone, now, config);
  const step = stepOf(alert);
  const responders = respondersNow(alert);
  const requests = refused ? [] : requestsOf(alert, responders);
  const deliveries = await deliver(alert, requests, roster, now, config);
  const published = deliveries
    .filter(({ turnAt, reason }) => !turnAt && !reason)
    .map(({ request }) => request);
  const failed = deliveries.flatMap(({ request, reason }) => (reason ? [{ ...request, reason }] : []));
  const at = () => new Date().toISOString();
  const turns = Object.fromEntries(
    deliveries.flatMap(({ request, turnAt }) => (turnAt ? [[request.clinicianId, turnAt]] : [])),
  );
  if (published.length > 0 || Object.keys(turns).length > 0)
    await change({ type: 'recordMails', step, published, turns }, at());
  const unreached = failed.map(({ clinicianId }) => clinicianId);
  const nobodyReached = !requests.some(
    ({ clinicianId }) => isAwaited(responders, clinicianId) && !unreached.includes(clinicianId),
  );
  if (failed.length > 0) await change({ type: 'recordUndeliverable', seen, failed, nobodyReached }, at());
  const { by, turnAt } = await told;
  if (by.length > 0) await change({ type: 'recordOperationsTold', step, by }, at());
  if (turnAt) {
    const later = { [operationsMail]: turnAt };
    await change({ type: 'recordMails', step, published: [], turns: later }, at());
  }
  publishMetrics();
  if (nobodyReached) {
    // The alert says so by now, and is assessed at once also where the answer with this error is lost.
    if (failed.length > 0) await wake(taskToken);
    throw new NobodyReached(alertId);
  }
  // Who was told to come back does, however near that is by now: nobody else would see to the mails that wait.
  if (turnAt || Object.keys(turns).length > 0) await completeTask(taskToken);
  else await wakeIfFaultIsOver(config.TABLE_NAME, alert, taskToken);
}

/** Who was asked on a ward that the patient has left is told where to, but reaching only them reaches nobody. */
function isAwaited(responders: readonly Responder[], clinicianId: string): boolean {
  return responders.some(({ id, askedElsewhere }) => id === clinicianId && !askedElsewhere);
}

/** What is no patient's stands behind what is. */
function laneOf({ pk, worst }: OpenAlert): Lane {
  if (alertKindOf(pk) !== 'patient') return 'background';
  return isEmergency(worst) ? 'urgent' : 'routine';
}

/** Mails whoever has not been mailed in this step. */
async function deliver(
  alert: OpenAlert,
  requests: readonly Request[],
  roster: Roster,
  now: string,
  config: Settings,
): Promise<Delivery[]> {
  const { alertId, step, standing } = alert;
  const { mailed, turns } = step;
  const unmailed = requests.filter(({ clinicianId }) => !mailed.includes(clinicianId));
  return pMap(
    unmailed,
    async (request): Promise<Delivery> => {
      const { pageId, clinicianId, purpose } = request;
      const link = `${config.ANSWER_URL.replace(/\/$/, '')}/page/${pageId}`;
      await putPageOnce(config.TABLE_NAME, newPage(alert, pageId, clinicianId, now));
      try {
        const handed = await handOver(config.TABLE_NAME, {
          topicArn: `${config.CLINICIAN_TOPIC_ARN_PREFIX}${clinicianId}`,
          addresses: roster.clinicians.flatMap(({ id, email }) => (id === clinicianId ? [email] : [])),
          mail: pageMail(alert, { purpose, link, zone: roster.zone }),
          lane: laneOf(alert),
          latest: latestTurn(standing.deadline, now),
          turnAt: turns[clinicianId],
        });
        return handed.published ? { request } : { request, turnAt: handed.turnAt };
      } catch (error) {
        const reason = errorName(error);
        logger.error('page-undeliverable', { alertId, clinicianId, reason });
        metrics.addMetric('PageUndeliverable', 'Count', 1);
        return { request, reason };
      }
    },
    AT_ONCE,
  );
}

/** How the webhook knows what is no patient's. */
const noticeTypes: Partial<Record<AlertKind, string>> = { device: 'alert.technical', drill: 'alert.drill' };

/** When everyone is called the operations hear of it, once a step; that they cannot be told holds up nobody's page. */
async function tellOfEveryone(
  alert: OpenAlert,
  zone: string,
  now: string,
  config: Settings,
): Promise<ToldOperations> {
  const { alertId, reference, step, standing } = alert;
  const kind = alertKindOf(alert.pk);
  const { id, escalationLevel, attempt, mailed, turns } = step;
  if (escalationLevel !== 'everyone' || mailed.includes(operationsMail)) return { by: [] };
  try {
    return await tellOperations(config, {
      id: `${alertId}/${id}`,
      mail: everyoneMail(alert, zone),
      lane: laneOf(alert),
      type: noticeTypes[kind] ?? (attempt > 0 ? 'alert.unanswered' : 'alert.everyone-called'),
      subject: `VG ${reference}`,
      incidents: [
        {
          action: 'trigger',
          key: incidentToTell(alert),
          severity: kind === 'patient' ? 'critical' : 'warning',
        },
      ],
      urgent: kind !== 'device' && !mailed.includes(operationsWebhook),
      latest: latestTurn(standing.deadline, now),
      turnAt: turns[operationsMail],
    });
  } catch {
    // Logged and counted there. The next attempt tells them again.
    return { by: [] };
  }
}
