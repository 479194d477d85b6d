/**
 * Alerts in the table. Each write is fenced by `seq`, and holds the event that it records, with the id of its writer: after
 * any failure the item is read again, and whoever finds the own event knows that the write took effect.
 */
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { Alert, type Standing } from '../../alert/alert.ts';
import { isLevelOf } from '../../alert/alert-key.ts';
import type { FulfilledClaim } from '../../alert/claim.ts';
import type { SetAside } from '../../alert/set-aside.ts';
import { dynamoDb } from '../clients.ts';
import { parseItem, readItem } from './item.ts';

/** Each lost race means that another writer got through; ten writers of one alert within one call are never seen. */
const ATTEMPTS = 10;
/** Times the attempt: what a conflicting transaction takes, beside the SDK's own backoff for a service that is unwell. */
const PAUSE_MS = 25;

/** An alert as the table keeps it. */
export const StoredAlert = z
  .strictObject({
    ...Alert.shape,
    /** The one task token that wakes whatever waits; it never leaves AWS, and is no part of what happened. */
    token: z.string().nullable(),
    /** While open, or not yet told to all: the sparse index of what is due. */
    dueOn: z.literal('alert').optional(),
    dueAt: z.iso.datetime().optional(),
  })
  .refine(({ standing, dueOn, dueAt }) => isIndexed(standing, dueOn, dueAt), { path: ['dueAt'] })
  .refine(({ pk, worst }) => isLevelOf(pk, worst), { path: ['worst'] })
  .transform(({ token, dueOn: _dueOn, dueAt: _dueAt, ...alert }) => ({ alert, token }));
export type StoredAlert = z.output<typeof StoredAlert>;

/** What is open is found when it is due, and by nothing else; so is what is closed while somebody has yet to hear of that. */
function isIndexed(standing: Standing, dueOn: string | undefined, dueAt: string | undefined): boolean {
  return standing.dueAt === null ? dueOn === undefined : dueOn !== undefined && dueAt === standing.dueAt;
}

/** The table would not say whether a write took effect, or others were always first. */
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

/** The patient's alert, open or closed, with the token of whatever waits for it, read consistently. */
export function readStoredAlert(tableName: string, pk: string): Promise<StoredAlert | undefined> {
  return readItem(StoredAlert, tableName, pk);
}

export async function readAlert(tableName: string, pk: string): Promise<Alert | undefined> {
  return (await readStoredAlert(tableName, pk))?.alert;
}

/**
 * Puts the alert in place of exactly what was read, whose number is `replaced` (undefined when there was none), in one
 * transaction with what stands or falls with it, if anything does. Throws when anybody else has written since.
 */
export async function putAlert(
  tableName: string,
  next: StoredAlert,
  replaced: unknown,
  beside?: FulfilledClaim | SetAside,
): Promise<void> {
  const alert = { TableName: tableName, ...fenced(next, replaced) };
  if (!beside) {
    await dynamoDb().send(new PutCommand(alert));
    return;
  }
  const other = { TableName: tableName, ...(beside.kind === 'claim' ? once(beside) : { Item: beside }) };
  await dynamoDb().send(new TransactWriteCommand({ TransactItems: [{ Put: alert }, { Put: other }] }));
}

/** A claim is fulfilled once. */
function once(claim: FulfilledClaim) {
  return {
    Item: claim,
    ConditionExpression: '#status = :unfulfilled',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':unfulfilled': 'unfulfilled' },
  };
}

/** One reading and writing, repeated while it fails for a reason that reading again can settle. Throws AlertNotWritten. */
export async function persistently<Result>(key: string, attempt: () => Promise<Result>): Promise<Result> {
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

/** `before`: the number that was read; undefined when there was none. */
function fenced({ alert, token }: StoredAlert, before: unknown) {
  const { standing } = alert;
  const due = standing.dueAt === null ? {} : { dueOn: 'alert', dueAt: standing.dueAt };
  const Item = { ...alert, token, ...due };
  // What could not be read again is not written: the item stays as it was, and the workflow goes on from there.
  parseItem(StoredAlert, Item);
  if (before === undefined) return { Item, ConditionExpression: 'attribute_not_exists(seq)' };
  return {
    Item,
    ConditionExpression: 'seq = :seq',
    ExpressionAttributeValues: { ':seq': before },
  };
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
