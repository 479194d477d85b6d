/**
 * Escalation, `Open alert`: a claimed reading becomes an alert, joins the open one, or rescues one that is stuck. An alert
 * that the sweeper resumes is there already, and this execution's.
 */
import { z } from 'zod';
import { referenceOf } from './alert/reference.ts';
import { OpenInput } from './alert/workflow-inputs.ts';
import { environment } from './runtime/environment.ts';
import { logger } from './runtime/logger.ts';
import { raiseReading } from './use-cases/raise-reading.ts';

const settings = environment({ TABLE_NAME: z.string().min(1) });

type Opened = {
  /** `joined`: another execution carries the alert, or it is over. All others: this one does. */
  outcome: 'opened' | 'takenOver' | 'resumed' | 'joined';
  alertId: string | null;
  /** As people name it: `VG 7VZ52Q`. */
  reference: string | null;
  /** The execution that carries this alert. */
  carriedBy: string | null;
};

export async function handler(event: unknown): Promise<Opened> {
  const now = new Date().toISOString();
  const { TABLE_NAME } = settings();
  const input = OpenInput.parse(event);
  const { executionName } = input;
  if ('resume' in input)
    return named({ outcome: 'resumed', alertId: input.alertId, carriedBy: executionName });
  const { readingId } = input;
  const opened = named(await raiseReading(TABLE_NAME, readingId, executionName, now));
  logger.info('reading-raised', { readingId, ...opened });
  return opened;
}

function named({ outcome, alertId, carriedBy }: Omit<Opened, 'reference'>): Opened {
  return { outcome, alertId, reference: alertId && `VG ${referenceOf(alertId)}`, carriedBy };
}
