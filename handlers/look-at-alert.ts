/** Escalation, `Look at the alert`: reads the alert and names the next step. It changes nothing. */
import { z } from 'zod';
import { isOwned } from './alert/answers.ts';
import { type Look, look } from './alert/look.ts';
import { peopleAddressed } from './alert/people.ts';
import { LookInput } from './alert/workflow-inputs.ts';
import { ItemMissing, readAlert } from './aws/alert-store.ts';
import { environment } from './aws/environment.ts';
import { logger } from './aws/logger.ts';
import { loadRoster } from './aws/roster-store.ts';
import { readVitals } from './aws/vitals-store.ts';

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
  // Who owns it is rechecked by the vitals; who is still wanted, by the roster. Neither step needs the other's source.
  const facts = isOwned(alert)
    ? { people: [], recent: (await readVitals(TABLE_NAME, alert.patientId))?.recent ?? [] }
    : { people: peopleAddressed(await loadRoster(ROSTER_BUCKET, Date.parse(now)), alert, now), recent: [] };
  const seen = look(alert, { me: executionName, alertId }, facts, now);
  const { step, round, rung, pass } = seen;
  logger.info('alert-looked-at', { alertId, step, round, rung, pass });
  return seen;
}
