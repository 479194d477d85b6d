/** By what and when each clinician was last reached by mail, and what the last preflight found. */
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { PREFLIGHT_KEY, Preflight, type PreflightProblem } from '../../on-call/preflight.ts';
import { errorName, logger } from '../../runtime/logger.ts';
import { dynamoDb } from '../clients.ts';
import { getItem, parseOrForget } from './item.ts';

/** It never expires: without it a former confirmation would count as one of today. */
const Reached = z.object({
  reachedAt: z.iso.datetime(),
  /** The subscription that was confirmed; none where only an answer is known. */
  subscriptionArn: z.string().exactOptional(),
});
type Reached = z.infer<typeof Reached>;

const reachedKey = (clinicianId: string) => `REACHED#${clinicianId}`;

/** Undefined for who was never reached, or of whom it cannot be read. */
export async function readReached(tableName: string, clinicianId: string): Promise<Reached | undefined> {
  return parseOrForget(Reached, await getItem(tableName, reachedKey(clinicianId)));
}

/** Whoever answers a page has had its mail. Never throws: an answer does not depend on it. */
export async function rememberAnswered(tableName: string, clinicianId: string, now: string): Promise<void> {
  try {
    await updateReached(tableName, clinicianId, { reachedAt: now });
  } catch (error) {
    logger.warn('reached-not-written', { clinicianId, error: errorName(error) });
  }
}

/** Whoever has confirmed a subscription has had the mail that asks for it. */
export async function rememberConfirmed(
  tableName: string,
  clinicianId: string,
  subscriptionArn: string,
  now: string,
): Promise<void> {
  await updateReached(tableName, clinicianId, { reachedAt: now, subscriptionArn });
}

async function updateReached(tableName: string, clinicianId: string, reached: Reached): Promise<void> {
  const set = { kind: 'reached', ...reached };
  await dynamoDb().send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk: reachedKey(clinicianId) },
      UpdateExpression: `SET ${Object.keys(set)
        .map((name) => `${name} = :${name}`)
        .join(', ')}`,
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(set).map(([name, value]) => [`:${name}`, value]),
      ),
    }),
  );
}

/** What was found before; nothing where that cannot be read: then it is told again. */
export async function readPreflight(tableName: string): Promise<readonly PreflightProblem[]> {
  return parseOrForget(Preflight, await getItem(tableName, PREFLIGHT_KEY))?.problems ?? [];
}

export async function writePreflight(
  tableName: string,
  problems: readonly PreflightProblem[],
  checkedAt: string,
): Promise<void> {
  const Item = { pk: PREFLIGHT_KEY, kind: 'preflight', checkedAt, problems };
  await dynamoDb().send(new PutCommand({ TableName: tableName, Item }));
}
