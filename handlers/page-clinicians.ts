/**
 * Escalation, `Page nurse` and the other page states: stores the waiting task's token, then mails whoever has not been
 * mailed in this step, and records whose mail was published. The task then waits for a bell or for the step's deadline.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Alert, operationsMail, operationsWebhook } from './alert/alert.ts';
import type { Person } from './alert/look.ts';
import { everyoneMail, pageMail } from './alert/mail.ts';
import { operationsTold, paged, type Step, undeliverable } from './alert/mailed.ts';
import { movedTo } from './alert/newest-place.ts';
import { ask, newPage, type Request, requestsOf } from './alert/page.ts';
import { peopleAddressed } from './alert/people.ts';
import { PageInput } from './alert/workflow-inputs.ts';
import { changeAlert } from './aws/alert-store.ts';
import { environment } from './aws/environment.ts';
import { errorName, logger, metrics } from './aws/logger.ts';
import { handOver } from './aws/mail-door.ts';
import { operationsSettings, type Told, tellOperations } from './aws/operations.ts';
import { putPageOnce } from './aws/page-store.ts';
import { loadRoster } from './aws/roster-store.ts';
import { sideBySide } from './aws/side-by-side.ts';
import { readSighting } from './aws/vitals-store.ts';
import { completeTask } from './aws/workflow.ts';
import { isEmergency } from './clinical/severity.ts';
import { type Lane, latestTurn } from './mail/pace.ts';
import type { Roster } from './on-call/roster.ts';

/** Everybody of a ward at once: each has an address and turns of their own; the SDK has 50 sockets. */
const WIDTH = 20;
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
  const { taskToken, executionName, ...stood } = PageInput.parse(event);
  const { alertKey, alertId } = stood;
  const seen = { ...stood, me: executionName, token: taskToken };
  const roster = await loadRoster(config.ROSTER_BUCKET, Date.parse(now));
  const newPageId = () => randomBytes(PAGE_ID_BYTES).toString('base64url');
  const change = (rule: Parameters<typeof changeAlert<string>>[3]) =>
    changeAlert(config.TABLE_NAME, alertKey, alertId, rule);

  const sighting = await readSighting(config.TABLE_NAME, { pk: alertKey, alertId });
  const { alert, refused } = await change((known, writeId) => {
    const alert = movedTo(known, sighting);
    return ask(alert, seen, peopleAddressed(roster, alert, now), newPageId, now, writeId);
  });
  const step: Step = alert;
  if (refused && refused !== 'nobody to page') {
    // Something came in between: the workflow is to look again, and not to wait with a token that no bell knows.
    logger.info('page-refused', { alertId, refused });
    return completeTask(taskToken);
  }

  // Beside the mails, not behind them: the operations hold up nobody's mail, nor does a mail that waits hold up them.
  const told = tellOfEveryone(alert, roster.zone, now, config);
  const people = peopleAddressed(roster, alert, now);
  const requests = refused ? [] : requestsOf(alert, people);
  const deliveries = await deliver(alert, requests, roster, now, config);
  const published = deliveries.filter(({ turnAt, reason }) => !turnAt && !reason);
  const failed = deliveries.flatMap(({ request, reason }) => (reason ? [{ ...request, reason }] : []));
  const at = () => new Date().toISOString();
  const turns = Object.fromEntries(
    deliveries.flatMap(({ request, turnAt }) => (turnAt ? [[request.clinicianId, turnAt]] : [])),
  );
  if (published.length > 0 || Object.keys(turns).length > 0) {
    const mailed = published.map(({ request }) => request);
    await change((alert, writeId) => paged(alert, step, mailed, turns, at(), writeId));
  }
  const unreached = failed.map(({ clinicianId }) => clinicianId);
  const nobodyReached = !requests.some(
    ({ clinicianId }) => isAwaited(people, clinicianId) && !unreached.includes(clinicianId),
  );
  if (failed.length > 0)
    await change((alert, writeId) => undeliverable(alert, seen, failed, nobodyReached, at(), writeId));
  const { by, turnAt } = await told;
  if (by.length > 0) await change((alert, writeId) => operationsTold(alert, step, by, at(), writeId));
  if (turnAt) {
    const later = { [operationsMail]: turnAt };
    await change((alert, writeId) => paged(alert, step, [], later, at(), writeId));
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  if (nobodyReached) throw new NobodyReached(alertId);
  // Who was told to come back does, however near that is by now: nobody else would see to the mails that wait.
  if (turnAt || Object.keys(turns).length > 0) await completeTask(taskToken);
}

/** Who was asked on a ward that the patient has left is told where to, but reaching only them reaches nobody. */
function isAwaited(people: readonly Person[], clinicianId: string): boolean {
  return people.some(({ id, askedElsewhere }) => id === clinicianId && !askedElsewhere);
}

const laneOf = ({ worst }: Alert): Lane => (isEmergency(worst) ? 'urgent' : 'routine');

/** Mails whoever has not been mailed in this step. */
async function deliver(
  alert: Alert,
  requests: readonly Request[],
  roster: Roster,
  now: string,
  config: Settings,
): Promise<Delivery[]> {
  const { alertId, mailed, turns, deadline } = alert;
  const unmailed = requests.filter(({ clinicianId }) => !mailed.includes(clinicianId));
  return sideBySide(unmailed, WIDTH, async (request): Promise<Delivery> => {
    const { pageId, clinicianId, purpose } = request;
    const link = `${config.ANSWER_URL.replace(/\/$/, '')}/page/${pageId}`;
    await putPageOnce(config.TABLE_NAME, newPage(alert, pageId, clinicianId, now));
    try {
      const handed = await handOver(config.TABLE_NAME, {
        topicArn: `${config.CLINICIAN_TOPIC_ARN_PREFIX}${clinicianId}`,
        addresses: roster.clinicians.flatMap(({ id, email }) => (id === clinicianId ? [email] : [])),
        mail: pageMail(alert, { purpose, link, zone: roster.zone }),
        lane: laneOf(alert),
        latest: latestTurn(deadline, now),
        turnAt: turns[clinicianId],
      });
      return handed.published ? { request } : { request, turnAt: handed.turnAt };
    } catch (error) {
      const reason = errorName(error);
      logger.error('page-undeliverable', { alertId, clinicianId, reason });
      metrics.addMetric('PageUndeliverable', 'Count', 1);
      return { request, reason };
    }
  });
}

/** When everyone is called the operations hear of it, once a step; that they cannot be told holds up nobody's page. */
async function tellOfEveryone(alert: Alert, zone: string, now: string, config: Settings): Promise<Told> {
  const { alertId, reference, round, rung, pass, announced, told, mailed, turns, deadline } = alert;
  if (rung !== 'everyone' || mailed.includes(operationsMail)) return { by: [] };
  try {
    return await tellOperations(config, {
      id: [alertId, round, rung, pass, announced, told.length].join('/'),
      mail: everyoneMail(alert, zone),
      lane: laneOf(alert),
      type: pass > 0 ? 'alert.unanswered' : 'alert.everyone-called',
      subject: `VG ${reference}`,
      urgent: !mailed.includes(operationsWebhook),
      latest: latestTurn(deadline, now),
      turnAt: turns[operationsMail],
    });
  } catch {
    // Logged and counted there. The next pass tells them again.
    return { by: [] };
  }
}
