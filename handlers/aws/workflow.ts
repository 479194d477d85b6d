/** Step Functions: starting executions, and waking a task that waits. */
import { isDeepStrictEqual } from 'node:util';
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { errorName, logger } from '../runtime/logger.ts';
import { stepFunctionsClient } from './clients.ts';

/** True when it begins now, or runs with this very input; false when the name is taken, if by an execution that has ended. */
async function begins(stateMachineArn: string, name: string, input: object): Promise<boolean> {
  try {
    await stepFunctionsClient().send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
    return true;
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return false;
    throw error;
  }
}

/**
 * An execution of that name begins, or has begun before: the name belongs to one claim or take-over, so whatever has it is
 * this one. Throws when neither is certain.
 */
export async function startEscalation(stateMachineArn: string, name: string, input: object): Promise<void> {
  await begins(stateMachineArn, name, input);
}

/** The input that the execution of that name was given. */
async function inputOf(stateMachineArn: string, name: string): Promise<unknown> {
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const { input } = await stepFunctionsClient().send(new DescribeExecutionCommand({ executionArn }));
  return JSON.parse(input ?? 'null');
}

/**
 * An execution with this input begins, or has begun before, under the first of the names that none with another input has:
 * gives that name. Throws when all are taken, and when nothing is certain.
 */
export async function startReport(
  stateMachineArn: string,
  names: readonly string[],
  input: object,
): Promise<string> {
  for (const name of names)
    if (
      (await begins(stateMachineArn, name, input)) ||
      isDeepStrictEqual(await inputOf(stateMachineArn, name), input)
    )
      return name;
  throw new Error(`Other nights have the names ${names.join(' and ')}`);
}

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
    await stepFunctionsClient().send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }));
  } catch (error) {
    if (!(error instanceof TaskDoesNotExist) && !(error instanceof TaskTimedOut)) throw error;
  }
}
