/** Escalation, `Look at the alert`: reads the alert and names the next step. It changes nothing. */
import { z } from 'zod';
import type { Alert } from './alert/alert.ts';
import { isOwned } from './alert/answers.ts';
import { type Look, look, type Person } from './alert/look.ts';
import { movedTo } from './alert/newest-place.ts';
import { peopleAddressed } from './alert/people.ts';
import { LookInput } from './alert/workflow-inputs.ts';
import { ItemMissing, readAlert } from './aws/alert-store.ts';
import { environment } from './aws/environment.ts';
import { logger } from './aws/logger.ts';
import { loadRoster } from './aws/roster-store.ts';
import { readSighting, readVitals } from './aws/vitals-store.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
});

export async function handler(event: unknown): Promise<Look> {
  const now = new Date().toISOString();
  const { TABLE_NAME, ROSTER_BUCKET } = settings();
  const { alertKey, alertId, executionName } = LookInput.parse(event);
  const alert = await readAlert(TABLE_NAME, alertKey);
  if (!alert) throw new ItemMissing(alertKey);
  // Who owns it is rechecked by the vitals; who is still wanted, by the roster and the place where the patient lies now.
  const facts = isOwned(alert)
    ? { people: [], recent: (await readVitals(TABLE_NAME, alert.patientId))?.recent ?? [] }
    : { people: await peopleWanted(alert, TABLE_NAME, ROSTER_BUCKET, now), recent: [] };
  const seen = look(alert, { me: executionName, alertId }, facts, now);
  const { step, round, rung, pass } = seen;
  logger.info('alert-looked-at', { alertId, step, round, rung, pass });
  return seen;
}

async function peopleWanted(alert: Alert, tableName: string, bucket: string, now: string): Promise<Person[]> {
  const roster = await loadRoster(bucket, Date.parse(now));
  return peopleAddressed(roster, movedTo(alert, await readSighting(tableName, alert)), now);
}
