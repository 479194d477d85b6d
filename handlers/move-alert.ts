/** Escalation, the moves: `Move to the next step`, `Wait for the recheck`, `Pause`, `Begin a new round`, `Close alert`. */
import { z } from 'zod';
import type { AlertCommand } from './alert/decide.ts';
import { MoveInput } from './alert/workflow-inputs.ts';
import { readAlert } from './aws/dynamodb/alert-store.ts';
import { completeTask } from './aws/workflow.ts';
import { environment } from './runtime/environment.ts';
import { logger } from './runtime/logger.ts';
import { changeAlert } from './use-cases/change-alert.ts';
import { knownSince } from './use-cases/known-since.ts';
import { wakeIfFaultIsOver } from './use-cases/wake-device-alert.ts';

const settings = environment({ TABLE_NAME: z.string().min(1) });

/** Whatever is refused has changed since it was assessed; the workflow assesses again either way. */
export async function handler(event: unknown): Promise<{ moved: boolean; refused?: string }> {
  const now = new Date().toISOString();
  const { TABLE_NAME } = settings();
  const input = MoveInput.parse(event);
  const { alertKey, alertId, action } = input;
  const token = input.action === 'wait' ? input.taskToken : undefined;
  const of = { alertKey, alertId, ...(token && { token }) };
  const { alert, refused } = await changeAlert(TABLE_NAME, of, await commandOf(TABLE_NAME, input), now);
  logger.info('alert-moved', { alertId, action, ...(refused && { refused }) });
  // Nothing wakes a wait that was not stored: it ends here, and the workflow assesses again.
  if (refused && token) await completeTask(token);
  else if (token) await wakeIfFaultIsOver(TABLE_NAME, alert, token);
  return { moved: !refused, ...(refused && { refused }) };
}

async function commandOf(tableName: string, input: MoveInput): Promise<AlertCommand> {
  const { action, alertKey, ...seen } = input;
  switch (action) {
    case 'moveOn':
      return { type: action, seen, because: input.because };
    case 'wait':
      return { type: action, seen };
    case 'beginRound':
      return { type: action, seen, asking: input.asking };
    case 'close': {
      const alert = await readAlert(tableName, alertKey);
      return {
        type: 'closeRecovered',
        seen,
        ...(alert ? await knownSince(tableName, alert) : { recent: [] }),
      };
    }
  }
}
