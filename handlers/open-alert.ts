/**
 * Escalation, `Open alert`: a claimed reading becomes an alert, joins the open one, or rescues one that is stuck. An alert
 * that the sweeper resumes is there already, and this execution's. What this execution carries is assessed at once, so that
 * nobody is paged later for a step between.
 */
import { z } from 'zod';
import type { Assessment } from './alert/assess.ts';
import { referenceOf } from './alert/reference.ts';
import { OpenInput } from './alert/workflow-inputs.ts';
import { environment } from './runtime/environment.ts';
import { logger } from './runtime/logger.ts';
import { assessNow } from './use-cases/assess-now.ts';
import { raiseReading } from './use-cases/raise-reading.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
});

type Opened = {
  /** `joined`: another execution carries the alert, or it is over. All others: this one does. */
  outcome: 'opened' | 'takenOver' | 'resumed' | 'joined';
  alertId: string | null;
  /** As people name it: `VG 7VZ52Q`. */
  reference: string | null;
  /** The execution that carries this alert. */
  carriedBy: string | null;
};

export async function handler(event: unknown): Promise<Opened & (Assessment | { next: 'Joined' })> {
  const now = new Date().toISOString();
  const config = settings();
  const input = OpenInput.parse(event);
  const { alertKey, executionName } = input;
  const opened = named(await openedBy(config.TABLE_NAME, input, now));
  const { alertId, outcome } = opened;
  if (outcome === 'joined' || alertId === null) return { ...opened, next: 'Joined' };
  return { ...opened, ...(await assessNow(config, { alertKey, alertId, executionName }, now)) };
}

async function openedBy(
  tableName: string,
  input: z.infer<typeof OpenInput>,
  now: string,
): Promise<Omit<Opened, 'reference'>> {
  const { executionName } = input;
  if ('resume' in input) return { outcome: 'resumed', alertId: input.alertId, carriedBy: executionName };
  const raised = await raiseReading(tableName, input.readingId, executionName, now);
  logger.info('reading-raised', { readingId: input.readingId, ...raised });
  return raised;
}

function named({ outcome, alertId, carriedBy }: Omit<Opened, 'reference'>): Opened {
  return { outcome, alertId, reference: alertId && `VG ${referenceOf(alertId)}`, carriedBy };
}
