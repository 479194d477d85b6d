/**
 * Escalation, `Page nurse` and the other page states: stores the waiting task's token, then mails whoever has not been
 * mailed in this step. The task then waits for a bell or for the step's deadline.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Alert } from './alert/alert.ts';
import { everyoneMail, pageMail } from './alert/mail.ts';
import { ask, newPage, pageKey, type Request, requestsOf, stepOf, undeliverable } from './alert/page.ts';
import { peopleAddressed } from './alert/people.ts';
import { PageInput } from './alert/workflow-inputs.ts';
import { changeAlert } from './aws/alert-store.ts';
import { environment } from './aws/environment.ts';
import { errorName, logger, metrics } from './aws/logger.ts';
import { markMailed, putPageOnce } from './aws/page-store.ts';
import { mailClinician, publish } from './aws/paging.ts';
import { loadRoster } from './aws/roster-store.ts';
import { sideBySide } from './aws/side-by-side.ts';
import { completeTask } from './aws/workflow.ts';

/** Each clinician has a topic, so SNS's 10 mails a second are far; ListSubscriptionsByTopic allows 30 calls a second. */
const WIDTH = 4;
/** 128 random bits: a link cannot be guessed. */
const PAGE_ID_BYTES = 16;

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
  CLINICIAN_TOPIC_ARN_PREFIX: z.string().min(1),
  OPERATIONS_TOPIC_ARN: z.string().min(1),
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

export async function handler(event: unknown): Promise<void> {
  const now = new Date().toISOString();
  const config = settings();
  const { taskToken, executionName, ...stood } = PageInput.parse(event);
  const { alertKey, alertId } = stood;
  const seen = { ...stood, me: executionName, token: taskToken };
  const roster = await loadRoster(config.ROSTER_BUCKET, Date.parse(now));
  const newPageId = () => randomBytes(PAGE_ID_BYTES).toString('base64url');

  const { alert, refused } = await changeAlert(config.TABLE_NAME, alertKey, alertId, (alert, writeId) =>
    ask(alert, seen, peopleAddressed(roster, alert, now), newPageId, now, writeId),
  );
  if (refused === 'nobody to page') {
    await tellOperations(alert, roster.zone, config);
    throw new NobodyReached(alertId);
  }
  if (refused) {
    // Something came in between: the workflow is to look again, and not to wait with a token that no bell knows.
    logger.info('page-refused', { alertId, refused });
    return completeTask(taskToken);
  }

  const requests = requestsOf(alert, peopleAddressed(roster, alert, now));
  const failed = await deliver(alert, requests, roster.zone, now, config);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  if (failed.length === 0) return;
  const nobodyReached = failed.length === requests.length;
  await changeAlert(config.TABLE_NAME, alertKey, alertId, (alert, writeId) =>
    undeliverable(alert, seen, failed, nobodyReached, now, writeId),
  );
  if (nobodyReached) throw new NobodyReached(alertId);
}

/**
 * Mails whoever has not been mailed in this step, and beside them the operations when it calls everyone: those hold up
 * nobody's mail, and are not told after it, since an attempt that dies in between is not repeated. Gives who could not be.
 */
async function deliver(alert: Alert, requests: Request[], zone: string, now: string, config: Settings) {
  const step = stepOf(alert);
  const pages = await sideBySide(requests, WIDTH, (request) =>
    putPageOnce(config.TABLE_NAME, newPage(alert, request.pageId, request.clinicianId, now)),
  );
  const unmailed = requests.filter((_, index) => pages[index]?.mailedFor !== step);
  const told = unmailed.length > 0 ? tellOperations(alert, zone, config) : undefined;
  const failed = await sideBySide(unmailed, WIDTH, async (request) => {
    const { pageId, clinicianId, purpose } = request;
    const link = `${config.ANSWER_URL.replace(/\/$/, '')}/page/${pageId}`;
    try {
      await mailClinician(
        `${config.CLINICIAN_TOPIC_ARN_PREFIX}${clinicianId}`,
        pageMail(alert, { purpose, link, zone }),
      );
    } catch (error) {
      const reason = errorName(error);
      logger.error('page-undeliverable', { alertId: alert.alertId, clinicianId, reason });
      metrics.addMetric('PageUndeliverable', 'Count', 1);
      return [{ ...request, reason }];
    }
    await mark(config.TABLE_NAME, alert, pageId, step);
    return [];
  });
  await told;
  return failed.flat();
}

/** A mark that is lost lets a repeated attempt mail this step again: better twice than not at all. */
async function mark(tableName: string, { alertId }: Alert, pageId: string, step: string): Promise<void> {
  try {
    await markMailed(tableName, pageKey(pageId), step);
  } catch (error) {
    logger.warn('page-not-marked', { alertId, error: errorName(error) });
  }
}

/** When everyone is called the operations hear of it; that they cannot be told holds up nobody's page. */
async function tellOperations(alert: Alert, zone: string, config: Settings): Promise<void> {
  if (alert.rung !== 'everyone') return;
  try {
    await publish(config.OPERATIONS_TOPIC_ARN, everyoneMail(alert, zone));
  } catch (error) {
    logger.error('operations-not-told', { alertId: alert.alertId, error: errorName(error) });
    metrics.addMetric('OperationsNotTold', 'Count', 1);
  }
}
