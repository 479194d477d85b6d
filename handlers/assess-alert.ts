/** Escalation, `Assess the alert`: reads the alert and names the state that is next. It changes nothing. */
import { z } from 'zod';
import { type Alert, isOpen, isOwned } from './alert/alert.ts';
import { type Assessment, assess } from './alert/assess.ts';
import { movedTo } from './alert/newest-place.ts';
import { type Responder, respondersOf } from './alert/responders.ts';
import { AssessInput } from './alert/workflow-inputs.ts';
import { ItemMissing, readAlert } from './aws/dynamodb/alert-store.ts';
import { readSighting } from './aws/dynamodb/vitals-store.ts';
import { loadRoster } from './aws/s3/roster-store.ts';
import { environment } from './runtime/environment.ts';
import { logger } from './runtime/logger.ts';
import { knownSince } from './use-cases/known-since.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
});

export async function handler(event: unknown): Promise<Assessment> {
  const now = new Date().toISOString();
  const { TABLE_NAME, ROSTER_BUCKET } = settings();
  const { alertKey, alertId, executionName } = AssessInput.parse(event);
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
