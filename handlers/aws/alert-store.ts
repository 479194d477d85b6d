/**
 * Alerts in the table. Every write of an open alert is fenced by `seq`, and carries an event with the id of its writer:
 * after any failure the item is read again, and whoever finds the own event knows that the write took effect.
 */
import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert, Claim, Page } from '../alert/alert.ts';
import type { Outcome } from '../alert/events.ts';
import { type Raised, raise } from '../alert/open.ts';
import { pageKey } from '../alert/page.ts';
import { claimKey } from '../reading/claim-reading.ts';
import { dynamoDb } from './clients.ts';
import { ring } from './workflow.ts';

/** Each lost race means that another writer got through; ten writers of one alert within one call are never seen. */
const ATTEMPTS = 10;
/** Times the attempt: what a conflicting transaction takes, beside the SDK's own backoff for a service that is unwell. */
const PAUSE_MS = 25;

/** The table would not say whether a write of this alert took effect, or others were always first. */
export class AlertNotWritten extends Error {
  override readonly name = 'AlertNotWritten';
  constructor(key: string, cause: unknown) {
    super(`The write for ${key} did not succeed within ${ATTEMPTS} attempts`, { cause });
  }
}

/** Something that is never deleted was not there: an alert, or a claim within its 30 days. */
export class ItemMissing extends Error {
  override readonly name = 'ItemMissing';
  constructor(key: string) {
    super(`There is no item ${key}`);
  }
}

async function read<Item>(tableName: string, pk: string): Promise<Item | undefined> {
  const { Item } = await dynamoDb().send(
    new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true }),
  );
  return Item as Item | undefined;
}

/** The patient's alert, open or closed, read consistently. */
export async function readAlert(tableName: string, pk: string): Promise<Alert | undefined> {
  return read<Alert>(tableName, pk);
}

/** A page by the id in its link; undefined when there is none, or when it is long past. */
export async function readPage(tableName: string, pageId: string): Promise<Page | undefined> {
  return read<Page>(tableName, pageKey(pageId));
}

/** The claim of a reading, read consistently. */
export async function readClaim(tableName: string, readingId: string): Promise<Claim | undefined> {
  return read<Claim>(tableName, claimKey(readingId));
}

/**
 * Asks the rule about the alert as it stands and writes what it says, again and again until a write is certain or the rule
 * refuses. Gives the alert as written, or as it stood when refused; `closed` also when the patient has a newer alert by now.
 * Throws AlertNotWritten when the table stays silent.
 */
export async function changeAlert<Refusal extends string>(
  tableName: string,
  pk: string,
  alertId: string,
  rule: (alert: Alert, writeId: string) => Outcome<Refusal>,
): Promise<{ alert: Alert; refused?: Refusal | 'closed' }> {
  const writeId = randomUUID();
  return persistently(pk, async () => {
    const alert = await readAlert(tableName, pk);
    if (!alert) throw new ItemMissing(pk);
    if (wrote(alert, writeId)) return { alert };
    if (alert.alertId !== alertId) return { alert, refused: 'closed' };
    const outcome = rule(alert, writeId);
    if ('refused' in outcome) return { alert, refused: outcome.refused };
    await dynamoDb().send(new PutCommand({ TableName: tableName, ...fenced(outcome.changed, alert) }));
    return { alert: outcome.changed };
  });
}

/**
 * Makes the claimed reading an alert, or a part of the one that is open, in one transaction with its claim, and rings when
 * that is worse news or another place. `opened` and `taken over` say that the execution `me` carries the alert now; a claim that was
 * fulfilled or put aside before says `joined`, unless it was this execution's. `carriedBy` is the execution that carries its
 * alert, or carried it last; null when nothing of that alert is left.
 */
export async function fulfilClaim(
  tableName: string,
  readingId: string,
  me: string,
  now: string,
): Promise<{ outcome: Raised['outcome']; alertId: string | null; carriedBy: string | null }> {
  const writeId = randomUUID();
  return persistently(claimKey(readingId), async () => {
    const claim = await readClaim(tableName, readingId);
    if (!claim) throw new ItemMissing(claimKey(readingId));
    const present = await readAlert(tableName, claim.alertKey);
    if (claim.status !== 'unfulfilled') return fulfilledBefore(claim, present, me);
    const { outcome, alert, worse, moved } = raise(claim, present, me, now, writeId);
    const { dueOn: _dueOn, dueAt: _dueAt, ...fulfilled } = claim;
    await dynamoDb().send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName: tableName, ...fenced(alert, present) } },
          {
            Put: {
              TableName: tableName,
              Item: { ...fulfilled, status: 'fulfilled', alertId: alert.alertId },
              ConditionExpression: '#status = :unfulfilled',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':unfulfilled': 'unfulfilled' },
            },
          },
        ],
      }),
    );
    if ((worse || moved) && outcome === 'joined') await ringBell(alert);
    return { outcome, alertId: alert.alertId, carriedBy: alert.executionName };
  });
}

/** Wakes whatever waits for this alert. Never throws; a wake with nothing new is harmless. */
export async function ringBell(alert: Alert): Promise<void> {
  if (alert.token !== null) await ring(alert.token);
}

/** Also how an attempt learns that its own write took effect; its bell may be what was lost. */
async function fulfilledBefore(claim: Claim, alert: Alert | undefined, me: string) {
  const alertId = claim.alertId ?? null;
  if (!alert || alert.alertId !== alertId) return { outcome: 'joined' as const, alertId, carriedBy: null };
  const carriedBy = alert.executionName;
  if (alert.status === 'open' && carriedBy === me) return { outcome: 'opened' as const, alertId, carriedBy };
  if (alert.status === 'open') await ringBell(alert);
  return { outcome: 'joined' as const, alertId, carriedBy };
}

function wrote(alert: Alert, writeId: string): boolean {
  return alert.events.some((event) => event.writeId === writeId);
}

/** The put of `next` in place of exactly `present`: nobody else has written since it was read. */
function fenced(next: Alert, present: Alert | undefined) {
  if (!present) return { Item: next, ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    Item: next,
    ConditionExpression: 'alertId = :alertId AND #status = :status AND seq = :seq',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':alertId': present.alertId,
      ':status': present.status,
      ':seq': present.seq,
    },
  };
}

/** One reading and writing, repeated while it fails for a reason that reading again can settle. */
async function persistently<Result>(key: string, attempt: () => Promise<Result>): Promise<Result> {
  let last: unknown;
  for (let tries = 1; tries <= ATTEMPTS; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isWorthRepeating(error)) throw error;
      last = error;
      if (!(error instanceof ConditionalCheckFailedException)) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * tries));
      }
    }
  }
  throw new AlertNotWritten(key, last);
}

/**
 * A lost race, a conflict of transactions, or a service that did not answer; not a request that the table will never
 * understand or allow, nor a fault of ours (which does not carry the SDK's metadata).
 */
function isWorthRepeating(error: unknown): boolean {
  if (error instanceof TransactionCanceledException) {
    // ConditionalCheckFailed, TransactionConflict and throttling are settled by reading again.
    return !error.CancellationReasons?.some(({ Code }) => Code === 'ValidationError');
  }
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  return !['ValidationException', 'AccessDeniedException', 'ResourceNotFoundException'].includes(error.name);
}
