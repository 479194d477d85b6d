/** Looks whether those who are asked within the hour would hear of it, and tells the operations once of each problem. */
import pMap from 'p-map';
import {
  readPreflight,
  readReached,
  rememberConfirmed,
  writePreflight,
} from '../aws/dynamodb/preflight-store.ts';
import { OperationsNotTold, tellOperations } from '../aws/operations.ts';
import type { OperationsSettings } from '../aws/operations-settings.ts';
import { isOptedOut } from '../aws/sns/phone-subscription.ts';
import { endsByLink } from '../aws/sns/subscriptions.ts';
import {
  aboutToBeAsked,
  asTold,
  isUnreachable,
  type PreflightProblem,
  preflightMail,
  preflightProblems,
  type Reach,
} from '../on-call/preflight.ts';
import type { Roster } from '../on-call/roster.ts';
import { logger, metrics } from '../runtime/logger.ts';
import { later } from '../time/instant.ts';

/** What the reconciler has seen of a clinician's subscriptions: those that are confirmed, whether any was asked for before, and a telephone's. */
export type SeenSubscription = { confirmed: readonly string[]; isAskedBefore: boolean; hasText: boolean };

/** SNS gives out attributes as slowly as lists. */
const AT_ONCE = { concurrency: 4 };
/** A quarter of the function's time; what could not be told is told by the next run. */
const LONGEST_WAIT_SECONDS = 30;

/** Throws what the table or SNS throws. */
export async function preflight(
  roster: Roster,
  seen: ReadonlyMap<string, SeenSubscription>,
  config: OperationsSettings,
  now: string,
): Promise<void> {
  const asked = new Map(aboutToBeAsked(roster, now).map(({ id, phone }) => [id, { phone }]));
  const reach = await pMap(
    seen,
    async ([id, subscription]) =>
      [id, await reachOf(id, subscription, asked.get(id), config.TABLE_NAME, now)] as const,
    AT_ONCE,
  );
  const known = new Map(reach.flatMap(([id, how]) => (how ? [[id, how]] : [])));
  const problems = asTold(preflightProblems(roster, known, now), await readPreflight(config.TABLE_NAME));
  const unreachable = problems.filter(isUnreachable).length;
  logger.info('preflight-made', { asked: asked.size, problems: problems.length, unreachable });
  metrics.addMetric('OnCallUnreachable', 'Count', unreachable);
  const isTold = await tellOf(
    problems.filter(({ toldAt }) => toldAt === undefined),
    config,
    now,
  );
  const told = problems.map((one) => (isTold && !one.toldAt ? { ...one, toldAt: now } : one));
  await writePreflight(config.TABLE_NAME, told, now);
}

/** Undefined for who has been asked to confirm only now. A subscription that was not there before is a mail that arrived. */
async function reachOf(
  id: string,
  { confirmed, isAskedBefore, hasText }: SeenSubscription,
  asked: { phone: string | undefined } | undefined,
  tableName: string,
  now: string,
): Promise<Reach | undefined> {
  const reached = await readReached(tableName, id);
  const [arn] = confirmed;
  const noText = !hasText || (asked?.phone !== undefined && (await isOptedOut(asked.phone)));
  if (arn === undefined)
    return isAskedBefore || reached?.subscriptionArn ? { subscription: 'notConfirmed', noText } : undefined;
  const isKnown = reached?.subscriptionArn === arn;
  if (!isKnown) await rememberConfirmed(tableName, id, arn, now);
  const subscription = asked && (await endsByLink(arn)) ? 'endsByLink' : 'confirmed';
  return { subscription, reachedAt: isKnown ? reached.reachedAt : now, noText };
}

/** False when they could not be told, which is logged and counted already. */
async function tellOf(
  untold: readonly PreflightProblem[],
  config: OperationsSettings,
  now: string,
): Promise<boolean> {
  if (untold.length === 0) return true;
  try {
    await tellOperations(config, {
      id: `preflight/${now}`,
      mail: preflightMail(untold),
      lane: 'routine',
      type: 'on-call-unreachable',
      subject: 'preflight',
      urgent: untold.some(isUnreachable),
      latest: later(now, LONGEST_WAIT_SECONDS),
      waits: true,
    });
    return true;
  } catch (error) {
    if (!(error instanceof OperationsNotTold)) throw error;
    return false;
  }
}
