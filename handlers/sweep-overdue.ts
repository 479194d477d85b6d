/**
 * The sweeper. Each minute it raises again what is overdue: claims that no execution took, and alerts whose next step did
 * not come; then it asks whoever has begun a shift to check in. When an execution of the escalation ends badly, it raises
 * that one again at once.
 */
import pMap from 'p-map';
import { z } from 'zod';
import { alertKindOf } from './alert/alert-key.ts';
import { escalationInput, readingOf } from './alert/claim-reading.ts';
import type { Stuck } from './alert/due.ts';
import { restartedAlert, restartedClaim, stuckMail } from './alert/mail.ts';
import { ExecutionEnded, ExecutionInput, raiseAgain, resumeInput } from './alert/sweep.ts';
import { type DueItem, putRaisedAgain, readDue } from './aws/dynamodb/due-store.ts';
import { problemOf } from './aws/dynamodb/item.ts';
import { OperationsNotTold, tellOperations } from './aws/operations.ts';
import { operationsSettings } from './aws/operations-settings.ts';
import { startEscalation } from './aws/workflow.ts';
import { environment } from './runtime/environment.ts';
import { logger, metrics, publishMetrics } from './runtime/logger.ts';
import { later } from './time/instant.ts';
import { askCheckIns } from './use-cases/ask-check-ins.ts';
import { carryOut } from './use-cases/carry-out.ts';
import { readableAlert } from './use-cases/readable-alert.ts';
import { readableClaim } from './use-cases/readable-claim.ts';

/** Items under way at once: a thousand overdue ones are raised within the function's minute. */
const AT_ONCE = { concurrency: 10 };
/** What is left of the function's 55 seconds when it has raised what it could. */
const LONGEST_WAIT_SECONDS = 20;

const EachMinute = z.object({ 'detail-type': z.undefined().optional() });
const Event = z.union([ExecutionEnded, EachMinute]);

const settings = environment({
  ...operationsSettings,
  DUE_INDEX: z.string().min(1),
  ESCALATION_ARN: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
});
type Settings = ReturnType<typeof settings>;

/** What was raised, as the operations are told of it; undefined when it was no longer stuck, or is nothing to tell. */
type RaisedLine = string | undefined;

export async function handler(event: unknown): Promise<{ raised: number; failed: number }> {
  const now = new Date().toISOString();
  const config = settings();
  const parsed = Event.parse(event);
  if ('detail' in parsed) {
    const line = await raiseEnded(parsed.detail, config, now);
    await tellOf(line ? [line] : [], config, now);
    publishMetrics();
    return { raised: line ? 1 : 0, failed: 0 };
  }
  const overdue: Stuck = { because: 'overdue' };
  const index = { tableName: config.TABLE_NAME, dueIndex: config.DUE_INDEX };
  const claims = await sweep(
    () => readDue(index, 'claim', now),
    ({ pk }) => raiseClaim(readingOf(pk), overdue, config, now),
  );
  const alerts = await sweep(
    () => readDue(index, 'alert', now),
    ({ pk }) => raiseAlert(pk, overdue, config, now),
  );
  const raised = [...claims.raised, ...alerts.raised];
  const failed = claims.failed + alerts.failed + (await checkIns(config, now));
  await tellOf(raised, config, now);
  // Without both lists it has not swept: the missing heartbeat is what the operations hear.
  if (claims.listed && alerts.listed) metrics.addMetric('SweeperRan', 'Count', 1);
  if (failed > 0) metrics.addMetric('NotRaisedAgain', 'Count', failed);
  publishMetrics();
  return { raised: raised.length, failed };
}

/** How many could not be asked: a roster that cannot be read fails as one of them. */
async function checkIns(config: Settings, now: string): Promise<number> {
  try {
    return await askCheckIns(config, now);
  } catch (error) {
    logger.error('check-ins-not-asked', { error: problemOf(error) });
    return 1;
  }
}

/** One item that fails stops no other, nor does a list; what is still overdue is found again in a minute. */
async function sweep(
  list: () => Promise<DueItem[]>,
  raise: (item: DueItem) => Promise<RaisedLine>,
): Promise<{ raised: string[]; failed: number; listed: boolean }> {
  let failed = 0;
  const attempt = async <Result>(code: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      failed++;
      logger.error(code, { error: problemOf(error) });
      return undefined;
    }
  };
  const due = await attempt('overdue-not-listed', list);
  const lines = await pMap(due ?? [], (item) => attempt('not-raised-again', () => raise(item)), AT_ONCE);
  return { raised: lines.filter((line) => line !== undefined), failed, listed: due !== undefined };
}

/** An execution that ended badly: the claim that it did not fulfil, or else the alert that it carried. */
async function raiseEnded(
  { name, status, input }: z.infer<typeof ExecutionEnded>['detail'],
  config: Settings,
  now: string,
): Promise<RaisedLine> {
  logger.error('escalation-ended-badly', { executionName: name, status });
  const stuck: Stuck = { because: 'executionEnded', executionName: name };
  // Without its input (EventBridge leaves out what is too large, and ours never is) the sweeper's minute has to find it.
  if (!input) return undefined;
  const started = ExecutionInput.parse(JSON.parse(input));
  const ofClaim =
    'readingId' in started ? await raiseClaim(started.readingId, stuck, config, now) : undefined;
  const line = ofClaim ?? (await raiseAlert(started.alertKey, stuck, config, now));
  // A device's alert may well last longer than the day that an execution has: the next one carries it on, and nothing was ill.
  return status === 'TIMED_OUT' && alertKindOf(started.alertKey) === 'device' ? undefined : line;
}

async function raiseClaim(
  readingId: string,
  stuck: Stuck,
  config: Settings,
  now: string,
): Promise<RaisedLine> {
  const claim = await readableClaim(config.TABLE_NAME, readingId, now);
  const next = claim && claim !== 'settled' && raiseAgain(claim, stuck, now);
  if (!next || !(await putRaisedAgain(config.TABLE_NAME, next))) return undefined;
  const { executionName } = next;
  await startEscalation(config.ESCALATION_ARN, executionName, escalationInput(next));
  logger.warn('claim-raised-again', { readingId, executionName, because: stuck.because });
  return restartedClaim(next);
}

async function raiseAlert(
  alertKey: string,
  stuck: Stuck,
  config: Settings,
  now: string,
): Promise<RaisedLine> {
  const present = await readableAlert(config.TABLE_NAME, alertKey, now, 'ifOpen');
  if (!present) return undefined;
  const of = { alertKey, alertId: present.alert.alertId };
  const resumed = await carryOut(config.TABLE_NAME, of, { type: 'resume', stuck }, now);
  // What is over and let go needs nobody to carry it.
  if ('refused' in resumed || resumed.event.type !== 'resumed') return undefined;
  const { alert } = resumed.stored;
  const { alertId, executionName } = alert;
  await startEscalation(config.ESCALATION_ARN, executionName, resumeInput(alert));
  logger.warn('alert-raised-again', { alertId, executionName, because: stuck.because });
  const [first] = alert.events;
  const isAnew = first?.type === 'raised' && first.readingId === null && alert.raisedAgain === 1;
  return restartedAlert(alert, isAnew ? 'unreadable' : stuck.because);
}

/** That the operations cannot be told is logged and counted, and holds up nothing: what was raised is raised. */
async function tellOf(raised: string[], config: Settings, now: string): Promise<void> {
  if (raised.length === 0) return;
  metrics.addMetric('RaisedAgain', 'Count', raised.length);
  try {
    await tellOperations(config, {
      id: `raised-again/${now}`,
      mail: stuckMail(raised),
      lane: 'urgent',
      type: 'raised-again',
      subject: 'sweeper',
      urgent: false,
      latest: later(now, LONGEST_WAIT_SECONDS),
      waits: true,
    });
  } catch (error) {
    if (!(error instanceof OperationsNotTold)) throw error;
  }
}
