/** What an alert needs, from what is known of it now. It changes nothing. */
import type { z } from 'zod';
import { type Alert, isOpen, isOwned } from '../alert/alert.ts';
import { type Assessment, assess } from '../alert/assess.ts';
import { movedTo } from '../alert/newest-place.ts';
import { type Responder, respondersOf } from '../alert/responders.ts';
import type { AssessInput } from '../alert/workflow-inputs.ts';
import { ItemMissing, readAlert } from '../aws/dynamodb/alert-store.ts';
import { readSighting } from '../aws/dynamodb/vitals-store.ts';
import { loadRoster } from '../aws/s3/roster-store.ts';
import { logger } from '../runtime/logger.ts';
import { knownSince } from './known-since.ts';

/** Where alert and roster are. */
type Stores = { TABLE_NAME: string; ROSTER_BUCKET: string };

export async function assessNow(
  { TABLE_NAME, ROSTER_BUCKET }: Stores,
  { alertKey, alertId, executionName }: z.infer<typeof AssessInput>,
  now: string,
): Promise<Assessment> {
  const alert = await readAlert(TABLE_NAME, alertKey);
  if (!alert) throw new ItemMissing(alertKey);
  // What is owned is rechecked by the vitals; who is still wanted, by the roster and the place where the patient lies now. A
  // device's alert ends with its fault, whoever has it.
  const isAsked = isOwned(alert) || alert.patientId === null;
  const since = isAsked ? await knownSince(TABLE_NAME, alert) : { recent: [] };
  const asks = isOpen(alert) && !isOwned(alert);
  const responders = asks ? await respondersNow(alert, TABLE_NAME, ROSTER_BUCKET, now) : [];
  const assessment = assess(alert, { executionName, alertId }, { responders, ...since }, now);
  const { next, round, escalationLevel, attempt } = assessment;
  logger.info('alert-assessed', { alertId, next, round, escalationLevel, attempt });
  return assessment;
}

async function respondersNow(
  alert: Alert,
  tableName: string,
  bucket: string,
  now: string,
): Promise<Responder[]> {
  const roster = await loadRoster(bucket, Date.parse(now));
  return respondersOf(roster, movedTo(alert, await readSighting(tableName, alert)), now);
}
