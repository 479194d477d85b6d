/** Escalation, the moves: `Move to the next step`, `Wait for the recheck`, `Pause`, `Begin a new round`, `Close alert`. */
import { z } from 'zod';
import { closeRecovered, type MoveRefused, moveOn, newRound, storeWait } from './alert/advance.ts';
import type { Alert } from './alert/alert.ts';
import type { Outcome } from './alert/events.ts';
import { MoveInput } from './alert/workflow-inputs.ts';
import { changeAlert, readAlert } from './aws/alert-store.ts';
import { environment } from './aws/environment.ts';
import { logger } from './aws/logger.ts';
import { readVitals } from './aws/vitals-store.ts';
import { completeTask } from './aws/workflow.ts';

const settings = environment({ TABLE_NAME: z.string().min(1) });

type Rule = (alert: Alert, writeId: string) => Outcome<MoveRefused>;

/** Whatever is refused has changed since Look saw it; the workflow looks again either way. */
export async function handler(event: unknown): Promise<{ moved: boolean; refused?: string }> {
  const now = new Date().toISOString();
  const { TABLE_NAME } = settings();
  const input = MoveInput.parse(event);
  const { alertKey, alertId, action } = input;
  const rule = await ruleFor(TABLE_NAME, input, now);
  const { refused } = await changeAlert(TABLE_NAME, alertKey, alertId, rule);
  logger.info('alert-moved', { alertId, action, ...(refused && { refused }) });
  // No bell knows the token of a wait that was not stored: it ends here, and the workflow looks again.
  if (refused && input.action === 'wait') await completeTask(input.taskToken);
  return { moved: !refused, ...(refused && { refused }) };
}

async function ruleFor(tableName: string, input: MoveInput, now: string): Promise<Rule> {
  const me = input.executionName;
  switch (input.action) {
    case 'next':
      return (alert, writeId) => moveOn(alert, { ...input, me }, now, writeId);
    case 'wait':
      return (alert, writeId) => storeWait(alert, { ...input, me, token: input.taskToken }, now, writeId);
    case 'new round':
      return (alert, writeId) => newRound(alert, { ...input, me }, now, writeId);
    case 'close': {
      const patientId = (await readAlert(tableName, input.alertKey))?.patientId;
      const vitals = patientId === undefined ? undefined : await readVitals(tableName, patientId);
      return (alert, writeId) => closeRecovered(alert, { ...input, me }, vitals?.recent ?? [], now, writeId);
    }
  }
}
