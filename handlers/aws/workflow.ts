/** Step Functions: starting executions, and waking a task that waits. */
import {
  ExecutionAlreadyExists,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { stepFunctions } from './clients.ts';
import { errorName, logger } from './logger.ts';

/** An execution of that name begins, or has begun before. Throws when neither is certain. */
async function start(stateMachineArn: string, name: string, input: object): Promise<void> {
  try {
    await stepFunctions().send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

export const startEscalation = start;
export const startReport = start;

/**
 * Wakes the workflow: the waiting task ends, and the alert is assessed again. Never throws: a task that no longer waits has
 * moved on already, and a wake that is lost is made good by the wait's own deadline and by the sweeper.
 */
export async function wake(token: string): Promise<void> {
  try {
    await completeTask(token);
  } catch (error) {
    logger.warn('workflow-not-woken', { error: errorName(error) });
  }
}

/** Ends a task that waits; that it has ended already is fine. Throws when it may still be waiting. */
export async function completeTask(token: string): Promise<void> {
  try {
    await stepFunctions().send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }));
  } catch (error) {
    if (!(error instanceof TaskDoesNotExist) && !(error instanceof TaskTimedOut)) throw error;
  }
}
