/** Escalation, `Open alert`: a claimed reading becomes an alert, joins the open one, or rescues one that is stuck. */
import { z } from 'zod';
import { OpenInput } from './alert/workflow-inputs.ts';
import { fulfilClaim } from './aws/alert-store.ts';
import { environment } from './aws/environment.ts';
import { logger } from './aws/logger.ts';

const settings = environment({ TABLE_NAME: z.string().min(1) });

/** `opened` and `taken over`: this execution carries the alert now. `joined`: another one does, or it is over. */
export async function handler(event: unknown) {
  const now = new Date().toISOString();
  const { TABLE_NAME } = settings();
  const { readingId, executionName } = OpenInput.parse(event);
  const result = await fulfilClaim(TABLE_NAME, readingId, executionName, now);
  logger.info('reading-raised', { readingId, ...result });
  return result;
}
